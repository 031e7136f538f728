"""The copula: words to normals and back, correlations as asked, and which rows a block may touch."""

import math

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm, spearmanr

from sim.draw import Block, Column, Random, Sobol, prepare
from sim.draw.copula import mixer
from sim.draw.normal import normals, unit_normal, words_of
from tests.draw.laws import SMOOTH, STEPS, deep_words

FALSE_ALARM = 1e-6
RHO = np.array([[1.0, 0.6, -0.2], [0.6, 1.0, 0.3], [-0.2, 0.3, 1.0]])


def words_back(z: np.ndarray) -> np.ndarray:
    words = np.empty(len(z), np.uint32)
    words_of(unit_normal(), z, words)
    return words


def test_normal_scores_are_the_normal_quantiles() -> None:
    words = deep_words(5000)
    z = np.empty(len(words))
    normals(unit_normal(), words, z)
    rank = np.minimum(words, ~words).astype(np.float64)
    expected = np.where(words >> 31, norm.isf((rank + 0.5) / 2**32), norm.ppf((rank + 0.5) / 2**32))
    assert np.max(np.abs(z - expected) / np.maximum(np.abs(expected), 1.349)) < 3e-10


def test_one_word_at_the_edge_of_the_registers_is_the_same_alone() -> None:
    edges = [edge + step for edge in (1 << 14, 1 << 15, 1 << 16, 1 << 31) for step in (-1, 0, 1)]
    for word in [*edges, *((1 << 32) - edge for edge in edges)]:
        block, z, alone = np.full(8, 1 << 30, np.uint32), np.empty(8), np.empty(1)
        block[5] = word
        normals(unit_normal(), block, z)
        normals(unit_normal(), block[5:6], alone)
        assert z[5] == alone[0]
        words, single = np.empty(8, np.uint32), np.empty(1, np.uint32)
        words_of(unit_normal(), z, words)
        words_of(unit_normal(), alone, single)
        assert words[5] == single[0]


def test_words_of_normals_hold_the_cdf() -> None:
    """Within a word (2.3e-10) of the CDF, from tail to tail and beyond."""
    z = np.concatenate([np.linspace(-8.5, 8.5, 4001), np.random.default_rng(1).normal(size=4000), [0.0, 1e9, -1e9]])
    words = words_back(z)
    rank = np.minimum(words, ~words).astype(np.float64)
    tail = ndtr(-np.abs(z)) * 2.0**32
    assert np.max(np.abs(np.minimum(tail, 2.0**31 - 1) - rank - 0.5)) < 0.5 + 1e-11 * 2.0**32
    assert ((words >> 31 == 1) == (z > 0)).all()


def test_a_word_comes_back_nearly_itself() -> None:
    words = deep_words(5000)
    z = np.empty(len(words))
    normals(unit_normal(), words, z)
    moved = np.abs(words_back(z).astype(np.int64) - words.astype(np.int64))
    assert moved.max() <= 2


@pytest.mark.parametrize("sampler", [Sobol(), Random()])
def test_rank_correlations_are_as_asked(sampler: Sobol | Random) -> None:
    columns = [Column(stream, SMOOTH[law]) for stream, law in ((5, "lognormal"), (2, "pert"), (9, "gamma"))]
    order = [1, 0, 2]  # rows by stream
    values = np.empty((3, 1 << 16))
    prepare(columns, [Block((2, 5, 9), RHO)], seed=4, sampler=sampler).fill(0, values)
    found = spearmanr(values[order].T).statistic
    allowed = norm.isf(FALSE_ALARM / 6) / math.sqrt(values.shape[1])
    assert np.max(np.abs(found - RHO)) < allowed


def test_the_factor_is_of_pearsons_normal_correlations() -> None:
    """Spearman's rho is 6/π arcsin(r / 2) of a normal r, so r = 2 sin(π rho / 6): 0.5 becomes 0.5176."""
    mixed = mixer([Block((2, 5, 9), RHO)], {2: 0, 5: 1, 9: 2})
    assert mixed is not None
    expected = 2.0 * np.sin(np.pi * RHO / 6.0)
    np.testing.assert_allclose(mixed.factor @ mixed.factor.T, expected, atol=1e-15)
    assert expected[0, 1] == pytest.approx(0.61803398874989, rel=1e-12)


def test_margins_are_kept() -> None:
    """Each decile of each correlated column holds its tenth of the draws; false alarm 1e-6 over all."""
    columns = [Column(stream, SMOOTH["lognormal"]) for stream in (2, 5, 9)]
    values = np.empty((3, 1 << 16))
    prepare(columns, [Block((2, 5, 9), RHO)], seed=1, sampler=Random()).fill(0, values)
    edges = SMOOTH["lognormal"].ppf(np.arange(1, 10) / 10)
    for row in values:
        counts = np.histogram(row, np.concatenate([[0], edges, [np.inf]]))[0]
        z = (counts - row.size / 10) / math.sqrt(row.size * 0.09)
        assert np.abs(z).max() < norm.isf(FALSE_ALARM / 60)


def test_steps_can_be_correlated() -> None:
    columns = [Column(3, SMOOTH["normal"]), Column(4, STEPS["bernoulli"])]
    values = np.empty((2, 1 << 14))
    prepare(columns, [Block((3, 4), np.array([[1.0, 0.8], [0.8, 1.0]]))], seed=0, sampler=Sobol()).fill(0, values)
    assert abs(values[1].mean() - 0.3) < 0.01
    assert values[0][values[1] == 1].mean() > values[0][values[1] == 0].mean() + 1.0


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([Block((5, 2), np.eye(2))], "its streams must rise"),
        ([Block((2, 5), np.eye(3))], "expected 2 by 2"),
        ([Block((2, 5), np.array([[1.0, 0.3], [0.2, 1.0]]))], "symmetric"),
        ([Block((2, 5), np.array([[2.0, 0.3], [0.3, 1.0]]))], "ones on the diagonal"),
        ([Block((2, 5), np.array([[1.0, math.nan], [math.nan, 1.0]]))], "expected 2 by 2, symmetric"),
        ([Block((2, 5), np.array([[1.0, 1.0], [1.0, 1.0]]))], "at stream 5 .*positive definite.*; weaken"),
        ([Block((2, 5, 9), np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]]))], "at stream 9"),
        ([Block((2, 5), np.eye(2)), Block((5, 9), np.eye(2))], "stream 5 is in two correlated blocks"),
    ],
)
def test_what_is_no_correlation_is_refused(blocks: list[Block], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        prepare([Column(2, SMOOTH["normal"]), Column(5, SMOOTH["pert"])], blocks, seed=0, sampler=Sobol())


def test_the_first_of_a_block_keeps_its_very_words() -> None:
    columns, block = [Column(2, SMOOTH["uniform"])], Block((2, 5, 9), RHO)
    alone, tied = np.empty((1, 1 << 17)), np.empty((1, 1 << 17))
    prepare(columns, [], seed=3, sampler=Random()).fill(0, alone)
    prepare(columns, [block], seed=3, sampler=Random()).fill(0, tied)
    np.testing.assert_array_equal(alone, tied)
