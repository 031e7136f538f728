"""Draws are not piled up: the same memory for ten times the draws."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
import sim
sim.run(scenarios=["baseline", "export_ban_2023q4"], draws=int(sys.argv[1]), threads=2)
# Of this program alone; ru_maxrss would tell of the process that started it, too.
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024)
"""


def peak_mib(draws: int) -> float:
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(draws)], capture_output=True, text=True, check=True)
    return float(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read off Linux's /proc")
def test_memory_hardly_grows_with_the_draws():
    once, twice = peak_mib(1 << 20), peak_mib(1 << 21)
    # Half is the interpreter with its libraries and the compiled kernels; then sketches and kept draws.
    assert once < 1024
    # The tails widen by a few bins as more draws come by, and nothing else may.
    assert twice < once + 96
