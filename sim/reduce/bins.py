"""The bins of the sketch: the top bits of a float64, so that finding one is a shift.

Key m > 0 holds the values whose exponent and first nine mantissa bits are m, 512 bins an octave: a bin is at most
1/512 = 0.195 % of its values wide. Key -m holds their negatives, key 0 zero alone; keys sort as values do. The very
lowest subnormals, under 2^-1031, share key 1; below 2^-1022 the width is no longer relative.

Rows of single replicates, from whose spread errors come, are kept in bins of four such, called by the lowest key in
them: a quarter of the memory, and their interpolated quantiles still follow the replicate.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel, kernel

BITS = 9
RELATIVE_ERROR = 2.0**-BITS
SHIFT = np.uint64(52 - BITS)
MAGNITUDE = np.uint64((1 << 11 + BITS) - 1)
LAST_KEY = (2047 << BITS) - 1
ONE = np.uint64(1)

# Bits of a key that are left out in rows of single replicates.
COARSE = 2

# An entry of the sketch in one int64 that sorts by row and key.
KEY_ZERO = 1 << 20
_KEY_BITS = 21
ROW_STEP = 1 << _KEY_BITS


@bare_kernel
def key_of(bits: np.uint64) -> np.int64:
    """Key of the finite float64 with these bits (uint64)."""
    if bits << ONE == 0:
        return np.int64(0)
    m = np.int64(max((bits >> SHIFT) & MAGNITUDE, ONE))
    return -m if bits >> np.uint64(63) else m


@kernel
def lower_edge(key: int) -> float:
    """Smallest magnitude of the bin of key ±m, m ≥ 1; that of key 1 is 0."""
    m = np.uint64(abs(key))
    return np.uint64(m << SHIFT).view(np.float64) if m > ONE else 0.0


@bare_kernel
def coarse(key: int) -> int:
    """Key of the coarse bin that ``key`` lies in."""
    m = max((abs(key) >> COARSE) << COARSE, 1)
    return 0 if key == 0 else (m if key > 0 else -m)


@kernel
def next_key(key: int, coarse_bins: bool) -> int:
    """Magnitude key at which the bin of ``key`` ends."""
    return (abs(key) | ((1 << COARSE) - 1)) + 1 if coarse_bins else abs(key) + 1


@bare_kernel
def entry(row: int, key: int) -> int:
    """One int64 for a row and a key; entries sort in that order."""
    return (row << _KEY_BITS) | (key + KEY_ZERO)


@kernel
def entry_row(code: int) -> int:
    """Row of an entry."""
    return code >> _KEY_BITS


@kernel
def entry_key(code: int) -> int:
    """Key of an entry."""
    return (code & (ROW_STEP - 1)) - KEY_ZERO


@kernel
def merge_entries(
    codes_a: np.ndarray, counts_a: np.ndarray, codes_b: np.ndarray, counts_b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Union of two sorted lists of entries without doubles; counts of common entries are added."""
    codes = np.empty(len(codes_a) + len(codes_b), np.int64)
    counts = np.empty(len(codes), np.int64)
    i, j, n = 0, 0, 0
    while i < len(codes_a) or j < len(codes_b):
        if j == len(codes_b) or (i < len(codes_a) and codes_a[i] <= codes_b[j]):
            codes[n], counts[n] = codes_a[i], counts_a[i]
            if j < len(codes_b) and codes_a[i] == codes_b[j]:
                counts[n] += counts_b[j]
                j += 1
            i += 1
        else:
            codes[n], counts[n] = codes_b[j], counts_b[j]
            j += 1
        n += 1
    # Longer than needed: pages that nothing is written to take no memory.
    return codes[:n], counts[:n]
