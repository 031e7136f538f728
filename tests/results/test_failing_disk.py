"""Whichever call of the system fails while a result is written, what stood there before stands there still."""

from __future__ import annotations

import errno
import os

import pytest

from sim.results import files, netcdf
from sim.results.errors import WriteError
from tests.results.made import little

CALLS = [
    (".nc", "fsync"),
    (".nc", "replace"),
    (".zarr", "rename"),
    pytest.param(".zarr", "fsync", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module")
def trees():
    return little(1), little(2)


def failing(patch, call, n):
    """Let the ``n``-th call fail."""
    real, made = getattr(os, call), iter(range(1, 1 << 30))

    def either(*arguments, **options):
        if next(made) == n:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments, **options)

    patch.setattr(os, call, either)


@pytest.mark.parametrize(("suffix", "call"), CALLS)
def test_the_nth_call_fails_until_a_write_passes(trees, tmp_path, monkeypatch, suffix, call):
    """n = 1, 2, 4, 8 …, then the first that passes."""
    path, n = tmp_path / f"run{suffix}", 1
    files.write(trees[0], path)
    while True:
        with monkeypatch.context() as patch:
            failing(patch, call, n)
            failed = refused(trees[1], path)
        assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
        if failed is None:
            break
        assert failed == f"cannot write {path}: No space left on device"
        with files.open(path) as tree:
            found = [tree.load().identical(each) for each in trees]
        assert True in found, n
        assert found[0] or n > 1, "the last sync of all may fail when the newer one is in place"
        n *= 2
    assert n > 1
    with files.open(path) as tree:
        assert tree.load().identical(trees[1])


def refused(tree, path):
    """Why it was not written, or None."""
    try:
        files.write(tree, path)
    except WriteError as error:
        return str(error)
    return None


@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_a_write_of_hdf5_fails(trees, tmp_path, monkeypatch, n):
    """The ``n``-th of its writes, in the middle of its bytes."""
    path, made = tmp_path / "run.nc", iter(range(1, 1 << 30))
    files.write(trees[0], path)
    real = netcdf._Patient.write

    def write(self, data):
        if next(made) == n:
            real(self, memoryview(data).cast("B")[: len(data) // 2])
            self._error = self._error or OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, data)

    monkeypatch.setattr(netcdf._Patient, "write", write)
    assert refused(trees[1], path) == f"cannot write {path}: No space left on device"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    with files.open(path) as tree:
        assert tree.load().identical(trees[0])
