"""Shapley values against a slow twin over all orders, against games with known values, and the axioms."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.study import shapley

WORTHS = st.integers(1, 5).flatmap(lambda k: st.lists(st.floats(-1e6, 1e6), min_size=1 << k, max_size=1 << k))


def by_all_orders(worth):
    """The definition: the mean gain over all k! orders."""
    k = len(worth).bit_length() - 1
    found = np.zeros(k)
    for order in itertools.permutations(range(k)):
        mask = 0
        for i in order:
            found[i] += worth[mask | 1 << i] - worth[mask]
            mask |= 1 << i
    return found / math.factorial(k)


@settings(max_examples=60, deadline=None)
@given(WORTHS)
def test_as_over_all_orders(worth):
    worth = np.array(worth)
    scale = np.abs(worth).max() + 1e-300
    np.testing.assert_allclose(shapley.values(worth), by_all_orders(worth), rtol=1e-12, atol=1e-12 * scale)


@settings(max_examples=60, deadline=None)
@given(WORTHS)
def test_values_add_up_to_the_gap(worth):
    worth = np.array(worth)
    assert math.fsum(shapley.values(worth)) == pytest.approx(worth[-1] - worth[0], rel=1e-9, abs=1e-9 * np.ptp(worth))


def test_ten_players_add_up_to_the_last_digits():
    worth = 1e6 + np.random.default_rng(1).normal(size=1024)
    assert math.fsum(shapley.values(worth)) == pytest.approx(worth[-1] - worth[0], rel=1e-9)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=6), st.floats(-1e3, 1e3))
def test_an_additive_game_gives_each_its_own(own, none):
    masks = np.arange(1 << len(own))
    worth = none + sum(np.where(masks >> i & 1, x, 0.0) for i, x in enumerate(own))
    np.testing.assert_allclose(shapley.values(worth), own, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(shapley.interactions(worth), 0.0, atol=1e-9)


def test_a_product_of_two():
    """v = a^S b^S: each gets the mean of its gain alone and beside the other; together (a − 1)(b − 1)."""
    a, b = 3.0, 5.0
    worth = np.array([1.0, a, b, a * b])
    np.testing.assert_allclose(shapley.values(worth), [(a - 1) * (1 + b) / 2, (b - 1) * (1 + a) / 2])
    np.testing.assert_allclose(shapley.interactions(worth), [[0, (a - 1) * (b - 1)], [(a - 1) * (b - 1), 0]])


def test_unanimity():
    """Worth 1 only where all of three take part: a third each; an interaction of a half for each pair (k = 3)."""
    worth = np.zeros(8)
    worth[-1] = 1.0
    np.testing.assert_allclose(shapley.values(worth), 1 / 3)
    np.testing.assert_allclose(shapley.interactions(worth)[0, 1:], 0.5)


def test_who_changes_nothing_gets_zero_exactly():
    worth = np.random.default_rng(2).normal(size=16) * 1e7
    worth = np.concatenate([worth, worth])  # a fifth player
    found = shapley.values(worth)
    assert found[4] == 0.0
    np.testing.assert_array_equal(shapley.interactions(worth)[4], 0.0)


def test_many_games_at_once():
    worth = np.random.default_rng(3).normal(size=(8, 2, 16))
    for i, j in itertools.product(range(2), range(16)):
        np.testing.assert_array_equal(shapley.values(worth)[:, i, j], shapley.values(worth[:, i, j]))
        np.testing.assert_array_equal(shapley.interactions(worth)[..., i, j], shapley.interactions(worth[:, i, j]))


def test_gains_along_orders():
    worth = np.array([0.0, 1.0, 10.0, 100.0])
    orders = np.array([[0, 1], [1, 0]])
    steps = np.array([[worth[0], worth[1], worth[3]], [worth[0], worth[2], worth[3]]])
    gains = shapley.along(orders, steps)
    np.testing.assert_array_equal(gains, [[1, 99], [90, 10]])
    np.testing.assert_allclose(gains.mean(axis=0), shapley.values(worth))


def test_half_a_game_is_refused():
    with pytest.raises(ValueError, match="expected 2"):
        shapley.values(np.zeros(6))
