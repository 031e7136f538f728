"""Draws are not piled up: the same memory for ten times the draws."""

import subprocess
import sys

import pytest

SCRIPT = """
import resource, sys
import sim
sim.run(scenarios=["baseline", "export_ban_2023q4"], draws=int(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def peak_mib(draws: int) -> float:
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(draws)], capture_output=True, text=True, check=True)
    return float(done.stdout)


@pytest.mark.slow
def test_memory_hardly_grows_with_the_draws():
    once, twice = peak_mib(1 << 20), peak_mib(1 << 21)
    # Half is the interpreter with its libraries and the compiled kernels; then sketches and kept draws.
    assert once < 1024
    # The tails widen by a few bins as more draws come by, and nothing else may.
    assert twice < once + 96
