"""The same bits on a machine without AVX-512, on one without any vectors, and on this one."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.draw import Block, Column, Random, Sobol, prepare
from tests.draw.laws import SMOOTH, STEPS

NAMES = ["normal", "lognormal, wide", "pert", "uniform", "triangular", "bernoulli", "hazard of 60 quarters", "gamma"]
COLUMNS = [Column(stream, {**SMOOTH, **STEPS}[name], 0.3, 1.7) for stream, name in enumerate(NAMES, 1)]
RHO = np.array([[1.0, 0.6, -0.2], [0.6, 1.0, 0.3], [-0.2, 0.3, 1.0]])
N = 1 << 13

HERE = """
import sys
from tests.draw.test_bits import drawn
sys.stdout.buffer.write(drawn())
"""


def drawn() -> bytes:
    """Draws of every kind of table, correlated ones among them, by both samplers."""
    values = np.empty((2, len(COLUMNS), N))
    for i, sampler in enumerate((Sobol(), Random())):
        prepare(COLUMNS, [Block((2, 3, 8), RHO)], seed=3, sampler=sampler).fill(1 << 20, values[i])
    return values.tobytes()


@pytest.mark.parametrize(
    ("name", "features"),
    [
        pytest.param("generic", "", id="no vectors to speak of"),
        pytest.param("haswell", "+avx2,+fma,-avx512f", id="AVX2", marks=pytest.mark.slow),
    ],
)
def test_every_machine_draws_the_same_bits(name: str, features: str) -> None:
    if name != "generic" and "avx2" not in Path("/proc/cpuinfo").read_text():
        pytest.skip("this machine cannot run AVX2 code")
    machine = {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": features}
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    there = subprocess.run(
        [sys.executable, "-c", HERE], env=os.environ | machine | path, capture_output=True, check=True
    ).stdout
    assert there == drawn()
