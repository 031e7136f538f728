"""The hot loops of the built-in path work on vector registers: a branch or a call let into one would cost several times."""

import re

import llvmlite.binding as llvm
import numba
import numpy as np
import pytest

from sim import reduce
from sim.draw import normal, octaves, philox, sobol
from sim.draw.pool import Pool
from sim.reduce import take
from sim.wide import WideCompiler

FEATURES = llvm.get_host_cpu_features()
REGISTER = "zmm" if FEATURES.get("avx512f") else "ymm"
pytestmark = pytest.mark.skipif(
    not (FEATURES.get("avx2") or FEATURES.get("avx512f")), reason="this machine has neither AVX2 nor AVX-512"
)

f8, f4, u4, u8, u2, i8 = (numba.typeof(np.empty(1, t)) for t in ("f8", "f4", "u4", "u8", "u2", "i8"))
u4_2, u8_2 = (numba.typeof(np.empty((1, 1), t)) for t in ("u4", "u8"))
INT, BIT = numba.int64, numba.boolean


def taken(kind: str) -> tuple:
    """Types of what a tile of ``kind`` is taken with."""
    accumulator = reduce.Accumulator(1)
    accumulator.add(np.zeros((1, 16), kind))
    return (
        numba.typeof(np.empty((1, 1, 1), kind)),
        INT,
        INT,
        BIT,
        INT,
        numba.typeof(accumulator._reduction()),
    )


TAKE, TAKE_DOUBLE = taken("f4"), taken("f8")
# kernel, argument types, what its loop does to many numbers at once
HOT = {
    "words": (philox.fill_words, (u4, u4, numba.uint32, numba.uint64, u4_2), r"vpmuludq"),
    "points": (sobol.fill_sobol, (u4_2, u4_2, u4_2, numba.uint64, u4_2), r"vpmulld"),
    "sums": (take.take, TAKE, r"vaddpd"),
    "extremes": (take.take, TAKE, r"vm(?:in|ax)ps"),
    "codes": (take.take, TAKE, r"vpcmp\w*ud|vpmaxud"),
    "sums of doubles": (take.take, TAKE_DOUBLE, r"vmulpd"),
}


POOL = numba.types.NamedTuple((f4, f8, u4, u8), Pool)
# look-ups in registers of AVX-512: kernel, argument types, how many of them in a block (of degree 9, 11 and 8)
REGISTERS = {
    "values": (octaves.fill_octaves, (POOL, i8, u4, numba.float64, numba.float64, f8), 10),
    "normals": (normal.normals, (f8, u4, f8), 12),
    "words of normals": (normal.words_of, (f8, f8, u4), 9),
}


@pytest.mark.parametrize("what", REGISTERS)
@pytest.mark.skipif(not FEATURES.get("avx512f"), reason="this machine has no AVX-512")
def test_tables_lie_in_registers_for_the_whole_loop(what: str) -> None:
    kernel, types, count = REGISTERS[what]
    compiled = numba.njit(types, nogil=True, error_model="numpy", _nrt=False)(kernel.py_func)
    (code,) = compiled.inspect_asm().values()
    found = re.findall(r"vperm[it]2p[sd]\s+(\S+),", code)
    assert len(found) >= count, "not as many as the polynomial has coefficients"
    assert sum(first.startswith("%zmm") for first in found) >= count - 2, "loaded in the loop"


@pytest.mark.parametrize("what", HOT)
def test_hot_loops_use_vector_registers(what: str) -> None:
    kernel, types, instruction = HOT[what]
    # Compiled here: a kernel that was loaded from the cache does not show its code.
    compiled = numba.njit(types, nogil=True, error_model="numpy", _nrt=False, pipeline_class=WideCompiler)(
        kernel.py_func
    )
    (code,) = compiled.inspect_asm().values()
    assert re.search(rf"{instruction}\s.*%{REGISTER}", code), f"no {instruction} on the widest registers"


def test_a_loop_that_cannot_be_vectorised_is_seen() -> None:
    """The same look at a loop with a branch for division by zero, Numba's default, finds nothing."""

    def divide(x, y):
        for i in range(x.size):
            y[i] = x[i] / y[i]

    for model, found in (("python", False), ("numpy", True)):
        (code,) = numba.njit((f8, f8), error_model=model)(divide).inspect_asm().values()
        assert bool(re.search(r"vdivpd\s.*%[yz]mm", code)) == found
