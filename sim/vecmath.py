"""exp, log and powers in double precision, of lanes or of plain numbers; the same bits on every machine.

``math.exp`` in a kernel is a scalar call into the machine's C library (3 ns, and its bits differ between libraries).
Here they are straight-line code of + − × ÷, selects and integer work on the bits: no call, no branch, no table, and no
fused multiply-add (Numba contracts nothing without ``fastmath``). Errors are at most 1.1 ulp (exp) and 0.8 ulp (log) for
normal results, as tests measure against 40-digit decimals; powers with a fourth in the exponent need neither, see
:func:`fourth_root`.

Of plain numbers they are made for loops that LLVM vectorises. They are compiled into whatever calls them (LLVM's
``alwaysinline``), so they carry no cache of their own.
"""

from __future__ import annotations

import numba
import numpy as np

from sim.lanes import bits, from_bits, sqrt, where

# ln 2 in two parts; the first has 11 trailing zero bits, so that its product with any exponent is exact.
_LN2_HIGH = 0.693147180559663
_LN2_LOW = 2.8235290563031577e-13
_PER_LN2 = 1.4426950408889634
_ROUND = 6755399441055744.0  # 1.5 · 2^52: adding it rounds to an integer, which then stands in the low bits
_ROUND_BITS = np.int64(0x4338000000000000)
_SQRT_HALF_BITS = np.int64(0x3FE6A09E667F3BCD)
_TWO_54 = 18014398509481984.0
_TINIEST_NORMAL = 2.2250738585072014e-308


@numba.njit(nogil=True, error_model="numpy", forceinline=True)
def exp(x: float) -> float:
    """e^x: inf above 709.79, subnormal and then 0 below −708.4, NaN for NaN.

    ``x = n ln 2 + r`` with ``|r| ≤ ln 2 / 2``; ``e^r = 1 + r + r² P(r)``, P of degree 9 interpolating at Chebyshev's
    points (relative error 1.6e-17); ``2^n`` is put on in two halves, so that neither overflows before the result does.
    """
    x = where(x > 710.0, 710.0, where(x < -746.0, -746.0, x))
    near_one, power = _reduced(x)
    half = power >> 1
    first = from_bits((half + 1023) << 52)
    second = from_bits((power - half + 1023) << 52)
    return near_one * first * second


@numba.njit(nogil=True, error_model="numpy", forceinline=True)
def _reduced(x: float) -> tuple[float, int]:
    """Two factors of e^x: e^r, about 1, and the power n of 2."""
    shifted = x * _PER_LN2 + _ROUND
    n = shifted - _ROUND
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    # In pairs, and pairs of pairs: half as long to wait for as one term after the other.
    r2 = r * r
    r4 = r2 * r2
    low = (0.5 + 0.16666666666666669 * r) + (0.04166666666662413 + 0.008333333333330062 * r) * r2
    high = (0.0013888888917213717 + 0.00019841269863053618 * r) + (
        2.4801521295954376e-05 + 2.7557268459997064e-06 * r
    ) * r2
    p = low + (high + (2.7620088445409746e-07 + 2.510038549551032e-08 * r) * r4) * r4
    return 1.0 + (r + r2 * p), bits(shifted) - _ROUND_BITS


@numba.njit(nogil=True, error_model="numpy", forceinline=True)
def log(x: float) -> float:
    """Natural logarithm: −inf at 0, NaN below it, inf at inf, NaN for NaN; subnormals are in order.

    ``x = 2^k (1 + f)`` with 1 + f in [√½, √2), ``s = f / (2 + f)``, ``ln(1 + f) = 2 s + s³ Q(s²)``, Q of degree 6
    interpolating at Chebyshev's points (4.6e-18), with 2 s written as ``f − f²/2 + s f²/2`` to lose no digits.
    """
    tiny = x < _TINIEST_NORMAL
    value = _log(where(tiny, x * _TWO_54, x), where(tiny, 54.0, 0.0))
    value = where(x > 0.0, value, where(x == 0.0, -np.inf, np.nan))
    return where(x < np.inf, value, x + x)


@numba.njit(nogil=True, error_model="numpy", forceinline=True)
def _log(x: float, scaled: float) -> float:
    """ln(x / 2^scaled) of a normal number above 0."""
    pattern = bits(x)
    k = (pattern - _SQRT_HALF_BITS) >> 52
    f = from_bits(pattern - (k << 52)) - 1.0
    # k to a double by its bits: AVX2 has no instruction for 64-bit integers.
    exponent = (from_bits(k + _ROUND_BITS) - _ROUND) - scaled
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    q = (0.666666666666667 + 0.3999999999989938 * z) + (0.28571428626031065 + 0.2222221112572281 * z) * z2
    q = q + ((0.18182889786191042 + 0.15331699633543858 * z) + 0.14616721179861816 * z2) * (z2 * z2)
    half = 0.5 * f * f
    return exponent * _LN2_HIGH - ((half - (s * (half + z * q) + exponent * _LN2_LOW)) - f)


@numba.njit(nogil=True, error_model="numpy", forceinline=True)
def power(x: float, y: float) -> float:
    """x^y where x and the result are normal numbers above 0: e^(y ln x), to some |y ln x| ulp."""
    near_one, n = _reduced(y * _log(x, 0.0))
    return from_bits(bits(near_one) + (n << 52))


@numba.njit(nogil=True, error_model="numpy", forceinline=True)
def fourth_root(x: float) -> float:
    """x^(1/4) for x ≥ 0 by two square roots, which IEEE 754 rounds correctly on every machine."""
    return sqrt(sqrt(x))
