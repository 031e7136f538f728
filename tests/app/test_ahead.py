"""The helper of a first run: it compiles the half that it is there for, and is not there where it should not be."""

import json
import subprocess
import sys

import pytest

from sim import kernels, market
from sim.app import ahead, failures
from tests.app.conftest import ROOT

OWN = failures.Process(own=True)

# Which kernels a run had to compile: those that its process did not find in the cache.
MISSED = """
import json, sys
from sim.cli import main
try:
    main(["run"])
except SystemExit:
    pass
kernels = [
    thing for name, module in list(sys.modules.items()) if name.startswith("sim.")
    for thing in vars(module).values() if hasattr(thing, "stats") and hasattr(thing, "py_func")
]
print(json.dumps(sorted({k.py_func.__module__ for k in kernels if sum(k.stats.cache_misses.values())})), file=sys.stderr)
"""


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """A cache of its own for child processes."""
    monkeypatch.setenv("SUANLI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path / "cache"


@pytest.mark.slow
def test_it_compiles_all_that_sums_up_and_nothing_else(alone):
    with ahead.start() as helper:
        assert helper.wait(timeout=600) == 0
    found = {path.name.split(".")[0] for path in alone.rglob("*.nbi")}
    assert {"take", "writing", "quantiles"} <= found
    done = subprocess.run([sys.executable, "-c", MISSED], capture_output=True, text=True, check=True, timeout=600)
    missed = json.loads(done.stderr.splitlines()[-1])
    assert missed
    assert not [name for name in missed if not name.startswith(("sim.draw.", "sim.market.", "sim.vecmath"))]


@pytest.mark.slow
def test_a_first_run_leaves_nothing_to_compile(alone, tmp_path):
    first = subprocess.run(
        [sys.executable, "-m", "sim", "run"], capture_output=True, text=True, cwd=tmp_path, timeout=600
    )
    assert (first.returncode, first.stderr) == (0, "")
    second = subprocess.run([sys.executable, "-c", MISSED], capture_output=True, text=True, check=True, timeout=600)
    assert json.loads(second.stderr.splitlines()[-1]) == []
    first_said, second_said = (done.stdout.split("baseline: 65,536")[0] for done in (first, second))
    assert first_said == second_said


def test_it_ends_when_whoever_started_it_does(alone):
    helper = ahead.start()
    assert helper.poll() is None
    helper.stdin.close()
    helper.wait(timeout=60)
    assert not list(alone.rglob("*.nbi"))


@pytest.mark.parametrize(
    "why", ["a host", "no command", "something is cached", "one core", "no process can be started"]
)
def test_it_is_not_there_where_it_is_not_wanted(why, monkeypatch):
    asked, compiled = [], []

    def popen(*arguments, **options):
        asked.append(arguments)
        raise OSError

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(kernels, "nothing_cached", lambda: why != "something is cached")
    monkeypatch.setattr(ahead, "available_cores", lambda: 1 if why == "one core" else 2)
    monkeypatch.setattr(ahead, "_drawn_and_evaluated", compiled.append)
    process = {"a host": failures.Process(own=False), "no command": None}.get(why, OWN)
    ahead.compiled(process, market.model())
    assert len(asked) == (why == "no process can be started")
    assert not compiled


def test_whether_anything_is_cached(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "_folder", lambda above: tmp_path)
    assert kernels.nothing_cached()
    (tmp_path / "of_a_module").mkdir()
    (tmp_path / "of_a_module" / "kernel.nbi").touch()
    assert not kernels.nothing_cached()
    monkeypatch.setattr(kernels, "_folder", lambda above: None)
    assert not kernels.nothing_cached()
