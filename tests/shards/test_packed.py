"""Shards as bytes: the same back, and nothing changed in them goes unnoticed, nor by one who knows the checksum."""

import hashlib
import json
import random

import numpy as np
import pytest

from sim import shards
from sim.shards import packed
from sim.tiles import LEAF
from tests.shards import made

pytestmark = pytest.mark.filterwarnings("ignore::sim.NonfiniteDraws")


@pytest.fixture(scope="module")
def shard():
    spec = made.spec(draws=4 * LEAF, keep_draws=32, pairs=True)
    a, b, c, _ = shards.split(spec, 4)
    return shards.merge(shards.run_shard(part, model=made.MODEL) for part in (c, a, b))


@pytest.fixture(scope="module")
def data(shard):
    return shards.to_bytes(shard)


def test_back_to_the_bit(shard, data):
    back = shards.from_bytes(data)
    assert (back.job, back.leaves) == (shard.job, shard.leaves) == (shard.job, ((0, 3),))
    for p, q in zip(shard.parts, back.parts, strict=True):
        arrays = zip(
            [*sum(p.nodes, ()), *vars(p.counts).values()], [*sum(q.nodes, ()), *vars(q.counts).values()], strict=True
        )
        for a, b in arrays:
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)
    assert len(back.pieces) == 1
    np.testing.assert_array_equal(back.pieces[0].columns, shard.pieces[0].columns)
    assert list(back.pieces[0].outputs) == list(shard.pieces[0].outputs)
    assert shards.to_bytes(back) == data
    assert all(array.flags.writeable and array.dtype.isnative for array in back.parts[0].nodes[0])


def test_every_flipped_bit_and_cut_is_noticed(data):
    rng = random.Random(1)
    for at in [*range(64), *rng.sample(range(len(data)), 300), len(data) - 1]:
        bad = bytearray(data)
        bad[at] ^= 1 << rng.randrange(8)
        with pytest.raises(ValueError, match=r"damaged: its checksum|not a shard of this version"):
            shards.from_bytes(bad)
    for length in [*range(80), *rng.sample(range(len(data)), 50)]:
        with pytest.raises(ValueError, match=r"damaged: its checksum|not a shard of this version"):
            shards.from_bytes(data[:length])
    with pytest.raises(ValueError, match="damaged"):
        shards.from_bytes(data + b"\0")


def signed(body):
    return bytes(body) + hashlib.sha256(body).digest()


def parted(data):
    start = len(packed.MARK) + 8
    length = int.from_bytes(data[start - 8 : start], "little")
    return json.loads(data[start : start + length]), data[start + length : -32]


def put_together(header, rest):
    text = json.dumps(header).encode()
    return signed(packed.MARK + len(text).to_bytes(8, "little") + text + rest)


def test_rightly_signed_nonsense_is_refused(data):
    """No index that a kernel would follow out of bounds, no room beyond what there is."""
    header, rest = parted(data)
    assert shards.to_bytes(shards.from_bytes(put_together(header, rest))) == data
    changes = [
        ("arrays", lambda told: [[n, k, [10**12], 1] if n.endswith("key") else [n, k, s, o] for n, k, s, o in told]),
        ("arrays", lambda told: [[n, "|O", s, o] for n, _, s, o in told]),
        ("arrays", lambda told: told[:-1]),
        ("arrays", lambda told: [[n, k, [-1], o] for n, k, s, o in told]),
        ("leaves", lambda leaves: [[0, 4]]),
        ("leaves", lambda leaves: [[3, 0]]),
        ("leaves", lambda leaves: []),
        ("parts", lambda parts: parts + 1),
        ("parts", lambda parts: 0),
        ("kept", lambda kept: [0, 5]),
        ("job", lambda job: None),
    ]
    for name, change in changes:
        with pytest.raises(ValueError, match="damaged"):
            shards.from_bytes(put_together(header | {name: change(header[name])}, rest))
    for name in header:
        with pytest.raises(ValueError, match="damaged"):
            shards.from_bytes(put_together({k: v for k, v in header.items() if k != name}, rest))


@pytest.mark.parametrize("name", ["row_start", "key", "count", "headline"])
def test_counts_that_do_not_fit_together_are_refused(data, name):
    header, rest = parted(data)
    at = 0
    for told, kind, shape, one in header["arrays"]:
        size = np.dtype(kind).itemsize * (1 if one else int(np.prod(shape)))
        if told == f"0/counts/{name}":
            bad = np.frombuffer(rest[at : at + size], kind).copy()
            bad[len(bad) // 2] = -(1 << 30)
            with pytest.raises(ValueError, match="counts do not fit together"):
                shards.from_bytes(put_together(header, rest[:at] + bad.tobytes() + rest[at + size :]))
        at += size
