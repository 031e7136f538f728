"""An input integrated out: right where the law is known, unbiased over many seeds, and far nearer than the draws."""

import math

import numba
import numpy as np
import pytest
from scipy import optimize, stats

import priors
import sim
from sim.study import product

GUESS = {"basis": "assumption", "rationale": "a test", "unit": "1"}
LEVELS = [0.05, 0.5, 0.95]


@numba.njit(nogil=True)
def times(x, y):
    for d in range(x.shape[1]):
        rest = math.exp(0.5 * x[1, d]) * (1.0 + x[2, d])
        y[0, d] = x[0, d] * rest
        y[1, d] = rest if x[1, d] > 0.0 else 0.0
        y[2, d] = x[0, d] * y[1, d]


MODEL = sim.Model(
    ["own.x", "own.z", "own.u"],
    [sim.Output(name) for name in ("whole", "rest", "often_zero")],
    times,
    proportional={"whole": "own.x", "often_zero": "own.x"},
)


@pytest.fixture(scope="module")
def book():
    laws = {
        "own.x": {"family": "lognormal", "median": 2.0, "p95": 20.0},
        "own.z": {"family": "normal", "mean": 0, "sd": 1},
        "own.u": {"family": "uniform", "low": 0, "high": 1},
    }
    return priors.book([priors.quantity(name, priors.make(law), **GUESS) for name, law in laws.items()])


def exact():
    """Mean and quantiles of the first output: log-normal times a uniform from 1 to 2, by quadrature."""
    sigma = math.hypot(math.log(10.0) / stats.norm.ppf(0.95), 0.5)
    u, w = np.polynomial.legendre.leggauss(60)
    u, w = 1.5 + 0.5 * u, 0.5 * w

    def below(y):
        return float(w @ stats.norm.cdf((np.log(y / u) - math.log(2.0)) / sigma))

    mean = 2.0 * math.exp(sigma**2 / 2) * 1.5
    return [mean, *(optimize.brentq(lambda y, p=p: below(y) - p, 1e-4, 1e4, xtol=1e-13) for p in LEVELS)]


def figures(tree, output="whole"):
    found = sim.integrated(tree, output, quantiles=LEVELS, model=MODEL)
    values = [float(found["mean"][output][0]), *found["quantile"][output][0].to_numpy()]
    errors = [float(found["mcse"][output][0]), *found["mcse_quantile"][output][0].to_numpy()]
    return np.array(values), np.array(errors)


def test_near_the_truth_and_nearer_than_the_draws(book):
    tree = sim.run(book, model=MODEL, draws=4096, seed=2)
    values, errors = figures(tree)
    assert np.all(np.abs(values - exact()) < stats.t.ppf(1 - 1e-6 / 8, 15) * errors)
    plain = [float(tree["mcse"]["whole"][0]), *tree["mcse_quantile"]["whole"][0].sel(quantile=LEVELS).to_numpy()]
    assert np.all(errors < 0.2 * np.array(plain))


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_unbiased_over_many_seeds_and_as_near_as_told(book, sampler):
    """400 seeds: the mean error is zero within its own, and errors as told, family-wise 1e-6."""
    seeds, draws = 400, 1024
    runs = [figures(sim.run(book, model=MODEL, draws=draws, seed=s, sampler=sampler, threads=1)) for s in range(seeds)]
    values, errors = (np.array(part) for part in zip(*runs, strict=True))
    off = values - exact()
    z = off.mean(axis=0) / (off.std(axis=0, ddof=1) / math.sqrt(seeds))
    limit = stats.norm.ppf(1 - 1e-6 / 32)
    assert abs(z[0]) < limit  # the mean is unbiased for any number of draws
    # A quantile's own bias falls with the number of draws: it is a small part of its error at 1,024.
    assert np.all(
        np.abs(off.mean(axis=0)) < limit * off.std(axis=0, ddof=1) / math.sqrt(seeds) + 0.1 * errors.mean(axis=0)
    )
    held = (np.abs(off) <= stats.t.ppf(0.975, 15) * errors).sum(axis=0)
    low, high = stats.binom.ppf([1e-6 / 16, 1 - 1e-6 / 16], seeds, 0.95)
    assert np.all((low <= held) & (held <= high)), held


def test_zeros_and_signs_of_the_rest():
    """A mixture of three values of the rest, 0 among them: quantiles of the mixture, exactly at its zero."""
    law = priors.make({"family": "lognormal", "median": 1.0, "p95": 3.0})
    z = np.repeat([-1.0, 0.0, 2.0], [160, 320, 320])
    z = z.reshape(-1, 16).T.ravel()  # replicates alike: no error
    rng = np.random.default_rng(1)
    y = z * law.ppf(rng.random(len(z)))
    levels = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    found, errors = product.quantiles(law, z, y, levels)

    def below(value):
        return 0.2 * float(law.sf(-value)) if value < 0 else 0.6 + 0.4 * float(law.cdf(value / 2.0))

    expected = [
        optimize.brentq(lambda v, p=p: below(v) - p, *ends) for p, ends in ((0.1, (-9, -1e-9)), (0.7, (1e-9, 99)))
    ]
    np.testing.assert_allclose(found[[0, 3]], expected, rtol=1e-9)
    assert found[1] == found[2] == 0.0
    assert np.all(errors[[1, 2]] == 0.0)
    np.testing.assert_allclose(product.chances(law, product.rest_of(z, law), found)[0, [0, 3]], [0.1, 0.7], atol=1e-9)


def test_what_is_put_together_moves_nothing():
    """Groups of draws against every draw by itself."""
    law = priors.make({"family": "pert", "low": 60.0, "mode": 90.0, "high": 120.0})
    z = np.exp(np.random.default_rng(3).normal(size=3200))
    grouped, alone = product.rest_of(z, law), product.Rest(z, np.kron(np.ones(200), np.eye(16)) / 200)
    y = np.array([5.0, 50.0, 100.0, 800.0])
    np.testing.assert_allclose(
        product.chances(law, grouped, y).mean(axis=0), product.chances(law, alone, y).mean(axis=0), atol=1e-5
    )
    assert len(grouped.value) < len(z)


def test_the_market_s_outputs_are_proportional_as_told():
    """Twice the input, everything else as it was: twice the output, in every draw."""
    model, book = sim.market.model(), priors.load()
    tree = sim.run(book, draws=256, seed=9)
    x = np.stack([tree["inputs"][name][0].to_numpy() for name in model.inputs]).astype(float)
    one, two = (np.empty((model.cells, 256), np.float32) for _ in range(2))
    for output, factor in model.proportional.items():
        changed = x.copy()
        changed[list(model.inputs).index(factor)] *= 2.0
        model.kernel(x, one, *model.args)
        model.kernel(changed, two, *model.args)
        rows = model.slices()[output]
        np.testing.assert_allclose(two[rows], 2.0 * one[rows], rtol=1e-6)


def test_the_market_s_loads_under_scenarios():
    """Within the errors of the plain figures, whose own are many times as large; a scenario without uncertainty as it is."""
    tree = sim.run(draws=8192, scenarios=["baseline", "gpt_boom", "stated"], seed=3)
    found = sim.integrated(tree, "cloud_ai_load", quantiles=LEVELS)
    assert found.attrs["integrated"] == "cloud.cards_per_replicator"
    quantile, own = (found[group]["cloud_ai_load"] for group in ("quantile", "mcse_quantile"))
    plain = tree["quantile"]["cloud_ai_load"].sel(quantile=LEVELS)
    error = tree["mcse_quantile"]["cloud_ai_load"].sel(quantile=LEVELS)
    assert quantile.dims == ("scenario", "quantile", "quarter")
    assert np.all(np.abs(quantile - plain)[:2] <= stats.t.ppf(1 - 1e-6 / 144, 15) * error[:2])
    assert np.all((own < 0.2 * error)[:2])
    np.testing.assert_allclose(quantile[2], plain[2], rtol=1e-6)


def test_what_cannot_be_integrated_is_refused(book):
    tree = sim.run(book, model=MODEL, draws=256, keep_draws=250)
    with pytest.raises(ValueError, match='output "rest" is not proportional to an input; those that are: whole'):
        sim.integrated(tree, "rest", model=MODEL)
    with pytest.raises(ValueError, match="found 250 kept draws, expected a multiple of 16"):
        sim.integrated(tree, "whole", model=MODEL)
    with pytest.raises(ValueError, match='no draws of "whole" were kept'):
        sim.integrated(sim.run(book, model=MODEL, draws=256, keep="none"), "whole", model=MODEL)
    with pytest.raises(ValueError, match=r"quantiles: found \[1.5\]"):
        sim.integrated(tree, "whole", quantiles=[1.5], model=MODEL)
    with pytest.raises(ValueError, match="proportional of model"):
        sim.Model(["a"], [sim.Output("b")], times, proportional={"b": "c"})
    tied = priors.book(
        [*book.quantities.values()],
        correlations=[priors.correlation("own.x", "own.z", spearman=0.5, rationale="a test")],
    )
    with pytest.raises(ValueError, match=r'input "own\.x" is correlated with others'):
        sim.integrated(sim.run(tied, model=MODEL, draws=256), "whole", model=MODEL)


def test_where_the_input_is_fixed_quantiles_are_order_statistics(book):
    """As everywhere else: a draw, never a value between two; their errors are those of the run itself."""
    fixed = book.with_set("fixed", ["own.x=3"])
    tree = sim.run(fixed, scenarios=["fixed"], model=MODEL, draws=256, seed=2)
    found = sim.integrated(tree, "whole", quantiles=LEVELS, model=MODEL)["quantile"]["whole"][0].to_numpy()
    draws = np.sort(tree["draws"]["whole"].values.ravel())
    np.testing.assert_array_equal(found, draws[[12, 127, 243]])  # ceil(n p) - 1
