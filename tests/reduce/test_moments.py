"""Mean, variance and the mean's error, against correctly rounded sums and a statistical calibration."""

import math

import numpy as np
import pytest
from scipy import stats

from sim import reduce
from tests.reduce.made import LEAF, awkward, exact_mean, exact_sd, reduced, same_summary

DRAWS = 5 * LEAF
ROWS = awkward(DRAWS)
VALUES = np.stack(list(ROWS.values()))
MOMENTS = reduced(VALUES, tile=512).moments


@pytest.mark.parametrize("cell", range(len(ROWS)), ids=list(ROWS))
def test_mean_and_sd_agree_with_correctly_rounded_sums(cell: int) -> None:
    row = VALUES[cell]
    size = exact_mean(np.abs(row))
    assert abs(MOMENTS.mean[cell] - exact_mean(row)) <= 1e-13 * size
    assert math.isclose(MOMENTS.sd[cell], exact_sd(row), rel_tol=1e-12)
    assert MOMENTS.low[cell] == row.min()
    assert MOMENTS.high[cell] == row.max()
    assert MOMENTS.finite[cell] == DRAWS
    assert MOMENTS.nonfinite[cell] == 0


def test_agrees_with_numpy_where_numpy_is_exact_enough() -> None:
    row = ROWS["lognormal"]
    cell = list(ROWS).index("lognormal")
    assert math.isclose(MOMENTS.mean[cell], np.mean(row), rel_tol=1e-12)
    assert math.isclose(MOMENTS.sd[cell] ** 2, np.var(row, ddof=1), rel_tol=1e-12)


@pytest.mark.parametrize("kind", ["zero", "negative zero", "constant", "negative constant"])
def test_a_constant_has_no_spread_at_all(kind: str) -> None:
    cell = list(ROWS).index(kind)
    assert MOMENTS.sd[cell] == 0.0
    assert MOMENTS.mcse[cell] == 0.0
    assert MOMENTS.mean[cell] == VALUES[cell, 0]


def test_mcse_is_the_replicates_means_spread() -> None:
    for cell, row in enumerate(VALUES):
        means = np.array([exact_mean(row[r::16]) for r in range(16)])
        assert np.allclose(MOMENTS.replicate_mean[cell], means, rtol=1e-13, atol=1e-14 * exact_mean(np.abs(row)))
        # The means themselves are rounded to 1e-16 of their size, which is what their differences can be told to.
        assert math.isclose(
            MOMENTS.mcse[cell], exact_sd(means) / 4.0, rel_tol=1e-11, abs_tol=1e-15 * float(np.abs(means).max())
        )


def test_leaf_of_other_sizes_than_its_first_draws_still_counts() -> None:
    """The spread of values of 1e-300 is told; so is one that starts tiny and turns large."""
    row = np.concatenate([np.full(16, 1e-300), np.linspace(1.0, 2.0, 1008)])
    moments = reduced(row[None, :]).moments
    assert math.isclose(moments.mean[0], exact_mean(row), rel_tol=1e-12)
    assert math.isclose(moments.sd[0], exact_sd(row), rel_tol=1e-12)


def test_leaves_of_very_different_size_merge() -> None:
    rng = np.random.default_rng(3)
    row = np.concatenate([1e-200 * rng.random(LEAF), rng.random(LEAF), 1e200 * rng.random(LEAF)])
    moments = reduced(row[None, :]).moments
    assert math.isclose(moments.mean[0], exact_mean(row), rel_tol=1e-12)
    assert math.isclose(moments.sd[0], exact_sd(row), rel_tol=1e-12)


def test_squares_beyond_the_largest_double_are_told_all_the_same() -> None:
    rng = np.random.default_rng(2)
    row = np.concatenate([np.full(40, 1e-250), np.ones(16), 1e200 * rng.random(LEAF), 1e307 * rng.random(LEAF - 56)])
    moments = reduced(row[None, :], tile=16).moments
    assert math.isclose(moments.mean[0], exact_mean(row), rel_tol=1e-12)
    assert math.isclose(moments.sd[0], exact_sd(row), rel_tol=1e-12)


def test_standard_deviation_beyond_the_largest_double_is_infinite() -> None:
    moments = reduced(np.finfo(float).max * np.array([[1.0, -1.0] * 8])).moments
    assert moments.mean[0] == 0.0
    assert moments.sd[0] == np.inf


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -np.nan])
@pytest.mark.parametrize("at", [0, 5, 4095, 5000])
def test_what_is_not_finite_is_counted_and_touches_nothing_else(bad: float, at: int) -> None:
    rng = np.random.default_rng(1)
    values = rng.lognormal(size=(3, 2 * LEAF))
    clean = reduced(values, np.array([False, True, True])).moments
    values[1, at] = bad
    summary = reduced(values, np.array([False, True, True]))
    moments = summary.moments
    assert moments.nonfinite.tolist() == [0, 1, 0]
    for figure, untouched in zip(moments, clean, strict=True):
        assert figure[[0, 2]].tobytes() == untouched[[0, 2]].tobytes()
    rest = np.delete(values[1], at)
    assert math.isclose(moments.mean[1], exact_mean(rest), rel_tol=1e-12)
    assert math.isclose(moments.sd[1], exact_sd(rest), rel_tol=1e-12)
    assert (moments.low[1], moments.high[1]) == (rest.min(), rest.max())
    assert summary.counts.totals()[:3].tolist() == [2 * LEAF, 2 * LEAF - 1, 2 * LEAF]


def test_what_is_not_finite_is_counted_among_values_whose_squares_overflow() -> None:
    """Such values are added one by one, in another unit."""
    values = np.random.default_rng(2).lognormal(size=(1, LEAF)) * 1e200
    values[0, [3, 70]] = np.nan, np.inf
    moments = reduced(values, np.array([False])).moments
    assert moments.nonfinite.tolist() == [2]
    assert moments.finite.tolist() == [LEAF - 2]
    assert math.isclose(moments.mean[0], exact_mean(np.delete(values[0], [3, 70])), rel_tol=1e-12)


def test_cell_without_any_finite_value_is_nan() -> None:
    summary = reduced(np.array([[np.nan, np.inf] * 32, [1.0, np.nan] * 32]), np.array([True, False]))
    moments = summary.moments
    assert moments.finite.tolist() == [0, 32]
    assert moments.nonfinite.tolist() == [64, 32]
    for figure in (moments.mean, moments.sd, moments.low, moments.high, moments.mcse):
        assert np.isnan(figure[0])
    assert moments.mean[1] == 1.0
    assert np.isnan(summary.quantile(np.array([0.5]))[0, 0])
    assert np.isnan(summary.mcse_quantile(np.array([0.5]))[0, 0])
    assert np.isnan(reduce.cdf(summary.counts, np.array([0.5]), moments.low, moments.high)[0, 0])


def test_mcse_of_the_mean_is_honest() -> None:
    """400 seeds of iid normals: 95 % intervals of Student's t hold the truth within binomial limits at 1e-6."""
    cells, t = 400, stats.t.ppf(0.975, 15)
    moments = reduced(np.random.default_rng(11).standard_normal((cells, 1024))).moments
    hits = int(np.sum(np.abs(moments.mean) <= t * moments.mcse))
    low, high = stats.binom.ppf([5e-7, 1 - 5e-7], cells, 0.95)
    assert low <= hits <= high
    # And their size: 15 mcse²/σ² · n are chi-square; the mean of 400 such lies within limits at 1e-6 as well.
    chi = np.sum(15.0 * moments.mcse**2 * 1024)
    assert stats.chi2.ppf(5e-7, 15 * cells) <= chi <= stats.chi2.ppf(1 - 5e-7, 15 * cells)


def test_refuses_tiles_of_the_wrong_kind() -> None:
    accumulator = reduce.Accumulator(2)
    with pytest.raises(ValueError, match="at least one tile"):
        accumulator.leaf_done()
    for wrong in (np.zeros((3, 16)), np.zeros((2, 16), int), np.zeros(32), np.zeros((16, 2)).T, np.zeros((1, 3, 16))):
        with pytest.raises(
            ValueError, match=r"expected float64 or float32 \[2, draws\] or \[pieces, 2, draws\] in C order"
        ):
            accumulator.add(wrong)
    for draws in (15, 0):
        with pytest.raises(ValueError, match="positive multiple of 16"):
            accumulator.add(np.zeros((2, draws)))


@pytest.mark.parametrize("width", [16, 48, 240, 1040, 20_000])
def test_single_precision_changes_no_bit(width: int) -> None:
    """Single-precision values, the subnormal ones among them, are the doubles that they equal, in tiles of any size."""
    rows = {name: row for name, row in awkward(6 * 1040, seed=5).items() if np.abs(row).max() < 1e38}
    rows["subnormal"] = rows["normal"] * 1e-38
    values = np.stack(list(rows.values())).astype(np.float32)
    assert np.any((values[-1] != 0) & (np.abs(values[-1]) < np.finfo(np.float32).tiny))
    headline = np.arange(len(values)) % 3 == 0
    whole = reduced(values.astype(np.float64), headline, tile=512)
    assert same_summary(reduced(values, headline, tile=width), whole)


@pytest.mark.parametrize("width", [16, 48, 240])
def test_pieces_change_no_bit(width: int) -> None:
    """A tile in pieces is the same draws end to end."""
    values = np.stack(list(awkward(4 * LEAF, seed=5).values()))
    headline = np.arange(len(values)) % 3 == 0
    accumulator, tree = reduce.Accumulator(len(values), headline), reduce.Tree()
    for leaf, at in enumerate(range(0, values.shape[1], LEAF)):
        part = values[:, at : at + LEAF]
        full = part.shape[1] // width * width
        accumulator.add(np.ascontiguousarray(part[:, :full].reshape(len(values), -1, width).transpose(1, 0, 2)))
        if full < part.shape[1]:
            accumulator.add(np.ascontiguousarray(part[:, full:]))
        tree.add(leaf, accumulator.leaf_done())
    assert same_summary(reduce.summarise(tree, [accumulator.sketch]), reduced(values, headline, tile=512))
