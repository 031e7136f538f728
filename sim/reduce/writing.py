"""Rows of counts from counters: kernels of :mod:`sim.reduce.ending`.

Most entries without a counter lie before a window or behind it; few belong into one. Nothing is written beyond a row, so
that threads may fill neighbouring ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce.bins import KEY_ZERO, ROW_STEP, entry_key
from sim.reduce.places import Block, block_of, place_of
from sim.reduce.search import count_below
from sim.reduce.windows import BASE, NEGATIVE, POSITIVE

# Counters that one look passes over where all are empty, or that are written together where none is.
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
def row_lengths(
    kind: Kind,
    found: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Tell how long the rows of the cells number ``first`` to ``last`` (left out) are."""
    windows, counters, codes, _, cell, number, lanes = kind
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
def fill_rows(
    kind: Kind,
    row_start: np.ndarray,
    key: np.ndarray,
    count: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Write the rows of the cells number ``first`` to ``last`` (left out)."""
    windows, counters, codes, counts, cell, number, lanes = kind
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
