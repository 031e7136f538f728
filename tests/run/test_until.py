"""Precision on demand: the smallest net that is near enough, told as it is, and honest although it stopped by its own error."""

import math

import numba
import numpy as np
import pytest
from scipy import stats

import priors
import sim
from sim import tiles

GUESS = {"basis": "assumption", "rationale": "a test", "unit": "1"}


@numba.njit
def two(x, y):
    for d in range(x.shape[1]):
        y[0, d] = math.exp(x[0, d])
        y[1, d] = 1.0 if x[1, d] < 0.25 else 0.0


@pytest.fixture(scope="module")
def book():
    normal = {"family": "normal", "mean": 0, "sd": 1}
    uniform = {"family": "uniform", "low": 0, "high": 1}
    return priors.book(
        quantities=[
            priors.quantity("own.z", priors.make(normal), **GUESS),
            priors.quantity("own.u", priors.make(uniform), **GUESS),
        ]
    )


MODEL = sim.Model(["own.z", "own.u"], [sim.Output("level"), sim.Output("hit")], two)


def errors(tree, name):
    """The largest relative error of an output's four answers, by the definition."""
    value = [float(tree["mean"][name][0]), *tree["quantile"][name].sel(quantile=[0.05, 0.5, 0.95]).to_numpy().ravel()]
    error = [
        float(tree["mcse"][name][0]),
        *tree["mcse_quantile"][name].sel(quantile=[0.05, 0.5, 0.95]).to_numpy().ravel(),
    ]
    return max(e / max(abs(v), value[3] - value[1]) for e, v in zip(error, value, strict=True))


@pytest.mark.parametrize("sampler", ["sobol", "random"])
@pytest.mark.parametrize("target", [0.02, 0.004])
def test_stops_at_the_smallest_net_whose_error_is_below(book, sampler, target):
    tree = sim.run(book, model=MODEL, until=target, until_outputs=["level"], sampler=sampler, seed=3)
    draws = int(tree.attrs["draws"])
    assert tree.attrs["until_error"] == pytest.approx(errors(tree, "level"), rel=1e-12)
    assert tree.attrs["until_error"] <= target
    assert tree.attrs["until_stopped"] == "error reached"
    if draws > 1024:
        before = sim.run(book, model=MODEL, draws=draws // 2, sampler=sampler, seed=3)
        assert errors(before, "level") > target


def test_what_it_ran_is_what_a_run_of_so_many_draws_gives(book):
    """Nets beyond a leaf go on from the one before: the bytes are those of a run that never stopped."""
    tree = sim.run(book, model=MODEL, until=0.0015, until_outputs=["level"], sampler="random", keep_draws=5000)
    assert tree.attrs["draws"] > 2 * tiles.LEAF
    fresh = sim.run(book, model=MODEL, draws=int(tree.attrs["draws"]), sampler="random", keep_draws=5000)
    tree_attributes = dict(tree.attrs)
    tree.attrs = {name: value for name, value in tree.attrs.items() if name in fresh.attrs}
    assert tree.identical(fresh)
    tree.attrs = tree_attributes
    assert sim.rerun(tree, model=MODEL).identical(tree)


def test_never_beyond_the_most_draws(book):
    tree = sim.run(book, model=MODEL, until=1e-6, max_draws=5000, sampler="random")
    assert (tree.attrs["draws"], tree.attrs["max_draws"]) == (4096, 4096)
    assert tree.attrs["until_stopped"] == "max_draws"
    assert tree.attrs["until_error"] > 1e-6
    assert "of level under baseline" in tree.attrs["until_answer"]
    assert tree["draws"].sizes["draw"] == 4096


def test_the_error_of_a_chance_is_absolute(book):
    """0.25 is known to 0.01 long before it is known to 4 % of itself."""
    tree = sim.run(book, model=MODEL, until=0.01, until_outputs=["hit"], sampler="random", seed=1)
    assert tree.attrs["until_error"] == pytest.approx(float(tree["mcse"]["hit"][0]), rel=1e-12)
    assert float(tree["mcse"]["hit"][0]) <= 0.01
    relative = float(tree["mcse"]["hit"][0]) / 0.25
    assert relative > 0.01


def test_wrong_use_is_told(book):
    with pytest.raises(ValueError, match="draws and until: found both"):
        sim.run(book, model=MODEL, draws=1024, until=0.1)
    for wrong in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="expected an error between 0 and 1"):
            sim.run(book, model=MODEL, until=wrong)
    with pytest.raises(ValueError, match=r'output "levle" is not in the model.*"level"'):
        sim.run(book, model=MODEL, until=0.1, until_outputs=["levle"])


@numba.njit
def of_six(x, y):
    for d in range(x.shape[1]):
        total = 0.0
        for j in range(6):
            total += x[j, d]
        y[0, d] = math.exp(0.2 * total)


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_stopping_does_not_spoil_the_error(sampler):
    """1,000 seeds: 95 % intervals at the net where a run stopped hold the truth within binomial limits at 1e-6.

    Of six inputs: a fixed net's own intervals are honest there. Those of one input alone are not, stopped or no: the
    replicates of a one-dimensional net differ by a few points of its outermost strata.
    """
    normal, names = priors.make({"family": "normal", "mean": 0, "sd": 1}), [f"own.z{j}" for j in range(6)]
    six = priors.book(quantities=[priors.quantity(name, normal, **GUESS) for name in names])
    model = sim.Model(names, [sim.Output("level")], of_six)
    t, hits, seeds, levels = stats.t.ppf(0.975, 15), np.zeros(4, int), 1000, [0.05, 0.5, 0.95]
    exact = [math.exp(0.12), *np.exp(0.2 * math.sqrt(6) * stats.norm.ppf(levels))]
    stopped = set()
    for seed in range(seeds):
        tree = sim.run(six, model=model, until=0.008, sampler=sampler, seed=seed, keep="none", threads=1)
        stopped.add(int(tree.attrs["draws"]))
        figures, widths = (
            np.array([float(tree[mean]["level"][0]), *tree[quantile]["level"].sel(quantile=levels).to_numpy().ravel()])
            for mean, quantile in (("mean", "quantile"), ("mcse", "mcse_quantile"))
        )
        hits += np.abs(figures - exact) <= t * widths
    assert len(stopped) > 1  # the error did decide where to stop
    low, high = stats.binom.ppf([1e-6 / 16, 1 - 1e-6 / 16], seeds, 0.95)
    assert np.all((low <= hits) & (hits <= high)), hits
