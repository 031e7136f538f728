"""Shards as bytes: the same back, and nothing changed in them goes unnoticed, nor by one who knows the checksum."""

import hashlib
import json
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim import shards
from sim.shards import narrow, packed
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
        (
            "arrays",
            lambda told: [[n, k, [10**12], "one", 0] if n.endswith("key") else [n, k, *how] for n, k, *how in told],
        ),
        ("arrays", lambda told: [[n, "|O", *how] for n, _, *how in told]),
        ("arrays", lambda told: told[:-1]),
        ("arrays", lambda told: [[n, k, [-1], *how] for n, k, _, *how in told]),
        ("arrays", lambda told: [[n, k, s, "u3", e] for n, k, s, _, e in told]),
        ("arrays", lambda told: [[n, k, s, h, 10**9] for n, k, s, h, _ in told]),
        ("arrays", lambda told: [[n, k, s, h, True] for n, k, s, h, _ in told]),
        ("arrays", lambda told: [[n, k, s, "u1" if k == "<f8" else h, e] for n, k, s, h, e in told]),
        ("arrays", lambda told: [each[:3] for each in told]),
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
    for told, *how in header["arrays"]:
        size, whole = narrow.sizes(how)
        if told == f"0/counts/{name}":
            bad = narrow.restored(how, memoryview(rest)[at : at + size]).copy()
            bad.reshape(-1)[bad.size // 2] = -(1 << 30)
            plain = [[n, *h] if n != told else [n, h[0], h[1], "raw", 0] for n, *h in header["arrays"]]
            with pytest.raises(ValueError, match="counts do not fit together"):
                shards.from_bytes(
                    put_together(header | {"arrays": plain}, rest[:at] + bad.tobytes() + rest[at + size :])
                )
            assert bad.nbytes == whole
        at += size


@given(
    hnp.arrays(
        st.sampled_from([np.int32, np.int64]),
        hnp.array_shapes(max_dims=2, max_side=40),
        elements=st.one_of(st.integers(-3, 300), st.integers(-(1 << 31), (1 << 31) - 1), st.just(7)),
    ),
    st.booleans(),
)
def test_narrow_arrays_come_back_to_the_bit(array, ascending):
    how, pieces = narrow.stored(array, ascending)
    data = b"".join(pieces)
    assert narrow.sizes(how) == (len(data), array.nbytes)
    assert len(data) <= array.nbytes
    back = narrow.restored(how, memoryview(data))
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_counts_and_keys_take_a_byte_or_two_each():
    key = np.cumsum(np.r_[-500_000, np.ones(9_999, np.int64), 300_000, np.ones(5_000, np.int64)]).astype(np.int32)
    count = np.random.default_rng(1).integers(1, 255, len(key)).astype(np.int32)
    wide = np.random.default_rng(1).integers(1, 60_000, len(key)).astype(np.int32)
    for array, ascending, each in (key, True, 1), (count, False, 1), (wide, False, 2):
        how, _ = narrow.stored(array, ascending)
        assert narrow.sizes(how)[0] <= each * len(key) + 100, how
    assert narrow.stored(np.zeros(1000, np.int64))[0] == ["<i8", [1000], "one", 0]


def test_a_place_that_there_is_not_is_refused():
    how, pieces = narrow.stored(np.r_[np.arange(300), 1 << 30].astype(np.int32))
    assert how[2:] == ["u2", 1]
    for place in (-1, 301):
        data = b"".join(pieces[:1]) + np.array([place, 5], "<i8").tobytes()
        with pytest.raises(ValueError, match="places that an array has not"):
            narrow.restored(how, memoryview(data))
