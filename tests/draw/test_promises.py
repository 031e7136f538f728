"""One index, one number: what may run around a draw without changing a bit of it."""

import itertools
import threading
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draw import SCHEME, Block, Column, Random, Sampler, Sobol, plan, prepare
from tests.draw.laws import SMOOTH, STEPS

LAWS = {**SMOOTH, **STEPS}
NAMES = ["pert", "lognormal", "normal", "choice", "gamma", "uniform", "triangular", "bernoulli"]
COLUMNS = [Column(stream, LAWS[name], 0.5, 2.0) for stream, name in enumerate(NAMES, 1)]
BLOCK = Block((2, 4, 7), np.array([[1.0, 0.5, 0.2], [0.5, 1.0, -0.3], [0.2, -0.3, 1.0]]))
OTHER = Block((3, 6), np.array([[1.0, -0.7], [-0.7, 1.0]]))
SAMPLERS = [pytest.param(Sobol(), id="sobol"), pytest.param(Random(), id="random")]
N = 1 << 10


def draws(
    sampler: Sampler,
    columns: Sequence[Column] = COLUMNS,
    blocks: Sequence[Block] = (),
    seed: int = 7,
    tile: tuple[int, int] = (0, N),
) -> np.ndarray:
    values = np.full((len(columns), tile[1]), np.nan)
    prepare(columns, blocks, seed=seed, sampler=sampler).fill(tile[0], values)
    return values


@pytest.mark.parametrize("sampler", SAMPLERS)
@settings(deadline=None, max_examples=10)
@given(cuts=st.lists(st.integers(1, N // 16 - 1), unique=True, max_size=8), tied=st.booleans())
def test_any_tiling_gives_the_same_bits(sampler: Sampler, cuts: list[int], tied: bool) -> None:
    drawer = prepare(COLUMNS, [BLOCK, OTHER] if tied else [], seed=7, sampler=sampler)
    edges = [0, *(16 * cut for cut in sorted(cuts)), N]
    tiles = []
    for first, last in itertools.pairwise(edges):
        tiles.append(np.empty((len(COLUMNS), last - first)))
        drawer.fill(first, tiles[-1])
    np.testing.assert_array_equal(np.concatenate(tiles, axis=1), draws(sampler, blocks=[BLOCK, OTHER] if tied else []))


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("most", [256, 512, 1 << 20])
def test_words_are_made_as_many_at_a_time_as_one_likes(monkeypatch, sampler: Sampler, most: int) -> None:
    expected = draws(sampler, blocks=[BLOCK, OTHER])
    monkeypatch.setattr(plan, "_MOST", most)
    plan._stretch.cache_clear()
    assert plan._stretch(N) == min(most, N)
    np.testing.assert_array_equal(draws(sampler, blocks=[BLOCK, OTHER]), expected)
    plan._stretch.cache_clear()


def test_no_draws_are_no_draws() -> None:
    assert draws(Sobol(), blocks=[BLOCK], tile=(32, 0)).shape == (len(COLUMNS), 0)


@given(parts=st.integers(1, 2048))
def test_a_stretch_of_words_is_an_equal_part_of_a_tile_and_no_small_one(parts: int) -> None:
    tile = 16 * parts
    stretch = plan._stretch(tile)
    equal = [size for size in range(256, tile + 1, 16) if tile % size == 0] or [tile]
    assert stretch == max((size for size in equal if size <= 1024), default=min(equal))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_first_of_more_draws_are_the_same(sampler: Sampler) -> None:
    np.testing.assert_array_equal(draws(sampler, tile=(0, 4 * N))[:, :N], draws(sampler))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_threads_share_one_drawer(sampler: Sampler) -> None:
    drawer = prepare(COLUMNS, [BLOCK], seed=7, sampler=sampler)
    expected = draws(sampler, blocks=[BLOCK])
    found = [np.empty((len(COLUMNS), 64)) for _ in range(N // 64)]

    def work(numbers: Sequence[int]) -> None:
        for _ in range(20):
            for number in numbers:
                drawer.fill(64 * number, found[number])

    threads = [threading.Thread(target=work, args=(range(k, N // 64, 4),)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(np.concatenate(found, axis=1), expected)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_adding_removing_reordering_columns_changes_no_other(sampler: Sampler) -> None:
    before = draws(sampler, blocks=[BLOCK])
    order = [5, 0, 7, 3, 2, 6, 1, 4]
    np.testing.assert_array_equal(draws(sampler, [COLUMNS[j] for j in order], [BLOCK]), before[order])
    np.testing.assert_array_equal(draws(sampler, COLUMNS[2:4], [BLOCK]), before[2:4])
    more = [Column(500, LAWS["gamma"]), *COLUMNS, Column(0, None, 3.0), Column(3, LAWS["weibull"])]
    after = draws(sampler, more, [BLOCK])
    np.testing.assert_array_equal(after[1:9], before)
    assert (after[9] == 3.0).all()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_member_of_a_block_needs_no_column(sampler: Sampler) -> None:
    before = draws(sampler, blocks=[BLOCK])
    np.testing.assert_array_equal(draws(sampler, COLUMNS[6:], [BLOCK]), before[6:])


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_correlation_changes_only_its_own_block(sampler: Sampler) -> None:
    before, after = draws(sampler), draws(sampler, blocks=[BLOCK])
    changed = {COLUMNS[j].stream for j in range(len(COLUMNS)) if (before[j] != after[j]).any()}
    assert changed == {4, 7}, "the first of a block keeps its own draws"
    both = draws(sampler, blocks=[OTHER, BLOCK])
    changed = {COLUMNS[j].stream for j in range(len(COLUMNS)) if (both[j] != after[j]).any()}
    assert changed == {6}


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_later_member_changes_none_before_it(sampler: Sampler) -> None:
    shorter = Block(BLOCK.streams[:2], BLOCK.spearman[:2, :2])
    with_three, with_two = draws(sampler, blocks=[BLOCK]), draws(sampler, blocks=[shorter])
    np.testing.assert_array_equal(with_three[:6], with_two[:6])


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_another_law_on_a_stream_has_the_same_uniforms(sampler: Sampler) -> None:
    columns = [Column(9, LAWS["uniform"]), Column(9, LAWS["normal"]), Column(9, LAWS["uniform"], 1.0, 3.0)]
    values = draws(sampler, columns)
    np.testing.assert_array_equal(np.argsort(values[0]), np.argsort(values[1]))
    np.testing.assert_array_equal(values[2], 1.0 + 3.0 * values[0])


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_seed_zero_is_a_seed(sampler: Sampler) -> None:
    seeds = [0, 1, 1 << 32, (1 << 64) - 1]
    values = [draws(sampler, COLUMNS[:1], seed=seed)[0] for seed in seeds]
    assert len(np.unique(values, axis=0)) == len(seeds)
    np.testing.assert_array_equal(draws(sampler, seed=0), draws(sampler, seed=0))


def test_streams_and_samplers_differ() -> None:
    """No two streams of either sampler alike; random ones uncorrelated, at six standard errors (780 pairs: 2e-6)."""
    columns = [Column(stream, LAWS["uniform"]) for stream in range(1, 41)]
    sobol, random = draws(Sobol(), columns), draws(Random(), columns)
    assert len(np.unique(np.concatenate([sobol, random]), axis=0)) == 80
    assert np.abs(np.corrcoef(random) - np.eye(40)).max() < 6.0 / np.sqrt(N)


def test_the_digest_tells_tables_apart_and_nothing_else() -> None:
    def digest(columns: Sequence[Column], seed: int = 0, sampler: Sampler = Sobol()) -> str:  # noqa: B008
        return prepare(columns, [], seed=seed, sampler=sampler).table_digest

    assert digest(COLUMNS) == digest(COLUMNS[::-1]) == digest(COLUMNS, 9, Random())
    assert digest(COLUMNS) != digest(COLUMNS[1:])


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_far_draws_are_reached_and_none_beyond(sampler: Sampler) -> None:
    drawer = prepare(COLUMNS, [], seed=0, sampler=sampler)
    values = np.empty((len(COLUMNS), 32))
    drawer.fill(drawer.limit - 32, values)
    assert np.isfinite(values).all()
    for first in (drawer.limit - 16, -16, 8):
        with pytest.raises(ValueError, match="a tile starts and ends on a multiple of 16, within the sampler's"):
            drawer.fill(first, values)
    with pytest.raises(ValueError, match=r"expected float64\[8, T\]"):
        drawer.fill(0, values[1:])


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (Column(0, SMOOTH["normal"]), "stream 0: expected a whole number from 1"),
        (Column(1 << 32, SMOOTH["normal"]), "expected a whole number from 1"),
        (Column(3, SMOOTH["normal"], np.inf), "stream 3: found loc inf, scale 1.0, expected finite numbers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(column: Column, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        prepare([column], [], seed=0, sampler=Sobol())


@pytest.mark.parametrize(
    ("sampler", "known"),
    [
        (
            Sobol(),
            [
                [1917012099, 3506840080, 541046699],
                [3973808759, 3645350063, 3252238855],
                [3339594964, 3823379482, 19579034],
            ],
        ),
        (
            Random(),
            [
                [1927948348, 3369086171, 2705163834],
                [2958762477, 3480624416, 2279138754],
                [210773357, 3821925301, 1056262740],
            ],
        ),
    ],
    ids=["sobol", "random"],
)
def test_known_words_of_scheme_2(sampler: Sampler, known: list[list[int]]) -> None:
    """The bits themselves, as the plain twins of test_philox and test_sobol have them (SciPy's points, scrambled).

    A failure means other draws than ever before: raise SCHEME, then renew the numbers.
    """
    words = np.empty((3, 16), np.uint32)
    sampler.prepare(np.array([1, 2, 94], np.uint32), 7).fill(32, words)
    assert SCHEME == 2
    assert words[:, [0, 1, 15]].tolist() == known
