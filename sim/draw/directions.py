"""Direction numbers of the Sobol sequence, 21,201 dimensions.

Source: Joe, Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008)
2635-2654, file new-joe-kuo-6.21201 (criterion D6; (c) 2008 Frances Y. Kuo and Stephen Joe, BSD licence, see
``joe_kuo_d6.txt``). ``joe_kuo_d6.npz`` holds their primitive polynomials and initial numbers m_1, m_2, …
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

import numpy as np

DIMENSIONS = 21_201
BITS = 32
_FIRST = 1024

_DATA = Path(__file__).with_name("joe_kuo_d6.npz")


def directions(dimensions: np.ndarray) -> np.ndarray:
    """Direction integers of the dimensions asked for.

    Parameters
    ----------
    dimensions:
        int[s], each from 1 to 21,201.

    Returns
    -------
    uint32[s, 32]: column k is what bit k of a point's index contributes, by exclusive or.

    Raises
    ------
    ValueError
        For a dimension that the file has no numbers for.
    """
    wanted = np.asarray(dimensions, np.int64)
    bad = wanted[(wanted < 1) | (wanted > DIMENSIONS)]
    if bad.size:
        raise ValueError(
            f"stream {bad[0]}: the sobol sampler has dimensions 1 to {DIMENSIONS:,}; give the quantity a stream in "
            "that range, or use the random sampler"
        )
    return _found(tuple(wanted.tolist())).copy()


@lru_cache(maxsize=64)
def _found(wanted: tuple[int, ...]) -> np.ndarray:
    """The same for good: run after run of a book asks for the same, and reckoning them takes 4 ms."""
    polynomial, initial = _file(max(wanted, default=0) > _FIRST)
    rows = np.array(wanted, np.int64) - 1
    return _expand(polynomial[rows], initial[rows])


@cache
def _file(whole: bool) -> tuple[np.ndarray, np.ndarray]:
    with np.load(_DATA) as data:
        if not whole:  # 1 ms instead of 20
            first = data["first"]
            return first[:, 0], first[:, 1:]
        parts = [data[part].astype(np.uint32) for part in ("m8", "m16", "m18")]
        return data["polynomial"], np.concatenate(parts, axis=1)


def _expand(polynomial: np.ndarray, initial: np.ndarray) -> np.ndarray:
    """Joe and Kuo's recurrence for all dimensions at once; a polynomial's bits are its coefficients."""
    degree = np.array([int(p).bit_length() - 1 for p in polynomial], np.int64)
    rows = np.arange(len(degree))
    found = np.empty((len(degree), BITS), np.uint32)
    for k in range(BITS):
        given = initial[:, min(k, initial.shape[1] - 1)] << np.uint32(BITS - 1 - k)
        back = np.maximum(k - degree, 0)
        value = found[rows, back] ^ (found[rows, back] >> np.minimum(degree, 31).astype(np.uint32))
        for i in range(1, min(k, int(degree.max(initial=0)) - 1) + 1):
            # Coefficient of x^(s-i), only those strictly between the leading and the last one.
            bit = polynomial >> np.maximum(degree - i, 0).astype(np.uint32) & np.uint32(1)
            value = value ^ np.where((bit == 1) & (i < degree), found[:, k - i], np.uint32(0))
        # Dimension 1 has no polynomial: every m is 1, van der Corput's sequence.
        given = np.where(degree == 0, np.uint32(1 << (BITS - 1 - k)), given)
        found[:, k] = np.where((k < degree) | (degree == 0), given, value)
    return found
