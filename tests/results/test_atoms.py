"""Chances where many draws lie on one value: floors, caps, and outputs of a few values, none of them a bin's edge."""

import numpy as np
import pytest
from scipy import stats

import priors
import sim
from sim import reduce
from sim.results import files

ABOUT = {"unit": "1", "basis": "assumption", "rationale": "made up"}
BOOK = priors.book([priors.quantity("own.x", priors.make({"family": "uniform", "low": 0, "high": 1}), **ABOUT)])
TRUTH = {
    "floor <= 0.3": 0.3,
    "floor == 0.3": 0.3,
    "floor < 0.3": 0.0,
    "floor > 0.3": 0.7,
    "cap >= 0.7": 0.3,
    "cap < 0.7": 0.7,
    "cap <= 0.69999": 0.69999,
    "few <= 0.3": 0.6,
    "few < 0.3": 0.2,
    "few == 0.3": 0.4,
    "few != 0.3": 0.6,
    "few >= -0.3": 1.0,
    "amid <= 0.3": 0.5,
    "amid < 0.3": 0.0,
    "amid == 0.3": 0.5,
    "below <= -0.3": 0.75,
    "below < -0.3": 0.5,
    "below > -0.301": 0.5,
}


def kernel(x, y):
    x = x[0]
    y[0], y[1] = np.maximum(x, 0.3), np.minimum(x, 0.7)
    y[2] = np.where(x < 0.2, 0.1, np.where(x < 0.6, 0.3, 0.5))
    y[3] = np.where(x < 0.5, 0.3, x)
    y[4] = np.where(x < 0.25, -0.3, np.where(x < 0.5, -0.25, -x))


MODEL = sim.Model(["own.x"], [sim.Output(name) for name in ("floor", "cap", "few", "amid", "below")], kernel)


def run(draws=1 << 16, **options):
    return sim.run(BOOK, model=MODEL, draws=draws, **options)


@pytest.fixture(scope="module")
def trees():
    return {"all": run(), "some": run(keep_draws=1 << 14), "none": run(keep="none")}


@pytest.mark.parametrize("expression", TRUTH)
def test_all_draws_kept_tell_it_exactly(trees, expression):
    found, name = trees["all"].sim.prob(expression), expression.partition(" ")[0]
    draws = trees["all"]["draws"][name].values[0]
    assert float(found[0]) == pytest.approx(np.mean(eval(expression, {name: draws})), abs=1e-4)
    if expression != "cap <= 0.69999":  # the one that no value repeats at
        assert float(found[0]) == np.mean(eval(expression, {name: draws}))
    assert found["lower"][0] <= TRUTH[expression] + 1e-12
    assert TRUTH[expression] - 1e-12 <= found["upper"][0]


@pytest.mark.parametrize("expression", TRUTH)
def test_some_draws_kept_tell_the_share_of_the_bin(trees, expression, tmp_path):
    found = trees["some"].sim.prob(expression)
    assert float(found[0]) == pytest.approx(TRUTH[expression], abs=0.005)
    assert found["lower"][0] <= TRUTH[expression] + 1e-12
    assert TRUTH[expression] - 1e-12 <= found["upper"][0]
    assert found["upper"][0] - found["lower"][0] < 0.02


@pytest.mark.parametrize("expression", TRUTH)
def test_none_kept_leave_an_interval_that_holds_it(trees, expression):
    found = trees["none"].sim.prob(expression)
    assert found["lower"][0] <= TRUTH[expression] + 1e-12
    assert TRUTH[expression] - 1e-12 <= found["upper"][0]


def test_none_kept_take_floors_and_caps_for_such(trees):
    for expression in ("floor <= 0.3", "floor > 0.3", "floor == 0.3", "cap >= 0.7", "cap < 0.7", "amid == 0.3"):
        assert float(trees["none"].sim.prob(expression)[0]) == pytest.approx(TRUTH[expression], abs=2e-3)


def test_a_file_answers_the_same(trees, tmp_path):
    files.write(trees["some"], tmp_path / "some.nc")
    read = files.open(tmp_path / "some.nc")
    for expression in TRUTH:
        assert read.sim.prob(expression).identical(trees["some"].sim.prob(expression))


@pytest.mark.parametrize("kept", ["all", "some"])
def test_the_cdf_steps_at_the_value(trees, kept):
    found = trees[kept].sim.cdf("few", [0.0999, 0.1, 0.2999, 0.3, 0.3001, 0.5]).values[0]
    np.testing.assert_allclose(found, [0.0, 0.2, 0.2, 0.6, 0.6, 1.0], atol=1e-4)
    assert trees[kept].sim.cdf("floor", 0.3).values.ravel()[0] == pytest.approx(0.3, abs=5e-3)


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say():
    """Independent draws, an eighth of them kept; 40 runs of five questions: two-sided binomial limits at 1e-6."""
    asked = ("floor <= 0.3", "cap >= 0.7", "few <= 0.3", "few == 0.3", "below < -0.3")
    held = 0
    for seed in range(40):
        tree = run(1 << 13, sampler="random", seed=seed, keep_draws=1 << 10)
        for expression in asked:
            found = tree.sim.prob(expression)
            held += float(found["lower"][0]) <= TRUTH[expression] <= float(found["upper"][0])
    # Questions of one run are not independent: as if there were 40 of them, never too seldom.
    assert held / len(asked) >= stats.binom(40, 0.95).ppf(1e-6)


def counts_of(values, headline=True):
    """Counts of one cell, its extremes."""
    accumulator = reduce.Accumulator(1, np.array([headline]))
    accumulator.add(np.ascontiguousarray(values[None]))
    accumulator.leaf_done()
    found = reduce.combine([accumulator.sketch])
    return found, values.min(keepdims=True), values.max(keepdims=True)


def test_no_density_is_taken_for_a_lump():
    """Laws that people use, at 400 places each; 6 standard deviations make a false alarm of less than 1e-6 in all."""
    rng = np.random.default_rng(4)
    laws = [
        rng.normal(0, 1, 1 << 17),
        rng.lognormal(0, 1, 1 << 17),
        rng.uniform(0, 1, 1 << 17),
        rng.gamma(0.5, 1, 1 << 17),
    ]
    for values in [*laws, rng.normal(50, 1, 1 << 17), -rng.exponential(1, 1 << 17), rng.triangular(0, 0.2, 1, 1 << 17)]:
        counts, _, _ = counts_of(values)
        assert not reduce.lumps(counts, rng.choice(values, 400)).any()


def test_lumps_are_seen_on_either_side_of_zero_and_not_where_cells_are_exact():
    rng = np.random.default_rng(5)
    for sign in 1.0, -1.0:
        values = sign * np.where(rng.random(4096) < 0.1, 0.3, rng.uniform(0.2, 0.4, 4096))
        counts, _, _ = counts_of(values)
        assert reduce.lumps(counts, sign * np.array([0.3, 0.3001, 0.25, 0.9])).tolist() == [[True, True, False, False]]
    exact, _, _ = counts_of(rng.integers(0, 5, 4096).astype(float))
    assert not reduce.lumps(exact, np.arange(5.0)).any()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_replicates_have_the_share_of_their_cell(sign):
    """Values at four places of one coarse bin: each replicate's chance is its own, by the exact share of all draws."""
    rng = np.random.default_rng(6)
    at = np.array([1.0, 1 + 1 / 512 + 1e-4, 1 + 2 / 512, 1 + 3 / 512]) * sign
    values = np.where(rng.random(4096) < 0.5, rng.choice(at, 4096), 2.0 * sign)
    counts, low, high = counts_of(values)
    x = at[1]
    share = np.array([[np.mean(values[reduce.keys(values) == reduce.keys(x)] <= x)]])
    rows = counts.replicates().ravel()
    found = reduce.cdf(counts, np.array([x]), low, high, rows, share)[:, 0]
    inside = np.isin(values, at)
    pooled = np.mean(values[inside] <= x)
    expected = [
        (np.sum(inside[r::16]) * pooled + np.sum((values[r::16] <= x) & ~inside[r::16])) / 256 for r in range(16)
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert reduce.cdf(counts, np.array([x]), low, high, inside=share)[0, 0] == np.mean(values <= x)


def test_an_output_of_whole_numbers_has_the_spread_of_its_replicates():
    """Every value is a bin's edge, but replicates' bins are coarse: 800 to 803 lie in one."""
    rng = np.random.default_rng(7)
    values = rng.integers(795, 815, 4096).astype(float)
    counts, low, high = counts_of(values)
    nothing = np.full((1, 1), np.nan)
    for x in (800.0, 801.0, 803.0, 801.5):
        assert reduce.cdf(counts, np.array([x]), low, high, inside=nothing)[0, 0] == np.mean(values <= x)
        found = reduce.cdf(counts, np.array([x]), low, high, counts.replicates().ravel(), nothing)[:, 0]
        coarse = np.floor(values / 4) == np.floor(x / 4)
        share = np.mean(values[coarse] <= x)
        expected = [
            (np.sum(coarse[r::16]) * share + np.sum((values[r::16] <= x) & ~coarse[r::16])) / 256 for r in range(16)
        ]
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_bins_of_arrays_are_those_of_the_sketch():
    values = np.array([0.0, -0.0, 1.0, -1.0, 5e-324, -1e-310, 1.5, 3e300, -0.1])
    counts, _, _ = counts_of(np.resize(values, 144))
    assert np.array_equal(np.unique(reduce.keys(values)), counts.key[: counts.row_start[1]])
