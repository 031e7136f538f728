"""The hot loops of the built-in path work on vector registers: a branch or a call let into one would cost several times."""

import re

import llvmlite.binding as llvm
import numba
import numpy as np
import pytest

from sim.draw import normal, octaves, philox, sobol
from sim.draw.pool import Pool
from sim.reduce import counting, moments
from sim.wide import WideCompiler

FEATURES = llvm.get_host_cpu_features()
REGISTER = "zmm" if FEATURES.get("avx512f") else "ymm"
pytestmark = pytest.mark.skipif(
    not (FEATURES.get("avx2") or FEATURES.get("avx512f")), reason="this machine has neither AVX2 nor AVX-512"
)

f8, f4, u4, u8, u2, i8 = (numba.typeof(np.empty(1, t)) for t in ("f8", "f4", "u4", "u8", "u2", "i8"))
f8_2, f8_3, f4_3, u4_2, u8_2 = (
    numba.typeof(np.empty((1,) * n, t)) for n, t in ((2, "f8"), (3, "f8"), (3, "f4"), (2, "u4"), (2, "u8"))
)
INT, BIT = numba.int64, numba.boolean
# kernel, argument types, what its loop does to many numbers at once
HOT = {
    "words": (philox.fill_words, (u4, u4, numba.uint32, numba.uint64, u4_2), r"vpmuludq"),
    "points": (sobol.fill_sobol, (u4_2, u4_2, u4_2, numba.uint64, u4_2), r"vpmulld"),
    "sums": (moments.add_row, (f4, INT, INT, f8_2, f8_3, f4_3), r"vaddpd"),
    "extremes": (moments.add_row, (f8, INT, INT, f8_2, f8_3, f8_3), r"vm(?:in|ax)pd"),
    "codes": (counting.encode, (u4, INT, i8, u2, INT), r"vpcmp\w*ud"),
    "coarse codes": (counting._to_coarse, (u2, INT, i8), r"vpsrl[dq]"),
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
