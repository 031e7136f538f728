"""Ctrl-C at any moment of a write: it is heeded, and what stands there afterwards is whole."""

from __future__ import annotations

import copy
import os
import pickle
import signal
import threading

import pytest

from sim.results import atomic, files, interrupts, netcdf, reader
from sim.results.errors import ResultError, WriteError
from tests.results.made import little


@pytest.fixture(scope="module")
def trees():
    return little(1), little(2)


def on_the_nth_write(patch, n, act):
    """Do something while HDF5 writes for the ``n``-th time; how often it wrote is counted."""
    real, count = netcdf._Patient._put, [0]

    def put(self, data):
        count[0] += 1
        if count[0] == n:
            act()
        return real(self, data)

    patch.setattr(netcdf._Patient, "_put", put)
    return count


def press():
    os.kill(os.getpid(), signal.SIGINT)


def interrupted():
    raise KeyboardInterrupt


@pytest.mark.parametrize("act", [press, interrupted])
def test_no_write_of_hdf5_swallows_it(trees, tmp_path, monkeypatch, act):
    path = tmp_path / "run.nc"
    files.write(trees[0], path)
    whole = path.read_bytes()
    with monkeypatch.context() as patch:
        writes = on_the_nth_write(patch, 0, act)
        files.write(trees[1], tmp_path / "other.nc")
    (tmp_path / "other.nc").unlink()
    assert writes[0] > 50
    for n in [*range(1, 20), *range(20, writes[0] + 1, 7), writes[0]]:
        with monkeypatch.context() as patch:
            on_the_nth_write(patch, n, act)
            with pytest.raises(KeyboardInterrupt):
                files.write(trees[1], path)
        assert [entry.name for entry in tmp_path.iterdir()] == ["run.nc"], n
        assert path.read_bytes() == whole, n
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_pressed_while_the_place_is_taken_it_comes_after(trees, tmp_path, monkeypatch):
    path, real = tmp_path / "run.nc", os.replace

    def replace(*names):
        press()
        real(*names)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        files.write(trees[0], path)
    assert atomic.last == path
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.nc"]
    with files.open(path) as tree:
        assert tree.load().identical(trees[0])


def test_held_lets_it_through_where_asked_and_at_its_end():
    steps = []

    def asked():
        with interrupts.held() as let_through:
            let_through()
            press()
            steps.append("held")
            let_through()
            steps.append("not here")

    def at_the_end():
        with interrupts.held():
            press()
            steps.append("to the end")

    def failed():
        with interrupts.held():
            press()
            raise OSError("of its own")

    for block, error in ((asked, KeyboardInterrupt), (at_the_end, KeyboardInterrupt), (failed, OSError)):
        with pytest.raises(error):
            block()
    assert steps == ["held", "to the end"]


def test_held_leaves_other_threads_and_ignored_signals_alone():
    seen = []

    def within():
        with interrupts.held() as let_through:
            let_through()
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=within)
    thread.start()
    thread.join()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        within()
        press()
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen == [signal.default_int_handler, signal.SIG_IGN]


@pytest.mark.parametrize("kind", ["pipe", "a link to one"])
def test_devices_and_pipes_are_no_place(trees, tmp_path, kind):
    pipe, path = tmp_path / "pipe.nc", tmp_path / "link.nc"
    os.mkfifo(pipe)
    path.symlink_to(pipe)
    with pytest.raises(WriteError, match="found a device or a pipe, expected a file or nothing"):
        files.write(trees[0], pipe if kind == "pipe" else path)
    assert pipe.is_fifo()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["link.nc", "pipe.nc"]


@pytest.mark.parametrize("there", [True, False])
def test_what_a_link_leads_to_is_written(trees, tmp_path, there):
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "run.nc", tmp_path / "link.nc"
    if there:
        files.write(trees[0], target)
    link.symlink_to(target)
    files.write(trees[1], link)
    assert link.is_symlink()
    assert [entry.name for entry in target.parent.iterdir()] == ["run.nc"]
    with files.open(target) as tree:
        assert tree.load().identical(trees[1])


def test_a_folder_that_is_still_written_to_is_removed(tmp_path):
    store, done = tmp_path / "store", threading.Event()
    store.mkdir()

    def keep_on():
        for number in range(60):
            try:
                store.mkdir(exist_ok=True)
                (store / f"{number}").write_bytes(b"x")
            except OSError:
                continue
        done.set()

    writer = threading.Thread(target=keep_on)
    writer.start()
    atomic.remove(store)
    writer.join()
    atomic.remove(store)
    assert not store.exists()


def test_a_file_s_tree_may_be_pickled_and_copied(trees, tmp_path):
    path = tmp_path / "run.nc"
    files.write(trees[0], path)
    with files.open(path) as tree:
        for other in (pickle.loads(pickle.dumps(tree)), copy.deepcopy(tree), tree.copy(deep=True)):
            assert other.identical(trees[0])
            other.close()
        assert tree.identical(trees[0])


def test_what_was_pickled_is_not_read_from_another_file_of_that_name(trees, tmp_path, monkeypatch):
    files.write(trees[0], tmp_path / "run.nc")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reader, "_SMALL", 0)  # little results would be read at once
    with files.open("run.nc") as tree:
        pickled = pickle.dumps(tree)
        monkeypatch.chdir("/")
        assert pickle.loads(pickled).identical(trees[0])
    files.write(trees[1], tmp_path / "run.nc")
    with pytest.raises(ResultError, match=r"run\.nc: another file by now"):
        pickle.loads(pickled)
