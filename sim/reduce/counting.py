"""From values to codes, and from codes to counters of 16 bits: the two inner loops of the sketch.

Finding a value's counter is vector work without a branch, done while its tile is in the cache; the increments, one by
one, wait until thousands of draws of a cell can be counted in one go, since its counters lie far away in memory: 1,024
at a time they take 1.4 ns each, 8,192 at a time 0.38, which is what bare ones in the first cache take (Emerald Rapids,
where finding takes 0.2). A few cells, whose counters are always near, are counted at once. Counters of 16 bits halve the
memory that increments wander through; a test for overflow at each would cost 0.2 ns, a look at all counters every fifty
thousand draws or so costs nothing to speak of.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import overload

from sim.kernels import bare_kernel, inlined_kernel, inlined_lane_kernel
from sim.lanes import lanes_at, narrow, numbers, put, some, unsigned, where
from sim.reduce.bins import BITS, COARSE, LAST_KEY, coarse, entry, key_of
from sim.reduce.lanes import LANES
from sim.reduce.prefetch import prefetch
from sim.reduce.values import kind_of, lanes_of
from sim.reduce.windows import (
    BASE,
    FIRST,
    NEGATIVE,
    OUTSIDE,
    START,
    START_R,
    STEP_R,
    WIDTH,
    ZEROS,
)

FULL = (1 << 16) - 1
"""The most that a counter holds."""
HALF_FULL = 1 << 15
"""Where one counter holds so many, all that hold :data:`RELIEVED` or more are relieved; at most so many draws wait."""
RELIEVED = 1 << 12

_EIGHTH, _LINE = np.uint64(8), np.uint64(32)
# Keys count a float64's exponents, of which float32's smallest normal one is the 897th.
_SINGLE_BIAS = 896 << BITS


class Spills(NamedTuple):
    """Where values outside are written down, of all cells and of replicates: ``spill`` of :class:`~sim.reduce.sparse.Sparse`.

    Their first places hold how many entries they have; they must have room for as many more as there are values.
    """

    spill: np.ndarray
    spill_r: np.ndarray


class Aim(NamedTuple):
    """A cell's window in units of the values' own bits: for either sign the first key, how many, what leads to a code.

    Attributes
    ----------
    shift: from bits to a key; ``magnitude`` all bits but the sign.
    base, base_n: the first key of the window of either sign, the sign's bit with it; width, width_n its keys.
    lead, lead_n: code less key.
    """

    shift: Any
    magnitude: Any
    base: np.uint32
    width: np.uint32
    lead: np.uint32
    base_n: np.uint32
    width_n: np.uint32
    lead_n: np.uint32


def _format(values):  # type: ignore[no-untyped-def]  # Numba wants the same signature here and below
    """Of values' bits: shift to a key, the sign's place then, all but the sign, keys' offset, least key, bits below keys."""
    raise NotImplementedError  # kernels see the numbers of their type alone


@overload(_format, inline="always")
def _format_of(values):  # type: ignore[no-untyped-def]
    single = kind_of(values) == types.float32
    kind, shift = (np.uint32, 23 - BITS) if single else (np.uint64, 52 - BITS)
    width = 31 if single else 63
    found = (
        kind(shift),
        np.uint32(1 << width - shift),
        kind((1 << width) - 1),
        _SINGLE_BIAS * single,
        1 << BITS * single,
        kind((1 << shift) - 1),
    )
    return lambda values: found


@inlined_kernel
def aim(window: np.ndarray, values: np.ndarray) -> Aim:
    """A cell's ``window`` for ``values`` of :mod:`sim.reduce.values`, float64 or float32.

    Keys of both are the same, as a single is an exact double. Of float32 the subnormal numbers lie outside.
    """
    shift, sign, magnitude, bias, least, _ = _format(values)
    below = window[WIDTH + NEGATIVE]
    low, low_n = max(window[BASE] - bias, least), max(window[BASE + NEGATIVE] - bias, least)
    width = np.uint32(max(window[BASE] + window[WIDTH] - bias - low, 0))
    width_n = np.uint32(max(window[BASE + NEGATIVE] + below - bias - low_n, 0))
    base, base_n = np.uint32(low), np.uint32(np.uint32(low_n) + sign)
    lead = np.uint32(FIRST + below + ZEROS + bias - window[BASE])
    lead_n = np.uint32(np.uint32(FIRST + bias - window[BASE + NEGATIVE]) - sign)
    return Aim(shift, magnitude, base, width, lead, base_n, width_n, lead_n)


@inlined_lane_kernel
def codes_of(x: Any, to: Aim) -> Any:
    """The codes of the lanes ``x``, unsigned of 32 bits; those of values outside are :data:`OUTSIDE` and up."""
    bits = unsigned(x)
    key = narrow(bits >> to.shift)
    code = numbers() + OUTSIDE
    code = where(key - to.base < to.width, key + to.lead, code)
    code = where(key - to.base_n < to.width_n, key + to.lead_n, code)
    return where(bits & to.magnitude == 0, numbers(), code)


@inlined_kernel
def below_edge(values: Any) -> Any:
    """The bits of ``values``, float64 or float32, that tell a bin's smallest magnitude from others of the bin."""
    return _format(values)[5]


@bare_kernel
def spill(
    values: Any, c: int, codes: np.ndarray, at: int, draws: int, cell: tuple[int, int], to: Spills, row: np.ndarray
) -> None:
    """Write values of cell ``c`` of a tile that :func:`codes_of` found outside down, unless they are not finite.

    Their codes lie from number ``at`` on. ``cell`` is the cell as it is numbered in entries, and its number among the
    headline cells, -1 for others; ``row`` is scratch of the values' type.
    """
    g, h = cell
    for p in range(np.uint64(draws // LANES)):
        place = np.uint64(at) + p * np.uint64(LANES)
        if not some(lanes_at(codes, place) - OUTSIDE < LANES):
            continue
        put(row, np.uint64(0), lanes_of(values, c, p))
        for lane in range(LANES):
            if not OUTSIDE <= codes[place + np.uint64(lane)] < FIRST:
                continue
            key = key_of(np.float64(row[lane]).view(np.uint64))
            if abs(key) <= LAST_KEY:  # what is not finite has no entry: many ratios are to zero
                to.spill[0] += 1
                to.spill[to.spill[0]] = entry(g, key)
                if h >= 0:
                    to.spill_r[0] += 1
                    to.spill_r[to.spill_r[0]] = entry(h * LANES + lane, coarse(key))


@inlined_kernel
def fetch(counters: np.ndarray, window: np.ndarray, codes: np.ndarray, first: int, n: int) -> None:
    """Have the counters of ``n`` codes from number ``first`` on brought to the cache while others are being counted.

    Every eighth code finds the lines that many codes lead to; the rest of a window, mostly its tails, is left alone.
    """
    start = np.uint64(window[START])
    for i in range(np.uint64(n) // _EIGHTH):
        prefetch(counters, start + np.uint64(codes[np.uint64(first) + i * _EIGHTH]))


@inlined_kernel
def fetch_codes(codes: np.ndarray, first: int, n: int) -> None:
    """Have ``n`` codes from number ``first`` on brought to the cache."""
    for i in range(np.uint64(first), np.uint64(first + n), _LINE):
        prefetch(codes, i)


@inlined_kernel
def count(
    codes: np.ndarray, first: int, n: int, window: np.ndarray, counters: np.ndarray, counters_r: np.ndarray
) -> None:
    """Count ``n`` of a cell's ``codes`` from number ``first`` on, and in the replicates' counters if it has any."""
    if window[START_R] >= 0:
        count_replicates(codes, first, n, window, counters, counters_r)
    else:
        count_pooled(codes, first, n, window, counters)


@inlined_kernel
def count_pooled(codes: np.ndarray, first: int, n: int, window: np.ndarray, counters: np.ndarray) -> None:
    """Count ``n`` of a cell's ``codes`` from number ``first`` on in its pooled counters."""
    start, at = np.uint64(window[START]), np.uint64(first)
    if _repeats(codes, at, n):
        counters[start + np.uint64(codes[at])] += np.uint16(n)
    else:
        for i in range(np.uint64(n)):
            counters[start + np.uint64(codes[at + i])] += np.uint16(1)


@bare_kernel
def count_replicates(
    codes: np.ndarray, first: int, n: int, window: np.ndarray, counters: np.ndarray, counters_r: np.ndarray
) -> None:
    """Count a headline cell's codes in its pooled counters, and code i in those of replicate i mod 16 as well."""
    start, start_r, step = np.uint64(window[START]), np.uint64(window[START_R]), np.uint64(window[STEP_R])
    at, left_out = np.uint64(first), np.uint64(COARSE)
    if _repeats(codes, at, n):
        code = np.uint64(codes[at])
        counters[start + code] += np.uint16(n)
        for lane in range(np.uint64(LANES)):
            counters_r[start_r + step * lane + (code >> left_out)] += np.uint16(n // LANES)
    else:
        for p in range(np.uint64(n // LANES)):
            for lane in range(np.uint64(LANES)):
                code = np.uint64(codes[at + p * np.uint64(LANES) + lane])
                counters[start + code] += np.uint16(1)
                counters_r[start_r + step * lane + (code >> left_out)] += np.uint16(1)


@bare_kernel
def count_at_once(
    codes: np.ndarray, first: int, n: int, window: np.ndarray, counters: np.ndarray, counters_r: np.ndarray
) -> None:
    """Count ``n`` of a cell's ``codes`` and be done: apart, so that whatever finds codes keeps its registers."""
    count(codes, first, n, window, counters, counters_r)
    end_count(window, counters, counters_r)


@bare_kernel
def end_count(window: np.ndarray, counters: np.ndarray, counters_r: np.ndarray) -> None:
    """Put the zeros, which were counted in turn, where they belong, and forget what was counted outside."""
    _end_block(counters, window[START], window, 0)
    if window[START_R] >= 0:
        for lane in range(LANES):
            _end_block(counters_r, window[START_R] + window[STEP_R] * lane, window, COARSE)


@bare_kernel
def _end_block(counters: np.ndarray, start: int, window: np.ndarray, left_out: int) -> None:
    """The same of one block, of one counter for 2^``left_out`` codes each."""
    at, outside = np.uint64(start), np.uint64(OUTSIDE >> left_out)
    zeros = np.uint16(0)
    for k in range(outside):
        zeros += counters[at + k]
        counters[at + k] = counters[at + outside + k] = np.uint16(0)
    counters[at + np.uint64((FIRST + window[WIDTH + NEGATIVE]) >> left_out)] += zeros


@bare_kernel
def _repeats(codes: np.ndarray, at: int, n: int) -> bool:
    """Whether one code repeats, ``n`` times from number ``at`` on."""
    if codes[at] != codes[at + 1] or codes[at] != codes[at + n - 1]:
        return False
    different = np.uint16(0)
    for i in range(np.uint64(at), np.uint64(at + n)):
        different |= codes[i] ^ codes[at]
    return different == 0
