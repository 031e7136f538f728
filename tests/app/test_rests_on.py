"""A wrong attribution would send the analyst to the wrong statement."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.app.rests_on import Driver, drivers, squared_rank_correlation


@pytest.fixture
def drawn():
    rng = np.random.default_rng(5)
    inputs = np.column_stack([rng.random(512), rng.geometric(0.5, 512), rng.normal(size=512), np.full(512, 3.0)])
    outcomes = np.column_stack([inputs[:, 0] ** 3 + 0.2 * inputs[:, 2], inputs[:, 1] - inputs[:, 2], np.ones(512)])
    return inputs, outcomes


def test_equals_scipy_with_ties(drawn):
    """Columns with ties get mid-ranks; a column that never varies takes no part in the mean."""
    inputs, outcomes = drawn
    expected = [np.mean([spearmanr(inputs[:, j], outcomes[:, c]).statistic ** 2 for c in (0, 1)]) for j in (0, 1, 2)]
    found = squared_rank_correlation(inputs, outcomes)
    np.testing.assert_allclose(found[:3], expected, rtol=1e-12)
    assert found[3] == 0.0


def test_an_answer_that_is_certain_rests_on_nothing(drawn):
    assert not squared_rank_correlation(drawn[0], np.ones((512, 2))).any()


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
