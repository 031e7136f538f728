"""Conditional means: the columns are what they are said to be, and the fit is that of a slow twin."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import BSpline
from scipy.stats import norm, rankdata

from sim.study import smooth

RNG = np.random.default_rng(3)


def test_spline_columns_are_those_of_scipy():
    x = RNG.normal(size=2_000)
    z = norm.ppf((rankdata(x) - 0.5) / 2_000)
    columns = smooth.curve(x, knots=7).columns
    step = (z.max() - z.min()) / 7
    knots = z.min() + step * np.arange(-3, 11)
    inside = z < z.max()
    expected = BSpline.design_matrix(z[inside], knots, 3).toarray()
    np.testing.assert_allclose(columns[inside], expected, atol=1e-12)
    np.testing.assert_allclose(columns.sum(axis=1), 1.0, rtol=1e-12)


def test_the_penalty_leaves_lines_alone():
    block = smooth.curve(RNG.normal(size=500))
    line = np.arange(block.columns.shape[1], dtype=float)
    assert line @ block.penalty @ line == pytest.approx(0.0, abs=1e-9)
    assert line**2 @ block.penalty @ line**2 > 1.0


def test_few_values_are_taken_one_by_one_and_rare_neighbours_together():
    values = np.repeat([1.0, 2.0, 3.0, 4.0, 9_999.0], [500, 3, 400, 95, 2])
    columns = smooth.curve(values).columns
    groups = columns.argmax(axis=1)
    assert (columns.sum(axis=1) == 1).all()
    of = {value: set(groups[values == value]) for value in np.unique(values)}
    assert all(len(group) == 1 for group in of.values())
    assert of[1.0] != of[3.0] != of[4.0] == of[9_999.0]
    assert columns.sum(axis=0).min() >= 4


def test_what_does_not_vary_has_no_curve():
    assert smooth.curve(np.full(100, 3.0)) is None


def test_scores_of_ties_are_level_and_centred():
    found = smooth.scores(np.array([3.0, 1.0, 3.0, 2.0]))
    np.testing.assert_allclose(found, norm.ppf([0.75, 0.125, 0.75, 0.375]))


def test_the_fit_against_a_dense_twin():
    """Ridge regression written out for each replicate: an error in the sums over replicates would show here."""
    x, y = RNG.normal(size=1_600), RNG.normal(size=(1_600, 2))
    block = smooth.curve(x, knots=5)
    y[:, 0] += np.sin(2 * x)
    found = smooth.predicted([block], y)
    columns = np.column_stack([np.ones(1_600), block.columns])
    penalty = np.zeros((9, 9))
    penalty[1:, 1:] = block.penalty
    centred = y - y.mean(axis=0)
    ridge = smooth.RIDGE * np.diag(np.r_[0.0, np.diagonal(columns.T @ columns)[1:]])

    def fit(seen, factor, j):
        a = columns[seen].T @ columns[seen] + factor * 200 * penalty + ridge
        return np.linalg.solve(a, columns[seen].T @ centred[seen, j])

    replicate = np.arange(1_600) % 16
    for j in range(2):
        errors = []
        for factor in smooth.PENALTIES:
            parts = [(replicate % 4 == k) for k in range(4)]
            errors.append(sum(((centred[p, j] - columns[p] @ fit(~p, factor, j)) ** 2).sum() for p in parts))
        best = smooth.PENALTIES[int(np.argmin(errors))]
        for r in range(16):
            expected = columns[replicate == r] @ fit(replicate != r, best, j) + y[:, j].mean()
            np.testing.assert_allclose(found[replicate == r, j], expected, rtol=1e-6, atol=1e-8)


def test_no_draw_has_a_part_in_its_own_prediction():
    """An outcome changed beyond reason moves the predictions of every replicate but its own."""
    x, y = RNG.normal(size=1_600), RNG.normal(size=(1_600, 1))
    before = smooth.predicted([smooth.curve(x)], y)
    y[5] += 1e-3  # small, so that the penalty chosen stays the same
    after = smooth.predicted([smooth.curve(x)], y)
    moved = np.abs(after - before)[:, 0].reshape(-1, 16).max(axis=0)
    assert moved[5] < 1e-9
    assert (np.delete(moved, 5) > 1e-9).all()


def test_every_pair_of_inputs_has_a_product():
    own = list(RNG.normal(size=(8, 50)))
    found = smooth._crossed(own, own[:6])
    assert len(found) == 13 + 15 * 9  # one of each pair with the last two, nine of each pair of the first six
    for i in range(8):
        for k in range(i):
            assert any(np.allclose(column, own[i] * own[k]) for column in found), (i, k)


def test_products_of_inputs_are_found():
    x = RNG.normal(size=(16_384, 3))
    truth = x[:, 0] * x[:, 1] + x[:, 2] ** 2 * x[:, 0] + np.exp(0.5 * x[:, 1])
    y = (truth + RNG.normal(size=len(x)))[:, None]
    columns = list(x.T)
    curves = [smooth.predicted([smooth.curve(c)], y) for c in columns]
    left = smooth.together(columns, y, curves)[:, 0] - truth
    assert left.var() < 0.03 * truth.var()
