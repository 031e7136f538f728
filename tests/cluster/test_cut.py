"""How a batch is cut: every leaf in one shard, shards and groups at their places in the tree, none too many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cluster import Cut
from sim.cluster.cut import MOST_IN_GROUP, MOST_SHARDS, SHARDS_A_SLOT

LEAVES = st.one_of(st.integers(1, 5000), st.integers(0, 40).map(lambda m: 1 << m))


@given(LEAVES, st.integers(1, 2000))
def test_shards_are_all_the_leaves_once(leaves, slots):
    cut = Cut.of(leaves, slots)
    assert cut.size & (cut.size - 1) == 0
    assert cut.group & (cut.group - 1) == 0
    assert cut.range(0, 0)[0] == 0
    assert cut.range(0, cut.shards - 1)[1] == leaves
    assert cut.exists(0, cut.shards - 1)
    assert not cut.exists(0, cut.shards)
    for level in range(min(cut.top, 6) + 1):
        first, last = cut.range(level, 1)
        assert first == cut.size << level
        assert last == min(2 * first, leaves)


@given(st.one_of(st.integers(1, 5000), st.integers(0, 24).map(lambda m: 1 << m)), st.integers(1, 2000))
def test_runs_are_all_the_leaves_once_and_never_larger_than_before(leaves, slots):
    cut = Cut.of(leaves, slots)
    reached, before = 0, cut.group
    for run in cut.runs():
        assert cut.is_run(run)
        first, last = cut.range(*run)
        assert first == reached
        assert (first % (cut.size << run[0])) == 0
        assert 1 << run[0] <= before
        reached, before = last, 1 << run[0]
    assert reached == leaves


@given(st.integers(0, 24).map(lambda m: 1 << m), st.integers(1, 2000))
def test_a_round_of_runs_is_half_of_what_is_left_or_less(leaves, slots):
    """So that slots that were not even at its end can still be made so."""
    cut, at = Cut.of(leaves, slots), 0
    for level, _ in cut.runs():
        assert (
            level == 0 or (slots + 1 << level) <= cut.shards - at
        )  # at its begin the round had 2 · slots of them to go
        at += 1 << level


@given(st.integers(1, 5000), st.integers(1, 20))
def test_a_node_is_made_of_runs(leaves, slots):
    cut = Cut.of(leaves, slots)
    runs = list(cut.runs())
    for level in range(cut.top + 1):
        for index in range(-(-cut.shards >> level)):
            first, last = cut.range(level, index)
            inside = [run for run in runs if first <= cut.range(*run)[0] < last]
            assert cut.is_run((level, index)) == (inside == [(level, index)])
            if all(cut.range(*run)[1] <= last for run in inside) and inside:
                assert list(cut.runs((level, index))) == inside


def test_two_slots_by_hand():
    """32 leaves: a half in runs of 8, a quarter in runs of 4, the rest in shards of 2."""
    cut = Cut.of(32, 2)
    assert (cut.size, cut.group, cut.steps) == (2, 4, ((0, 2), (8, 1), (12, 0)))
    assert list(cut.runs()) == [(2, 0), (2, 1), (1, 4), (1, 5), (0, 12), (0, 13), (0, 14), (0, 15)]
    assert list(cut.runs((2, 2))) == [(1, 4), (1, 5)]


def test_runs_are_not_too_long():
    """A leaf of ten seconds: eight of them are a run of 80 s, sixteen are too many."""
    cut = Cut.of(1 << 12, 4, leaf=10.0)
    assert max((last - first) for first, last in (cut.range(*run) for run in cut.runs())) == 8


@given(LEAVES, st.integers(1, 2000))
def test_neither_too_many_nor_too_few(leaves, slots):
    cut = Cut.of(leaves, slots)
    assert cut.shards <= MOST_SHARDS
    assert cut.group <= MOST_IN_GROUP
    if leaves >= SHARDS_A_SLOT * slots:
        assert cut.shards >= SHARDS_A_SLOT * slots or cut.shards > MOST_SHARDS // 2
    else:
        assert cut.size == 1


def test_draws_of_a_batch_that_is_no_whole_leaf():
    cut = Cut.of(1, 4)
    assert (cut.shards, cut.draws((0, 0), 4096)) == (1, 4096)


def test_the_largest_batch_asked_for():
    """1e13 draws on a thousand workers: shards of minutes, and groups that come home by the thousand, not the million."""
    cut = Cut.of(-(-(1 << 44) // 16_384), 1000)
    assert cut.shards == MOST_SHARDS
    assert cut.shards // cut.group <= 1 << 13


@pytest.mark.parametrize(("leaves", "slots"), [(0, 1), (1, 0)])
def test_nothing_to_cut(leaves, slots):
    with pytest.raises(ValueError, match="expected at least one of each"):
        Cut.of(leaves, slots)
