"""From counters to counts: windows and what lies outside written out in order, by any number of threads."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import reduce
from sim.reduce import places
from sim.reduce.bins import COARSE, KEY_ZERO, entry, entry_key, entry_row
from sim.reduce.combining import combine_all
from sim.reduce.counting import FULL
from sim.reduce.ending import fill, lengths
from sim.reduce.lanes import LANES
from sim.reduce.sketch import together
from sim.reduce.windows import BASE, NEGATIVE, POSITIVE, START_R, WIDTH, lay_out, no_windows
from sim.reduce.writing import Kind
from sim.threads import in_parts
from tests.reduce.made import awkward, same_counts

KEYS = st.integers(-90, 90)
BINS = st.integers(0, 20).map(lambda n: n << COARSE)


@settings(deadline=None, max_examples=150)
@given(
    bounds=st.lists(st.tuples(BINS, BINS, BINS, BINS), min_size=1, max_size=3),
    held=st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 15), KEYS), st.integers(1, 65_535), max_size=60),
    outside=st.dictionaries(
        st.tuples(st.integers(0, 2), st.integers(0, 15), KEYS), st.integers(1, 1 << 40), max_size=40
    ),
    lanes=st.sampled_from([1, LANES]),
    threads=st.sampled_from([1, 3]),
    dense=st.booleans(),
)
def test_rows_are_what_counters_and_the_rest_hold(bounds, held, outside, lanes, threads, dense):
    """Whatever windows have, whatever lies before, in, between and behind them: against a dictionary."""
    windows = no_windows(np.ones(len(bounds), bool))
    for window, (low, wide, low_n, wide_n) in zip(windows, bounds, strict=True):
        window[[BASE + POSITIVE, WIDTH + POSITIVE, BASE + NEGATIVE, WIDTH + NEGATIVE]] = low, wide, low_n, wide_n
    pooled, replicates = lay_out(windows)
    counters = np.zeros(pooled if lanes == 1 else replicates, np.uint16)
    expected: dict[tuple[int, int], dict[int, int]] = {(c, r): {} for c in range(len(bounds)) for r in range(lanes)}
    coarse = 0 if lanes == 1 else COARSE

    def bin_of(key):
        return int(np.sign(key)) * max(abs(key) >> coarse << coarse, 1)

    full = {(c, r, key): 3 for c in range(3) for r in range(16) for key in range(-90, 91)} if dense else {}
    for (c, r, key), count in (full | held).items():
        if c < len(bounds) and r < lanes:
            at = places.place_of(windows[c], places.block_of(windows[c], r, lanes), bin_of(key))
            if at >= 0:
                counters[at] = count
                expected[c, r][bin_of(key)] = count
    listed: dict[int, int] = {}
    for (c, r, key), count in outside.items():
        if c < len(bounds) and r < lanes:
            code = entry(c * lanes + r, bin_of(key))
            listed[code] = listed.get(code, 0) + count
    for code, count in listed.items():
        row = expected[divmod(entry_row(code), lanes)]
        row[entry_key(code)] = row.get(entry_key(code), 0) + count
    codes = np.array(sorted(listed), np.int64)
    counts = np.array([listed[code] for code in codes.tolist()], np.int64)
    cell = np.arange(len(bounds))
    kind = Kind(windows, counters, codes, counts, cell, cell, lanes)
    nothing = kind._replace(cell=cell[:0], number=cell[:0])
    found = lengths((kind, nothing), threads)
    assert found.tolist() == [len(row) for row in expected.values()]
    row_start = np.concatenate([[0], np.cumsum(found)])
    room = int(row_start[-1])
    key, count = np.full(room + 1, 7, np.int32), np.full(room + 1, 7, np.int64)
    fill((kind, nothing), row_start, key[:room], count[:room], threads)
    assert (key[-1], count[-1]) == (7, 7)
    for (a, b), row in zip(pairwise(row_start), expected.values(), strict=True):
        assert list(zip(key[a:b].tolist(), count[a:b].tolist(), strict=True)) == sorted(row.items())
    _counted_where_there_is_room(kind, expected)


def _counted_where_there_is_room(kind, expected):
    """What has a counter goes there, up to the most that it may hold; nothing is lost."""
    counters, codes, counts = kind.counters.copy(), kind.codes.copy(), kind.counts.copy()
    left = places.absorb(kind.windows, counters, kind.cell, kind.lanes, codes, counts, 60_000)
    rest = dict(zip(codes[:left].tolist(), counts[:left].tolist(), strict=True))
    for (c, r), row in expected.items():
        block = places.block_of(kind.windows[c], r, kind.lanes)
        for key, total in row.items():
            at, other = places.place_of(kind.windows[c], block, key), rest.get(entry(c * kind.lanes + r, key), 0)
            assert (int(counters[at]) if at >= 0 else 0) + other == total
            if other and at >= 0:
                assert int(counters[at]) + other > 60_000


@pytest.mark.parametrize(("more", "left"), [(9, 0), (10, 0), (11, 1)])
def test_a_counter_takes_what_it_may_hold(more, left):
    windows = no_windows(np.array([False]))
    counters = np.zeros(lay_out(windows)[0], np.uint16)
    at = places.place_of(windows[0], places.block_of(windows[0], 0, 1), 0)
    counters[at] = 90
    codes, counts = np.array([entry(0, 0)]), np.array([more])
    assert places.absorb(windows, counters, np.arange(1), 1, codes, counts, 100) == left
    assert counters[at] == 90 + more * (1 - left)


def test_what_lies_outside_moves_into_windows_that_have_followed():
    rng = np.random.default_rng(5)
    values = np.exp(rng.standard_normal((3, 1 << 15)) * np.array([[0.3], [1.0], [3.0]]))
    values[:, :64] = 1.0
    accumulator = reduce.Accumulator(3, np.array([False, True, True]))
    for at in range(0, values.shape[1], 512):
        accumulator.add(np.ascontiguousarray(values[:, at : at + 512]))
    sketch = accumulator.sketch
    (codes, counts), (codes_r, _) = sketch.without_counters()
    for code in codes.tolist():
        window = sketch.windows[entry_row(code)]
        assert places.place_of(window, places.block_of(window, 0, 1), entry_key(code)) < 0
    assert counts.sum() < 2000
    assert len(codes_r)
    assert sketch.windows[0, START_R] == -1


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_change_no_count(threads):
    """Of three scenarios, of which one has cells of its own and one none; cells that one other tells of."""
    mask = np.arange(23) % 2 == 0
    rows = np.stack(list(awkward(4096, 3).values()))
    own = [np.arange(23), np.array([0, 4, 7, 21]), np.zeros(0, np.int64)]

    def groups():
        found = []
        for which in own:
            crew = [reduce.Accumulator(len(which), mask[which]) for _ in range(2)]
            for k, accumulator in enumerate(crew):
                accumulator.add(np.ascontiguousarray(rows[which][:, k * 2048 : (k + 1) * 2048]))
            found.append([accumulator.sketch for accumulator in crew])
        return found

    stand_in = np.arange(23)
    stand_in[[2, 6]] = 0, 4
    sources = []
    for which in own:
        place = np.full(23, -1)
        place[which] = np.arange(len(which))
        sources.append(place[stand_in])
    found = combine_all(groups(), sources, np.flatnonzero(mask), threads)
    whole = reduce.combine(groups()[0])
    told = rows[stand_in]
    accumulator = reduce.Accumulator(23, mask)
    accumulator.add(np.ascontiguousarray(told))
    expected = reduce.combine([accumulator.sketch])
    assert whole.cells == 23
    assert all(same_counts(one, expected) for one in found)
    assert found[0].key.base is found[2].key.base


@pytest.mark.parametrize("crew", [2, 5, 40])
def test_full_counters_of_many_threads_are_relieved_and_no_others(crew):
    """A value that all draws but few take, as often as a counter can hold it, in each of the sketches."""
    values = np.full((1, FULL // 16 * 16), 2.5)
    values[0, ::9] = 1.0 + np.arange(len(values[0, ::9])) / 1e5
    sketches = []
    for _ in range(crew):
        accumulator = reduce.Accumulator(1, np.array([False]))
        for at in range(0, values.shape[1], 4096):
            accumulator.add(np.ascontiguousarray(values[:, at : at + 4096]))
        sketches.append(accumulator.sketch)
    expected = {int(k): int(n) * crew for k, n in _row(reduce.combine(sketches[:1])).items()}
    (merged,) = together(sketches)
    assert len(merged.without_counters()[0][0]) < 5
    assert _row(reduce.combine([merged])) == expected == _row(reduce.combine(sketches))
    assert max(expected.values()) > crew * 50_000


def _row(counts):
    return dict(zip(counts.key.tolist(), counts.count.tolist(), strict=True))


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("number", [0, 1, 7, 1000])
def test_parts_are_all_there_is_once(number, threads):
    seen = np.zeros(number, int)

    def job(first, last):
        seen[first:last] += 1

    in_parts(job, number, threads)
    assert seen.tolist() == [1] * number
    with pytest.raises(ZeroDivisionError):
        in_parts(lambda first, last: 1 // 0, 5, threads)


def test_codes_sort_by_row_and_key():
    assert entry(3, -1) < entry(3, 0) == (3 << 21) + KEY_ZERO < entry(3, 1) < entry(4, -90)
