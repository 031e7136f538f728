"""``suanli doctor`` on machines that lack something: each lack is told once, with what to do about it."""

import json
import math
import os
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest

from sim import bench
from sim.app import caches, findings, hardware, installed, limits
from sim.bench import quick
from tests.app.conftest import ROOT

GIB = 1 << 30


def healthy(**changes):
    """A machine and a cache with nothing to say about, but for the changes."""
    machine = {
        "processor": "made up",
        "system": "Linux 6, x86_64",
        "cores": 8,
        "quota": None,
        "memory": 16 * GIB,
        "available": 12 * GIB,
        "limit": None,
        "host": "znver5",
        "compiled_for": "znver5",
        "vectors": ("SSE4.2", "AVX", "AVX2", "FMA", "AVX-512"),
        "numpy_vectors": (),
    }
    cache = {
        "folder": "/home/a/.cache/suanli",
        "chosen": False,
        "refused": "",
        "kernels": 1,
        "tables": 1,
        "compiled": 90,
        "free": GIB,
        "network": None,
    }
    machine |= {name: value for name, value in changes.items() if name in machine}
    cache |= {name: value for name, value in changes.items() if name in cache}
    return hardware.Hardware(**machine), caches.Cache(**cache)


def told(**changes):
    packages = installed.look(["numpy>=1"])
    return [(each.level, each.what, each.remedy) for each in findings.of(packages, *healthy(**changes))]


def test_a_healthy_machine_has_nothing_to_tell():
    assert told() == []


@pytest.mark.parametrize(
    ("changes", "level", "words", "remedy"),
    [
        (
            {"refused": "Read-only file system"},
            "slow",
            "Read-only file system): every run compiles",
            "SUANLI_CACHE_DIR",
        ),
        ({"network": "nfs4"}, "wrong", "network disk (nfs4)", "SUANLI_CACHE_DIR"),
        ({"free": 10 << 20}, "slow", "10 MiB are free for the cache", "make room"),
        ({"compiled": 0}, "note", "no kernel is compiled yet", ""),
        (
            {"compiled_for": "x86-64", "vectors": ()},
            "slow",
            "compiled for x86-64, not for this",
            "unset NUMBA_CPU_NAME",
        ),
        ({"vectors": ("SSE4.2",)}, "slow", "no AVX: figures come to the same bits", ""),
        ({"vectors": ("SSE4.2", "AVX", "AVX2", "FMA")}, "note", "no AVX-512", ""),
        ({"quota": 1.5}, "slow", "1.5 cores' time on 8 cores", "--threads 2"),
        ({"limit": 512 << 20}, "slow", "512 MiB of memory", "--keep none"),
    ],
)
def test_each_lack_is_told_with_its_remedy(changes, level, words, remedy):
    assert any((found == level) and (words in what) and (remedy in cure) for found, what, cure in told(**changes)), (
        told(**changes)
    )


def test_no_avx_on_another_kind_of_processor_is_no_lack():
    assert told(system="Darwin 25, arm64", vectors=()) == []


def test_old_and_missing_packages_are_wrong():
    packages = installed.look(["numpy>=99", "no-such-thing>=1.0"])
    found = [each for each in findings.of(packages, *healthy()) if each.level == "wrong"]
    assert [each.what for each in found] == [
        f"numpy is {metadata.version('numpy')}, expected >=99",
        "no-such-thing is not installed",
    ]
    assert found[0].remedy == "pip install 'numpy>=99'"


def test_extras_are_told_with_the_line_that_brings_them():
    packages = installed.look(["numpy>=1", "zarr>=3; extra == 'zarr'", "no-such-thing>=1; extra == 'report'"])
    extras = {each.name: each for each in packages.extras}
    assert [each.name for each in packages.packages] == ["numpy"]
    assert extras["zarr"].missing == []
    assert extras["report"].missing == ["no-such-thing"]
    assert extras["report"].install == "pip install 'suanli[report]'"


def test_every_extra_a_user_may_want_is_told():
    offered = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"].keys()
    assert offered - installed.EXTRAS.keys() <= {"test", "bench", "browser", "dev"}
    assert installed.EXTRAS.keys() <= offered


def write(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def test_the_tightest_of_the_control_groups_counts(tmp_path):
    """A limit may stand on any group above the process's own; each looked at alone would miss the other."""
    root, own = tmp_path / "cgroup", tmp_path / "own"
    own.write_text("0::/pod/container\n")
    write(root / "pod", cpu__max="150000 100000\n", memory__max="max\n")
    write(root / "pod" / "container", cpu__max="max 100000\n", memory__max="2147483648\n")
    assert limits.group_limits(root, own) == (1.5, 2 * GIB)


def test_control_groups_of_the_first_kind(tmp_path):
    root, own = tmp_path / "cgroup", tmp_path / "own"
    own.write_text("4:memory:/a\n1:cpu,cpuacct:/a\n")
    write(root / "memory" / "a", memory__limit_in_bytes="9223372036854771712\n")
    write(root / "memory", memory__limit_in_bytes="1073741824\n")
    write(root / "cpu" / "a", **{"cpu__cfs_quota_us": "50000\n", "cpu__cfs_period_us": "100000\n"})
    assert limits.group_limits(root, own) == (0.5, GIB)
    assert limits.group_limits(tmp_path / "none", own) == (None, None)


def test_a_network_disk_is_the_one_mounted_nearest(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nfs:/x {tmp_path} nfs4 rw 0 0\n/dev/sdb {tmp_path}/local xfs rw 0 0\n")
    assert caches.remote(tmp_path / "cache", mounts) == "nfs4"
    assert caches.remote(tmp_path / "local" / "cache", mounts) is None
    assert caches.remote(tmp_path.parent, mounts) is None


def doctor(*arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    return subprocess.run(
        [sys.executable, "-m", "sim", "doctor", *arguments],
        env=kept | {"PYTHONPATH": str(ROOT), "COLUMNS": "120"} | environment,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_this_machine_is_told_as_it_is(shell):
    done = shell("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == (2 if any(each["level"] == "wrong" for each in found["findings"]) else 0)
    assert found["machine"]["cores"] == len(os.sched_getaffinity(0))
    assert {each["name"]: each["found"] for each in found["packages"]}["numba"] == metadata.version("numba")
    assert found["suanli"] == metadata.version("suanli")
    assert found["speed"]["draws_per_second"] > 0


def test_expectation_is_the_table_scaled(monkeypatch):
    """Twice as fast in two loops and half as fast in the third: 2^(1/3) times the table's draws a second."""
    table = bench.reference()
    factors = {"word": 0.5, "coordinate": 0.5, "moments": 2.0}
    pieces = {name: count for name, (_, count) in quick._jobs().items()}

    def alternate(jobs, rounds):
        return {name: [table["figures"][name]["bare_ns"] * factors[name] * pieces[name]] * rounds for name in jobs}

    monkeypatch.setattr("sim.bench.quick.alternate", alternate)
    found = bench.expected()
    assert found.ratio == pytest.approx(2.0 ** (1 / 3))
    assert found.draws_per_second == pytest.approx(table["market"]["draws_per_second"] * 2.0 ** (1 / 3))


def test_the_loops_are_those_of_the_table():
    """The yardstick must be the very loop whose bare limit the table holds, of as many pieces."""
    for name, (_, pieces) in quick._jobs().items():
        assert pieces == bench.FIGURES[name].trial().work


def test_a_home_that_cannot_be_written(tmp_path):
    """Root may write anywhere but where there is no folder to be made: below a file."""
    (tmp_path / "home").write_text("")
    done = doctor(HOME=str(tmp_path / "home"), SUANLI_CACHE_DIR="", COLUMNS="400")
    assert (done.returncode, done.stderr) == (0, "")
    told = " ".join(done.stdout.split())
    assert told.count("Slow: nothing can be kept in") == 1
    assert "(Not a directory): every run compiles its kernels anew" in told
    assert "set SUANLI_CACHE_DIR" in told


def test_kernels_that_cannot_be_compiled_are_wrong():
    done = doctor("--json", NUMBA_DISABLE_JIT="1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "suanli: NUMBA_DISABLE_JIT is set, so that no kernel can be compiled; unset it\n"


def test_a_processor_without_avx(tmp_path):
    done = doctor("--json", NUMBA_CPU_NAME="x86-64", NUMBA_CPU_FEATURES="", SUANLI_CACHE_DIR=str(tmp_path))
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["machine"]["vectors"] == []
    assert [each["level"] for each in found["findings"] if "AVX" in each["what"]] == ["slow"]
    assert math.isfinite(found["speed"]["ratio"])


def test_a_broken_package_is_named(tmp_path):
    (tmp_path / "numba.py").write_text("raise ImportError('libsvml.so: wrong ELF class')\n")
    done = doctor(PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("suanli: numba cannot be imported (libsvml.so: wrong ELF class)")
    assert len(done.stderr.splitlines()) == 1
