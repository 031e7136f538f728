"""From values to codes, and from codes to counters of 16 bits: the two inner loops of the sketch.

Finding a value's counter is vector work without a branch, done while its tile is in the cache; the increments, one by
one, wait until thousands of draws of a cell can be counted in one go, since its counters lie far away in memory: 1,024
at a time they take 1.4 ns each, 8,192 at a time 0.38, which is what bare ones in the first cache take (Emerald Rapids,
where finding takes 0.2). Counters of 16 bits halve the memory that increments wander through; a test for overflow at
each would cost 0.2 ns, a look at all counters every fifty thousand draws or so costs nothing to speak of.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numba.extending import overload

from sim.kernels import bare_kernel, inlined_kernel
from sim.reduce.bins import BITS, COARSE, LAST_KEY, coarse, entry, key_of
from sim.reduce.lanes import LANES
from sim.reduce.prefetch import prefetch
from sim.reduce.windows import (
    BASE,
    FIRST,
    NEGATIVE,
    OUTSIDE,
    POSITIVE,
    START,
    START_R,
    STEP_R,
    WIDTH,
    coarse_base,
    coarse_width,
)

FULL = (1 << 16) - 1
"""The most that a counter holds."""
HALF_FULL = 1 << 15
"""Where one counter holds so many, all that hold :data:`RELIEVED` or more are relieved; at most so many draws wait."""
RELIEVED = 1 << 12

_LAST_LANE = np.uint32(LANES - 1)
_EIGHTH = np.uint64(8)
# Keys count a float64's exponents, of which float32's smallest normal one is the 897th.
_SINGLE_BIAS = 896 << BITS


def _format(bits):  # type: ignore[no-untyped-def]  # Numba wants the same signature here and below
    """Of values' bits: the shift to a key, the sign's place then, all bits but the sign, keys' offset, the least key."""
    raise NotImplementedError  # kernels see the numbers of their type alone


@overload(_format, inline="always")
def _format_of(bits):  # type: ignore[no-untyped-def]
    single = bits.dtype == types.uint32
    kind, shift = (np.uint32, 23 - BITS) if single else (np.uint64, 52 - BITS)
    sign = np.uint32(1 << (bits.dtype.bitwidth - 1 - shift))
    magnitude = kind((1 << (bits.dtype.bitwidth - 1)) - 1)
    found = kind(shift), sign, magnitude, _SINGLE_BIAS if single else 0, 1 << BITS if single else 1
    return lambda bits: found


@inlined_kernel
def encode(bits: np.ndarray, n: int, window: np.ndarray, codes: np.ndarray, at: int) -> bool:
    """Write the codes of the first ``n`` of ``bits`` to ``codes``, uint16, from ``at`` on; whether any is outside.

    ``bits`` are a float64's (uint64) or a float32's (uint32), whose keys are the same: a single is an exact double. Of
    float32 the subnormal numbers lie outside.
    """
    shift, sign, magnitude, bias, least = _format(bits)
    below = window[WIDTH + NEGATIVE]
    # Windows in units of these bits' own exponents.
    low, low_n = max(window[BASE] - bias, least), max(window[BASE + NEGATIVE] - bias, least)
    width = np.uint32(max(window[BASE] + window[WIDTH] - bias - low, 0))
    width_n = np.uint32(max(window[BASE + NEGATIVE] + below - bias - low_n, 0))
    start = np.uint32(FIRST + below + 1 + (low + bias - window[BASE]))
    start_n = np.uint32(FIRST + (low_n + bias - window[BASE + NEGATIVE]))
    base, base_n = np.uint32(low), np.uint32(np.uint32(low_n) + sign)
    nearest, first = np.uint32(0xFFFFFFFF), np.uint64(at)
    for i in range(np.uint64(n)):
        code = np.uint32(bits[i] >> shift)
        lane = np.uint32(np.uint32(i) & _LAST_LANE)
        k, k_n = np.uint32(code - base), np.uint32(code - base_n)
        place = np.uint32(np.uint32(OUTSIDE) + lane)
        place = np.uint32(k + start) if k < width else place
        place = np.uint32(k_n + start_n) if k_n < width_n else place
        place = lane if bits[i] & magnitude == 0 else place
        # Codes outside are 16 to 31, those of zero below: less 16 they wrap around.
        beyond = np.uint32(place - np.uint32(OUTSIDE))
        nearest = beyond if beyond < nearest else nearest
        codes[first + i] = place
    return bool(nearest < LANES)


@bare_kernel
def spill_row(
    row: np.ndarray, codes: np.ndarray, at: int, n: int, g: int, h: int, spill: np.ndarray, spill_r: np.ndarray
) -> None:
    """Write values that :func:`encode` found outside down as entries, unless they are not finite.

    ``spill`` and ``spill_r``, int64, hold how many entries they have in their first place, and must have room for ``n``
    more; ``h`` is the number of the headline cell, -1 for others.
    """
    first, lanes = np.uint64(at), np.uint64(LANES)
    for p in range(np.uint64(n) // lanes):
        nearest = np.uint16(0xFFFF)
        for lane in range(lanes):
            nearest = min(nearest, np.uint16(codes[first + p * lanes + lane] - np.uint16(OUTSIDE)))
        if nearest >= LANES:
            continue
        for lane in range(lanes):
            i = p * lanes + lane
            if not OUTSIDE <= codes[first + i] < FIRST:
                continue
            key = key_of(np.float64(row[i]).view(np.uint64))
            if abs(key) <= LAST_KEY:  # what is not finite has no entry: many ratios are to zero
                spill[0] += 1
                spill[spill[0]] = entry(g, key)
                if h >= 0:
                    spill_r[0] += 1
                    spill_r[spill_r[0]] = entry(h * LANES + np.int64(lane), coarse(key))


@inlined_kernel
def fetch(counters: np.ndarray, window: np.ndarray, codes: np.ndarray, n: int) -> None:
    """Have a cell's counters brought to the cache while another's are being counted.

    Every eighth code finds the lines that many codes lead to; the rest of a window, mostly its tails, is left alone.
    """
    start = np.uint64(window[START])
    for i in range(np.uint64(n) // _EIGHTH):
        prefetch(counters, start + np.uint64(codes[i * _EIGHTH]))


@inlined_kernel
def count(codes: np.ndarray, n: int, window: np.ndarray, counters: np.ndarray) -> None:
    """Count the first ``n`` of a cell's ``codes`` in its pooled counters."""
    start = np.uint64(window[START])
    if _repeats(codes, n):
        counters[start + np.uint64(codes[0])] += np.uint16(n)
    else:
        for i in range(np.uint64(n)):
            counters[start + np.uint64(codes[i])] += np.uint16(1)
    zeros = 0
    for lane in range(np.uint64(LANES)):
        zeros += counters[start + lane]
        counters[start + lane] = counters[start + np.uint64(OUTSIDE) + lane] = 0
    counters[start + np.uint64(FIRST + window[WIDTH + NEGATIVE])] += np.uint16(zeros)


@bare_kernel
def count_replicates(codes: np.ndarray, n: int, window: np.ndarray, counters: np.ndarray) -> None:
    """Count the first ``n`` of a headline cell's ``codes``, draw i in the counters of replicate i mod 16.

    The codes are used up.
    """
    start, step = np.uint64(window[START_R]), np.uint64(window[STEP_R])
    _to_coarse(codes, n, window)
    if _repeats(codes, n):
        for lane in range(np.uint64(LANES)):
            counters[start + step * lane + np.uint64(codes[0])] += np.uint16(n // LANES)
    else:
        for p in range(np.uint64(n // LANES)):
            for lane in range(np.uint64(LANES)):
                at = np.uint64(codes[p * np.uint64(LANES) + lane])
                counters[start + step * lane + at] += np.uint16(1)
    for lane in range(np.uint64(LANES)):
        counters[start + step * lane] = 0


@bare_kernel
def _to_coarse(codes: np.ndarray, n: int, window: np.ndarray) -> None:
    """Turn codes into places in a replicate's block; vector work."""
    middle = np.uint32(FIRST + window[WIDTH + NEGATIVE])
    zero = np.uint32(1 + coarse_width(window, NEGATIVE))
    negative = np.uint32(window[BASE + NEGATIVE] - FIRST)
    start_n = np.uint32(1 - coarse_base(window, NEGATIVE))
    positive = np.uint32(window[BASE + POSITIVE] - FIRST - 1 - window[WIDTH + NEGATIVE])
    start = np.uint32(1 + np.int64(zero) - coarse_base(window, POSITIVE))
    shift, first, outside = np.uint32(COARSE), np.uint32(FIRST), np.uint32(OUTSIDE)
    for i in range(np.uint64(n)):
        code = np.uint32(codes[i])
        place = np.uint32(np.uint32(np.uint32(code + positive) >> shift) + start)
        place = np.uint32(np.uint32(np.uint32(code + negative) >> shift) + start_n) if code < middle else place
        place = zero if code == middle else place
        place = np.uint32(0) if code < first else place
        codes[i] = np.uint16(zero if code < outside else place)


@bare_kernel
def _repeats(codes: np.ndarray, n: int) -> bool:
    """Whether one code repeats."""
    if codes[0] != codes[1] or codes[0] != codes[n - 1]:
        return False
    different = np.uint16(0)
    for i in range(np.uint64(n)):
        different |= codes[i] ^ codes[0]
    return different == 0
