"""The loop against a pool that loses, repeats, delays and damages things: every leaf is counted once, and it ends.

The pool runs tasks in an order that a seed decides. A shard is the list of its leaves, so that a leaf that is lost or counted
twice shows.
"""

import json

import pytest

from sim import shards
from sim.cluster import ClusterError, Cut, Patience, tasks
from sim.cluster.drive import Drive
from tests.cluster.unsteady_pool import LEAST, Pool

QUICK = Patience(first=1.0, least=LEAST, times=8.0, silence=20.0, attempts=200, glance=0.01)
PLAN = tasks.Plan("a job", (("suanli", "0"),))


@pytest.fixture(autouse=True)
def leaves_alone(monkeypatch):
    """Shards that are no more than which leaves they hold."""

    def read(data):
        if data.startswith(b"?"):
            raise ValueError("damaged")
        return json.loads(data)

    def together(a, b):
        assert not set(a) & set(b), "a leaf is counted twice"
        return sorted([*a, *b])

    monkeypatch.setattr(tasks, "shard", lambda plan, first, last: json.dumps(list(range(first, last))).encode())
    monkeypatch.setattr(tasks, "merged", lambda a, b: json.dumps(together(read(a), read(b))).encode())
    monkeypatch.setattr(tasks, "opened", lambda data: (read(data), len(data)))
    monkeypatch.setattr(shards, "merge_pair", together)
    monkeypatch.setattr(shards, "merge", lambda many: sorted(leaf for one in many for leaf in one))


def drive(pool, leaves, size=1, group=8, steps=((0, 0),), **more):
    """What came of a batch, the leaves that progress was told, what happened."""
    done, cut = [], Cut(leaves, size, group, steps)
    loop = Drive(pool, PLAN, cut, progress=lambda run: done.extend(range(*cut.range(*run))), patience=QUICK, **more)
    try:
        return loop.run(), done, loop.told
    finally:
        pool.over = True


@pytest.mark.parametrize("leaves", [1, 2, 7, 64, 100])
@pytest.mark.parametrize("kept", [0, 4])
@pytest.mark.parametrize("steps", [((0, 0),), ((0, 3), (8, 1), (20, 0))], ids=["shards", "runs"])
def test_every_leaf_once_in_any_order(leaves, kept, steps):
    if leaves < 8:
        steps = ((0, 0),)
    for seed in range(5):
        whole, done, told = drive(Pool(seed), leaves, kept=kept, steps=steps)
        assert whole == list(range(leaves))
        assert sorted(done) == list(range(leaves))
        assert (told.again, told.copies) == (0, 0)


@pytest.mark.parametrize("size", [1, 4])
def test_groups_are_merged_before_they_travel(size):
    _, _, told = drive(Pool(0), 64, size=size, group=4)
    assert told.fetched == 64 // size // 4
    assert told.merges == 64 // size - told.fetched


def test_runs_of_several_shards_are_merged_with_smaller_ones():
    """Four runs of 4 shards are groups of their own; two of 2, four of 1 make two groups more."""
    _, _, told = drive(Pool(0), 24, group=4, steps=((0, 2), (16, 1), (20, 0)))
    assert (told.runs, told.fetched, told.merges) == (10, 6, 4)


def test_kept_draws_travel_by_themselves():
    """Were they merged on a worker, they would be copied once for each level of the tree."""
    _, _, told = drive(Pool(0), 64, group=64, kept=1)
    assert told.fetched == 7  # the first shard, then the halves that have nobody to be merged with
    assert told.merges == 57


CHANCES = {"killed": 0.04, "stuck": 0.04, "late": 0.15, "forgot": 0.04, "damaged": 0.04}


@pytest.mark.parametrize("accident", CHANCES)
@pytest.mark.parametrize("steps", [((0, 0),), ((0, 2), (16, 1), (28, 0))], ids=["shards", "runs"])
def test_accidents_change_nothing(accident, steps):
    accidents = 0
    for seed in range(1 if accident == "late" else 5):
        whole, done, told = drive(Pool(seed, **{accident: CHANCES[accident]}), 48, steps=steps)
        assert whole == list(range(48))
        assert sorted(done) == list(range(48))
        accidents += told.again + told.copies
    assert accidents > 0


def test_a_copy_that_comes_home_too_is_not_counted():
    """Whichever of two comes first counts; of the other nobody hears any more, and if they did, it would be as nothing."""
    pool, done, cut = Pool(0), [], Cut(8, 1, 1)
    loop = Drive(pool, PLAN, cut, progress=done.append, patience=QUICK)
    flights = []
    heed = loop._heed
    loop._heed = lambda flight, found: (flights.append((flight, found)), heed(flight, found))
    assert loop.run() == list(range(8))
    before = (loop.told.runs, loop.told.fetched, len(done))
    assert before == (8, 8, 8)
    for flight, found in flights:
        if not flight.fetching:
            heed(flight, found)
    assert (loop.told.runs, loop.told.fetched, len(done)) == before
    assert not loop._ready
    assert not loop._out.nodes()
    pool.over = True


def test_all_accidents_together():
    for seed in range(4):
        whole, _, _ = drive(Pool(seed, killed=0.02, stuck=0.02, forgot=0.02, damaged=0.02), 64, kept=3)
        assert whole == list(range(64))


def test_a_fault_of_the_task_itself_is_told(monkeypatch):
    """A user's kernel that fails would fail on every worker: it is not tried again."""
    pool = Pool(0)
    monkeypatch.setattr(tasks, "shard", lambda plan, first, last: ZeroDivisionError("in the kernel"))
    with pytest.raises(ZeroDivisionError, match="in the kernel"):
        drive(pool, 8)
    assert pool.ran < 12


def test_a_task_that_never_comes_back_ends_the_run():
    pool = Pool(0, killed=1.0)
    with pytest.raises(ClusterError, match="were tried 200 times and never came back"):
        drive(pool, 4)


@pytest.mark.parametrize(("slots", "there"), [(3, "the scheduler knows of 3 slots"), (0, "no worker is left")])
def test_silence_ends_the_run(slots, there, monkeypatch):
    pool = Pool(0, stuck=1.0)
    monkeypatch.setattr(pool, "slots", lambda: slots)
    quiet = Patience(first=9.0, silence=0.3, glance=0.01)
    with pytest.raises(ClusterError, match=rf"nothing was heard of any task for 0 s: {there}.* 0 of 4 runs are done"):
        Drive(pool, PLAN, Cut(4, 1, 4), patience=quiet).run()
    pool.over = True


def test_a_worker_keeps_no_model_of_one_s_own_for_another_run():
    plans = [tasks.Plan("a job", (("suanli", "0"),), object(), token=token) for token in ("one", "two")]
    assert plans[0].digest != plans[1].digest
    assert tasks.plan(PLAN.job, PLAN.identity, None, None, "one").digest == plans[0].digest
