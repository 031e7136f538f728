"""NetCDF files: read back the same, equal bytes, whole or not at all, and damage is noticed."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from sim.results import atomic, files, netcdf, reader
from sim.results.errors import ResultError, WriteError
from tests.results.made import little

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.nc"


def only(path: Path) -> bool:
    """Nothing else lies in the folder."""
    return [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("broken", ["_dataset", "_plain"])
def test_a_failed_read_leaves_the_library_to_other_threads(tree, path, broken, monkeypatch):
    """h5py has one lock for a process: a walk that is left half way, with the error at hand, would hold it for good."""
    files.write(tree, path)

    def fail(*_):
        raise ValueError("broken")

    monkeypatch.setattr(reader, broken, fail)
    try:
        reader.read(path)
    except ValueError:
        other = threading.Thread(target=lambda: h5py.File(path, "r").close(), daemon=True)
        other.start()
        other.join(20)
        assert not other.is_alive()
    else:
        pytest.fail("what was broken was not read")


def test_what_was_written_is_read_back(tree, path):
    files.write(tree, path)
    with files.open(path) as back:
        xr.testing.assert_identical(back.load(), tree)
        for group in tree.subtree:
            assert back[group.path].attrs == group.attrs
            for name, variable in group.to_dataset().variables.items():
                assert back[group.path].to_dataset()[name].dtype == variable.dtype, (group.path, name)
    assert only(path)


def test_plain_xarray_reads_it(tree, path):
    files.write(tree, path)
    with xr.open_datatree(path, engine="h5netcdf") as back:
        xr.testing.assert_identical(back.load(), tree)
        assert back.attrs == tree.attrs
    with xr.open_dataset(path, group="mean", engine="h5netcdf") as group:
        assert float(group["share"].sel(quarter="2023Q1", scenario="baseline")) > 0


def test_a_conditioned_tree_is_kept_too(tree, path):
    some = tree.sim.where("export.ban_quarter < 3 and total > 0")
    files.write(some, path)
    xr.testing.assert_identical(files.open(path), some)


def test_every_variable_has_a_checksum(tree, path):
    files.write(tree, path)
    bare = []
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: (
                bare.append(name)
                if isinstance(item, h5py.Dataset) and not item.fletcher32 and item.attrs.get("NAME", b"")[:4] != b"This"
                else None
            )
        )
    assert bare == []


AGAIN = """
import os, signal, sys
from sim.results import files, netcdf
def killed(tree, fresh, real=netcdf.write):
    real(tree, fresh)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "killed":
    netcdf.write = killed
files.write(files.open(sys.argv[1]), sys.argv[2])
"""


def test_two_processes_at_two_times_write_equal_bytes(path):
    other = path.with_name("other.nc")
    files.write(little(1), path)
    time.sleep(1.1)  # a time stamp in the file would be of another second
    subprocess.run([sys.executable, "-c", AGAIN, str(path), str(other), "well"], check=True, cwd=ROOT)
    assert int(path.stat().st_mtime) < int(other.stat().st_mtime), "written in one second: nothing was tested"
    assert path.read_bytes() == other.read_bytes()


def test_two_trees_made_alike_are_written_to_equal_bytes(path):
    other = path.with_name("other.nc")
    files.write(little(3), path)
    files.write(little(3), other)
    assert path.read_bytes() == other.read_bytes()


def test_what_was_read_is_written_again_to_the_same_bytes(tree, path):
    files.write(tree, path)
    before = path.read_bytes()
    files.write(files.open(path), path)
    assert path.read_bytes() == before


def test_writing_over_a_file_replaces_it(path):
    files.write(little(1), path)
    files.write(little(2), path)
    xr.testing.assert_identical(files.open(path), little(2))


CALLS = ["os.replace", "os.fsync"]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), MemoryError()]
)
def test_a_failing_call_leaves_the_older_file_and_nothing_else(monkeypatch, path, call, error):
    files.write(little(1), path)
    before = path.read_bytes()

    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(call, fail)
    expected = WriteError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected) as caught:
        files.write(little(2), path)
    if expected is WriteError:
        assert str(caught.value) == f"cannot write {path}: No space left on device"
        assert caught.value.errno == errno.ENOSPC
    monkeypatch.undo()
    assert only(path)
    assert path.read_bytes() == before


def test_ctrl_c_while_arrays_are_written_leaves_nothing(monkeypatch, path):
    real = netcdf.write

    def interrupted(tree, fresh):
        real(tree, fresh)
        raise KeyboardInterrupt

    monkeypatch.setattr(netcdf, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write(little(1), path)
    assert list(path.parent.iterdir()) == []


LIMITED = """
import resource, sys
from pathlib import Path
from sim.results import files
tree = files.open(sys.argv[1]).load()
for limit in (300_000, 4_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        files.write(tree, sys.argv[2])
    except files.WriteError as error:
        print(error)
    print(sorted(p.name for p in Path(sys.argv[2]).parent.iterdir()))
"""


def test_a_file_that_grows_too_large_for_the_disk_is_one_line(tree, path, tmp_path_factory):
    source = tmp_path_factory.mktemp("source") / "run.nc"
    files.write(tree, source)
    found = subprocess.run(
        [sys.executable, "-c", LIMITED, str(source), str(path)], capture_output=True, text=True, cwd=ROOT
    )
    assert found.stderr == ""  # HDF5 has nothing to complain about
    assert found.stdout.splitlines() == [f"cannot write {path}: File too large", "[]"] * 2
    assert found.returncode == 0


def test_too_little_room_is_said_before_writing(monkeypatch, tree, path):
    monkeypatch.setattr(files.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 1000}))
    with pytest.raises(
        WriteError, match=r"cannot write .*run\.nc: No space left on device: about \d+ MiB wanted, 0 free"
    ):
        files.write(tree, path)
    assert list(path.parent.iterdir()) == []


def test_a_missing_folder_and_a_folder_in_the_way(tree, tmp_path):
    with pytest.raises(WriteError, match=r"no folder .*; make it first"):
        files.write(tree, tmp_path / "missing" / "run.nc")
    (tmp_path / "taken.nc").mkdir()
    with pytest.raises(WriteError, match="Is a directory"):
        files.write(tree, tmp_path / "taken.nc")
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken.nc"]


def test_a_read_only_folder(monkeypatch, tree, path):
    def refuse(*args, **kwargs):
        raise OSError(
            errno.EROFS, "[Errno 30] Unable to create file (errno = 30, error message = 'Read-only file system')"
        )

    monkeypatch.setattr(netcdf, "write", refuse)
    with pytest.raises(WriteError) as caught:
        files.write(tree, path)
    assert str(caught.value) == f"cannot write {path}: Read-only file system"


@pytest.mark.parametrize("name", ["run", "run.txt", "run.h5", "run.nc.gz"])
def test_another_suffix_is_refused(tree, tmp_path, name):
    for act in (lambda p: files.write(tree, p), files.open):
        with pytest.raises(ResultError, match=r"expected \.nc \(NetCDF4\) or \.zarr"):
            act(tmp_path / name)


def test_leftovers_of_dead_processes_are_swept_and_those_of_the_living_are_not(path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    mark = atomic._host()
    gone = path.with_name(f".run.nc.{mark}-{dead.pid}-0.new.nc")
    living = path.with_name(f".run.nc.{mark}-{os.getpid()}-999999.new.nc")
    elsewhere = path.with_name(f".run.nc.00000000-{dead.pid}-0.new.nc")
    others = path.with_name(f".other.nc.{mark}-{dead.pid}-0.new.nc")
    for each in (gone, living, elsewhere, others):
        each.write_bytes(b"half")
    files.write(little(1), path)
    left = {entry.name for entry in path.parent.iterdir()}
    assert left == {path.name, living.name, elsewhere.name, others.name}
    os.utime(elsewhere, (0, 0))
    atomic.sweep(path)
    assert not elsewhere.exists()


def test_a_killed_writer_harms_nothing_and_the_next_one_cleans_up(path):
    files.write(little(1), path)
    before = path.read_bytes()
    found = subprocess.run([sys.executable, "-c", AGAIN, str(path), str(path), "killed"], cwd=ROOT, capture_output=True)
    assert found.returncode == -9
    assert path.read_bytes() == before
    assert len(list(path.parent.iterdir())) == 2
    files.write(little(1), path)
    assert only(path)


def outcome(path: Path) -> xr.DataTree | ResultError:
    """What opening gives; HDF5 takes a file that is open twice for one, so it is closed again."""
    try:
        with files.open(path) as opened:
            return opened.load()
    except ResultError as error:
        return error


def test_no_flipped_bit_and_no_cut_goes_unnoticed(path):
    small = little(1)
    files.write(small, path)
    good = path.read_bytes()
    rng = random.Random(5)
    for at in [0, 8, len(good) - 1, len(good) - 70, *rng.sample(range(len(good)), 200)]:
        bad = bytearray(good)
        bad[at] ^= 1 << rng.randrange(8)
        path.write_bytes(bad)
        found = outcome(path)
        if isinstance(found, ResultError):
            assert str(found).startswith(f"{path}: ")
            assert "\n" not in str(found)
        else:  # a flip in the mark itself hides the digest; then nothing else is wrong
            assert len(good) - netcdf.TRAILER <= at
            xr.testing.assert_identical(found, small)
    for length in [0, 4, 100, *rng.sample(range(len(good) - netcdf.TRAILER), 40)]:
        path.write_bytes(good[:length])
        assert isinstance(outcome(path), ResultError), length


def test_a_file_saved_again_by_xarray_still_opens(tree, path):
    files.write(tree, path)
    again = path.with_name("again.nc")
    files.open(path).to_netcdf(again, engine="h5netcdf")
    xr.testing.assert_identical(files.open(again), tree)


def test_what_is_no_result_is_told_so(path):
    tree = little(1)
    with pytest.raises(ResultError, match="no such file"):
        files.open(path)
    files.write(tree, path)
    with pytest.raises(ResultError, match=r'did you mean ".*run\.nc"'):
        files.open(path.with_name("runn.nc"))
    path.write_text("hello")
    with pytest.raises(ResultError, match="not a result: no NetCDF4 file"):
        files.open(path)
    xr.Dataset({"x": ("y", np.arange(3.0))}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(ResultError, match="not a result of suanli"):
        files.open(path)
    for damaged in np.array([]), np.array([1.0, 2.0]), 1:
        odd = tree.copy()
        odd.attrs["format"] = damaged
        odd.to_netcdf(path, engine="h5netcdf")
        with pytest.raises(ResultError, match="not a result"):
            files.open(path)
    newer = tree.copy()
    newer.attrs["format_version"] = 99
    files.write(newer, path)
    with pytest.raises(ResultError, match=r"format 99, newer than 1; pip install --upgrade suanli"):
        files.open(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ResultError, match="Is a directory"):
        files.open(path)
