"""A worker keeps what it lets go of: page faults are counted, in a process with the environment that dask gives."""

import os
import platform
import subprocess
import sys

import pytest

from sim import heap

CODE = """
import resource, sys
import numpy as np
from sim import heap

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(50):
        np.ones(1 << 17)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
print(faults(), heap.keep(), faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator than glibc's")
def test_arrays_are_not_mapped_anew():
    """1 MiB is 256 pages; fifty arrays of it, one after the other."""
    environment = {**os.environ, "MALLOC_TRIM_THRESHOLD_": "65536"}
    told = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    without, kept, beside = told.stdout.split()
    assert int(without) > 50 * 200
    assert kept == "True"
    assert int(beside) < 2000


def test_elsewhere_nothing_is_done(monkeypatch):
    monkeypatch.setattr(heap.sys, "platform", "darwin")
    assert not heap.keep()
