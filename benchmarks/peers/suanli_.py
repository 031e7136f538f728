"""suanli, through its public front door: a book, a model, sim.run and the DataTree that it returns."""

import functools
import warnings

import numba
from small import INPUTS, LEVELS, OUTPUTS, model

import priors
import sim

KEYS = {
    "normal": ("mean", "sd"),
    "lognormal": ("mu", "sigma"),
    "uniform": ("low", "high"),
    "pert": ("low", "mode", "high"),
}
GUESS = {"basis": "assumption", "rationale": "the benchmark's small model"}
FORMULA = numba.njit(inline="always")(model)


@numba.njit(nogil=True, error_model="numpy", cache=True)
def kernel(x, y):
    """A tile of draws."""
    for d in range(x.shape[1]):
        y[0, d], y[1, d], y[2, d] = FORMULA(
            x[0, d], x[1, d], x[2, d], x[3, d], x[4, d], x[5, d], x[6, d], x[7, d], x[8, d], x[9, d]
        )


@functools.cache
def book():
    """The ten inputs as a book, on the first ten Sobol dimensions in the order they are listed in."""
    quantities = []
    for stream, (name, (family, *parameters)) in enumerate(INPUTS.items(), start=1):
        spec = {"family": family} | dict(zip(KEYS[family], parameters, strict=True))
        quantities.append(priors.quantity(f"small.{name}", priors.make(spec), unit="1", stream=stream, **GUESS))
    return priors.book(quantities)


warnings.simplefilter("ignore", sim.RoundedDraws)
MODEL = sim.Model([f"small.{name}" for name in INPUTS], [sim.Output(name) for name in OUTPUTS], kernel, name="small")


def tree(draws, seed, sampler="sobol", threads=None):
    """The run's DataTree; nothing kept but the summaries, as the peers keep nothing either."""
    return sim.run(book(), model=MODEL, draws=draws, seed=seed, sampler=sampler, threads=threads, keep="none")


def answers_of(found):
    """Mean and quantiles of the three outputs, from the tree's own groups."""
    quantile = found["quantile"]
    return [
        [float(found["mean"][name][0]), *(float(quantile[name].sel(quantile=level)[0]) for level in LEVELS)]
        for name in OUTPUTS
    ]


def run(draws, seed):
    """Answers of the three outputs."""
    return answers_of(tree(draws, seed))
