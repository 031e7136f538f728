"""Validity of correlation matrices, and the nearest valid one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priors import correlate


def symmetric(rows):
    return np.array(rows, dtype=float)


def test_pearson_and_back():
    rho = symmetric([[1, 0.5, -1], [0.5, 1, 0], [-1, 0, 1]])
    np.testing.assert_allclose(correlate.pearson(rho)[0, 1], 2 * np.sin(np.pi / 12))
    np.testing.assert_allclose(correlate.spearman(correlate.pearson(rho)), rho, atol=1e-15)


def test_nearest_of_a_known_case():
    """Higham 2002, section 4: of [[1,1,0],[1,1,1],[0,1,1]] it is 0.7607 beside and 0.1573 across."""
    found = correlate.pearson(correlate.nearest_valid(correlate.spearman(symmetric([[1, 1, 0], [1, 1, 1], [0, 1, 1]]))))
    np.testing.assert_allclose([found[0, 1], found[1, 2], found[0, 2]], [0.7607, 0.7607, 0.1573], atol=2e-3)


@given(st.integers(2, 6), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_nearest_is_valid_and_near(n, seed):
    random = np.random.default_rng(seed)
    wanted = np.tril(random.uniform(-1, 1, (n, n)), -1)
    wanted = wanted + wanted.T + np.eye(n)
    found = correlate.nearest_valid(wanted)
    assert correlate.positive_definite(found)
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(np.diag(found), 1)
    assert np.abs(found).max() <= 1
    # No valid matrix on the way from here to the wanted one, else this were not the nearest.
    for share in (0.1, 0.5):
        between = found + share * (wanted - found)
        assert correlate.positive_definite(wanted) or np.linalg.eigvalsh(correlate.pearson(between))[0] < 5e-3


def test_blocks_are_the_connected_parts():
    pairs = [("a", "b"), ("c", "d"), ("e", "a"), ("d", "f")]
    assert [sorted(block) for block in correlate.blocks(pairs)] == [["a", "b", "e"], ["c", "d", "f"]]


def test_a_large_block_is_refused_without_a_matrix():
    assert correlate.nearest_valid(np.eye(65)) is None


def test_perfect_correlation_is_not_positive_definite():
    assert not correlate.positive_definite(symmetric([[1, 1], [1, 1]]))
    assert correlate.positive_definite(symmetric([[1, 0.999], [0.999, 1]]))


def test_written_matrix():
    text = correlate.written(["a", "long"], symmetric([[1, -0.5], [-0.5, 1]]))
    assert text == "    a       1.000  -0.500\n    long   -0.500   1.000"


@pytest.mark.parametrize("rho", [0.0, 0.3])
def test_matrix_of_pairs(rho):
    found = correlate.matrix(["a", "b", "c"], {frozenset("ab"): rho, frozenset("xy"): 0.9})
    np.testing.assert_array_equal(found, symmetric([[1, rho, 0], [rho, 1, 0], [0, 0, 1]]))
