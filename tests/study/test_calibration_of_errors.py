"""Stated 95 % intervals hold the truth; a sample of ``python -m benchmarks.calibration_mcse``, whose rule is tried here too."""

import numpy as np
import pytest

from benchmarks import calibration_mcse as campaign
from benchmarks import calibration_normals as normals
from benchmarks.calibration_answers import Answer

SEEDS = {"six normals, sobol": 60, "six normals, strata": 40, "six normals, random": 60}


@pytest.mark.slow
@pytest.mark.parametrize("case", SEEDS)
def test_intervals_hold_the_truth(case):
    counts = campaign.count(case, 5_000, SEEDS[case], 4_096)
    assert len(counts) >= 20
    assert campaign.outside(counts, SEEDS[case], len(counts) * len(SEEDS)) == []


def test_the_truths_are_right():
    """Closed forms against 400,000 draws of the model itself; five standard errors."""
    n = 400_000
    z = np.random.default_rng(3).normal(size=(6, n))
    y = np.empty((6, n))
    normals.kernel(normals.BASE[:, None] * z, y)
    for row, (name, (mean, quantiles)) in zip(y, normals._truths().items(), strict=True):
        assert row.mean() == pytest.approx(mean, abs=5 * row.std() / n**0.5), name
        found = np.quantile(row, normals.LEVELS, method="inverted_cdf")
        np.testing.assert_allclose(found, quantiles, atol=0.03, err_msg=name)
    x = normals.BASE[:, None] * z
    shares = [y[0] > 1, y[1] < 0.8, y[2] > 0, y[3] == 1, y[5] > 1, y[0] > 3.5, y[0] > 5.5, (x[0] > 0.3) & (x[1] > 0.3)]
    for share, (text, chance) in zip(shares, normals._chances().items(), strict=True):
        assert share.mean() == pytest.approx(chance, abs=5 * (chance / n) ** 0.5), text
    other = np.empty((6, n))
    normals.kernel(normals.SHIFT[:, None] + normals.OTHER[:, None] * z, other)
    for name, row in (("level", 0), ("price", 1), ("payoff", 2), ("hit", 3)):
        difference = other[row] - y[row]
        exact = normals._difference_truths()[name]["difference_mean"]
        assert difference.mean() == pytest.approx(exact, abs=5 * difference.std() / n**0.5), name


def test_an_interval_that_is_too_short_or_too_long_is_told():
    low, high = campaign.limits(500, 100)
    assert 430 < low < 460
    assert 495 < high <= 500
    counts = {
        "short": campaign.Count(held=low - 1),
        "right": campaign.Count(held=475),
        "long": campaign.Count(held=high + 1),
        "wide on purpose": campaign.Count(held=500, wide=True),
        "discrete": campaign.Count(held=500, exact=400),
    }
    assert [line.partition(":")[0] for line in campaign.outside(counts, 500, 100)] == ["short", "long"]


def test_rounding_decides_no_interval():
    assert Answer("x", 1.0, 1.0, 1.0 + 1e-15).held
    assert not Answer("x", 1.0, 1.1, 1.2).held
