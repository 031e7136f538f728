"""95 % intervals of comparisons and attributions hold the truth as often as they say; a sample of the campaign."""

import numpy as np
import pytest

from benchmarks import calibration_compare as calibration


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_intervals_hold_the_truth(sampler):
    seeds = 200
    counts = calibration.campaign(seeds, 4096, sampler)
    low, high = calibration.limits(seeds, 2 * sum(map(len, counts.values())))
    for label, hits in counts.items():
        assert all(low <= n <= high for n in hits), (label, hits, low, high)


def test_the_truths_are_right():
    """The closed forms against a sample of the model itself."""
    rng = np.random.default_rng(1)
    z = rng.normal(size=(6, 400_000))
    base = (calibration.BASE[:, None] * z).sum(axis=0)
    other = ((calibration.SHIFT + 0.0)[:, None] + calibration.OTHER[:, None] * z).sum(axis=0)
    exact = {name: value for name, (_, _, value) in calibration.truths().items()}
    difference, ratio = other - base, np.exp((other - base) / 5)
    assert difference.mean() == pytest.approx(exact["difference_mean"][0], abs=0.01)
    assert difference.std() == pytest.approx(exact["difference_sd"][0], rel=0.01)
    assert (difference > 0).mean() == pytest.approx(exact["chance_greater"][0], abs=0.005)
    assert ratio.mean() == pytest.approx(exact["ratio_mean"][0], rel=0.005)
    assert ratio.std() == pytest.approx(exact["ratio_sd"][0], rel=0.02)
    ordered = np.sort(other) - np.sort(base)
    assert np.abs(ordered).mean() == pytest.approx(exact["wasserstein"][0], rel=0.02)
    assert (base.var() + other.var()) / difference.var() == pytest.approx(exact["pairing_factor"][0], rel=0.02)
    grid = np.linspace(-8, 8, 2001)
    gaps = np.searchsorted(np.sort(base), grid) - np.searchsorted(np.sort(other), grid)
    assert np.abs(gaps).max() / 400_000 == pytest.approx(exact["ks"][0], abs=0.005)
