"""Conditioning on kept draws."""

from __future__ import annotations

import numpy as np
import pytest

from sim.results.errors import ExpressionError, ResultError
from tests.results.made import DRAWS, MODEL, make


@pytest.fixture(scope="module")
def some(made):
    return made.tree.sim.where("export.ban_quarter < 3")


@pytest.fixture(scope="module")
def meets(made):
    return made.inputs[0, :, 1] < 3


def test_draws_and_inputs_are_those_that_meet_the_condition(made, some, meets):
    np.testing.assert_array_equal(some["draws"]["draw"].values, np.flatnonzero(meets))
    share = some["draws"]["share"].sel(scenario="baseline")
    np.testing.assert_array_equal(share.values, made.values[0][meets][:, :3])
    assert some["draws"]["share"].attrs == made.tree["draws"]["share"].attrs


def test_a_scenario_that_never_meets_it_is_empty_but_paired(some):
    assert np.isnan(some["draws"]["share"].sel(scenario="停售").values).all()
    assert some.sim.effective_number.sel(scenario="停售") == 0
    assert np.isnan(some.sim.quantile(0.5, "total").sel(scenario="停售"))


def test_the_number_and_chance_of_the_condition_are_told(made, some, meets):
    assert some.sim.effective_number.sel(scenario="baseline") == meets.sum()
    assert float(some["condition"]["chance"][0]) == meets.mean()
    assert some.attrs["condition"] == "export.ban_quarter < 3"
    assert made.tree.sim.effective_number.values.tolist() == [DRAWS, DRAWS]


def test_answers_are_those_of_the_chosen_draws(made, some, meets):
    chosen = made.values[0][meets]
    share = chosen[:, :3]
    found = some.sim.quantile([0.05, 0.5, 0.95], "share").sel(scenario="baseline")
    np.testing.assert_array_equal(found.values, np.quantile(share, [0.05, 0.5, 0.95], axis=0, method="inverted_cdf"))
    np.testing.assert_array_equal(some.sim.cdf("share", 0.3)[0].values, (share <= 0.3).mean(axis=0))
    np.testing.assert_array_equal(some.sim.prob("share > 0.3")[0].values, (share > 0.3).mean(axis=0))
    denied = some.sim.prob("not share > 0.3")[0].values
    np.testing.assert_allclose(denied, (share <= 0.3).mean(axis=0), rtol=1e-15)
    table = some.sim.summary("share").loc["baseline"]
    np.testing.assert_allclose(table["mean"], share.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(table["sd"], share.std(axis=0, ddof=1), rtol=1e-12)


def test_errors_come_from_the_replicates(made, some, meets):
    draw = np.flatnonzero(meets)
    each = [made.values[0, draw[draw % 16 == r], MODEL.slices()["total"].start] for r in range(16)]
    expected = np.std([(values > 0).mean() for values in each], ddof=1) / 4
    assert float(some.sim.prob("total > 0")["mcse"][0]) == pytest.approx(expected, rel=1e-12)
    medians = [np.quantile(values, 0.5, method="inverted_cdf") for values in each]
    assert float(some.sim.quantile_mcse(0.5, "total")[0]) == pytest.approx(np.std(medians, ddof=1) / 4, rel=1e-12)


def test_conditions_add_up(made, tree):
    twice = tree.sim.where("export.ban_quarter < 4").sim.where("not total > 0")
    once = tree.sim.where("export.ban_quarter < 4 and not total > 0")
    assert twice.attrs["condition"] == "(export.ban_quarter < 4) and (not total > 0)"
    np.testing.assert_array_equal(twice["draws"]["total"].values, once["draws"]["total"].values)
    np.testing.assert_array_equal(twice.sim.effective_number.values, once.sim.effective_number.values)
    within = float(twice["condition"]["chance"][0])
    assert within == float(once.sim.effective_number[0]) / float((made.inputs[0, :, 1] < 4).sum())


def test_one_label_makes_a_condition_on_a_cell(made, tree):
    found = tree.sim.where("share > 0.5", quarter="2023Q3")
    np.testing.assert_array_equal(found.sim.effective_number.values, (made.values[..., 2] > 0.5).sum(axis=1))


def test_what_cannot_be_conditioned_on_is_refused(tree):
    with pytest.raises(ExpressionError, match=r"holds for each quarter on its own; name one: \[quarter=2023Q1\]"):
        tree.sim.where("share > 0.5")
    with pytest.raises(ResultError, match=r"none of the 4,096 kept draws meets 'total > 1e9'; loosen it"):
        tree.sim.where("total > 1e9")
    with pytest.raises(ResultError, match="no draws were kept"):
        make(draws=64, keep=None).tree.sim.where("total > 0")
    with pytest.raises(ExpressionError, match="was not kept draw by draw"):
        tree.sim.where("sales > 0", buyer="baidu", quarter="2023Q1")
    with pytest.raises(ResultError, match=r"take the tree before \.where"):
        tree.sim.where("total > 0").sim.to_arviz()


def test_a_condition_true_of_every_draw_changes_no_answer(made, tree):
    every = tree.sim.where("total > -1e9")
    np.testing.assert_array_equal(every["draws"]["share"].values, made.values[..., :3])
    # The sketch places a quantile inside its bin; draws know it exactly.
    np.testing.assert_allclose(every.sim.quantile(0.4, "total"), tree.sim.quantile(0.4, "total"), rtol=2e-3)
