"""Sobol points: the published sequence, exact nets in every scramble, and scrambles that are independent and fair."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm, qmc

from sim.draw.directions import DIMENSIONS, directions
from sim.draw.samplers import Random, Sobol
from sim.draw.scheme import REPLICATES
from sim.draw.sobol import fill_sobol, scrambles_of, steps_of

FALSE_ALARM = 1e-6


def plain_points(dimension: int, count: int) -> np.ndarray:
    """Unscrambled coordinates of points 0 … as integers of 32 bits, straight from the definition."""
    numbers = directions(np.array([dimension]))[0]
    index = np.arange(count, dtype=np.uint32)
    points = np.zeros(count, np.uint32)
    for bit in range(32):
        points ^= np.where(index >> np.uint32(bit) & np.uint32(1), numbers[bit], np.uint32(0))
    return points


def scrambled(seed: int, dimensions: list[int], points: int, first: int = 0) -> np.ndarray:
    """Words by dimension, replicate and point."""
    words = np.empty((len(dimensions), REPLICATES * points), np.uint32)
    Sobol().prepare(np.array(dimensions, np.uint32), seed).fill(REPLICATES * first, words)
    return words.reshape(len(dimensions), points, REPLICATES).transpose(0, 2, 1)


def plain_owen(x: int, add: int, multiply: int) -> int:
    mask = 0xFFFFFFFF
    x ^= x * 0x3D20ADEA & mask
    x = (x + add) * multiply & mask
    x ^= x * 0x05526C56 & mask
    return x ^ (x * 0x53A22864 & mask)


def mirrored(x: int) -> int:
    return int(f"{x:032b}"[::-1], 2)


def test_unscrambled_points_are_scipys() -> None:
    theirs = qmc.Sobol(600, scramble=False, bits=32).random(1 << 10)
    index = np.arange(1 << 10)
    gray = index ^ index >> 1  # SciPy walks the same points in the order of the Gray code.
    for dimension in (1, 2, 3, 10, 94, 377, 600):
        ours = plain_points(dimension, 1 << 10)[gray]
        np.testing.assert_array_equal(theirs[:, dimension - 1] * 2.0**32, ours)


def test_the_last_dimension_is_scipys() -> None:
    theirs = qmc.Sobol(DIMENSIONS, scramble=False, bits=32).random(8)
    index = np.arange(8)
    np.testing.assert_array_equal(theirs[:, -1] * 2.0**32, plain_points(DIMENSIONS, 8)[index ^ index >> 1])


def test_direction_numbers_have_their_leading_digit() -> None:
    numbers = directions(np.arange(1, DIMENSIONS + 1))
    bits = np.arange(32, dtype=np.uint32)
    assert (numbers >> (31 - bits) & 1).all()
    assert not (numbers & ((np.uint32(1) << (31 - bits)) - np.uint32(1))).any()


def test_the_first_dimensions_read_alone_are_the_same() -> None:
    first = directions(np.arange(1, 1025))
    np.testing.assert_array_equal(first, directions(np.append(np.arange(1, 1025), DIMENSIONS))[:-1])


@pytest.mark.parametrize("stream", [0, DIMENSIONS + 1])
def test_a_stream_beyond_the_file_is_refused(stream: int) -> None:
    with pytest.raises(ValueError, match=rf"stream {stream}: .*dimensions 1 to 21,201; .*random sampler"):
        directions(np.array([stream]))


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**31 - 1), st.integers(0, 31))
def test_the_scramble_is_nested(x: int, add: int, half: int, k: int) -> None:
    multiply = 2 * half + 1
    step = np.zeros((1, 33), np.uint32)
    step[0, 0] = x  # so that point 1 is x
    words, adds, multiplies = np.zeros((3, 1, 16), np.uint32)
    adds[0, 5], multiplies[0, 5] = add, multiply
    fill_sobol(step, adds, multiplies, np.uint64(1), words)
    found = mirrored(int(words[0, 5]))
    assert found == plain_owen(x, add, multiply)
    other = plain_owen(x ^ 1 << k, add, multiply)
    assert (found ^ other) & ((2 << k) - 1) == 1 << k, "digits before k kept, digit k flipped"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 2), st.sampled_from([1, 2, 5, 94, 999]), st.integers(0, 2**64 - 1))
def test_any_point_is_found_by_its_index(first: int, dimension: int, seed: int) -> None:
    add, multiply = scrambles_of(seed, np.array([dimension]))
    numbers = [int(v) for v in directions(np.array([dimension]))[0]]
    words = scrambled(seed, [dimension], 2, first)[0]
    for i in range(2):
        point = 0
        for bit in range(32):
            point ^= numbers[bit] if first + i >> bit & 1 else 0
        for r in (0, 7, 15):
            expected = mirrored(plain_owen(mirrored(point), int(add[0, r]), int(multiply[0, r])))
            assert words[r, i] == expected


def test_the_step_beyond_the_last_point_is_defined() -> None:
    assert not steps_of(np.array([3]))[0, 32]
    assert len(np.unique(scrambled(0, [3], 4, 2**32 - 4)[0, 0])) == 4


@pytest.mark.parametrize("m", [1, 5, 10, 13])
def test_every_interval_holds_exactly_one_point(m: int) -> None:
    """Each of 2^m intervals, each replicate, dimensions low and high, the first net and a later one."""
    for first in (0, 3 << m):
        words = scrambled(3, [1, 2, 3, 40, 94, 999], 1 << m, first)
        intervals = np.sort(words >> np.uint32(32 - m), axis=2)
        assert (intervals == np.arange(1 << m)).all()


@pytest.mark.parametrize(("pair", "t"), [((1, 2), 0), ((1, 3), 1), ((2, 3), 1), ((17, 18), None), ((40, 94), None)])
@pytest.mark.parametrize("m", [6, 11])
def test_every_elementary_box_holds_its_count(pair: tuple[int, int], t: int | None, m: int) -> None:
    """A (t, m, 2)-net: boxes of volume 2^(t - m) hold 2^t points; t is the unscrambled net's, counted likewise."""

    def quality(points: np.ndarray) -> int:
        for quality in range(m + 1):
            k = m - quality
            counts = [
                np.bincount((points[0] >> (32 - i)) << (k - i) | points[1] >> (32 - k + i), minlength=1 << k)
                for i in range(k + 1)
            ]
            if all((count == 1 << quality).all() for count in counts):
                return quality
        raise AssertionError

    plain = np.stack([plain_points(dimension, 1 << m) for dimension in pair]).astype(np.uint64)
    expected = quality(plain)
    assert t is None or expected == t
    words = scrambled(11, list(pair), 1 << m).astype(np.uint64)
    assert {quality(words[:, r]) for r in range(REPLICATES)} == {expected}


def test_replicates_and_streams_and_seeds_differ() -> None:
    words = np.stack([scrambled(seed, [1, 2, 94], 8) for seed in (0, 1, 1 << 32)])
    assert len(np.unique(words.reshape(-1, 8), axis=0)) == 3 * 3 * REPLICATES


def test_flips_of_a_scramble_are_fair_and_uncorrelated() -> None:
    """The flips at the first 31 nodes of the digit tree, over 64,000 scrambles: means 1/2, no pair correlated."""
    add, multiply = (
        np.concatenate(parts) for parts in zip(*(scrambles(seed, range(1, 1001)) for seed in range(4)), strict=True)
    )
    flips = []
    for level in range(5):
        for prefix in range(1 << level):
            x = np.full(add.size, prefix, np.uint32)
            with np.errstate(over="ignore"):
                flips.append(vector_owen(x, add, multiply) >> np.uint32(level) & np.uint32(1))
    signs = np.array(flips, np.float64) * 2.0 - 1.0
    z = np.concatenate([signs.sum(axis=1), (signs @ signs.T)[np.triu_indices(31, 1)]]) / math.sqrt(add.size)
    assert np.abs(z).max() < norm.isf(FALSE_ALARM / 2 / z.size)


def scrambles(seed: int, streams: range) -> tuple[np.ndarray, np.ndarray]:
    add, multiply = scrambles_of(seed, np.array(streams))
    return add.ravel(), multiply.ravel()


def vector_owen(x: np.ndarray, add: np.ndarray, multiply: np.ndarray) -> np.ndarray:
    x = x ^ x * np.uint32(0x3D20ADEA)
    x = (x + add) * multiply
    x = x ^ x * np.uint32(0x05526C56)
    return x ^ x * np.uint32(0x53A22864)


def test_means_are_unbiased_and_errors_honest() -> None:
    """A product of two coordinates over 800 seeds: z of the mean, and the share of 95 % intervals of t with 15 degrees
    that hold the truth; false alarms 1e-6 each."""
    seeds, held, means = 800, 0, []
    for seed in range(seeds):
        u = (scrambled(seed, [4, 9], 32) + 0.5) / 2.0**32
        replicate = (u[0] * u[1] ** 2).mean(axis=1)
        means.append(replicate.mean())
        held += abs(replicate.mean() - 1 / 6) < 2.131449546 * replicate.std(ddof=1) / 4.0
    z = (np.mean(means) - 1 / 6) / (np.std(means, ddof=1) / math.sqrt(seeds))
    assert abs(z) < norm.isf(FALSE_ALARM / 2)
    assert binom.ppf(FALSE_ALARM / 2, seeds, 0.95) <= held <= binom.isf(FALSE_ALARM / 2, seeds, 0.95)


def test_a_smooth_mean_is_far_closer_than_by_random_draws() -> None:
    streams = np.arange(1, 9, dtype=np.uint32)

    def error(sampler: Sobol | Random) -> float:
        squares = []
        for seed in range(20):
            words = np.empty((8, 1 << 14), np.uint32)
            sampler.prepare(streams, seed).fill(0, words)
            u = (words + 0.5) / 2.0**32
            squares.append((np.prod(1.0 + (u - 0.5) / np.arange(1, 9)[:, None], axis=0).mean() - 1.0) ** 2)
        return float(np.mean(squares))

    assert error(Random()) / error(Sobol()) > 300.0
