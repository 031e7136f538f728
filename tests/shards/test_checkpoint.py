"""A run with a checkpoint folder: whatever ends it, the same call goes on and gives the unbroken run's bytes."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import sim
from sim.results import atomic
from sim.results.errors import WriteError
from sim.shards import checkpoint, folder
from sim.tiles import LEAF
from tests.shards import disk, made

pytestmark = [pytest.mark.filterwarnings("ignore::sim.NonfiniteDraws")]
ROOT = Path(__file__).parents[2]
LEAVES = 8
BATCH = {"draws": LEAVES * LEAF, "seed": 5, "keep_draws": 20_000, "pairs": True, "threads": 1}


def run(path=None, **options):
    """The run, two leaves a shard; and what it told."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tree = sim.run(
            made.book(), model=made.MODEL, scenarios=["baseline", "more"], checkpoint=path, **BATCH | options
        )
    return tree, [str(w.message) for w in caught if w.category is sim.CheckpointNotice]


DONE = checkpoint._Pace.done


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(checkpoint._Pace, "done", lambda self: None)


@pytest.fixture(scope="module")
def whole():
    return run()[0]


def listing(path):
    return sorted(file.name for file in path.iterdir())


def shards_in(path):
    return [name for name in listing(path) if name.endswith(".shard")]


def test_it_is_the_unbroken_run_and_goes_on_from_what_is_there(whole, tmp_path):
    tree, told = run(tmp_path / "kept")
    assert tree.identical(whole)
    assert told == []
    names = ["00000000-00000002.shard", "00000002-00000004.shard", "00000004-00000006.shard", "00000006-00000008.shard"]
    assert shards_in(tmp_path / "kept") == names
    assert listing(tmp_path / "kept") == [*names, "job.json", "lock"]
    for some in ([0], [1, 3], [0, 1, 2, 3]):
        for name in (names[i] for i in some):
            (tmp_path / "kept" / name).unlink()
        done = []
        tree, told = run(tmp_path / "kept", progress=done.append)
        assert tree.identical(whole)
        there = (4 - len(some)) * 2 * LEAF
        assert told == (
            [f"{tmp_path / 'kept'}: goes on from {there:,} of 131,072 draws that are there"] if there else []
        )
        assert done[0] == there + LEAF
        assert done[-1] == LEAVES * LEAF


def test_less_than_a_leaf(tmp_path):
    tree, _ = run(tmp_path / "kept", draws=256)
    assert tree.identical(run(draws=256)[0])
    assert run(tmp_path / "kept", draws=256)[1] == [
        f"{tmp_path / 'kept'}: goes on from 256 of 256 draws that are there"
    ]


def a_pace(wanted, threads=2):
    pace = checkpoint._Pace(threads)
    pace._wanted = wanted
    return pace


def test_shards_are_nodes_of_the_tree_of_about_the_leaves_that_are_wanted():
    """But for the first, and where no half of one is left at the end."""
    four = a_pace(4.0)
    assert [four.next(at, 64) for at in (0, 1, 2, 3, 4, 12, 48)] == [4, 3, 2, 5, 4, 4, 4]
    assert (four.next(0, 3), four.next(0, 5), four.next(0, 6), four.next(62, 64), four.next(63, 64)) == (3, 5, 4, 2, 1)
    for wanted, expected in ((300.0, [252, 256, 256, 256]), (400.0, [508, 512]), (350.0, [252, 256, 256, 256])):
        at, steps = 4, []
        while at < 1024:
            steps.append(a_pace(wanted).next(at, 1024))
            at += steps[-1]
        assert steps == expected
    assert a_pace(0.2).next(8, 64) == 1


@pytest.mark.parametrize(
    ("start", "kept_in", "so_far", "seconds"),
    [(0.0, 0.25, 0.0, 10.0), (30.0, 0.25, 0.0, 10.0), (0.0, 2.0, 0.0, 40.0), (0.0, 0.25, 1000.0, 50.0)],
)
def test_the_pace_is_that_of_leaves_alone(monkeypatch, start, kept_in, so_far, seconds):
    """Ten seconds of work whatever a shard takes to begin; twenty times what it takes to keep; a twentieth of long runs.

    Two threads, a quarter of a second a leaf each: eight leaves a second.
    """
    clock = [100.0]
    monkeypatch.setattr(checkpoint.time, "monotonic", lambda: clock[0])
    pace = checkpoint._Pace(2)
    pace._start -= so_far
    clock[0] += start
    for leaf in range(4):
        clock[0] += 0.25 * (leaf % 2 == 0)
        pace.reached((leaf + 1) * LEAF)
    clock[0] += kept_in
    DONE(pace)
    assert pace._wanted == pytest.approx(8.0 * seconds, rel=0.05)


def test_too_few_leaves_tell_no_pace():
    pace = checkpoint._Pace(2)
    for leaf in (1, 2):
        pace.reached(leaf * LEAF)
    DONE(pace)
    assert pace._wanted == 4.0


def test_a_damaged_shard_is_told_of_and_run_again(whole, tmp_path):
    kept = tmp_path / "kept"
    run(kept)
    bad = kept / "00000002-00000004.shard"
    rng = random.Random(2)
    good = bad.read_bytes()
    for content in (b"", good[:1000], good[:-1], *(_flipped(good, rng) for _ in range(5))):
        bad.write_bytes(content)
        tree, told = run(kept)
        assert tree.identical(whole)
        assert len(told) == 2
        assert told[0].startswith(f"{bad}: ")
        assert told[0].endswith("; its draws are run again")
        assert bad.read_bytes() == good


def _flipped(data, rng):
    bad = bytearray(data)
    bad[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(bad)


def test_a_damaged_job_is_written_anew(whole, tmp_path):
    kept = tmp_path / "kept"
    run(kept)
    good = (kept / "job.json").read_bytes()
    for content in (b"", b"{}", b"[" * 100_000, good.replace(b"small", b"smoll")):
        (kept / "job.json").write_bytes(content)
        tree, told = run(kept)
        assert tree.identical(whole)
        assert told[0] == f"{kept / 'job.json'}: damaged; written anew, since every shard tells of its run too"
        assert (kept / "job.json").read_bytes() == good


def test_another_run_in_the_same_folder_is_refused(tmp_path):
    kept = tmp_path / "kept"
    run(kept, draws=LEAF)
    before = {file.name: file.read_bytes() for file in kept.iterdir()}
    for options, words in (
        ({"draws": LEAF, "seed": 6}, "another seed: 6 in this run, 5 in "),
        ({"draws": 2 * LEAF}, "another number of draws: 32,768 in this run, 16,384 in "),
    ):
        with pytest.raises(ValueError, match=f"not of one batch: {words}"):
            run(kept, **options)
    (kept / "job.json").unlink()  # its shards tell as well
    with pytest.raises(ValueError, match="another seed"):
        run(kept, draws=LEAF, seed=6)
    (kept / "job.json").write_bytes(before["job.json"])
    assert {file.name: file.read_bytes() for file in kept.iterdir()} == before


def test_other_places_are_refused_and_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("all of it")
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"mine: found 'thesis.doc' in it, expected an empty folder or the checkpoint"):
        run(tmp_path / "mine")
    with pytest.raises(ValueError, match=r"file: found a file of that name"):
        run(tmp_path / "file")
    with pytest.raises(WriteError, match=r'cannot write .*: no folder ".*missing"; make it first'):
        run(tmp_path / "missing" / "kept")
    assert listing(tmp_path / "mine") == ["thesis.doc"]
    with pytest.raises(ValueError, match="checkpoint and until: found both"):
        sim.run(until=0.1, checkpoint=tmp_path / "kept")
    assert listing(tmp_path) == ["file", "mine"]


def test_two_runs_cannot_write_to_one_folder(whole, tmp_path):
    kept = tmp_path / "kept"
    run(kept, draws=LEAF)
    code = "import fcntl, os, sys, time; handle = os.open(sys.argv[1], os.O_RDWR); fcntl.flock(handle, fcntl.LOCK_EX); "
    code += "print('held', flush=True); time.sleep(60)"
    other = subprocess.Popen([sys.executable, "-c", code, str(kept / "lock")], stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(ValueError, match="another run writes to it"):
            run(kept, draws=LEAF)
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    run(kept, draws=LEAF)  # the lock goes with the process


def test_leftovers_of_killed_writers_are_swept(tmp_path):
    kept = tmp_path / "kept"
    run(kept, draws=LEAF)
    for name in (".00000000-00000001.shard.0123abcd-77-3.new.shard", ".job.json.0123abcd-77-0.new.json"):
        (kept / name).write_bytes(b"half")
    run(kept, draws=LEAF)
    assert listing(kept) == ["00000000-00000001.shard", "job.json", "lock"]


def test_a_shard_copied_over_another_ones_draws_is_refused(tmp_path):
    kept = tmp_path / "kept"
    run(kept)
    shutil.copy(kept / "00000002-00000004.shard", kept / "00000003-00000004.shard")
    with pytest.raises(ValueError, match=r"00000003-00000004.shard: holds draws that another file beside it has too"):
        run(kept)


@pytest.mark.parametrize(
    ("call", "code"), [("fsync", errno.EIO), ("replace", errno.EROFS), ("write", errno.ENOSPC), ("mkdir", errno.EROFS)]
)
def test_whichever_call_fails_earlier_work_is_kept(whole, tmp_path, monkeypatch, call, code):
    """The n-th sync, rename or write fails, for n = 1, 2, … until a run passes: one line, and the next run goes on."""
    for n in range(1, 100):
        kept = tmp_path / f"{n}"
        with monkeypatch.context() as patch:
            failing(patch, call, n, code)
            failed = refused(kept)
        assert failed is None or (os.strerror(code) in failed and "\n" not in failed)
        if n % 5 == 1 or failed is None:  # the next run takes its time
            before = shards_in(kept) if kept.exists() else []
            tree, told = run(kept)
            assert tree.identical(whole)
            assert bool(told) == bool(before)
            assert not [name for name in listing(kept) if name.startswith(".")]
        shutil.rmtree(kept, ignore_errors=True)
        if failed is None:
            assert n > {"mkdir": 1}.get(call, 5)
            return
    raise AssertionError("no run passed")


def refused(kept):
    """Why the run ended, or None."""
    try:
        run(kept)
    except WriteError as error:
        return str(error)
    return None


def failing(patch, call, n, code):
    """Let the ``n``-th call fail; a write in the middle of its bytes."""
    count = iter(range(1, 1 << 30))
    owner, name = {"write": (Path, "open"), "mkdir": (Path, "mkdir")}.get(call, (os, call))
    real = getattr(owner, name)

    def either(*arguments, **options):
        if call == "write" and arguments[1:2] != ("xb",):
            return real(*arguments, **options)
        if next(count) == n:
            if call == "write":
                arguments[0].write_bytes(b"half")
            raise OSError(code, os.strerror(code))
        return real(*arguments, **options)

    patch.setattr(owner, name, either)


def test_a_disk_that_fills_up(whole, tmp_path):
    """A limit on the size of files cuts a shard short in the middle of its bytes; what was kept before stays."""
    kept = tmp_path / "kept"
    code = f"""
import resource, signal, sys, warnings
warnings.simplefilter("ignore")
from sim.shards import checkpoint, folder
from tests.shards.test_checkpoint import BATCH, made
import sim
checkpoint._Pace.done = lambda self: None
real = folder.Folder.keep
def keep(self, shard):
    if shard.leaves[0][0] == 4:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    real(self, shard)
folder.Folder.keep = keep
try:
    sim.run(made.book(), model=made.MODEL, scenarios=["baseline", "more"], checkpoint={str(kept)!r}, **BATCH)
except OSError as error:
    print(error)
"""
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "00000004-00000006.shard: File too large; what was kept before stays" in found.stdout
    assert shards_in(kept) == ["00000000-00000002.shard", "00000002-00000004.shard"]
    assert not [name for name in listing(kept) if name.startswith(".")]
    tree, told = run(kept)
    assert tree.identical(whole)
    assert len(told) == 1


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """What a whole run does to its folder, and one that goes on from half of it with a damaged shard."""
    root = tmp_path_factory.mktemp("disk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoint._Pace, "done", lambda self: None)
        with disk.recorded(root, patch) as recorder:
            run(root / "kept")
            (root / "kept" / "00000004-00000006.shard").unlink()
            run(root / "kept")
    return recorder


def test_the_log_holds_what_a_run_does(log):
    """About nine changes a shard: made, synced, renamed, the folder synced."""
    assert len([1 for _, synced in log.moments if synced is not None]) >= 2 * 6
    assert len(log.moments) > 30


def cut(log, moment, to, rng, kind, whole, monkeypatch):
    """After the cut the same run gives the same bytes, and no shard that stands under its name is damaged."""
    disk.after_a_cut(log, moment, to, rng, kind)
    monkeypatch.setattr(atomic, "_alive", lambda *_: False)  # the machine has started anew
    tree, told = run(to / "kept")
    assert tree.identical(whole), (moment, kind)
    assert not [line for line in told if "goes on" not in line], (moment, kind)
    assert listing(to / "kept")[-2:] == ["job.json", "lock"]


def test_after_a_power_cut_the_run_goes_on(log, whole, tmp_path, monkeypatch):
    rng = random.Random(11)
    moments = rng.sample(range(len(log.moments)), 9)
    for number, moment in enumerate(moments):
        kind = ("none", "all", "some")[number % 3]
        cut(log, moment, tmp_path / str(number), rng, kind, whole, monkeypatch)


@pytest.mark.slow
def test_after_a_power_cut_at_any_moment_the_run_goes_on(log, whole, tmp_path, monkeypatch):
    rng = random.Random(12)
    for moment in range(len(log.moments)):
        for number, kind in enumerate(("none", "all", "some", "some", "some", "some")):
            place = tmp_path / f"{moment}-{number}"
            cut(log, moment, place, rng, kind, whole, monkeypatch)
            shutil.rmtree(place)


def test_without_a_sync_a_power_cut_is_noticed(whole, tmp_path, monkeypatch):
    """The recorder would see a sync that is missing: names then stand for bytes that are not there."""
    (tmp_path / "disk").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "_sync", lambda path: None)
        with disk.recorded(tmp_path / "disk", patch) as recorder:
            run(tmp_path / "disk" / "kept", draws=LEAF)
    disk.after_a_cut(recorder, len(recorder.moments) - 1, tmp_path / "cut", random.Random(1), "none")
    monkeypatch.setattr(atomic, "_alive", lambda *_: False)
    told = run(tmp_path / "cut" / "kept", draws=LEAF)[1]
    assert any("damaged" in line or "not a shard" in line for line in told)


def test_job_json_says_what_is_run(tmp_path):
    run(tmp_path / "kept", draws=LEAF)
    content = json.loads((tmp_path / "kept" / "job.json").read_text())
    assert content["format"] == folder.FORMAT
    assert json.loads(content["job"])["seed"] == 5
