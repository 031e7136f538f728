"""exp and log of the kernels against 40-digit decimals, and at every edge."""

import decimal
import math

import numba
import numpy as np
import pytest

from sim import lanes, vecmath

decimal.getcontext().prec = 40


@numba.njit(error_model="numpy")
def exps(x, y):
    for i in range(x.size):
        y[i] = vecmath.exp(x[i])


@numba.njit(error_model="numpy")
def logs(x, y):
    for i in range(x.size):
        y[i] = vecmath.log(x[i])


@numba.njit(error_model="numpy")
def roots(x, y):
    for i in range(x.size):
        y[i] = vecmath.fourth_root(x[i])


@numba.njit
def raised(x, y):
    return vecmath.power(x, y)


def of(loop, values) -> np.ndarray:
    x = np.asarray(values, dtype=float)
    y = np.empty_like(x)
    loop(x, y)
    return y


def ulps(found, x, exact) -> float:
    wrong = [abs(decimal.Decimal(float(y)) - exact(decimal.Decimal(float(v)))) for y, v in zip(found, x, strict=True)]
    return max(float(e / decimal.Decimal(float(np.spacing(abs(y))))) for e, y in zip(wrong, found, strict=True))


def test_exp_is_within_1_1_ulp():
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.uniform(-1, 1, 3000), rng.uniform(-700, 709, 3000), rng.uniform(-1e-8, 1e-8, 200)])
    assert ulps(of(exps, x), x, decimal.Decimal.exp) < 1.1


def test_log_is_within_0_8_ulp():
    rng = np.random.default_rng(4)
    x = np.concatenate(
        [rng.uniform(0.3, 3, 3000), np.exp(rng.uniform(-708, 709, 3000)), 1 + rng.uniform(-1e-7, 1e-7, 200)]
    )
    x = x[x != 1]
    assert ulps(of(logs, x), x, decimal.Decimal.ln) < 0.8


def test_exp_at_the_edges():
    nan, inf = math.nan, math.inf
    x = [0.0, -0.0, 1000.0, inf, -1000.0, -inf, nan, 709.78, 709.79, -745.1, -745.2]
    expected = [1, 1, inf, inf, 0, 0, nan, math.exp(709.78), inf, 5e-324, 0]
    np.testing.assert_allclose(of(exps, x), expected, rtol=3e-16)
    subnormal = np.linspace(-745, -708.4, 2000)
    np.testing.assert_allclose(of(exps, subnormal), np.exp(subnormal), rtol=3e-16, atol=5e-324)


def test_log_at_the_edges():
    nan, inf = math.nan, math.inf
    tiniest, largest = 5e-324, 1.7976931348623157e308
    x = [1.0, 0.0, -0.0, -1.0, inf, -inf, nan, tiniest, 1e-310, 2.2250738585072014e-308, largest]
    expected = [0, -inf, -inf, nan, inf, nan, nan, *map(math.log, (tiniest, 1e-310, 2.2250738585072014e-308, largest))]
    np.testing.assert_allclose(of(logs, x), expected, rtol=3e-16)


@pytest.mark.parametrize("loop", [exps, logs])
def test_a_loop_is_vectorised(loop):
    of(loop, [1.0])
    (code,) = loop.inspect_llvm().values()
    assert "x double> " in code


def test_lanes_have_the_bits_of_plain_numbers():
    inner = numba.njit(error_model="numpy", no_cpython_wrapper=True)(_all_three)

    @numba.njit(error_model="numpy")
    def sixteen(a, b):
        inner(lanes.rows(a, 0), lanes.rows(b, 0))

    x = np.random.default_rng(8).uniform(0.01, 30, (1, lanes.WIDTH))
    x[0, :3] = 5e-324, math.inf, 0.0
    y = np.empty((3, lanes.WIDTH))
    sixteen(x, y)
    assert y.tobytes() == np.stack([of(exps, x[0]), of(logs, x[0]), of(roots, x[0])]).tobytes()


def _all_three(x, y):
    y[0] = vecmath.exp(x[0])
    y[1] = vecmath.log(x[0])
    y[2] = vecmath.fourth_root(x[0])


def test_powers_are_within_their_exponent_s_ulps():
    rng = np.random.default_rng(9)
    x, y = np.exp(rng.uniform(-20, 20, 2000)), rng.uniform(-8, 8, 2000)
    found = np.array([raised(*pair) for pair in zip(x, y, strict=True)])
    for value, base, exponent in zip(found, x, y, strict=True):
        exact = (decimal.Decimal(float(exponent)) * decimal.Decimal(float(base)).ln()).exp()
        room = 3 + 2 * abs(exponent * math.log(base))
        assert abs(decimal.Decimal(float(value)) / exact - 1) < decimal.Decimal(room * 2.0**-53)


def test_position_in_the_vector_changes_no_bit():
    x = np.random.default_rng(5).uniform(0.1, 20, 61)
    for loop in (exps, logs):
        alone = np.array([of(loop, [v])[0] for v in x])
        assert alone.tobytes() == of(loop, x).tobytes()
