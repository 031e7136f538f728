"""The kernel cache: warm in a second process, never stale after an edit, never in the way."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core import event

import sim
from sim import kernels, wide
from sim.vecmath import exp

# A chapter that calls a helper of another file: the edit is in the file that the cached kernel does not look at.
PROBE = """
import numpy as np
from sim.kernels import kernel
from sim.vecmath import exp

@kernel
def through(x):
    return exp(x)

print(through(1.0), sum(through.stats.cache_hits.values()))
"""


def probe(package: Path, cache: Path, room: str = "") -> tuple[float, int]:
    environment = os.environ | {"SUANLI_CACHE_DIR": str(cache), "PYTHONPATH": str(package)}
    script = package / "sim" / room / "probe.py"
    if not script.exists():  # an older Numba goes by its time alone
        script.write_text(PROBE)
    module = ".".join(part for part in ("sim", room, "probe") if part)
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, sys.argv[1]); import {module}", str(package)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=package)
    value, hits = done.stdout.split()
    return float(value), int(hits)


@pytest.fixture
def copy(tmp_path):
    source = Path(sim.__file__).parent.parent
    for package in ("sim", "priors"):
        shutil.copytree(source / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_no_edit_is_missed_and_one_above_the_engine_compiles_what_is_above_alone(copy, tmp_path):
    e, cache, rooms = pytest.approx(2.718281828459045), tmp_path / "cache", ("", "app")
    assert [probe(copy, cache, room) for room in rooms] == [(e, 0), (e, 0)]
    # Each probe is itself a source file: both stand before either is asked again.
    assert [probe(copy, cache, room) for room in rooms] == [(e, 1), (e, 1)]
    with (copy / "sim" / "app" / "numbers.py").open("a") as file:
        file.write("\n")
    assert [probe(copy, cache, room)[1] for room in rooms] == [1, 0]
    with (copy / "sim" / "vecmath.py").open("a") as file:  # imported by the probe, which is as it was
        file.write("\n\n@numba.njit\ndef exp(x):\n    return -x\n")
    assert probe(copy, cache) == (-1.0, 0)


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(copy, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    assert probe(copy, blocked)[0] == pytest.approx(2.718281828459045)


def test_a_disk_that_refuses_a_kernel_costs_nothing_but_time(copy, tmp_path):
    """The folder can be written when kernels are decorated, and is full when the first one is saved."""
    import_limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); sys.path.insert(0, sys.argv[1]); "
        "sys.dont_write_bytecode = True; resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)); import sim.probe"
    )
    (copy / "sim" / "probe.py").write_text(PROBE)
    environment = os.environ | {"SUANLI_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": str(copy)}
    command = [sys.executable, "-c", import_limited, str(copy)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=copy)
    assert done.returncode == 0, done.stderr[-500:]
    assert float(done.stdout.split()[0]) == pytest.approx(2.718281828459045)


def test_what_kernels_call_is_compiled_once_for_all_numbers(monkeypatch):
    """By itself Numba compiles a call anew for each number written out in it."""
    monkeypatch.setattr(kernels, "_folder", lambda above: None)

    @kernels.bare_kernel
    def times(x, by):
        return x * by

    @kernels.kernel
    def both(x):
        return times(x, 2) + times(x, by=3) + times(x, np.int64(4))

    with event.install_recorder("numba:compile") as seen:
        assert both(1.5) == 13.5
    assert [one.data["dispatcher"].py_func.__name__ for _, one in seen.buffer if one.is_start] == ["both", "times"]
    assert times.signatures == []
    assert times(1.5, 2) == 3.0, "Python can call it all the same"


def test_what_others_compile_may_call_a_kernel_and_a_kernel_may_be_called_itself():
    """A kernel has a form for other kernels without machine code of its own, and one for Python."""

    @numba.njit
    def own(x):
        return exp(x) + np.float64(1.0)

    @numba.vectorize
    def each(x):
        return exp(x)

    assert own(1.0) == exp(1.0) + 1.0
    assert each(np.array([0.0, 1.0])).tolist() == [exp(0.0), exp(1.0)]
    assert exp(1.0) == pytest.approx(np.exp(1.0), rel=1e-14)


def test_a_part_has_no_machine_code_of_its_own():
    @kernels.kernel
    def part(x):
        return x + 1.0

    @kernels.kernel
    def whole(x):
        return 2.0 * part(x)

    assert whole(1.0) == 4.0
    assert part(1.0) == 2.0
    (compiled,) = (part.get_overload.__self__.overloads[key] for key in part.get_overload.__self__.overloads)
    assert isinstance(compiled.library, wide._PartLibrary)
    assert compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name) == 0
