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
    assert (cut.shards, cut.draws(0, 4096)) == (1, 4096)


def test_the_largest_batch_asked_for():
    """1e13 draws on a thousand workers: shards of minutes, and groups that come home by the thousand, not the million."""
    cut = Cut.of(-(-(1 << 44) // 16_384), 1000)
    assert cut.shards == MOST_SHARDS
    assert cut.shards // cut.group <= 1 << 13


@pytest.mark.parametrize(("leaves", "slots"), [(0, 1), (1, 0)])
def test_nothing_to_cut(leaves, slots):
    with pytest.raises(ValueError, match="expected at least one of each"):
        Cut.of(leaves, slots)
