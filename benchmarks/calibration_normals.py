"""Functions of six normals, smooth, kinked and discrete, whose means, quantiles, chances and differences are known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
from scipy import stats

import priors
import sim
from benchmarks.calibration_answers import LEVELS, Answer, Case, chance, differences, figures
from benchmarks.calibration_compare import BASE, INPUTS, OTHER, SHIFT
from sim import batch
from sim.inputs import Deck
from sim.settings import Settings

STRIKE, NEAR, RARE = 1.0, 0.3, 5.5
SCENARIOS = ("baseline", "other")


def kernel(x: np.ndarray, y: np.ndarray) -> None:
    """Smooth, skewed, kinked and discrete functions of six normals."""
    total = x.sum(axis=0)
    y[0], y[1] = total, np.exp(total / 5)
    y[2] = np.maximum(total - STRIKE, 0.0)
    y[3] = total > STRIKE
    y[4] = (x > NEAR).sum(axis=0)
    y[5] = total


_OUTPUTS = [
    *(sim.Output(name) for name in ("level", "price", "payoff", "hit", "count")),
    sim.Output("plain", headline=False),
]
MODEL = sim.Model(INPUTS, _OUTPUTS, kernel, name="six normals")


def normals(points: str) -> Case:
    """The six normals by ``points``: sobol (dimensions 1 to 6), strata (a user's own streams) or random."""
    first, sampler = (1_000 if points == "strata" else 1), ("random" if points == "random" else "sobol")
    laws = {
        scenario: {
            name: priors.make({"family": "normal", "mean": float(m), "sd": float(s)})
            for name, m, s in zip(INPUTS, means, sds, strict=True)
        }
        for scenario, means, sds in zip(SCENARIOS, (0 * SHIFT, SHIFT), (BASE, OTHER), strict=True)
    }
    deck = Deck({name: first + j for j, name in enumerate(INPUTS)}, laws, {name: {} for name in INPUTS})

    def run(seed: int, draws: int) -> Iterator[Answer]:
        settings = Settings(draws, seed, sampler, keep_draws=draws, pairs=True)  # type: ignore[arg-type]
        tree = batch.execute(
            deck, MODEL, settings, {"scenario_definitions": {name: {} for name in SCENARIOS}}, threads=1
        )
        for name in ("level", "price", "payoff", "hit", "count", "plain"):
            yield from figures(tree, name, {}, sampler == "sobol" and name == "plain", _truths()[name])
        for text, truth in _chances().items():
            # Of few hits a bound is told, Clopper and Pearson's, which holds more often than it says.
            yield from chance(tree, text, {}, truth, wide="5.5" in text or ("plain" in text and sampler == "sobol"))
        yield from differences(tree, _difference_truths(), {})

    return run


@cache
def _truths() -> dict[str, tuple[float, tuple[float, ...]]]:
    """Mean and quantiles of each output under the baseline."""
    s, z = math.sqrt((BASE**2).sum()), stats.norm.ppf(LEVELS)
    counts = np.ones(1)
    for p in stats.norm.sf(NEAR / BASE):
        counts = np.convolve(counts, [1 - p, p])
    at = np.searchsorted(np.cumsum(counts), LEVELS)
    return {
        "level": (0.0, tuple(s * z)),
        "price": (math.exp(s * s / 50), tuple(np.exp(s * z / 5))),
        "payoff": (_payoff(0.0, s), tuple(np.maximum(s * z - STRIKE, 0.0))),
        "hit": (float(stats.norm.sf(STRIKE / s)), tuple((s * z > STRIKE).astype(float))),
        "count": (float(counts @ np.arange(7)), tuple(at.astype(float))),
        "plain": (0.0, tuple(s * z)),
    }


def _payoff(mean: float, sd: float) -> float:
    """Bachelier's mean of what a normal exceeds the strike by."""
    d = (mean - STRIKE) / sd
    return float((mean - STRIKE) * stats.norm.cdf(d) + sd * stats.norm.pdf(d))


@cache
def _chances() -> dict[str, float]:
    s = math.sqrt((BASE**2).sum())
    return {
        "level > 1": float(stats.norm.sf(1 / s)),
        "price < 0.8": float(stats.norm.cdf(5 * math.log(0.8) / s)),
        "payoff > 0": float(stats.norm.sf(STRIKE / s)),
        "hit == 1": float(stats.norm.sf(STRIKE / s)),
        "plain > 1": float(stats.norm.sf(1 / s)),
        "level > 3.5": float(stats.norm.sf(3.5 / s)),
        "level > 5.5": float(stats.norm.sf(RARE / s)),
        "own.z0 > 0.3 and own.z1 > 0.3": float(np.prod(stats.norm.sf(NEAR / BASE[:2]))),
    }


@cache
def _difference_truths() -> dict[str, dict[str, float]]:
    s, t, shift = math.sqrt((BASE**2).sum()), math.sqrt((OTHER**2).sum()), float(SHIFT.sum())
    apart = math.sqrt(((OTHER - BASE) ** 2).sum())
    return {
        "level": {
            "difference_mean": shift,
            "quantile_shift": shift + (t - s) * float(stats.norm.ppf(0.95)),
            "chance_greater": float(stats.norm.cdf(shift / apart)),
        },
        "price": {"difference_mean": math.exp(shift / 5 + t * t / 50) - math.exp(s * s / 50)},
        "payoff": {"difference_mean": _payoff(shift, t) - _payoff(0.0, s)},
        "hit": {"difference_mean": float(stats.norm.sf((STRIKE - shift) / t) - stats.norm.sf(STRIKE / s))},
    }
