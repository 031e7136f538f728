"""A wrong attribution would send the analyst to the wrong statement."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.app import rests_on
from sim.app.rests_on import Driver, Inputs, drivers, scores


def shares(inputs, outcomes):
    return rests_on.shares(scores(inputs), scores(outcomes))


@pytest.fixture
def drawn():
    rng = np.random.default_rng(5)
    inputs = np.column_stack([rng.random(512), rng.geometric(0.5, 512), rng.normal(size=512), np.full(512, 3.0)])
    outcomes = np.column_stack([inputs[:, 0] ** 3 + 0.2 * inputs[:, 2], inputs[:, 1] - inputs[:, 2], np.ones(512)])
    return inputs, outcomes


def test_equals_scipy_with_ties(drawn):
    """Columns with ties get mid-ranks; a column that never varies takes no part in the mean."""
    inputs, outcomes = drawn
    for cells in ([0], [1], [0, 1, 2]):
        expected = [
            np.mean([spearmanr(inputs[:, j], outcomes[:, c]).statistic ** 2 for c in cells if c < 2]) for j in (0, 1, 2)
        ]
        best, share = shares(inputs, outcomes[:, cells])[0]
        assert (best, share) == (int(np.argmax(expected)), pytest.approx(max(expected), rel=1e-12))


def test_an_answer_that_is_certain_rests_on_nothing(drawn):
    assert shares(drawn[0], np.ones((512, 2))) == []


def test_one_that_is_merely_correlated_with_a_driver_is_none():
    """The cloud's growth does not rest on a buyer's because our copula ties the two."""
    rng = np.random.default_rng(1)
    driver, tied, other = rng.multivariate_normal([0, 0, 0], [[1, 0.7, 0], [0.7, 1, 0], [0, 0, 1]], 4_096).T
    outcome = driver + 0.5 * other
    assert spearmanr(tied, outcome).statistic ** 2 > 0.3
    found = shares(np.column_stack([tied, other, driver]), outcome[:, None])
    assert [j for j, _ in found] == [2, 1]
    assert sum(share for _, share in found) <= 1.0


def test_a_copy_of_a_driver_adds_nothing(drawn):
    inputs = np.column_stack([drawn[0], drawn[0]])
    assert len(shares(inputs, drawn[1][:, :1])) == len(shares(drawn[0], drawn[1][:, :1]))


def test_the_greatest_come_first_and_the_faint_not_at_all(drawn):
    inputs, outcomes = drawn
    found = drivers(Inputs.of({f"x.{j}": inputs[:, j] for j in range(4)}), outcomes[:, :1], None)
    assert [driver.name for driver in found] == ["x.0", "x.2"]
    assert found[0].share > found[1].share >= 0.01


def test_told():
    """An assumption shows as one wherever its number does."""
    assert Driver("buy.baidu_2023", ("Q04.9",), "claim", 0.312).told() == "Q04.9 buy.baidu_2023 31 %"
    assert Driver("growth.baidu", (), "assumption", 0.1).told() == "growth.baidu (assumed) 10 %"
    assert Driver("x", ("Q01.1", "Q02.1"), "mixed", 0.1).told() == "Q01.1, Q02.1 x (in part assumed) 10 %"


def test_equals_inputs_left_one_after_the_other():
    """The slow way: take from every input's ranks what is along those taken, and correlate what is left."""
    rng = np.random.default_rng(8)
    inputs = rng.normal(size=(300, 7)) @ rng.normal(size=(7, 7))
    outcomes = np.column_stack([inputs @ rng.normal(size=7), inputs[:, 2] ** 3])
    x, y = scores(inputs), scores(outcomes)
    expected = []
    while len(expected) < rests_on.MOST:
        rest = x - sum((np.outer(x @ one, one) for _, _, one in expected), np.zeros_like(x))
        length = np.linalg.norm(rest, axis=1)
        unit = np.where((length > 1e-6)[:, None], rest / np.maximum(length, 1e-6)[:, None], 0.0)
        share = ((unit @ y.T) ** 2).mean(axis=1)
        best = int(np.argmax(share))
        expected.append((best, share[best], unit[best]))
    found = shares(inputs, outcomes)
    assert [j for j, _ in found] == [j for j, _, _ in expected]
    np.testing.assert_allclose([share for _, share in found], [share for _, share, _ in expected], rtol=1e-10)


def test_a_value_that_is_no_number_ties_with_the_others_for_the_last():
    ranks = scores(np.array([[2.0], [np.nan], [1.0], [np.nan]]))[0]
    assert ranks[1] == ranks[3] > ranks[0] > ranks[2]
