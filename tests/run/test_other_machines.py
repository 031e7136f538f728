"""The same bytes on a machine that lacks vector instructions, given the same tables.

Kernels are compiled for such a machine in a process of its own, NumPy and the C library told to do without as well.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from priors.cache import cache_root
from tests.run import machines

ROOT = Path(__file__).parents[2]


def run(folder, **environment):
    done = subprocess.run(
        [sys.executable, machines.__file__],
        env=os.environ | {"PYTHONPATH": str(ROOT), "SUANLI_CACHE_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def here():
    return run(cache_root())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or os.uname().machine != "x86_64", reason="instructions of x86-64")
@pytest.mark.parametrize("what", machines.VARIANTS)
def test_without_some_instructions(what, here, tmp_path):
    """Kernels compiled anew for such a machine, tables from this one: everything in three results has the same bytes."""
    shutil.copytree(cache_root() / "tables", tmp_path / "tables")
    there = run(tmp_path, **machines.without(what))
    assert there["cpu"] == machines.VARIANTS[what]
    assert not {"AVX-512": {"+avx512f"}}.get(what, {"+avx", "+avx2", "+fma", "+avx512f"}) & set(there["features"])
    assert there["runs"] == here["runs"]
