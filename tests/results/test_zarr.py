"""Zarr stores: read back the same, equal bytes, checked by a manifest, replaced whole."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import subprocess
import sys

import pytest
import xarray as xr

from sim.results import atomic, files
from sim.results.errors import ResultError, WriteError
from sim.results.zarr_store import MANIFEST
from tests.results.made import little

pytest.importorskip("zarr", reason="the zarr extra is not installed")


@pytest.fixture(scope="module")
def small():
    return little(1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.zarr"


def content(path):
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def test_what_was_written_is_read_back_also_by_plain_xarray(small, path):
    files.write(small, path)
    xr.testing.assert_identical(files.open(path).load(), small)
    plain = xr.open_datatree(path, engine="zarr")
    assert float(plain["mean"]["share"][1, 2]) == float(small["mean"]["share"][1, 2])
    assert [entry.name for entry in path.parent.iterdir()] == ["run.zarr"]


def test_every_chunk_has_a_crc_and_every_one_is_written(small, path):
    files.write(small, path)
    for meta in path.rglob("zarr.json"):
        about = json.loads(meta.read_text())
        if about["node_type"] == "array":
            assert about["codecs"][-1]["name"] == "crc32c", meta
            assert any(file.is_file() for file in (meta.parent / "c").rglob("*")), meta


def test_equal_trees_give_equal_bytes(small, path):
    files.write(small, path)
    other = path.with_name("other.zarr")
    files.write(little(1), other)
    assert content(path) == content(other)


def test_damage_is_noticed(small, path):
    files.write(small, path)
    good = content(path)
    rng = random.Random(3)
    for name in rng.sample(sorted(good), 25):
        bad = bytearray(good[name])
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        (path / name).write_bytes(bad)
        with pytest.raises(ResultError, match="damaged"):
            files.open(path)
        (path / name).unlink()
        with pytest.raises(ResultError, match=f"missing|no {MANIFEST}|not a result"):
            files.open(path)
        (path / name).write_bytes(good[name])
    (path / "mean" / "new").write_bytes(b"x")
    with pytest.raises(ResultError, match="does not belong to it"):
        files.open(path)
    (path / "mean" / "new").unlink()
    xr.testing.assert_identical(files.open(path).load(), small)


@pytest.mark.parametrize("failing", [1, 2, None])
def test_a_store_is_replaced_whole_or_not_at_all(monkeypatch, small, path, failing):
    files.write(small, path)
    before = content(path)
    real, calls = os.rename, []

    def rename(*args):
        calls.append(args)
        if len(calls) == failing:
            raise OSError(5, "Input/output error")
        return real(*args)

    monkeypatch.setattr(os, "rename", rename)
    changed = small.copy()
    changed.attrs["seed"] = 1
    if failing:
        with pytest.raises(WriteError, match="Input/output error"):
            files.write(changed, path)
        assert content(path) == before
    else:
        files.write(changed, path)
        assert files.open(path).attrs["seed"] == 1
    assert [entry.name for entry in path.parent.iterdir()] == ["run.zarr"]


def test_a_store_moved_aside_by_a_killed_writer_comes_back(small, path):
    files.write(small, path)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    path.rename(path.with_name(f".run.zarr.{atomic._host()}-{dead.pid}-0.old.zarr"))
    xr.testing.assert_identical(files.open(path).load(), small)
    assert [entry.name for entry in path.parent.iterdir()] == ["run.zarr"]


def test_the_extra_is_named_where_it_is_missing(monkeypatch, small, path):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "zarr" else real(name, *a))
    with pytest.raises(ResultError, match=r"zarr is not installed; pip install 'suanli\[zarr\]'"):
        files.write(small, path)
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_no_store(path):
    path.mkdir()
    with pytest.raises(ResultError, match="no Zarr store"):
        files.open(path)
    (path / "zarr.json").write_text("{}")
    with pytest.raises(ResultError, match=f"no {MANIFEST} in it"):
        files.open(path)
