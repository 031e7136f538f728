"""Kept draws that workers write themselves: byte for byte the store of one machine, however often and late they write."""

import contextlib
import json
import os
import pickle
import random
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from benchmarks.dask_workers import workers
from sim import batch, cluster, inputs, shards
from sim.cluster import stored, tasks
from sim.results import files, regions
from sim.results.chunks import chunks, region
from sim.results.errors import ResultError
from sim.settings import Settings
from sim.shards.whole import outcome
from sim.tiles import LEAF
from tests.cluster import own_model

pytest.importorskip("zarr", reason="the extra zarr is not installed")
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
NAMES = ["baseline", "more"]
DRAWS, KEEP = 16 * LEAF, 9 * LEAF + 100


def book_of():
    return own_model.book().with_set("more", ["own.x0=*2"])


@pytest.fixture(scope="module")
def book():
    return book_of()


def laid_out(book, keep_draws=KEEP):
    model = own_model.model()
    settings = Settings(DRAWS, 7, keep_draws=keep_draws)
    return batch.lay_out(inputs.deck(book, NAMES, model), model, settings, batch.about_book(book, NAMES))


@pytest.fixture(scope="module")
def laid(book):
    return laid_out(book)


@pytest.fixture(scope="module")
def made(laid):
    """A shard of each region."""
    job, size = shards.job_of(laid), stored.least(laid)
    return [shards.run_laid(laid, shards.Spec(job, at, at + size), 2) for at in range(0, DRAWS // LEAF, size)]


@pytest.fixture(scope="module")
def alone(book, tmp_path_factory):
    """The store of one machine."""
    path = tmp_path_factory.mktemp("alone") / "run.zarr"
    tree = sim.run(book, model=own_model.model(), scenarios=NAMES, draws=DRAWS, seed=7, keep_draws=KEEP)
    files.write(tree, path)
    return path


def content(path):
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def finish(given, laid, fresh, path):
    stored.finish(outcome(shards.merge(given), laid, laid.room(0)).tree(), laid, fresh, path)


@settings(deadline=None)
@given(st.integers(1, 1 << 30), st.lists(st.integers(1, 3000), max_size=2))
def test_no_chunk_lies_in_two_regions(draws, more):
    found = chunks(["scenario", "draw", "a", "b"][: 2 + len(more)], [3, draws, *more])
    assert np.prod(found) * 8 <= 4 << 20
    assert found[1] == draws or region(draws) % found[1] == 0
    assert region(draws) % LEAF == 0


def test_the_bytes_of_one_machine_in_any_order_and_twice(laid, made, alone, tmp_path):
    path, order = tmp_path / "run.zarr", [*made, *made[:3]]
    random.Random(1).shuffle(order)
    with stored.begun(laid, path) as fresh:
        left = [stored.put(shard, laid, fresh) for shard in order]
        assert not any(shard.pieces for shard in left)
        finish([stored.put(shard, laid, fresh) for shard in made], laid, fresh, path)
    assert content(path) == content(alone)
    assert files.open(path).load().identical(files.open(alone).load())
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.zarr"]


def test_a_region_that_is_half_written_is_written_again(laid, made, alone, tmp_path, monkeypatch):
    """Its worker is killed on the way: of some arrays there are chunks, of others none, and no digests."""
    path, real, moved = tmp_path / "run.zarr", regions._move, []

    def move(*args):
        moved.append(args)
        if len(moved) == 4:
            raise KeyboardInterrupt  # as abrupt as it gets in one process
        return real(*args)

    with stored.begun(laid, path) as fresh:
        monkeypatch.setattr(regions, "_move", move)
        with pytest.raises(KeyboardInterrupt):
            stored.put(made[1], laid, fresh)
        monkeypatch.setattr(regions, "_move", real)
        left = [stored.put(shard, laid, fresh) for shard in made]
        finish(left, laid, fresh, path)
    assert content(path) == content(alone)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_writers_killed_at_any_step(laid, made, alone, tmp_path):
    """SIGKILL before the first rename, the second, and so on: chunks, arrays and digests are there in part, or none."""
    path, parts = tmp_path / "run.zarr", [tmp_path / f"{k}.shard" for k in range(3)]
    for part, shard in zip(parts, made, strict=False):
        part.write_bytes(shards.to_bytes(shard))
    with stored.begun(laid, path) as fresh:
        command = [sys.executable, "-m", "tests.cluster.killed_writer", str(fresh), *map(str, parts)]
        root = Path(__file__).parents[2]
        told = subprocess.run(command, capture_output=True, text=True, cwd=root, timeout=120, check=True)
        assert int(told.stdout) > 5
        finish([stored.put(shard, laid, fresh) for shard in made], laid, fresh, path)
    assert content(path) == content(alone)
    assert sorted(tmp_path.iterdir()) == sorted([path, *parts])


def test_a_missing_region_or_chunk_is_noticed_and_nothing_left(laid, made, tmp_path):
    path = tmp_path / "run.zarr"
    for lost in "region", "chunk":
        with contextlib.suppress(KeyboardInterrupt), stored.begun(laid, path) as fresh:
            left = [stored.put(shard, laid, fresh) for shard in made[: 2 if lost == "region" else None]]
            if lost == "chunk":
                (fresh / "draws" / "product" / "c" / "0" / "1").unlink()
            with pytest.raises(ResultError, match="missing, of 147,556 kept draws"):
                finish(made if lost == "region" else left, laid, fresh, path)
            raise KeyboardInterrupt
        assert list(tmp_path.iterdir()) == []


def test_a_worker_that_comes_late_changes_nothing(laid, made, alone, tmp_path):
    path = tmp_path / "run.zarr"
    with stored.begun(laid, path) as fresh:
        finish([stored.put(shard, laid, fresh) for shard in made], laid, fresh, path)
        with pytest.raises(cluster.ClusterError, match="does not find there"):
            stored.put(made[0], laid, fresh)
    with pytest.raises(cluster.ClusterError, match="name a folder on a disk that all workers share"):
        stored.put(made[0], laid, fresh)
    assert not fresh.exists()
    assert content(path) == content(alone)


def test_damage_to_a_region_is_noticed_when_it_is_read(laid, made, tmp_path):
    """The manifest has what workers told, not what lies there in the end."""
    path = tmp_path / "run.zarr"
    with stored.begun(laid, path) as fresh:
        left = [stored.put(shard, laid, fresh) for shard in made]
        victim = next(file for file in sorted((fresh / "inputs" / "own.x0" / "c").rglob("*")) if file.is_file())
        victim.write_bytes(victim.read_bytes()[::-1])
        finish(left, laid, fresh, path)
    with pytest.raises(ResultError, match="does not fit its checksum"):
        files.open(path)


def test_what_stood_there_stays_where_a_run_fails(laid, tmp_path):
    path = tmp_path / "run.zarr"
    files.write(sim.run(draws=4096, keep="none", outputs="headline"), path)
    before = content(path)
    with pytest.raises(ZeroDivisionError), stored.begun(laid, path):
        raise ZeroDivisionError
    assert content(path) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.zarr"]
    with (
        pytest.raises(ResultError, match="NetCDF cannot be written by many at a time"),
        stored.begun(laid, tmp_path / "run.nc"),
    ):
        pass


def test_the_shard_of_a_task_carries_no_draws(laid, tmp_path):
    plan = tasks.Plan(shards.job_of(laid), tasks.identity(), laid.model, None)
    assert plan.digest != tasks.Plan(plan.job, plan.identity, laid.model, "x").digest
    with contextlib.suppress(KeyboardInterrupt), stored.begun(laid, tmp_path / "run.zarr") as fresh:
        carried = tasks.shard(tasks.Plan(plan.job, plan.identity, laid.model, str(fresh)), 0, 4)
        assert not pickle.loads(pickle.dumps(carried)).shard.pieces
        told = json.loads((fresh / regions.TOLD / f"{0:012}.json").read_text())
        assert (told["first"], told["draws"]) == (0, 4 * LEAF)
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_on_worker_processes(book, alone, tmp_path):
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    path = tmp_path / "run.zarr"
    with workers(2) as (client, _), warnings.catch_warnings():
        batch_of = {"model": own_model.model(), "scenarios": NAMES, "draws": DRAWS, "seed": 7}
        tree = sim.run(book, **batch_of, keep_draws=KEEP, cluster=client, store=path)
        assert content(path) == content(alone)
        assert tree.identical(files.open(alone))
        none = sim.run(book, **batch_of, keep="none", cluster=client, store=tmp_path / "none.zarr")
        assert none.identical(files.open(tmp_path / "none.zarr"))
    with pytest.raises(ValueError, match="store: found it without cluster"):
        sim.run(book, **batch_of, store=path)
