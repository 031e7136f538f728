"""The dimensions in use: exact nets in every replicate, pairs as good as their matrices say, scrambles without bias."""

import math
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chi2, norm

from benchmarks.quality.nets import counted_quality, in_use, matrices, qualities
from sim.draw.scheme import FIRST_PADDED, REPLICATES
from tests.draw.test_sobol import scrambled

FALSE_ALARM = 1e-6
DIMENSIONS = list(in_use())
OWN = [FIRST_PADDED, 1001, 20_000]


@pytest.mark.parametrize("m", [0, 4, 8, 12])
def test_every_interval_of_every_dimension_in_use_holds_one_point(m):
    for first in (0, 5 << m):
        intervals = np.sort(scrambled(2023, DIMENSIONS, 1 << m, first).astype(np.uint64) >> np.uint64(32 - m), axis=2)
        assert (intervals == np.arange(1 << m)).all()


def test_pairs_are_as_good_as_their_matrices_say():
    """Every pair of dimensions in use by one replicate, and some by all sixteen: counts of every box against linear algebra."""
    m = 6
    t = qualities(matrices(DIMENSIONS, m))
    words = scrambled(1, DIMENSIONS, 1 << m)
    for i, j in combinations(range(len(DIMENSIONS)), 2):
        assert counted_quality(words[[i, j], (i + j) % REPLICATES], m) == t[i, j]
    for i, j in ((0, 1), (2, 7), (len(DIMENSIONS) - 2, len(DIMENSIONS) - 1)):
        assert {counted_quality(words[[i, j], r], m) for r in range(REPLICATES)} == {int(t[i, j])}


@pytest.mark.slow
def test_pairs_of_every_replicate_are_as_good_as_their_matrices_say():
    m = 9
    t = qualities(matrices(DIMENSIONS, m))
    words = scrambled(4, DIMENSIONS, 1 << m)
    for i, j in combinations(range(len(DIMENSIONS)), 2):
        assert {counted_quality(words[[i, j], r], m) for r in range(REPLICATES)} == {int(t[i, j])}


def test_the_first_pair_is_the_best_there_is():
    t = qualities(matrices([1, 2, 3], 16))
    assert (t[0, 1], t[0, 2], t[1, 2]) == (0, 1, 1)


@pytest.fixture(scope="module")
def many():
    """uint32[seeds, streams, replicates, points]: four points of some dimensions and own streams under 1,000 seeds."""
    return np.stack([scrambled(seed, [1, 2, 3, 17, DIMENSIONS[-1], *OWN], 4) for seed in range(1000)])


def test_scrambles_have_no_bias(many):
    """Means of monomials of up to three coordinates over 1,000 seeds are those of the unit cube."""
    u = (many + 0.5) / 2.0**32
    z = []
    for a, b, c in [(0, 1, 2), (1, 3, 4), (0, 4, 5), (5, 6, 7), (3, 5, 7)]:
        for found, exact in (
            (u[:, a], 1 / 2), (u[:, a] ** 2, 1 / 3), (u[:, b] ** 3, 1 / 4), (u[:, a] * u[:, b], 1 / 4),
            (u[:, a] ** 2 * u[:, c], 1 / 6), (u[:, a] * u[:, b] * u[:, c], 1 / 8),
        ):  # fmt: skip
            means = found.mean(axis=(1, 2))
            z.append((means.mean() - exact) / (means.std(ddof=1) / math.sqrt(len(means))))
    assert np.abs(z).max() < norm.isf(FALSE_ALARM / 2 / len(z)), z


@pytest.mark.parametrize("shift", [24, 12, 0])
def test_the_first_point_lies_anywhere(many, shift):
    """Chi-square of eight of its bits over 1,000 seeds and 16 replicates, stream by stream."""
    values = (many[..., 0] >> np.uint32(shift) & np.uint32(0xFF)).transpose(1, 0, 2).reshape(many.shape[1], -1)
    expected = values.shape[1] / 256
    statistics = [((np.bincount(row, minlength=256) - expected) ** 2 / expected).sum() for row in values]
    assert max(statistics) < chi2.isf(FALSE_ALARM / 24, 255)


def test_dimensions_and_replicates_are_scrambled_apart(many):
    """Words of one point in two streams, or two replicates, are unlike: correlations of signs of every bit within 1e-6."""
    signs = (many[..., 1][..., None] >> np.arange(32, dtype=np.uint32) & np.uint32(1)).astype(np.float64) * 2 - 1
    flat = signs[:, :, :4].reshape(len(many), -1, 32)  # seed, stream and replicate, bit
    worst = 0.0
    for bit in range(32):
        one = flat[..., bit]
        found = one.T @ one / math.sqrt(len(one))
        worst = max(worst, float(np.abs(found[np.triu_indices(len(found), 1)]).max()))
    pairs = 32 * flat.shape[1] * (flat.shape[1] - 1) / 2
    assert worst < norm.isf(FALSE_ALARM / 2 / pairs)
