"""Quantiles, chances and their errors, against the draws themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim import reduce
from tests.reduce.made import LEAF, awkward, reduced

Q = np.array([0.0, 1e-4, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.9999, 1.0])
ROWS = awkward(4 * LEAF, seed=9)
VALUES = np.stack(list(ROWS.values()))
HEADLINE = np.arange(len(VALUES)) % 2 == 1
SUMMARY = reduced(VALUES, HEADLINE)
EXACT = ("zero", "negative zero", "flag", "integers", "bins' edges")


def cdf(summary: reduce.Summary, x: np.ndarray) -> np.ndarray:
    return reduce.cdf(summary.counts, x, summary.moments.low, summary.moments.high)


@pytest.mark.parametrize(("cell", "kind"), list(enumerate(ROWS)), ids=list(ROWS))
def test_quantiles_are_within_a_bin_of_the_draws_own(cell: int, kind: str) -> None:
    exact = np.quantile(VALUES[cell], Q, method="inverted_cdf")
    found = SUMMARY.quantile(Q)[cell]
    assert np.all(np.abs(found - exact) <= reduce.RELATIVE_ERROR * np.abs(exact))
    assert np.all(np.sign(found) == np.sign(exact))
    assert (found[0], found[-1]) == (VALUES[cell].min(), VALUES[cell].max())
    assert SUMMARY.counts.on_edge[cell] == (kind in EXACT)
    if kind in EXACT or "constant" in kind:
        assert np.all(found == exact)


def test_interpolation_is_much_nearer_than_a_bin() -> None:
    cell = list(ROWS).index("lognormal")
    q = np.linspace(0.05, 0.95, 91)
    exact = np.quantile(VALUES[cell], q, method="inverted_cdf")
    assert np.median(np.abs(SUMMARY.quantile(q)[cell] / exact - 1.0)) < 2e-4


def test_replicates_have_quantiles_of_their_own() -> None:
    moments = SUMMARY.moments
    rows = SUMMARY.counts.replicates()
    found = reduce.quantiles(SUMMARY.counts, Q, moments.low, moments.high, rows.ravel()).reshape(*rows.shape, len(Q))
    for h, cell in enumerate(SUMMARY.counts.headline):
        for r in range(16):
            exact = np.quantile(VALUES[cell, r::16], Q, method="inverted_cdf")
            assert np.all(np.abs(found[h, r] - exact) <= 4 * reduce.RELATIVE_ERROR * np.abs(exact))
    errors = SUMMARY.mcse_quantile(Q)[SUMMARY.counts.headline]
    with np.errstate(over="ignore"):
        assert np.array_equal(errors, np.std(found, axis=1, ddof=1) / 4.0)


@pytest.mark.parametrize(("cell", "kind"), list(enumerate(ROWS)), ids=list(ROWS))
def test_cdf_lies_between_the_shares_at_its_bins_ends(cell: int, kind: str) -> None:
    row = np.sort(VALUES[cell])
    some = row[:: len(row) // 50]
    x = np.concatenate([some, np.nextafter(some, -np.inf), some * 0.9993, [-1.0, 0.0, 0.3, 1.0, 1e3]])
    found = cdf(SUMMARY, x)[cell]
    wide = np.abs(x) * reduce.RELATIVE_ERROR
    with np.errstate(over="ignore"):
        below = np.searchsorted(row, x - wide, side="right") / len(row)
        above = np.searchsorted(row, x + wide, side="right") / len(row)
    assert np.all(found >= below - 1e-12)
    assert np.all(found <= above + 1e-12)
    if kind in EXACT:
        assert np.array_equal(found, np.searchsorted(row, x, side="right") / len(row))


def test_chances_of_nothing_all_and_zero_are_exact() -> None:
    cell = list(ROWS).index("mixed sign, zero inflated")
    row = VALUES[cell]
    just_below = np.nextafter(row.min(), -np.inf)
    found = cdf(SUMMARY, np.array([-np.inf, just_below, 0.0, row.max(), np.inf, np.nan]))[cell]
    assert found[:2].tolist() == [0.0, 0.0]
    assert found[2] == np.mean(row <= 0.0)
    assert found[3:5].tolist() == [1.0, 1.0]
    assert np.isnan(found[5])


@pytest.mark.parametrize("headline", [False, True])
def test_errors_of_quantiles_are_honest(headline: bool) -> None:
    """300 seeds of iid lognormals: intervals at 95 % hold the true quantiles within binomial limits at 1e-6."""
    cells, q = 300, np.array([0.05, 0.5, 0.95])
    values = np.exp(np.random.default_rng(21).standard_normal((cells, 8192)))
    summary = reduced(values, np.full(cells, headline), tile=1024)
    width = (stats.t.ppf(0.975, 15) if headline else stats.norm.ppf(0.975)) * summary.mcse_quantile(q)
    hits = np.sum(np.abs(summary.quantile(q) - np.exp(stats.norm.ppf(q))) <= width, axis=0)
    low, high = stats.binom.ppf([5e-7, 1 - 5e-7], cells, 0.95)
    assert np.all((low <= hits) & (hits <= high))


def test_clopper_pearson_bounds() -> None:
    """The rule of three, its mirror image, and the definition by binomial tails."""
    low, high = reduce.chance_bounds(np.array([0, 1000, 3]), np.array([1000, 1000, 1000]))
    assert low[0] == 0.0
    assert high[0] == pytest.approx(1 - 0.025 ** (1 / 1000), rel=1e-9)
    assert (low[1], high[1]) == pytest.approx((1 - high[0], 1.0), rel=1e-12)
    assert stats.binom.cdf(3, 1000, high[2]) == pytest.approx(0.025, rel=1e-9)
    assert stats.binom.sf(2, 1000, low[2]) == pytest.approx(0.025, rel=1e-9)
    for hits, draws, level in ((-1, 10, 0.9), (11, 10, 0.9), (0, 0, 0.9), (1, 10, 1.0)):
        with pytest.raises(ValueError, match="chance_bounds needs"):
            reduce.chance_bounds(np.array(hits), np.array(draws), level)


finite = st.floats(allow_nan=False, allow_infinity=False)
some_values = st.lists(st.one_of(finite, st.floats(-10, 10), st.integers(-5, 5).map(float)), min_size=16, max_size=16)


@settings(deadline=None, max_examples=200)
@given(some_values, st.lists(st.floats(0, 1), min_size=1, max_size=8), st.lists(finite, min_size=1, max_size=8))
def test_quantiles_and_cdf_of_any_values(values: list[float], q: list[float], x: list[float]) -> None:
    """Monotone, within the extremes, near the truth, and each other's inverse up to one draw."""
    row = np.array(values)
    summary = reduced(row[None, :])
    probabilities, points = np.sort(np.array(q)), np.sort(np.array(x))
    found, exact = summary.quantile(probabilities)[0], np.quantile(row, probabilities, method="inverted_cdf")
    assert np.all(found[1:] >= found[:-1])  # differences of the largest numbers would overflow
    assert np.all((found >= row.min()) & (found <= row.max()))
    # Subnormals share bins of a fixed width.
    assert np.all(np.abs(found - exact) <= np.maximum(reduce.RELATIVE_ERROR * np.abs(exact), 2.0**-1030))
    shares = cdf(summary, points)[0]
    assert np.all(np.diff(shares) >= 0)
    assert np.all((shares >= 0) & (shares <= 1))
    assert np.all(cdf(summary, found)[0] >= probabilities - 1.0 / len(row) - 1e-12)
