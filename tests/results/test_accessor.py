"""``tree.sim``: what it answers, against the draws that the made-up run was made of."""

from __future__ import annotations

import numpy as np
import pytest

from sim.results import files
from sim.results.errors import ResultError
from tests.results.made import DRAWS, MODEL, make


def cells(made, name):
    """float64[scenarios, draws, cells] of an output."""
    return made.values[..., MODEL.slices()[name]]


def test_stored_levels_and_asked_ones_are_the_same_number(tree):
    stored = tree["quantile"].to_dataset()
    asked = tree.sim.quantile(stored["quantile"].values)
    for name in stored.data_vars:
        np.testing.assert_array_equal(asked[name].values, stored[name].values)
        assert asked[name].dims == stored[name].dims


@pytest.mark.parametrize("q", [0.0, 0.003, 0.31, 0.5, 0.97, 0.9999, 1.0])
def test_any_quantile_is_within_the_bins_of_the_exact_one(made, tree, q):
    for output in MODEL.outputs:
        found = tree.sim.quantile(q, output.name)
        exact = np.quantile(cells(made, output.name), q, axis=1, method="inverted_cdf")
        np.testing.assert_allclose(found.values.reshape(exact.shape), exact, rtol=2e-3, atol=0)
    np.testing.assert_array_equal(tree.sim.quantile(0.0, "total"), tree["min"]["total"])


def test_a_level_alone_has_no_dimension_and_several_have_one(tree):
    assert tree.sim.quantile(0.3, "share").dims == ("scenario", "quarter")
    assert tree.sim.quantile([0.3], "share").dims == ("scenario", "quantile", "quarter")
    assert set(tree.sim.quantile(0.3).data_vars) == {output.name for output in MODEL.outputs}
    assert tree.sim.quantile(0.3, "share").attrs["units"] == "1"
    assert "quarter_start" in tree.sim.quantile(0.3, "share").coords


def test_errors_of_quantiles_are_those_stored(tree):
    np.testing.assert_array_equal(
        tree.sim.quantile_mcse([0.05, 0.5], "share").values,
        tree["mcse_quantile"]["share"].sel(quantile=[0.05, 0.5]).values,
    )


def test_cdf_counts_draws(made, tree):
    found = tree.sim.cdf("total", [-1.0, 0.0, 2.5])
    exact = np.stack([(cells(made, "total")[..., 0] <= x).mean(axis=1) for x in (-1.0, 0.0, 2.5)], axis=1)
    assert found.dims == ("scenario", "x")
    np.testing.assert_allclose(found.values, exact, atol=1e-3)
    assert tree.sim.cdf("total", 1e9).values.tolist() == [1.0, 1.0]
    assert tree.sim.cdf("first", 0.0).shape == (2, 2)


def test_cdf_undoes_quantile(tree):
    for q in (0.1, 0.5, 0.9):
        x = float(tree.sim.quantile(q, "total")[0])
        assert float(tree.sim.cdf("total", x)[0]) == pytest.approx(q, abs=2 / DRAWS)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda s: s.quantile(1.5, "share"), "expected probabilities from 0 to 1"),
        (lambda s: s.quantile(float("nan"), "share"), "expected probabilities from 0 to 1"),
        (lambda s: s.quantile("half"), "expected a number"),
        (lambda s: s.quantile(0.5, "shares"), 'no output "shares"; did you mean "share"?'),
        (lambda s: s.cdf("sale", 1), 'did you mean "sales"?'),
        (lambda s: s.cdf("sales", "x"), "expected a number"),
        (lambda s: s.summary("nothing at all"), "expected one of share, sales"),
    ],
)
def test_wrong_questions_are_answered_in_a_line(tree, ask, says):
    with pytest.raises(ResultError) as caught:
        ask(tree.sim)
    assert says in str(caught.value)


def test_a_tree_that_is_no_result_says_so():
    import xarray as xr

    with pytest.raises(ResultError, match="not a result of suanli"):
        xr.DataTree().sim.quantile(0.5, "share")


def test_what_is_read_back_answers_the_same(tree, tmp_path):
    files.write(tree, tmp_path / "run.nc")
    back = files.open(tmp_path / "run.nc")
    np.testing.assert_array_equal(back.sim.quantile(0.37, "sales"), tree.sim.quantile(0.37, "sales"))
    asked = ("share > 0.3 and growth.cloud < 0.4",)
    np.testing.assert_array_equal(back.sim.prob(*asked), tree.sim.prob(*asked))


def test_a_run_without_kept_draws_answers_what_the_sketch_can():
    tree = make(draws=256, keep=None).tree
    assert tree.sim.quantile(0.5, "share").shape == (2, 3)
    assert tree.sim.prob("share > 0.3", quarter="2023Q1").shape == (2,)
    assert tree.sim.effective_number.values.tolist() == [256, 256]
