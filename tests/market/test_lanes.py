"""Lanes against NumPy, operation by operation, in both precisions; and what they are compiled to."""

import operator
import re

import numba
import numpy as np
import pytest
from llvmlite import binding

from sim import lanes
from sim.lanes import (
    bits,
    double,
    every,
    floor,
    from_bits,
    held,
    lanes_at,
    narrow,
    numbers,
    put,
    rows,
    scratch,
    some,
    sqrt,
    unsigned,
    view,
    where,
)

RNG = np.random.default_rng(12)
PRECISIONS = [np.float64, np.float32]


def values(dtype, count=2) -> np.ndarray:
    """[count, 16] with ties, zeros, infinities and NaN among them."""
    x = RNG.normal(0, 3, (count, lanes.WIDTH)).astype(dtype)
    x[:, 3] = x[0, 3]
    x[:, 5] = [0.0, -0.0][:count]
    x[0, 7], x[1, 9], x[0, 11] = np.inf, -np.inf, np.nan
    return x


def compiled(body):
    """``body(x, y)``, of rows, as a function of arrays [any, 16]."""
    inner = numba.njit(error_model="numpy", no_cpython_wrapper=True)(body)

    @numba.njit(error_model="numpy")
    def outer(a, b):
        inner(rows(a, 0), rows(b, 0))

    return outer


def result(body, x, dtype=np.float64, count=1) -> np.ndarray:
    y = np.full((count, lanes.WIDTH), -1, dtype)
    compiled(body)(x, y)
    return y


ARITHMETIC = {
    "+": (lambda x, y: _put(y, x[0] + x[1]), operator.add),
    "-": (lambda x, y: _put(y, x[0] - x[1]), operator.sub),
    "*": (lambda x, y: _put(y, x[0] * x[1]), operator.mul),
    "/": (lambda x, y: _put(y, x[0] / x[1]), operator.truediv),
    "number first": (lambda x, y: _put(y, 3 - x[0]), lambda a, b: 3 - a),
    "number second": (lambda x, y: _put(y, x[0] / 7.0), lambda a, b: a / 7.0),
    "minus": (lambda x, y: _put(y, -x[0]), lambda a, b: -a),
}
COMPARISONS = {
    "<": (lambda x, y: _put(y, where(x[0] < x[1], 1.0, 0.0)), operator.lt),
    "<=": (lambda x, y: _put(y, where(x[0] <= x[1], 1.0, 0.0)), operator.le),
    ">": (lambda x, y: _put(y, where(x[0] > x[1], 1.0, 0.0)), operator.gt),
    ">=": (lambda x, y: _put(y, where(x[0] >= x[1], 1.0, 0.0)), operator.ge),
    "==": (lambda x, y: _put(y, where(x[0] == x[1], 1.0, 0.0)), operator.eq),
    "!=": (lambda x, y: _put(y, where(x[0] != x[1], 1.0, 0.0)), operator.ne),
    "number": (lambda x, y: _put(y, where(x[0] < 1, 1.0, 0.0)), lambda a, b: a < 1),
    "and": (lambda x, y: _put(y, where((x[0] > 0.0) & (x[1] > 0.0), 1.0, 0.0)), lambda a, b: (a > 0) & (b > 0)),
    "or": (lambda x, y: _put(y, where((x[0] > 0.0) | (x[1] > 0.0), 1.0, 0.0)), lambda a, b: (a > 0) | (b > 0)),
}


@numba.njit(error_model="numpy", no_cpython_wrapper=True)
def _put(y, value):
    y[0] = value


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("name", ARITHMETIC | COMPARISONS)
def test_operators_are_numpy_s(name, dtype):
    body, expected = (ARITHMETIC | COMPARISONS)[name]
    x = values(dtype)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(result(body, x, dtype)[0], expected(*x).astype(dtype))


def test_the_precisions_meet_in_double_and_rows_round_to_theirs():
    def body(x, y):
        single = scratch(1, y)
        single[0] = x[0]
        y[0] = single[0] * x[1]
        y[1] = held(x[0], y) * held(x[1], y)

    x = RNG.normal(0, 1, (2, lanes.WIDTH))
    y = result(body, x, np.float32, 2)
    single = x.astype(np.float32)
    np.testing.assert_array_equal(y[0], (single[0].astype(float) * x[1]).astype(np.float32))
    np.testing.assert_array_equal(y[1], single[0] * single[1])
    assert np.any(y[0] != y[1])


def test_roots_floors_and_bits():
    def body(x, y):
        y[0] = sqrt(x[0])
        y[1] = floor(x[0])
        y[2] = from_bits(bits(x[0]) + 1)
        y[3] = from_bits(((bits(x[0]) >> 1) - 5) << 1)

    x = values(np.float64)
    y = result(body, x, count=4)
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(y[:2], [np.sqrt(x[0]), np.floor(x[0])])
    assert y[2].tobytes() == (x[0].view(np.int64) + 1).view(float).tobytes()
    assert y[3].tobytes() == (((x[0].view(np.int64) >> 1) - 5) << 1).view(float).tobytes()


@pytest.mark.parametrize(("dtype", "whole", "shift"), [(np.float32, np.uint32, 14), (np.float64, np.uint64, 43)])
def test_unsigned_bits_wrap_around_and_compare_as_such(dtype, whole, shift):
    """The highest bit is no sign: shifts bring zeros in, and what is less than nothing is most of all."""

    @numba.njit(error_model="numpy")
    def codes(x, shift, low, keys, out):
        key = narrow(unsigned(lanes_at(x, 16)) >> shift)
        put(keys, 0, key)
        put(out, 16, where(key - low < numbers() + 3000, key - low, numbers()))

    x = np.vstack([values(dtype), values(dtype)[:1]])
    x[1, ::3] *= -1
    out = np.full((3, lanes.WIDTH), 7, np.uint16)
    keys = np.zeros(lanes.WIDTH, np.uint32)
    codes(x, whole(shift), np.uint32(300), keys, out)
    np.testing.assert_array_equal(keys, (x[1].view(whole) >> whole(shift)).astype(np.uint32))
    key = keys - np.uint32(300)
    order = np.arange(16, dtype=np.uint32)
    np.testing.assert_array_equal(out[1], np.where(key < order + 3000, key, order).astype(np.uint16))
    assert np.all(out[[0, 2]] == 7)


def test_singles_widen_exactly():
    @numba.njit
    def widened(x, out):
        put(out, 0, double(lanes_at(x, 16)))

    x, out = values(np.float32), np.zeros(lanes.WIDTH)
    widened(x, out)
    np.testing.assert_array_equal(out, x[1].astype(float))


@pytest.mark.parametrize("lane", [None, 0, 8, 15])
def test_some_sees_any_lane(lane):
    def body(x, y):
        y[0] = 1.0 if some(x[0] > 0.0) else 0.0

    x = np.full((1, lanes.WIDTH), -1.0)
    if lane is not None:
        x[0, lane] = 1.0
    assert np.all(result(body, x) == (lane is not None))


@pytest.mark.parametrize("lane", [None, 0, 8, 15])
def test_every_wants_all_lanes(lane):
    """A lane that is no number is not less than anything."""

    def body(x, y):
        y[0] = 1.0 if every(x[0] < 1.0) else 0.0

    for missing in (2.0, np.nan):
        x = np.zeros((1, lanes.WIDTH))
        if lane is not None:
            x[0, lane] = missing
        assert np.all(result(body, x) == (lane is None))


def test_rows_of_a_tile_and_views_of_them():
    """Rows start at a draw; a view takes every so-manieth row; neither touches what is beside."""

    @numba.njit
    def shift(a, b):
        for first in range(0, a.shape[1], lanes.WIDTH):
            odd, target = view(rows(a, first), 1, 2), rows(b, first)
            own = scratch(3, target)
            for i in range(3):
                own[i] = odd[i]
            for i in range(3):
                target[1 + i] = view(own, 2, -1)[i]

    a = RNG.normal(0, 1, (6, 48))
    b = np.zeros((5, 48))
    shift(a, b)
    np.testing.assert_array_equal(b[1:4], a[[5, 3, 1]])
    assert not b[[0, 4]].any()


def test_what_must_not_be_mixed_is_refused():
    def bodies():
        yield lambda x, y: _put(y, (x[0] > 0.0) + x[0])
        yield lambda x, y: _put(y, x[0] > 0.0)

    for body in bodies():
        with pytest.raises(numba.TypingError):
            result(body, values(np.float64))


def test_lanes_are_vectors_in_the_machine_s_registers():
    features = binding.get_host_cpu_features()
    if not features.get("avx2"):
        pytest.skip("this machine has no AVX2")

    def body(x, y):
        y[0] = where(x[0] > x[1], x[0] * x[1] + 0.5, x[0] / x[1])

    function = compiled(body)
    function(values(np.float32), values(np.float32))
    (code,) = function.inspect_asm().values()
    for instruction in ("vmulps", "vaddps", "vdivps"):
        assert re.search(rf"{instruction}\s.*%[yz]mm", code), instruction
    assert not re.search(r"v(?:mul|add|div)ss", code)
    assert "vfmadd" not in code
