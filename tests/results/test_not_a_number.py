"""Outcomes that are no number in some draws: what is asked of them leaves these out, however it is asked, or says nothing."""

import numpy as np
import pytest

import priors
import sim

GUESS = {"basis": "assumption", "rationale": "a test"}


def half(x, y):
    y[0] = np.where(x[0] < 0.5, np.nan, 1.0)
    y[1] = np.where(x[0] < 0.25, np.nan, x[0])
    y[2] = x[1]


@pytest.fixture(scope="module")
def tree():
    book = priors.book(
        [priors.quantity("own.x", "uniform(0, 1)", **GUESS), priors.quantity("own.rare", "bernoulli(0.05)", **GUESS)]
    )
    outputs = [sim.Output("y"), sim.Output("z"), sim.Output("rare")]
    with pytest.warns(sim.NonfiniteDraws):
        return sim.run(book, model=sim.Model(["own.x", "own.rare"], outputs, half), draws=4_096)


@pytest.mark.parametrize(
    "condition", ["y > 0", "y > 0 and y > 0", "y * 1 > 0", "not y > 2", "y < 2 or y > 5", "sum(y) > 0"]
)
def test_a_chance_is_among_the_draws_that_are_numbers_however_it_is_put(tree, condition):
    assert float(tree.sim.prob(condition)[0]) == 1.0


@pytest.mark.parametrize("condition", ["y > 0", "not y > 2"])
def test_a_condition_keeps_no_draw_of_which_it_tells_nothing(tree, condition):
    found = tree.sim.where(condition)
    assert found["draws"].ds["y"].notnull().all()
    assert float(found["condition"]["effective_number"][0]) == 2_048


def test_what_is_no_number_has_no_rank_and_no_class(tree):
    for found in (tree.sim.rank_correlation("z")["spearman"], tree.sim.delta("z")["delta"]):
        assert found.isnull().all()
    assert abs(float(tree.sim.rank_correlation("rare")["spearman"].sel(input="own.rare")[0]) - 1.0) < 1e-12


def test_of_a_switch_high_is_all_draws_at_one_however_rare(tree):
    means = tree.sim.tornado("rare")["mean"].sel(input="own.rare")
    assert means.sel(end="low").item() == 0.0
    assert means.sel(end="high").item() == 1.0
