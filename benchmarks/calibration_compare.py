"""Comparisons and attributions on models with closed forms, for :mod:`benchmarks.calibrate`.

A sum of six normals, three of which a scenario moves and widens, and the exponential of its fifth.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy import stats

import priors
import sim
from sim.results.estimate import T_15
from sim.study import shapley
from sim.study.figures import Chance, Quantile

DRAWS = 8_192
LEVELS = (0.05, 0.5, 0.95)
GUESS = {"basis": "assumption", "rationale": "a model with closed forms"}
INPUTS = [f"own.z{j}" for j in range(6)]
# Standard deviations of the six summands, of the baseline and of the scenario; means 0 and 0.25 each.
BASE, OTHER = np.array([1.0, 0.9, 0.8, 0.7, 0.6, 0.5]), np.array([1.3, 1.2, 1.0, 0.7, 0.6, 0.5])
SHIFT = np.array([0.25, 0.25, 0.25, 0.0, 0.0, 0.0])


def kernel(x, y):
    """A sum of six normals, and the exponential of its fifth."""
    total = x.sum(axis=0)
    y[0], y[1] = total, np.exp(total / 5)


MODEL = sim.Model(INPUTS, [sim.Output("level"), sim.Output("price")], kernel, name="six normals")


def book() -> priors.Book:
    """Six normals, and a scenario that moves and widens some."""
    made = priors.book(
        quantities=[
            priors.quantity(name, priors.make({"family": "normal", "mean": 0, "sd": float(sd)}), **GUESS)
            for name, sd in zip(INPUTS, BASE, strict=True)
        ]
    )
    changes = zip(INPUTS, SHIFT, OTHER, BASE, strict=True)
    return made.with_set("other", [f"{n}=normal({m}, {s})" for n, m, s, b in changes if (m, s) != (0.0, b)])


def truths() -> dict[str, tuple[str, str, np.ndarray]]:
    """Label -> output, measure, exact value."""
    z = stats.norm.ppf(LEVELS)
    shift, apart = SHIFT.sum(), math.sqrt(((OTHER - BASE) ** 2).sum())
    base, other = math.sqrt((BASE**2).sum()), math.sqrt((OTHER**2).sum())
    grid = np.linspace(-20, 20, 400_001)
    t = shift / (other - base)
    folded = (other - base) * math.sqrt(2 / math.pi) * math.exp(-t * t / 2) + shift * (1 - 2 * stats.norm.cdf(-t))
    found = {
        "difference_mean": shift,
        "difference_sd": apart,
        "difference_quantile": shift + apart * z,
        "chance_greater": stats.norm.cdf(shift / apart),
        "chance_less": stats.norm.cdf(-shift / apart),
        "pairing_factor": (base**2 + other**2) / apart**2,
        "quantile_shift": shift + (other - base) * z,
        "wasserstein": folded,
        "ks": np.abs(stats.norm.cdf(grid / base) - stats.norm.cdf((grid - shift) / other)).max(),
    }
    m, s = shift / 5, apart / 5
    ratio = {
        "ratio_mean": math.exp(m + s * s / 2),
        "ratio_sd": math.exp(m + s * s / 2) * math.sqrt(math.expm1(s * s)),
        "ratio_quantile": np.exp(m + s * z),
    }
    made = {name: ("level", name, np.atleast_1d(exact)) for name, exact in found.items()}
    return made | {name: ("price", name, np.atleast_1d(exact)) for name, exact in ratio.items()}


def worth(figure: object) -> np.ndarray:
    """The figure of each of the 2^3 subsets of the overrides."""
    masks = np.arange(8)
    taken = masks[:, None] >> np.arange(3) & 1
    sd = np.sqrt(np.where(taken, OTHER[:3], BASE[:3]) ** 2 @ np.ones(3) + (BASE[3:] ** 2).sum())
    mean = taken @ SHIFT[:3]
    if isinstance(figure, Quantile):
        return mean + sd * stats.norm.ppf(figure.level)
    return stats.norm.sf((figure.threshold - mean) / sd)


def answers(seed: int) -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """Label, interval and truth of every measure and share, one seed by either sampler."""
    for sampler in ("sobol", "random"):
        options = {"model": MODEL, "draws": DRAWS, "seed": seed, "sampler": sampler, "keep": "none", "threads": 1}
        tree = sim.run(BOOK, scenarios=["baseline", "other"], pairs=True, **options)
        compared = sim.compare(tree, quantiles=LEVELS)
        for label, (output, measure, exact) in TRUTHS.items():
            found = compared[output].to_dataset()
            value, error = (np.atleast_1d(found[name].values[0]) for name in (measure, f"{measure}_mcse"))
            yield f"{label} ({sampler})", value - T_15 * error, value + T_15 * error, exact
        for label, (figure, exact) in SHARES.items():
            found = sim.attribute(tree, "baseline", "other", "level", of=figure, model=MODEL, threads=1)
            found = found.sel(override=INPUTS[: len(exact)])
            value, error = found["share"].values, found["share_mcse"].values
            yield f"{label} ({sampler})", value - T_15 * error, value + T_15 * error, exact


BOOK, TRUTHS = book(), truths()
SHARES = {
    label: (figure, shapley.values(worth(figure)))
    for label, figure in (("share of a median", Quantile(0.5)), ("share of a chance", Chance(2.0)))
}
