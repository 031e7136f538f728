"""A small book of normals and lognormals whose scenarios differ in ways that have closed forms."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

import priors
import sim

GUESS = {"basis": "assumption", "rationale": "a test"}
NAMES = ["baseline", "wider", "shifted", "steadier"]
T15 = float(stats.t.ppf(0.975, 15))


def kernel(x, y):
    y[0] = x[0] + x[1]  # level: N(0, 1) + N(0, 2)
    y[1] = x[2]  # price: lognormal
    y[2] = x[0] > 1.0  # hit
    y[3] = x[0]


MODEL = sim.Model(
    ["own.b", "own.c", "own.a"],
    [
        sim.Output("level", units="card"),
        sim.Output("price", units="RMB"),
        sim.Output("hit"),
        sim.Output("aside", headline=False),
    ],
    kernel,
    reads={"level": ["own.b", "own.c"], "price": ["own.a"], "hit": ["own.b"], "aside": ["own.b"]},
    name="worlds",
)


def book():
    quantities = [
        priors.quantity("own.b", priors.make({"family": "normal", "mean": 0, "sd": 1}), unit="card", **GUESS),
        priors.quantity("own.c", priors.make({"family": "normal", "mean": 0, "sd": 2}), unit="card", **GUESS),
        priors.quantity("own.a", priors.make({"family": "lognormal", "mu": 0, "sigma": 0.5}), unit="RMB", **GUESS),
    ]
    made = priors.book(quantities=quantities)
    made = made.with_set("wider", ["own.b=normal(0.5, 1.5)", "own.a=lognormal(mu=0.3, sigma=0.7)"])
    made = made.with_set("shifted", ["own.b=+0.5"])
    return made.with_set("steadier", ["own.b=normal(0, 0.25)"])


def run(seed=0, draws=16_384, scenarios=NAMES, **options):
    return sim.run(book(), model=MODEL, scenarios=scenarios, draws=draws, seed=seed, **{"keep": "none"} | options)


def folded(mean, sd):
    """Mean of |X| for a normal X."""
    z = mean / sd
    return sd * math.sqrt(2 / math.pi) * math.exp(-z * z / 2) + mean * (1 - 2 * stats.norm.cdf(-z))


def truths(levels=(0.05, 0.5, 0.95)):
    """Exact measures of "wider" beside the baseline: of the level, and of the price's ratio."""
    z = stats.norm.ppf(levels)
    base, wide = math.sqrt(5.0), math.sqrt(1.5**2 + 4)
    grid = np.linspace(-15, 15, 300_001)
    return {
        "difference_mean": 0.5,
        "difference_sd": 0.5,
        "difference_quantile": 0.5 + 0.5 * z,
        "chance_greater": stats.norm.cdf(1.0),
        "chance_less": stats.norm.cdf(-1.0),
        "pairing_factor": (5 + 6.25) / 0.25,
        "quantile_shift": 0.5 + (wide - base) * z,
        "wasserstein": folded(0.5, wide - base),
        "ks": np.abs(stats.norm.cdf(grid / base) - stats.norm.cdf((grid - 0.5) / wide)).max(),
    }, {
        "ratio_mean": math.exp(0.3 + 0.02),
        "ratio_sd": math.exp(0.32) * math.sqrt(math.expm1(0.04)),
        "ratio_quantile": np.exp(0.3 + 0.2 * z),
    }
