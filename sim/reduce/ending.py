"""From counters to rows of counts: first how long each row is, then its entries in their place, cells shared among threads.

A row's entries are those of its counters that hold something, in the order of their keys, with what has no counter merged
in. Nothing is written beyond a row, so that threads may fill neighbouring ones.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce.bins import KEY_ZERO, ROW_STEP, entry_key, merge_entries
from sim.reduce.dense import pooled_entries, replicate_entries
from sim.reduce.lanes import LANES
from sim.reduce.places import Block, block_of, place_of
from sim.reduce.search import count_below
from sim.reduce.sketch import Sketch
from sim.reduce.windows import BASE, NEGATIVE, POSITIVE
from sim.threads import in_parts

_Entries = tuple[np.ndarray, np.ndarray]

# Counters that one look passes over where all are empty.
_CHUNK = 64


class Kind(NamedTuple):
    """Rows of one kind: one a cell, all replicates together, or sixteen a headline cell.

    Attributes
    ----------
    windows, counters: see :mod:`sim.reduce.windows`.
    codes, counts: sorted entries of what has no counter.
    cell: int64[n], the cell of the sketch whose counters each of n cells' rows come from; -1 leaves the rows out.
    number: int64[n], its number in ``codes``.
    lanes: rows a cell, 1 or 16.
    """

    windows: np.ndarray
    counters: np.ndarray
    codes: np.ndarray
    counts: np.ndarray
    cell: np.ndarray
    number: np.ndarray
    lanes: int


def kinds_of(sketches: list[Sketch], source: np.ndarray, headline: np.ndarray) -> tuple[Kind, Kind]:
    """Rows of all cells, and of those ``headline`` (int64[h]) by replicate, from sketches of the same own cells.

    ``source``, int64[cells], is the own cell that tells of each, -1 for none. Sketches beyond the first are taken for what
    has no counter.
    """
    first, *others = sketches
    pooled, replicates = first.without_counters()
    for other in others:
        which = np.flatnonzero(other.headline)
        outside, outside_r = other.without_counters()
        dense = pooled_entries(other.windows, other.counters, 0, other.cells, 1)
        dense_r = replicate_entries(other.windows, other.counters_r, which, 0, 1)
        pooled = merge_entries(*pooled, *merge_entries(*outside, *dense))
        replicates = merge_entries(*replicates, *merge_entries(*outside_r, *dense_r))
    number = np.full(first.cells + 1, -1)  # the last for -1
    number[:-1][first.headline] = np.arange(first.headline.sum())
    own = source[headline]
    return (
        Kind(first.windows, first.counters, *pooled, source, source, 1),
        Kind(first.windows, first.counters_r, *replicates, own, number[own], LANES),
    )


def lengths(kinds: tuple[Kind, Kind], threads: int) -> np.ndarray:
    """How many entries each row has, int64[rows]; -1 for rows that are left out."""
    found = [np.full(len(kind.cell) * kind.lanes, -1) for kind in kinds]
    for kind, of_kind in zip(kinds, found, strict=True):
        in_parts(partial(_lengths, *kind, of_kind), len(kind.cell), threads)
    return np.concatenate(found)


def fill(kinds: tuple[Kind, Kind], row_start: np.ndarray, key: np.ndarray, count: np.ndarray, threads: int) -> None:
    """Write the entries of each row where ``row_start``, int64[rows + 1], has its place in ``key`` and ``count``."""
    row = 0
    for kind in kinds:
        rows = len(kind.cell) * kind.lanes
        in_parts(partial(_fill, *kind, row_start[row : row + rows + 1], key, count), len(kind.cell), threads)
        row += rows


@bare_kernel
def _without_counter(
    codes: np.ndarray,
    first: int,
    last: int,
    counters: np.ndarray,
    window: np.ndarray,
    block: Block,
) -> int:
    """How many of a row's entries ``first`` to ``last`` (left out) are of keys whose counters are empty, or that have none."""
    n = 0
    for j in range(first, last):
        at = place_of(window, block, entry_key(codes[j]))
        n += at < 0 or counters[at] == 0
    return n


@bare_kernel
def _not_empty(counters: np.ndarray, first: int, number: int) -> np.int64:
    """How many of ``number`` counters hold something."""
    n = np.int64(0)
    for at in range(np.uint64(first), np.uint64(first + number)):  # a signed index would keep it from being vector work
        n += np.int64(counters[at] != 0)
    return n


@kernel
def _lengths(
    windows: np.ndarray,
    counters: np.ndarray,
    codes: np.ndarray,
    counts: np.ndarray,
    cell: np.ndarray,
    number: np.ndarray,
    lanes: int,
    found: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Tell how long the rows of the cells number ``first`` to ``last`` (left out) are."""
    for i in range(first, last):
        if cell[i] < 0:
            continue
        window = windows[cell[i]]
        j = count_below(codes, number[i] * lanes * ROW_STEP)
        for lane in range(lanes):
            block = block_of(window, lane, lanes)
            _, negative, below, zero, positive, above = block
            n = _not_empty(counters, negative, below) + _not_empty(counters, positive, above) + (counters[zero] != 0)
            begin, j = j, _up_to(codes, j, (number[i] * lanes + lane + 1) * ROW_STEP)
            found[i * lanes + lane] = n + _without_counter(codes, begin, j, counters, window, block)


@kernel
def _fill(
    windows: np.ndarray,
    counters: np.ndarray,
    codes: np.ndarray,
    counts: np.ndarray,
    cell: np.ndarray,
    number: np.ndarray,
    lanes: int,
    row_start: np.ndarray,
    key: np.ndarray,
    count: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Write the rows of the cells number ``first`` to ``last`` (left out)."""
    for i in range(first, last):
        if cell[i] < 0:
            continue
        window = windows[cell[i]]
        j = count_below(codes, number[i] * lanes * ROW_STEP)
        for lane in range(lanes):
            block = block_of(window, lane, lanes)
            left_out, negative, below, zero, positive, above = block
            lowest = -max(window[BASE + NEGATIVE] + (below - 1 << left_out), 1) if below else 0
            n, end = row_start[i * lanes + lane], row_start[i * lanes + lane + 1]
            stop = (number[i] * lanes + lane) * ROW_STEP + KEY_ZERO
            # Entries without a counter lie before a window, mostly, or behind it; few belong into one.
            j, n = _put(codes, counts, j, stop + lowest, key, count, n)
            before, n = n, _falling(counters, negative, below, window[BASE + NEGATIVE], left_out, key, count, n, end)
            begin, j = j, _up_to(codes, j, stop)
            more = _without_counter(codes, begin, j, counters, window, block)
            n = _merge(codes, counts, begin, j, key, count, before, n, n + more)
            held = np.int64(counters[zero])
            if j < len(codes) and codes[j] == stop:
                held += counts[j]
                j += 1
            if held:
                key[n], count[n] = 0, held
                n += 1
            j, n = _put(codes, counts, j, stop + window[BASE + POSITIVE], key, count, n)
            before, n = n, _rising(counters, positive, above, window[BASE + POSITIVE], left_out, key, count, n, end)
            begin, j = j, _up_to(codes, j, stop - KEY_ZERO + ROW_STEP)
            _merge(codes, counts, begin, j, key, count, before, n, end)


@bare_kernel
def _up_to(codes: np.ndarray, j: int, stop: int) -> int:
    """Number of the first code from ``j`` on that is not below ``stop``."""
    while j < len(codes) and codes[j] < stop:
        j += 1
    return j


@bare_kernel
def _put(
    codes: np.ndarray, counts: np.ndarray, j: int, stop: int, key: np.ndarray, count: np.ndarray, n: int
) -> tuple[int, int]:
    """Write the entries from ``j`` on whose codes are below ``stop``; the new j and n."""
    while j < len(codes) and codes[j] < stop:
        key[n], count[n] = entry_key(codes[j]), counts[j]
        j, n = j + 1, n + 1
    return j, n


@bare_kernel
def _rising(
    counters: np.ndarray,
    at: int,
    width: int,
    base: int,
    left_out: int,
    key: np.ndarray,
    count: np.ndarray,
    n: int,
    end: int,
) -> int:
    """Write the entries of a positive window from ``n`` on, never at ``end``; the new n."""
    for start in range(0, width, _CHUNK):
        number = min(_CHUNK, width - start)
        held = _not_empty(counters, at + start, number)
        if held == number:  # vector work
            source, target = np.uint64(at + start), np.uint64(n)
            for i in range(np.uint64(number)):
                key[target + i] = base + (start + np.int64(i) << left_out)
                count[target + i] = counters[source + i]
            key[target] = max(key[target], 1)
            n += number
        elif held:
            for k in range(start, start + number):  # the next is written over one that holds nothing: nothing to guess
                if n < end:
                    key[n], count[n] = max(base + (k << left_out), 1), counters[at + k]
                    n += counters[at + k] != 0
    return n


@bare_kernel
def _falling(
    counters: np.ndarray,
    at: int,
    width: int,
    base: int,
    left_out: int,
    key: np.ndarray,
    count: np.ndarray,
    n: int,
    end: int,
) -> int:
    """The same of a negative window, whose keys rise as its magnitudes fall."""
    first = n
    n = _rising(counters, at, width, base, left_out, key, count, n, end)
    i, j = first, n - 1
    while i < j:
        key[i], key[j], count[i], count[j] = key[j], key[i], count[j], count[i]
        i, j = i + 1, j - 1
    for k in range(first, n):
        key[k] = -key[k]
    return n


@bare_kernel
def _merge(
    codes: np.ndarray,
    counts: np.ndarray,
    first: int,
    last: int,
    key: np.ndarray,
    count: np.ndarray,
    start: int,
    n: int,
    end: int,
) -> int:
    """Merge the sorted entries ``first`` to ``last`` into those from ``start`` to ``n``, which end at ``end`` then; that."""
    i, j, at = n - 1, last - 1, end - 1
    while j >= first:
        other = entry_key(codes[j])
        if i >= start and key[i] > other:
            key[at], count[at] = key[i], count[i]
            i -= 1
        else:
            held = counts[j]
            if i >= start and key[i] == other:
                held += count[i]
                i -= 1
            key[at], count[at] = other, held
            j -= 1
        at -= 1
    return end
