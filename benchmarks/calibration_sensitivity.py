"""Every estimator of sensitivity on models whose truth is known, for :mod:`benchmarks.calibrate`."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import numpy as np
import xarray as xr
from scipy import stats

import sim
from sim.study import effects
from tests.study import analytic
from tests.study.test_given_data import correlations_with_y, delta_of_normals

WEIGHTS, PAIRS = [1, 2, -1, 0.5, 1], [(0, 1, 0.6), (1, 2, 0.3), (0, 2, 0.4)]
CASES = {
    "ishigami": analytic.ishigami(),
    "g of six": analytic.g([0, 1, 4.5, 9, 99, 99]),
    "correlated normals": analytic.linear(WEIGHTS, PAIRS),
}
# Of conditional densities on a grid of 3,000 by 800 (arcsine laws in closed form), good to the digits given.
ISHIGAMI_DELTA = np.array([0.263, 0.425, 0.210])
DESIGN, KEPT = 2_048, 8_192
Figure = tuple[str, dict[str, np.ndarray], np.ndarray, bool]
Answers = tuple[str, np.ndarray, np.ndarray, np.ndarray, bool]


def answers(seed: int) -> Iterator[Answers]:
    """Figure, interval, truth, and whether an interval that holds too often is wrong too, of one seed."""
    yield from _named(seed, _each)


def indices(seed: int) -> Iterator[Answers]:
    """The same of first-order and total indices by a design of their own."""
    yield from _named(seed, _by_design)


def _named(seed: int, each: Callable[[str, analytic.Case, int], Iterator[Figure]]) -> Iterator[Answers]:
    for name, case in CASES.items():
        for figure, values, truth, two_sided in each(name, case, seed):
            yield f"{figure}, {name}", values["lower"], values["upper"], truth, two_sided


def _each(name: str, case: analytic.Case, seed: int) -> Iterator[Figure]:
    yield from _shares(case, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for sampler in ("sobol", "random"):
            tree = sim.run(case.book, model=case.model, draws=KEPT, seed=seed, sampler=sampler)
            part = tree.sim.first_order("y").isel(scenario=0)
            # Scrambled points are more even than the independent draws that the interval is made for: of an input that
            # matters little it holds 98.5 times in 100 (1,000 seeds).
            narrow = sampler == "random"
            yield f"first from kept draws ({sampler})", _figure(part, "first"), case.truth["first"], narrow
            if name == "ishigami":
                yield (
                    f"delta ({sampler})",
                    _figure(tree.sim.delta("y").isel(scenario=0), "delta"),
                    ISHIGAMI_DELTA,
                    False,
                )
            if name == "correlated normals":
                yield from _of_normals(tree, sampler)


def _by_design(name: str, case: analytic.Case, seed: int) -> Iterator[Figure]:
    for draws in (256, DESIGN):
        found = sim.sensitivity(case.book, model=case.model, draws=draws, seed=seed)["y"].to_dataset()
        for figure in ("first", "total"):
            yield f"{figure}, base {draws}", _figure(found, figure), case.truth[figure], True


def _shares(case: analytic.Case, seed: int) -> Iterator[Figure]:
    few = effects.FEW
    for words, limit in (("all sets", 10), ("random orders", 0)):
        effects.FEW = limit
        try:
            share = sim.sensitivity(case.book, model=case.model, method="shapley", draws=DESIGN, seed=seed)["y"]
        finally:
            effects.FEW = few
        yield f"shapley by {words}", _figure(share.to_dataset(), "shapley"), case.truth["shapley"], True


def _of_normals(tree: xr.DataTree, sampler: str) -> Iterator[Figure]:
    rho, sigma, w = correlations_with_y(WEIGHTS, PAIRS)
    ranks = tree.sim.rank_correlation("y").isel(scenario=0)
    yield f"spearman ({sampler})", _figure(ranks, "spearman"), 6 / np.pi * np.arcsin(rho / 2), True
    yield f"delta ({sampler})", _figure(tree.sim.delta("y").isel(scenario=0), "delta"), DELTA_OF_NORMALS, False
    ends = tree.sim.tornado("y").isel(scenario=0)
    sd = np.sqrt(w @ sigma @ w)
    tenth = stats.norm.pdf(stats.norm.ppf(0.1)) / 0.1
    for sign, end in ((-1, "low"), (1, "high")):
        yield f"tornado's mean, {end} ({sampler})", _figure(ends.sel(end=end), "mean"), sign * rho * tenth * sd, True
    for level in (0.05, 0.5, 0.95):
        truth = sd * np.array([TENTH[level](r) for r in rho])
        yield f"tornado's q{level:g}, low ({sampler})", _figure(ends.sel(end="low"), f"q{level:g}"), truth, True


def _figure(part: xr.Dataset, name: str) -> dict[str, np.ndarray]:
    return {end: part[f"{name}_{end}"].values for end in ("lower", "upper")}


def _quantile_in_the_lowest_tenth(level: float) -> Callable[[float], float]:
    """Quantile of y given that x, of correlation r with it, is in its lowest tenth; both unit normals."""
    nodes, mass = np.polynomial.legendre.leggauss(200)
    x = stats.norm.ppf(0.05 + 0.05 * nodes)

    def at(r: float) -> float:
        from scipy.optimize import brentq

        def excess(y: float) -> float:
            return float(mass @ stats.norm.cdf((y - r * x) / np.sqrt(1 - r**2)) / 2) - level

        return float(brentq(excess, -12, 12, xtol=1e-12))

    return at


DELTA_OF_NORMALS = np.array([delta_of_normals(r) for r in correlations_with_y(WEIGHTS, PAIRS)[0]])
TENTH = {level: _quantile_in_the_lowest_tenth(level) for level in (0.05, 0.5, 0.95)}
