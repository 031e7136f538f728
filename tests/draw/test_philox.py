"""Philox4x32-10 to the bit: the published vectors, then a plain twin over random keys and carries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draw.philox import fill_words, words_of
from sim.draw.samplers import Random
from sim.draw.scheme import SCHEME, SCRAMBLES, WORDS, key_of, tag

MASK = 0xFFFFFFFF
WORD = st.integers(0, MASK)

# Random123 1.14, tests/kat_vectors, "philox4x32 10": counter, key, output.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def hexes(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def plain(counter: list[int], key: list[int]) -> list[int]:
    (a, b, c, d), (k, m) = counter, key
    for _ in range(10):
        x, y = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = y >> 32 ^ b ^ k, y & MASK, x >> 32 ^ d ^ m, x & MASK
        k, m = k + 0x9E3779B9 & MASK, m + 0xBB67AE85 & MASK
    return [a, b, c, d]


def blocks(counter: list[int], key: list[int], count: int = 1) -> list[list[int]]:
    words = np.empty((1, 4 * count), np.uint32)
    first = np.uint64(counter[1] << 32 | counter[0])
    stream = np.array(counter[2:3], np.uint32)
    fill_words(np.array(key, np.uint32), stream, np.uint32(counter[3]), first, words)
    return words.reshape(-1, 4).tolist()


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_published_vectors(counter: str, key: str, output: str) -> None:
    assert blocks(hexes(counter), hexes(key)) == [hexes(output)]
    assert plain(hexes(counter), hexes(key)) == hexes(output)


@settings(deadline=None)
@given(counter=st.lists(WORD, min_size=4, max_size=4), key=st.lists(WORD, min_size=2, max_size=2))
def test_same_as_the_plain_twin(counter: list[int], key: list[int]) -> None:
    assert blocks(counter, key) == [plain(counter, key)]


@settings(deadline=None)
@given(low=st.integers(MASK - 40, MASK), high=st.sampled_from([0, 1, MASK - 1, MASK]), key=st.tuples(WORD, WORD))
def test_blocks_carry_from_the_low_to_the_high_word(low: int, high: int, key: tuple[int, int]) -> None:
    found = blocks([low, high, 5, 6], list(key), 64)
    for i, block in enumerate(found):
        index = ((high << 32 | low) + i) % (1 << 64)
        assert block == plain([index & MASK, index >> 32, 5, 6], list(key))


@pytest.mark.parametrize("first", [0, 16, (1 << 34) - 16, (1 << 62) - 4096])
def test_word_of_a_draw_is_lane_d_mod_4_of_block_d_div_4(first: int) -> None:
    seed, streams = 0x0123456789ABCDEF, np.array([1, 7, 21_202, MASK], np.uint32)
    words = np.empty((4, 48), np.uint32)
    Random().prepare(streams, seed).fill(first, words)
    for row, stream in zip(words, streams.tolist(), strict=True):
        for d in range(first, first + 48):
            counter = [d // 4 & MASK, d // 4 >> 32, stream, SCHEME * 256 + 1]
            assert row[d - first] == plain(counter, [0x89ABCDEF, 0x01234567])[d % 4]


@settings(deadline=None)
@given(seed=st.integers(0, 2**64 - 1), stream=st.integers(1, MASK), purpose=st.sampled_from([WORDS, SCRAMBLES]))
def test_a_few_words_by_numpy_are_the_same(seed: int, stream: int, purpose: int) -> None:
    found = words_of(seed, np.array([7, stream]), purpose, 32)
    for row, its in zip(found, (7, stream), strict=True):
        key = [seed & MASK, seed >> 32]
        assert row.tolist() == [word for i in range(8) for word in plain([i, 0, its, SCHEME * 256 + purpose], key)]


def test_purposes_share_no_counter() -> None:
    assert tag(WORDS) != tag(SCRAMBLES)
    streams = np.arange(1, 50)
    assert not np.isin(words_of(0, streams, WORDS, 64), words_of(0, streams, SCRAMBLES, 64)).any()


@pytest.mark.parametrize("seed", [-1, 1 << 64, 1.0, "7", None, True, float("nan")])
def test_what_is_no_seed_is_refused(seed: object) -> None:
    with pytest.raises(ValueError, match=r"seed: found .*, expected a whole number from 0 to 2\*\*64 - 1"):
        key_of(seed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seed", "key"), [(0, (0, 0)), (1, (1, 0)), ((1 << 64) - 1, (MASK, MASK)), (np.uint64(1 << 32), (0, 1))]
)
def test_seeds_make_keys(seed: int, key: tuple[int, int]) -> None:
    assert key_of(seed) == key
