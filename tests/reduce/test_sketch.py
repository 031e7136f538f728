"""Counts by bin, against counting each value's bin in plain Python."""

import struct
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import reduce
from sim.reduce import sketch, windows
from sim.reduce.bins import COARSE, ROW_STEP, coarse, entry, entry_key, entry_row, key_of, lower_edge, next_key
from sim.reduce.counting import HALF_FULL
from tests.reduce.made import awkward, same_counts


def slow_key(x: float) -> int:
    """By the definition: sign and top 20 bits of the magnitude; 0 for zero alone."""
    if x == 0:
        return 0
    (bits,) = struct.unpack("<Q", struct.pack("<d", abs(x)))
    return (1 if x > 0 else -1) * max(bits >> 43, 1)


def slow_coarse(x: float) -> int:
    """Four bins of the fine ones in one, called by the lowest; 1 for the first."""
    key = slow_key(x)
    if key == 0:
        return 0
    return (1 if key > 0 else -1) * max(abs(key) // 4 * 4, 1)


def slow_rows(values: np.ndarray, headline: np.ndarray) -> list[Counter[int]]:
    def keys(key):
        return [[key(x) if np.isfinite(x) else None for x in row] for row in values.tolist()]

    rows = [Counter(row) for row in keys(slow_key)]
    of_replicates = keys(slow_coarse)
    rows += [Counter(of_replicates[c][r::16]) for c in np.flatnonzero(headline) for r in range(16)]
    for row in rows:
        row.pop(None, None)
    return rows


def rows_of(counts: reduce.Counts) -> list[dict[int, int]]:
    ends = counts.row_start
    return [dict(zip(counts.key[a:b].tolist(), counts.count[a:b].tolist(), strict=True)) for a, b in pairwise(ends)]


def sketched(values: np.ndarray, headline: np.ndarray, tile: int = 64) -> reduce.Counts:
    accumulator = reduce.Accumulator(len(values), headline)
    for at in range(0, values.shape[1], tile):
        accumulator.add(np.ascontiguousarray(values[:, at : at + tile]))
    return reduce.combine([accumulator.sketch])


def at_the_end_of_singles(draws: int) -> list[np.ndarray]:
    """Rows whose windows reach beyond the largest single: values next to it, infinities, NaN, subnormals of either sign."""
    rng = np.random.default_rng(12)
    sign = rng.choice([-1.0, 1.0], draws)
    near = 3e38 * rng.random(draws)
    mixed = near.copy()
    mixed[::7], mixed[3::11], mixed[5::13] = np.inf, -np.inf, np.nan
    rare = sign * 10.0 ** rng.uniform(25, 42, draws)
    rare[::5], rare[1::5] = -1e-40, -1e-45
    return [
        near,
        -near,
        mixed,
        -mixed,
        10.0 ** rng.uniform(0, 42, draws),
        rare,
        sign * 10.0 ** rng.uniform(-45, -36, draws),
    ]


EXTREMES = [0.0, -0.0, 5e-324, -5e-324, 2.0**-1031, 2.0**-1022, 1.0, -1.0, 1.7976931348623157e308, 0.1, 9999.0]


@pytest.mark.parametrize("x", EXTREMES)
def test_key_and_edges_of_extremes(x: float) -> None:
    key = key_of(np.array([x]).view(np.uint64)[0])
    assert key == slow_key(x)
    assert coarse(key) == slow_coarse(x)
    for at, wide in ((key, False), (coarse(key), True)):
        if key:
            low, high = lower_edge(at), lower_edge(next_key(at, wide))
            assert low <= abs(x) < high
        code = entry(7, at)
        assert 7 * ROW_STEP <= code < 8 * ROW_STEP
        assert (entry_row(code), entry_key(code)) == (7, at)


def test_coarse_bins_are_made_of_whole_fine_ones():
    keys = np.arange(1, 5000)
    found = np.array([coarse(key) for key in keys])
    ends = np.array([next_key(key, True) for key in found])
    assert np.all((found <= keys) & (keys < ends))
    assert np.all((ends - found)[4:] == 1 << COARSE)


def test_a_bin_is_at_most_a_512th_of_its_values_wide() -> None:
    keys = np.arange((1 << 9) + 0, 2046 << 9, 97)
    low, high = (np.array([lower_edge(key) for key in at]) for at in (keys, keys + 1))
    assert np.all(high - low <= low * reduce.RELATIVE_ERROR)
    assert reduce.RELATIVE_ERROR < 0.002


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("kind", ["f8", "f4"])
@pytest.mark.parametrize("headline", [False, True])
def test_counts_are_those_of_a_plain_count(monkeypatch, headline: bool, kind: str, at_once: bool) -> None:
    monkeypatch.setattr("sim.reduce.sketch.AT_ONCE", 64 if at_once else 0)
    values = np.stack([*awkward(4096, seed=2).values(), *at_the_end_of_singles(4096)])
    values[0, ::7] = np.nan
    values[1, 16:32] = -np.inf
    mask = np.full(len(values), headline)
    with np.errstate(over="ignore", under="ignore"):
        values = np.ascontiguousarray(values.astype(kind))
    counts = sketched(values, mask, tile=512)
    assert rows_of(counts) == [dict(sorted(row.items())) for row in slow_rows(values, mask)]
    assert all(np.all(np.diff(counts.key[a:b]) > 0) for a, b in pairwise(counts.row_start))
    assert counts.count.min() > 0


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize(("least", "most"), [(-3, 3), (-40, 40), (-300, 300), (-80, 0), (0, 80)])
def test_windows_are_of_whole_coarse_bins_however_wide(monkeypatch, at_once: bool, least: int, most: int) -> None:
    """From a narrow pilot they follow values over more bins than a window may have, of both signs, with zeros."""
    monkeypatch.setattr("sim.reduce.sketch.AT_ONCE", 64 if at_once else 0)
    rng = np.random.default_rng(most - least)
    values = np.exp2(rng.uniform(least, most, (2, 1 << 16)))
    if least < 0 < most:
        values *= rng.choice([-1.0, 0.0, 1.0], (2, 1 << 16))
    values[:, ::3] = rng.uniform(0.961, 1.142, values[:, ::3].shape)  # to the ends of the pilot's window
    values[:, :64] = rng.uniform(1.0, 1.1, (2, 64))
    mask = np.array([False, True])
    accumulator = reduce.Accumulator(2, mask)
    for at in range(0, 1 << 16, 8192):
        accumulator.add(np.ascontiguousarray(values[:, at : at + 8192]))
    filled = accumulator.sketch
    assert filled.at_once == at_once
    counts = reduce.combine([filled])
    assert rows_of(counts) == [dict(sorted(row.items())) for row in slow_rows(values, mask)]
    edges = filled.windows[:, :4]  # first bins and widths
    assert np.all(edges % (1 << COARSE) == 0)
    assert np.all(edges >= 0)
    assert edges[:, 2:].max() <= 32_000
    assert filled.windows[:, 2:4].sum() > 1000


@pytest.mark.parametrize("last", [1e3, 1e60])
def test_sketches_of_several_threads_are_one(last: float) -> None:
    """Windows near one another or too far apart for one, counters that are nearly full, and what lies outside both."""
    rng = np.random.default_rng(8)
    each = [size * np.exp(rng.standard_normal((2, 1 << 16)) / 9) for size in (1.0, -30.0, last)]
    each[0][:, ::2], each[1][:, 1::2] = 1.0, 1.0  # a counter that all of them hold half of their values in
    each[2][:, ::2] = 1.0
    each[1][:, 40_000] = 1e-250
    mask = np.array([False, True])
    crew = [reduce.Accumulator(2, mask) for _ in each]
    for accumulator, values in zip(crew, each, strict=True):
        for at in range(0, 1 << 16, 4096):
            accumulator.add(np.ascontiguousarray(values[:, at : at + 4096]))
    whole = sketched(np.concatenate(each, axis=1), mask, tile=4096)
    sketches = [accumulator.sketch for accumulator in crew]
    merged = sketch.together(sketches)
    assert len(merged) == (1 if last < 1e9 else 3)
    assert same_counts(reduce.combine(sketches), whole)
    assert same_counts(reduce.combine(sketches), whole)  # they are what they were
    crew[0].add(np.ones((2, 16)))
    assert reduce.combine(sketches).totals()[0] == whole.totals()[0] + 16


@settings(deadline=None, max_examples=500)
@given(
    width=(st.integers(0, 8000) | st.integers(7980, 8000)).map(lambda n: 4 * n),
    down=st.integers(0, 40_000) | st.integers(0, 40),
    up=st.integers(0, 40),
    flipped=st.booleans(),
)
def test_a_window_only_ever_grows(width: int, down: int, up: int, flipped: bool) -> None:
    """Towards two dense bins, one on either side, near or too far away."""
    base = 400_000
    window = np.array([base, 0, width, 0, 0, -1, 0])
    nearer, farther = (up, down) if flipped else (down, up)
    keys = np.array([base - nearer, base + max(width, 1) + farther])
    windows._widen(window, windows.POSITIVE, keys, np.array([1 << 20, 1 << 20]))
    first, stop = window[0], window[0] + window[2]
    assert first % 4 == window[2] % 4 == 0
    assert window[2] <= 32_000
    if width:
        assert first <= base
        assert stop >= base + width


def test_values_far_outside_the_pilots_windows_are_kept_and_windows_follow() -> None:
    """Ten thousand times the first tile's values, of either sign, then zeros: every one is counted."""
    rng = np.random.default_rng(4)
    first = 1.0 + rng.random((2, 16))
    later = rng.standard_normal((2, 1 << 17)) * 1e4
    later[:, ::5] = 0.0
    values = np.concatenate([first, later], axis=1)
    accumulator = reduce.Accumulator(2, np.array([False, True]))
    accumulator.add(first)
    sketch = accumulator.sketch
    before = [len(sketch.counters), len(sketch.counters_r)]
    for at in range(0, later.shape[1], 512):
        accumulator.add(np.ascontiguousarray(later[:, at : at + 512]))
    after = [len(sketch.counters), len(sketch.counters_r)]
    assert all(now > 4 * then for now, then in zip(after, before, strict=True))
    assert rows_of(reduce.combine([sketch])) == [dict(sorted(r.items())) for r in slow_rows(values, sketch.headline)]


def test_more_spilled_values_than_the_spill_holds() -> None:
    """Each value in a bin of its own octave, so that no window pays: all go through the spill, several times over."""
    rng = np.random.default_rng(6)
    values = np.ldexp(rng.random((8, 1 << 14)) + 0.5, rng.integers(-1000, 1000, (8, 1 << 14)))
    values *= rng.choice([-1.0, 1.0], values.shape)
    mask = np.zeros(8, bool)
    counts = sketched(values, mask, tile=4096)
    assert counts.totals().tolist() == [1 << 14] * 8
    assert rows_of(counts) == [dict(sorted(row.items())) for row in slow_rows(values, mask)]


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("headline", [False, True])
def test_no_counter_ever_runs_over(monkeypatch, headline: bool, at_once: bool) -> None:
    """Constants, a flag and few integers, far more often than 16 bits count, in tiles larger than between sweeps."""
    monkeypatch.setattr("sim.reduce.sketch.AT_ONCE", 64 if at_once else 0)
    rng = np.random.default_rng(8)
    draws = 5 * HALF_FULL
    values = np.stack([np.full(draws, 3.5), np.zeros(draws), rng.integers(0, 2, draws), rng.integers(-1, 3, draws) / 3])
    for tile in (8176, draws):
        counts = sketched(values, np.full(4, headline), tile=tile)
        for row, total in zip(values, rows_of(counts), strict=False):
            wanted, times = np.unique(row, return_counts=True)
            assert total == {slow_key(float(x)): int(n) for x, n in zip(wanted, times, strict=True)}
        assert counts.totals()[4:].tolist() == ([draws // 16] * 64 if headline else [])


def test_merging_is_exact_commutative_associative_and_has_a_neutral_element() -> None:
    mask = np.arange(23) % 3 == 0
    parts = [sketched(np.stack(list(awkward(512, seed).values())), mask) for seed in (1, 2, 3)]
    a, b, c = parts
    whole = sketched(np.concatenate([np.stack(list(awkward(512, seed).values())) for seed in (1, 2, 3)], axis=1), mask)
    assert same_counts(reduce.merge(reduce.merge(a, b), c), whole)
    assert same_counts(reduce.merge(a, reduce.merge(b, c)), whole)
    assert same_counts(reduce.merge(c, reduce.merge(b, a)), whole)
    nothing = reduce.combine([reduce.Sketch(np.arange(23), mask)])
    assert same_counts(reduce.merge(a, nothing), a)
    assert same_counts(reduce.merge(nothing, a), a)


def test_refuses_what_does_not_belong_together() -> None:
    with pytest.raises(ValueError, match="headline must be bool"):
        reduce.Sketch(np.arange(3), np.array([True]))
    with pytest.raises(ValueError, match="no sketch"):
        reduce.combine([])
    with pytest.raises(ValueError, match="cannot be combined"):
        reduce.combine([reduce.Sketch(np.arange(n)) for n in (3, 4)])
    with pytest.raises(ValueError, match="cannot be merged"):
        reduce.merge(*(reduce.combine([reduce.Sketch(np.arange(3), np.arange(3) < headline)]) for headline in (0, 1)))


def test_counts_beyond_32_bits_are_exact() -> None:
    """Merging with itself 31 times makes 2^31 of one; the largest count decides the type, and nothing else does."""
    counts = sketched(np.full((1, 16), 2.5), np.array([True]))
    for doubled in range(1, 32):
        counts = reduce.merge(counts, counts)
        assert counts.count.dtype == (np.int64 if 16 << doubled >= 1 << 31 else np.int32)
    assert counts.totals().tolist() == [16 << 31] + [1 << 31] * 16
    assert reduce.quantiles(counts, np.array([0.5]), np.array([2.5]), np.array([2.5])) == 2.5
    assert reduce.cdf(counts, np.array([2.4]), np.array([2.5]), np.array([2.5])) == 0.0
    same = reduce.Counts(counts.row_start, counts.key, counts.count, counts.headline, counts.on_edge)
    assert same_counts(same, counts)
