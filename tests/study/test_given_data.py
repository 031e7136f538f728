"""Estimates from kept draws against closed forms, against slow twins, and what must hold exactly."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

import sim
from sim.results import delta
from sim.results.bins import codes
from sim.results.errors import ResultError
from sim.results.kept import Kept
from sim.sample import rank_scores
from tests.study import analytic
from tests.study.test_sobol_indices import CORRELATED, agree

NORMALS = [1, 2, -1, 0.5, 1]
DRAWS = 16_384


def run(case, **settings):
    return sim.run(case.book, model=case.model, **{"draws": DRAWS, **settings})


@pytest.fixture(scope="module")
def normals():
    return run(analytic.linear(NORMALS, CORRELATED))


@pytest.mark.parametrize("sampler", ["sobol", "random"])
@pytest.mark.parametrize(
    "case",
    [analytic.ishigami(), analytic.g([0, 1, 4.5, 9, 99, 99]), analytic.linear(NORMALS, CORRELATED)],
    ids=["ishigami", "g of six", "correlated normals"],
)
def test_first_order_has_its_closed_form(case, sampler):
    found = run(case, sampler=sampler).sim.first_order("y").isel(scenario=0)
    agree(found, {"first": case.truth["first"]}, 0.03)


def correlations_with_y(weights, pairs):
    w, sigma = np.array(weights, float), np.eye(len(weights))
    for i, j, r in pairs:
        sigma[i, j] = sigma[j, i] = r
    return sigma @ w / np.sqrt(w @ sigma @ w), sigma, w


def delta_of_normals(rho):
    """Delta of two normals with correlation rho, by quadrature over x and y."""
    nodes, mass = np.polynomial.hermite_e.hermegauss(101)
    y = np.linspace(-9, 9, 20_001)
    s = np.sqrt(1 - rho**2)
    apart = np.abs(stats.norm.pdf(y) - stats.norm.pdf((y - rho * nodes[:, None]) / s) / s)
    return float(mass @ (0.5 * np.trapezoid(apart, y, axis=1)) / mass.sum())


def test_delta_of_normals(normals):
    """The interval holds the truth; the value is near it, also for an input that does nothing on its own."""
    rho, _, _ = correlations_with_y(NORMALS, CORRELATED)
    truth = np.array([delta_of_normals(r) for r in rho])
    found = normals.sim.delta("y").isel(scenario=0)
    assert ((found["delta_lower"] <= truth) & (truth <= found["delta_upper"])).all()
    np.testing.assert_allclose(found["delta"], truth, atol=0.015)
    assert abs(float(found["delta"][2])) < 0.015


def test_delta_of_a_switch():
    """Y = Z + B with P(B = 1) = 0.85: two shifted normals, by quadrature."""
    case = analytic.ishigami()
    book = analytic.book([{"family": "normal", "mean": 0.0, "sd": 1.0}, {"family": "bernoulli", "p": 0.85}])
    case = dataclasses.replace(case, book=book, model=analytic.model(2, lambda x: x[0] + x[1]))
    y = np.linspace(-9, 10, 20_001)
    one, two = stats.norm.pdf(y), stats.norm.pdf(y - 1)
    both = 0.15 * one + 0.85 * two
    parts = [0.15 * np.abs(one - both), 0.85 * np.abs(two - both)]
    truth = 0.5 * sum(np.trapezoid(part, y) for part in parts)
    found = run(case).sim.delta("y").isel(scenario=0)
    assert float(found["delta_lower"][1]) <= truth <= float(found["delta_upper"][1])
    assert float(found["delta"][1]) == pytest.approx(truth, abs=0.01)


def test_delta_does_not_see_the_scale(normals):
    case = analytic.linear(NORMALS, CORRELATED)

    def steep(x, y):
        case.model.kernel(x, y)
        np.exp(3 * y, out=y)

    other = sim.run(case.book, model=dataclasses.replace(case.model, kernel=steep), draws=DRAWS)
    np.testing.assert_allclose(other.sim.delta("y")["delta"], normals.sim.delta("y")["delta"], atol=1e-12)


def test_a_set_chosen_on_its_own_draws_would_be_too_good():
    """Of independent draws the measured delta is 0 on the mean, the plain sum is not."""
    rng = np.random.default_rng(5)
    values = []
    for _ in range(40):
        table = rng.multinomial(64, np.full(256, 1 / 256), 16).reshape(16, 16, 16).astype(float)
        values.append((delta.measured(table).mean(), 0.5 * np.abs(delta.deviations(table.sum(axis=0))).sum()))
    measured, plain = np.array(values).T
    assert abs(measured.mean()) < 6 * measured.std() / np.sqrt(40)
    assert plain.min() > 0.1


def test_rank_correlations_of_normals(normals):
    """Spearman's is 6/π asin(r/2); a partial one by SciPy's ranks and plain least squares."""
    rho, _, _ = correlations_with_y(NORMALS, CORRELATED)
    found = normals.sim.rank_correlation("y").isel(scenario=0)
    agree(found, {"spearman": 6 / np.pi * np.arcsin(rho / 2)}, 0.02)
    u = np.column_stack([stats.rankdata(normals["inputs"][name].values[0]) for name in found["input"].values])
    v = stats.rankdata(normals["draws"]["y"].values[0])
    for i in range(5):
        others = np.column_stack([np.ones(DRAWS), np.delete(u, i, axis=1)])
        left = [z - others @ np.linalg.lstsq(others, z, rcond=None)[0] for z in (u[:, i], v)]
        assert float(found["partial"][i]) == pytest.approx(np.corrcoef(*left)[0, 1], abs=1e-9)
        assert float(found["spearman"][i]) == pytest.approx(stats.spearmanr(u[:, i], v)[0], abs=1e-12)


def test_scores_share_equal_values_as_scipy_does():
    values = np.array([[3.0, 1, 1, 2, 3, 3], [0, 0, 0, 0, 0, 0]])
    ranks = stats.rankdata(values[0])
    np.testing.assert_allclose(rank_scores(values)[0], (ranks - ranks.mean()) / np.linalg.norm(ranks - ranks.mean()))
    assert not rank_scores(values)[1].any()


def test_tornado_of_normals(normals):
    """Given x in its lowest tenth, y is shifted by rho times the tenth's mean; and against plain NumPy."""
    rho, sigma, w = correlations_with_y(NORMALS, CORRELATED)
    found = normals.sim.tornado("y", 0.1).isel(scenario=0)
    tenth = stats.norm.pdf(stats.norm.ppf(0.1)) / 0.1
    sd = np.sqrt(w @ sigma @ w)
    for sign, end in ((-1, "low"), (1, "high")):
        agree(found.sel(end=end), {"mean": sign * rho * tenth * sd}, 0.1 * sd)
    x, y = normals["inputs"]["x.1"].values[0], normals["draws"]["y"].values[0]
    low = y[x <= np.sort(x)[DRAWS // 10 - 1]]
    at = found.sel(input="x.1", end="low")
    assert float(at["mean"]) == pytest.approx(low.mean(), rel=1e-12)
    assert float(at["q0.5"]) == np.sort(low)[int(np.ceil(0.5 * len(low))) - 1]
    assert np.all(found["mean_mcse"] < 0.1)


def test_bins_are_as_full_and_never_part_equal_values():
    x = np.random.default_rng(1).normal(size=1000)
    bins, count = codes(x, 10)
    assert count == 10
    assert np.bincount(bins).tolist() == [100] * 10
    assert np.all(np.diff(bins[np.argsort(x)]) >= 0)
    bins, count = codes(np.array([0.0] * 15 + [1.0] * 85), 10)
    assert (count, np.bincount(bins).tolist()) == (2, [15, 85])
    assert codes(np.zeros(10), 4)[1] == 1


def test_a_condition_leaves_what_meets_it(normals):
    """With x.1 known to be high, x.1 explains less of what is left, and the draws are those that meet it."""
    before = normals.sim.first_order("y").isel(scenario=0)
    after = normals.sim.where("x.1 > 0.5").sim.first_order("y").isel(scenario=0)
    assert float(after["first"][1]) < float(before["first"][1]) - 0.1


def test_scenarios_have_their_own(normals):
    case = analytic.linear(NORMALS, CORRELATED)
    book = case.book.with_set("fixed", ["x.1=0"])
    both = sim.run(book, model=case.model, scenarios=["baseline", "fixed"], draws=DRAWS)
    found = both.sim.first_order("y")
    np.testing.assert_array_equal(found["first"][0], normals.sim.first_order("y")["first"][0])
    assert float(found["first"][1, 1]) == 0.0
    assert np.isnan(both.sim.rank_correlation("y")["spearman"][1, 1])


def test_what_cannot_be_answered_is_told(normals):
    with pytest.raises(ResultError, match='no output or input "z"'):
        normals.sim.first_order("z")
    with pytest.raises(ResultError, match=r"share: found 0.7, expected"):
        normals.sim.tornado("y", 0.7)
    few = run(analytic.ishigami(), keep_draws=512)
    with pytest.raises(ResultError, match="found 512 kept draws, expected at least 1,024"):
        few.sim.delta("y")
    none = run(analytic.ishigami(), keep="none")
    with pytest.raises(ResultError, match="no draws were kept; run again with keep="):
        none.sim.rank_correlation("y")


def test_an_answer_that_does_not_vary_has_no_delta():
    kept = Kept(np.random.default_rng(1).random((2, 2048)), np.full((1, 2048), 3.0), np.arange(2048) % 16)
    assert np.isnan(delta.delta(kept)["delta"].value).all()
