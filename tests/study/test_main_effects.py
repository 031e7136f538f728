"""Main effects taken off an answer: they change no index but for its noise."""

import dataclasses

import numpy as np
import pytest

import sim
from sim.study import curves, lanesums, main_effects
from tests.study import analytic

RNG = np.random.default_rng(5)
CASES = {"ishigami": analytic.ishigami(), "g": analytic.g([0, 1, 4.5, 9, 99, 99])}


def without(monkeypatch):
    monkeypatch.setattr(curves, "DEGREE", 0)


@pytest.mark.parametrize("name", CASES)
def test_indices_are_the_same_but_for_noise(name, monkeypatch):
    """Five of the joint standard errors; both are of the same draws, which makes them nearer still."""
    case = CASES[name]
    found = sim.sensitivity(case.book, model=case.model, draws=4_096)["y"]
    without(monkeypatch)
    plain = sim.sensitivity(case.book, model=case.model, draws=4_096)["y"]
    for figure in ("first", "total"):
        joint = np.hypot(found[f"{figure}_mcse"], plain[f"{figure}_mcse"])
        assert (abs(found[figure] - plain[figure]) <= 5 * joint + 1e-12).all()
        assert (found[figure] != plain[figure]).any()


def test_a_sum_of_curves_is_told_far_better(monkeypatch):
    """What is a sum of functions of one input each has little rest: errors are a tenth, at the most."""
    case = analytic.ishigami()
    model = dataclasses.replace(
        case.model, kernel=lambda x, y: np.copyto(y, x[0:1] + np.sin(x[1:2]) + 0.1 * x[2:3] ** 2)
    )
    found = sim.sensitivity(case.book, model=model, draws=1_024)["y"]
    without(monkeypatch)
    plain = sim.sensitivity(case.book, model=model, draws=1_024)["y"]
    for figure in ("first_mcse", "total_mcse"):
        assert float(found[figure].max()) < 0.1 * float(plain[figure].max())


def test_a_fit_that_is_all_wrong_changes_no_expectation(monkeypatch):
    """M three times too large: other errors, and the same indices within five of them."""
    case, solve = analytic.ishigami(), np.linalg.solve
    right = sim.sensitivity(case.book, model=case.model, draws=4_096)["y"]
    monkeypatch.setattr(main_effects.np.linalg, "solve", lambda a, b: 3.0 * solve(a, b))
    monkeypatch.setattr(main_effects, "CLEAR", -np.inf)
    monkeypatch.setattr(main_effects, "LEAST", -np.inf)
    wrong = sim.sensitivity(case.book, model=case.model, draws=4_096)["y"]
    for figure in ("first", "total"):
        assert (abs(wrong[figure] - case.truth[figure]) <= 5 * wrong[f"{figure}_mcse"]).all()
    assert (abs(wrong["total"] - right["total"]) > 1e-5).all()


def test_what_an_answer_does_not_read_has_exactly_no_index():
    found = sim.sensitivity(outputs=["market_domestic_share", "cloud_revenue_year"], draws=1_024)["cloud_revenue_year"]
    reads = sim.market.model().reads["cloud_revenue_year"]
    for name in found["input"].values:
        if name not in reads:
            assert not found["total"].sel(input=name).any(), name
    assert float(found["total"].sel(input="growth.cloud").max()) > 0.1


def test_curves_are_straight_between_knots():
    """Against NumPy's interpolation; an input of few values has a curve for each but one."""
    sample = np.stack([RNG.normal(size=2_000), RNG.integers(0, 4, 2_000).astype(float), np.full(2_000, 7.0)])
    made = curves.curves(sample, [[0, 2], [1]], 10, 2_000)
    assert made.spans.tolist() == [[0, 3], [3, 6]]
    inputs = np.stack([np.linspace(-6, 6, 50), np.arange(50) % 4.0, np.full(50, 7.0)])
    found, table = made.at(inputs), made.table
    for i, row in enumerate(table.rows):
        for k in range(table.first[i], table.first[i + 1]):
            used = table.used[i]
            expected = np.interp(inputs[row], table.knots[i, :used], table.values[k, :used])
            np.testing.assert_allclose(found[k], expected, rtol=1e-12, atol=1e-12)
    scaled = made.at(sample)
    np.testing.assert_allclose(scaled.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(made.less(np.arange(6.0)).at(inputs), found - np.arange(6.0)[:, None], atol=1e-12)


def test_many_inputs_or_cells_have_fewer_curves_or_none():
    sample = RNG.normal(size=(40, 2_000))
    groups = [[row] for row in range(40)]
    sizes = [curves.curves(sample, groups, cells, 1_024).size for cells in (10, 1_000, 2_000, 5_000)]
    assert sizes == [120, 80, 40, 0]
    assert curves.curves(sample, groups, 10, 224).size == 80


@pytest.mark.parametrize("width", [16, 64])
def test_sums_are_those_of_a_slow_twin(width):
    """All that is added up of a player, from outputs in blocks and in rows, draw by draw in NumPy."""
    cells, features, draws = 3, 5, 64
    spans = np.array([[0, 2], [2, 5]])
    active = np.array([[True, False], [False, True], [True, True]])
    weights = RNG.normal(size=(cells, features, 16))
    fit = lanesums.Fit(RNG.normal(size=cells), weights, active, spans)
    x, y = RNG.normal(size=(2, cells, draws))
    curved = RNG.normal(size=(2, features, draws))
    lane = np.arange(draws) % 16
    m = np.zeros((2, 2, cells, draws))
    for side, group, c in np.ndindex(2, 2, cells):
        if active[c, group]:
            start, stop = spans[group]
            m[side, group, c] = (weights[c, start:stop][:, lane] * curved[side, start:stop]).sum(axis=0)
    rest = np.stack([x, y]) - fit.mean[:, None] - m.sum(axis=1)
    apart = [x.copy(), y.copy()]
    out = np.zeros((2, cells, 16))
    for side in range(2):
        lanesums.split(fit, curved[side], apart[side])
        lanesums.known(fit, curved[side], apart[side], out)
    np.testing.assert_allclose(apart, rest, atol=1e-12)
    terms = (m * (m + 2 * rest[:, None])).sum(axis=0)
    np.testing.assert_allclose(out, terms.reshape(2, cells, -1, 16).sum(axis=2), atol=1e-11)

    rows, centre = np.array([4, 0, 2]), RNG.normal(size=cells)
    h = RNG.normal(size=(cells, draws))
    outputs = np.zeros((draws // width, 6, width))
    outputs[:, rows] = (h + centre[:, None]).reshape(cells, -1, width).transpose(1, 0, 2)
    sums = np.zeros((cells, 16)), np.zeros((2, cells, 16)), np.zeros((cells, 16))
    tile = lanesums.Tile(x, y, *rest, *curved)
    lanesums.moved_all(tile, (outputs, rows, centre, np.array([0, 2])), fit, 1, *sums)
    rest_h = h - fit.mean[:, None] - m[1, 1] - m[0, 0]
    expected = [
        (rest[0] - rest_h) ** 2,
        rest[1] * (rest_h - rest[0]),
        (rest[1] - rest_h) ** 2,
        rest[0] * (rest_h - rest[1]),
    ]
    found = [sums[0], sums[1][0], sums[1][1], sums[2]]
    for each, whole in zip(found, expected, strict=True):
        np.testing.assert_allclose(each[[0, 2]], whole.reshape(cells, -1, 16).sum(axis=1)[[0, 2]], atol=1e-11)
        assert not each[1].any()
    alone = np.zeros((cells, 16))
    lanesums.moved_alone(x, outputs, rows, centre, np.arange(cells), alone)
    np.testing.assert_allclose(alone, ((x - h) ** 2).reshape(cells, -1, 16).sum(axis=1), atol=1e-11)
