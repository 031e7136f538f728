"""A power cut at any step of writing a result leaves the older one or the newer one, never neither, never a mixture."""

from __future__ import annotations

import random

import pytest
import xarray as xr

from sim.results import atomic, files
from tests.results.made import little
from tests.shards import disk


@pytest.fixture(scope="module")
def trees():
    return tuple(one_of_each(little(seed)) for seed in (1, 2))


def one_of_each(tree):
    """One variable of each group: a store has a folder for each, and every change looks at all of them."""
    groups = {group.path: group.to_dataset(inherit=False) for group in tree.subtree}
    return xr.DataTree.from_dict({path: each[list(each.data_vars)[:1]] for path, each in groups.items()})


@pytest.fixture(scope="module", params=[".nc", ".zarr"])
def log(request, trees, tmp_path_factory):
    """What the folder goes through while a result takes another's place."""
    root = tmp_path_factory.mktemp("disk")
    name = f"run{request.param}"
    files.write(trees[0], root / name)
    with pytest.MonkeyPatch.context() as patch, disk.recorded(root, patch) as recorder:
        files.write(trees[1], root / name)
    return name, recorder


def left(log, moment, kind, rng, place, monkeypatch, trees):
    """Which of the two is there after the cut: 0 or 1."""
    name, recorder = log
    disk.after_a_cut(recorder, moment, place, rng, kind)
    monkeypatch.setattr(atomic, "_alive", lambda *_: False)  # the machine has started anew
    with files.open(place / name) as tree:
        found = tree.load()
    which = [found.identical(each) for each in trees].index(True)
    files.write(trees[1], place / name)  # and the next write cleans up
    assert [entry.name for entry in place.iterdir()] == [name]
    return which


def test_some_moments(log, trees, tmp_path, monkeypatch):
    rng, moments = random.Random(3), len(log[1].moments)
    found = []
    for number, moment in enumerate([*rng.sample(range(1, moments), 2), moments - 3, moments - 1]):
        found.append(left(log, moment, "some", rng, tmp_path / str(number), monkeypatch, trees))
    assert found[-1] == 1, "once the call has returned the newer one is there, whatever comes"
    assert left(log, 0, "some", rng, tmp_path / "first", monkeypatch, trees) == 0


@pytest.mark.slow
def test_more_moments(log, trees, tmp_path, monkeypatch):
    """All of the last ones, where names change, and some of those in which the files are made."""
    rng, last = random.Random(4), len(log[1].moments) - 1
    most = max(0, last - 10)
    for moment in [*sorted(rng.sample(range(most), min(most, 6))), *range(most, last + 1)]:
        for kind in ("none", "all", "some") if moment >= most else ("some",):
            found = left(log, moment, kind, rng, tmp_path / f"{moment}-{kind}", monkeypatch, trees)
            assert found == 1 or moment < last


def test_without_a_sync_it_would_be_noticed(trees, tmp_path, monkeypatch):
    root = tmp_path / "disk"
    root.mkdir()
    files.write(trees[0], root / "run.nc")
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "_sync", lambda path: None)
        with disk.recorded(root, patch) as recorder:
            files.write(trees[1], root / "run.nc")
    disk.after_a_cut(recorder, len(recorder.moments) - 1, tmp_path / "cut", random.Random(1), "none")
    with pytest.raises(files.ResultError):
        files.open(tmp_path / "cut" / "run.nc")


def test_an_older_store_is_let_go_of_after_the_newer_one_is_safe(trees, tmp_path, monkeypatch):
    """Without a sync between the renames and the removal, a cut could leave the old name on a store that is half removed."""
    calls = []
    monkeypatch.setattr(atomic, "remove", lambda path, real=atomic.remove: (calls.append("remove"), real(path))[1])
    monkeypatch.setattr(
        atomic, "sync_folder", lambda path, real=atomic.sync_folder: (calls.append(path), real(path))[1]
    )
    for tree in trees:
        files.write(tree, tmp_path / "run.zarr")
    xr.testing.assert_identical(files.open(tmp_path / "run.zarr").load(), trees[1])
    at = calls.index("remove")
    assert calls[at - 1] == tmp_path
