"""Shards joined are the unbroken run to the byte, whatever the split, the order, the grouping and the process."""

import pickle
import random
import subprocess
import sys
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import reduce, shards
from sim.results import files
from sim.shards.shard import missing, overlap
from sim.tiles import LEAF
from tests.shards import made

pytestmark = pytest.mark.filterwarnings("ignore::sim.NonfiniteDraws")
ROOT = Path(__file__).parents[2]
LEAVES = 8
BATCH = {"draws": LEAVES * LEAF, "seed": 5, "keep_draws": 40_000, "pairs": True}
NAMES = ["baseline", "more", "other"]


@pytest.fixture(scope="module")
def whole():
    return sim.run(made.book(), model=made.MODEL, scenarios=NAMES, **BATCH)


@pytest.fixture(scope="module")
def spec():
    return made.spec(NAMES, **BATCH)


@pytest.fixture(scope="module")
def each(spec):
    """A shard of each leaf."""
    return [shards.run_shard(part, 1, model=made.MODEL) for part in shards.split(spec, LEAVES)]


def same(a, b):
    return shards.to_bytes(a) == shards.to_bytes(b)


@settings(max_examples=6, deadline=None)
@given(st.sets(st.integers(1, LEAVES - 1)), st.randoms(use_true_random=False))
def test_any_split_in_any_order_is_the_unbroken_run(whole, spec, cuts, rng):
    ends = [0, *sorted(cuts), LEAVES]
    parts = [shards.Spec(spec.job, a, b) for a, b in pairwise(ends)]
    found = [shards.run_shard(part, 1 + len(cuts) % 2, model=made.MODEL) for part in parts]
    rng.shuffle(found)
    assert shards.combine(found, made.MODEL).identical(whole)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, LEAVES))
def test_mergers_commute_and_associate_to_the_byte(each, rng, some):
    """Any tree of mergers of any leaves, neighbours or not, gives what merging them in order gives."""
    chosen = rng.sample(range(LEAVES), some)
    pool = [each[leaf] for leaf in chosen]
    while len(pool) > 1:
        a, b = (pool.pop(rng.randrange(len(pool))) for _ in range(2))
        pool.append(shards.merge_pair(a, b))
    assert same(pool[0], shards.merge([each[leaf] for leaf in sorted(chosen)]))


def test_files_are_equal_to_the_byte(whole, each, tmp_path):
    for name, tree in ("a", whole), ("b", shards.combine(each[::-1], made.MODEL)):
        files.write(tree, tmp_path / f"{name}.nc")
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


@pytest.mark.parametrize("draws", [16, 4096, LEAF])
@pytest.mark.parametrize("keep", ["headline", "all", "none"])
def test_less_than_a_leaf_and_every_way_of_keeping(draws, keep):
    batch = {"draws": draws, "keep": keep, "sampler": "random"}
    found = shards.run_shard(made.spec(**batch), model=made.MODEL)
    assert found.leaves == ((0, 1),)
    fresh = sim.run(made.book(), model=made.MODEL, scenarios=["baseline", "more"], **batch)
    assert shards.combine([found], made.MODEL).identical(fresh)


def test_the_market_in_another_process(tmp_path):
    """A spec pickles, and its shard's bytes are the same wherever it is run."""
    import priors
    from sim import market

    of, batch = priors.load(), {"draws": 2 * LEAF, "keep_draws": 20_000}
    whole = made.spec(["baseline", "austerity"], market.model(4), of, **batch)
    first, last = shards.split(whole, 2)
    (tmp_path / "spec").write_bytes(pickle.dumps(last))
    code = "import pickle, sys; from sim import shards; from pathlib import Path; at = Path(sys.argv[1]); "
    code += "spec = pickle.loads((at / 'spec').read_bytes()); "
    code += "(at / 'shard').write_bytes(shards.to_bytes(shards.run_shard(spec, 2))); assert 'xarray' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=ROOT)
    assert (tmp_path / "shard").read_bytes() == shards.to_bytes(shards.run_shard(last, 1))
    found = shards.combine([shards.from_bytes((tmp_path / "shard").read_bytes()), shards.run_shard(first)])
    fresh = sim.run(of, model=market.model(4), scenarios=["baseline", "austerity"], **batch)
    assert found.identical(fresh)


def test_not_a_number_is_told_once_all_is_joined(each):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        shards.merge(each)
        assert not caught
        shards.combine(each, made.MODEL)
    assert "not finite" in str(caught[0].message)


def test_overlaps_and_gaps_are_refused(spec, each):
    two = shards.merge_pair(each[2], each[3])
    with pytest.raises(ValueError, match=r"overlap: draws 32,768 to 49,151 are in both"):
        shards.merge_pair(two, each[2])
    with pytest.raises(ValueError, match=r"draws 0 to 16,383, 65,536 to 131,071 are missing"):
        shards.combine([each[1], two], made.MODEL)
    with pytest.raises(ValueError, match="no shard to merge"):
        shards.combine([], made.MODEL)
    for first, last in (0, 0), (3, 2), (0, LEAVES + 1), (-1, 2):
        with pytest.raises(ValueError, match="expected a range within the batch's 8 leaves"):
            shards.Spec(spec.job, first, last)


STRANGERS = {
    "another seed: 5 in one, 6 in the other": {"seed": 6},
    "another sampler: sobol in one, random": {"sampler": "random"},
    "another number of draws: 131,072 in one, 262,144": {"draws": 2 * LEAVES * LEAF},
    "another pairs: True in one, none": {"pairs": False},
    "another keep draws: 40000 in one, 100": {"keep_draws": 100},
    "another scenarios: baseline, more, other in one, baseline, more in": {"names": ["baseline", "more"]},
    "another digest of the book": {"of": made.book().with_set("fourth", ["own.b=1"])},
}


@pytest.mark.parametrize("message", STRANGERS)
def test_strangers_are_refused_by_what_differs(each, message):
    of = {"names": NAMES, **BATCH, **STRANGERS[message]}
    stranger = shards.run_shard(shards.split(made.spec(**of), LEAVES)[4], model=made.MODEL)
    with pytest.raises(ValueError, match=f"not of one batch: {message}"):
        shards.merge_pair(each[0], stranger)


def test_another_version_scheme_table_or_kernel_is_refused(spec, each):
    import json

    for name, value, words in (
        ("version", "0.0.9", "another version"),
        ("table_digest", "00", "another digest of the tables"),
    ):
        job = json.dumps(json.loads(spec.job) | {name: value}, ensure_ascii=False, separators=(",", ":"))
        with pytest.raises(ValueError, match=words):
            shards.run_shard(shards.Spec(job, 0, 1), model=made.MODEL)
    job = json.dumps(json.loads(spec.job) | {"scheme": 0})
    with pytest.raises(ValueError, match="drawn under scheme 0"):
        shards.run_shard(shards.Spec(job, 0, 1), model=made.MODEL)
    with pytest.raises(ValueError, match="came from the model 'small'; give it as model="):
        shards.run_shard(spec)
    from dataclasses import replace

    other = replace(made.MODEL, kernel=lambda x, y: y.fill(0.0))
    with pytest.raises(ValueError, match="another the model's outputs or kernel"):
        shards.run_shard(spec, model=other)


def test_a_forest_holds_the_nodes_of_the_tree():
    """Of leaves 0 to n: the open nodes; of others: the largest whole blocks, each merged as the tree merges it."""
    rng = np.random.default_rng(3)
    leaves = []
    for _ in range(13):
        accumulator = reduce.Accumulator(2)
        accumulator.add(rng.lognormal(size=(2, 160)))
        leaves.append(accumulator.leaf_done())
    tree, forest = reduce.Tree(), reduce.Forest()
    for number, node in enumerate(leaves):
        tree.add(number, node)
    for number in random.Random(1).sample(range(13), 13):
        forest.add(number, leaves[number])
    assert forest.ranges == ((0, 13),)
    for a, b in zip(tree.nodes, forest.tree().nodes, strict=True):
        for x, y in zip(a, b, strict=True):
            np.testing.assert_array_equal(x, y)
    assert list(reduce.blocks_of([(3, 13)])) == [(3, 1), (4, 4), (8, 4), (12, 1)]
    assert list(reduce.blocks_of([(0, 6), (7, 8)])) == [(0, 4), (4, 2), (7, 1)]
    with pytest.raises(ValueError, match="leaf 5 has been added before"):
        forest.add(5, leaves[5])
    with pytest.raises(ValueError, match="from 0 on without a gap"):
        reduce.Forest(((1, 2),), leaves[:1]).tree()


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_ranges(there):
    """Blocks cover a set of leaves once, each of a power of two from a multiple of it on, no two siblings."""
    ranges = missing([], 0)
    for leaf, has in enumerate(there):
        if has:
            ranges = (
                [*ranges[:-1], (ranges[-1][0], leaf + 1)]
                if ranges and ranges[-1][1] == leaf
                else [*ranges, (leaf, leaf + 1)]
            )
    blocks = list(reduce.blocks_of(ranges))
    assert [leaf for first, n in blocks for leaf in range(first, first + n)] == [
        i for i, has in enumerate(there) if has
    ]
    assert all(first % n == 0 and n & (n - 1) == 0 for first, n in blocks)
    assert not {(first ^ n, n) for first, n in blocks} & set(blocks)
    gaps = missing(ranges, len(there))
    assert overlap(ranges, gaps) == []
    assert sum(b - a for a, b in [*ranges, *gaps]) == len(there)
