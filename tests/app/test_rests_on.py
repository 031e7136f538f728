"""A wrong attribution would send the analyst to the wrong statement."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.app.rests_on import Driver, drivers, shares


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
    import xarray as xr

    inputs, outcomes = drawn
    dataset = xr.Dataset({f"x.{j}": ("draw", inputs[:, j]) for j in range(4)})
    found = drivers(dataset, outcomes[:, :1], None)
    assert [driver.name for driver in found] == ["x.0", "x.2"]
    assert found[0].share > found[1].share >= 0.01


def test_told():
    """An assumption shows as one wherever its number does."""
    assert Driver("buy.baidu_2023", ("Q04.9",), "claim", 0.312).told() == "Q04.9 buy.baidu_2023 31 %"
    assert Driver("growth.baidu", (), "assumption", 0.1).told() == "growth.baidu (assumed) 10 %"
    assert Driver("x", ("Q01.1", "Q02.1"), "mixed", 0.1).told() == "Q01.1, Q02.1 x (in part assumed) 10 %"
