"""A user's own streams: strata exact at every power of two, shuffles that are independent, errors no worse than random."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from sim.draw.samplers import Random, Sobol
from sim.draw.scheme import FIRST_PADDED, REPLICATES
from sim.draw.strata import fill_strata, seeds_of
from tests.draw.test_sobol import mirrored, plain_owen, scrambled

OWN = [FIRST_PADDED, 1001, 9_876, 20_000, 21_201, 123_456]
# Two-sided, a family-wise 1e-6 over the comparisons of this file.
Z = float(norm.isf(0.5e-6 / 50))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 2), st.sampled_from(OWN), st.integers(0, 2**64 - 1))
def test_any_point_is_found_by_its_index(first, stream, seed):
    """The slow twin: shuffle the index from its highest bit down, then scramble what van der Corput makes of it."""
    add, multiply = (each[0].tolist() for each in seeds_of(seed, np.array([stream], np.uint32)))
    words = scrambled(seed, [stream], 2, first)[0]
    for i in range(2):
        for r in (0, 7, 15):
            shuffled = mirrored(plain_owen(mirrored(first + i), add[16 + r], multiply[16 + r]))
            point = mirrored(shuffled)  # van der Corput's, whose digits in reverse are the index
            assert words[r, i] == mirrored(plain_owen(mirrored(point), add[r], multiply[r]))


@pytest.mark.parametrize("m", [1, 5, 10, 13])
def test_every_interval_holds_exactly_one_point(m):
    for first in (0, 3 << m):
        words = scrambled(3, OWN, 1 << m, first)
        intervals = np.sort(words >> np.uint32(32 - m), axis=2)
        assert (intervals == np.arange(1 << m)).all()


def test_the_first_dimensions_words_and_its_company_stay_what_they_are():
    """Sobol dimensions beside own streams are the same words, and one stream beside others too."""
    whole = scrambled(5, [1, 94, 999, *OWN], 64)
    for at, stream in enumerate([1, 94, 999, *OWN]):
        np.testing.assert_array_equal(scrambled(5, [stream], 64)[0], whole[at])
    np.testing.assert_array_equal(scrambled(5, OWN, 32, 32), whole[3:, :, 32:])


def test_pairs_of_streams_and_of_replicates_fill_boxes_as_chance_would():
    """Of 64 boxes of pairs, the spread of counts over seeds is that of shuffles: no pair lies on a few lines."""
    n, boxes = 256, 8
    squares = []
    for seed in range(400):
        words = scrambled(seed, OWN[:4], n) >> np.uint32(32 - 3)
        for a, b in ((0, 1), (1, 2), (0, 3)):
            counts = np.zeros((REPLICATES, boxes, boxes))
            for r in range(REPLICATES):
                np.add.at(counts[r], (words[a, r], words[b, r]), 1)
            squares.append(((counts - n / boxes**2) ** 2).sum(axis=(1, 2)) / (n / boxes**2))
    squares = np.concatenate(squares)
    # Of eight indices that follow one another each stream has each stratum once: counts are sums of 32 independent
    # permutation matrices, of variance 32 (1/8) (7/8) each; independent draws have 63 instead of 56.
    assert abs(squares.mean() - 56) < Z * squares.std() / np.sqrt(len(squares))
    # Shuffles that are alike fill few boxes: of any permutations one in a thousand would be so far off; of nested shuffles, which
    # are fewer, 32 are, whether each node draws a true bit or the hash's. On average, as errors count, they agree.
    assert np.mean(squares > 56 * 1.75) < 0.04


@pytest.mark.parametrize("stream", [1000, 20_000])
def test_means_are_unbiased_and_sums_are_told_as_by_sobol_points(stream):
    """What inputs do alone: far below random draws; what they do together: no worse than these."""

    def errors(sampler, seeds):
        alone, together = [], []
        for seed in range(seeds):
            words = np.empty((3, REPLICATES * 256), np.uint32)
            sampler.prepare(np.array([stream, stream + 1, stream + 2], np.uint32), seed).fill(0, words)
            u = (words + 0.5) / 2**32
            alone.append((np.exp(u[0]) + u[1] ** 2).mean() - (np.e - 1 + 1 / 3))
            together.append(np.maximum(np.maximum(u[0], u[1]), u[2]).mean() - 0.75)
        return np.array(alone), np.array(together)

    alone, together = errors(Sobol(), 200)
    random_alone, random_together = errors(Random(), 200)
    assert abs(alone.mean()) < Z * alone.std(ddof=1) / np.sqrt(200)
    assert abs(together.mean()) < Z * together.std(ddof=1) / np.sqrt(200)
    assert alone.std() < random_alone.std() / 20
    assert together.std() < random_together.std()


def test_seeds_share_no_word():
    add, multiply = seeds_of(1, np.array(OWN, np.uint32))
    assert len(np.unique(add)) == add.size
    assert (multiply & 1).all()
    words = np.zeros((1, 16), np.uint32)
    fill_strata(add[:1], multiply[:1], np.uint64(0), words)
    assert len(np.unique(words)) == REPLICATES
