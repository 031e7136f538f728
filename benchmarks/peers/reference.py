"""The answers of the small model, by SciPy alone, to some 1e-8.

``python -m benchmarks.peers.reference`` writes ``reference.json``, in a minute. An output's CDF is the mean of its CDF given
all inputs but one, which is smooth, so that scrambled Sobol points integrate it well; quantiles are its roots. The spread
of sixteen scrambles tells how far the answers may be off.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy
from scipy import stats
from scipy.optimize import brentq

from benchmarks.peers.small import INPUTS, LEVELS, OUTPUTS, beta_of, model

SCRAMBLES, POINTS = 16, 17
MAKE = {
    "normal": stats.norm,
    "lognormal": lambda mu, sigma: stats.lognorm(sigma, scale=math.exp(mu)),
    "uniform": lambda low, high: stats.uniform(low, high - low),
    "pert": lambda low, mode, high: stats.beta(*beta_of(low, mode, high), loc=low, scale=high - low),
}


def laws() -> dict[str, stats.rv_continuous]:
    """SciPy's distributions of the inputs."""
    return {name: MAKE[family](*parameters) for name, (family, *parameters) in INPUTS.items()}


def conditional(x: dict[str, np.ndarray]) -> list[tuple[float, Callable[[float], float]]]:
    """Mean and CDF of each output, its one input integrated exactly, the others over the points ``x``."""
    law = laws()
    fixed = x["bought"] * (x["share"] * x["perf"] + 1.0 - x["share"])
    per_answer = model(**x)[1] / x["answers"]
    price = (x["share"] * x["price_new"] + (1.0 - x["share"]) * x["price_old"]) * 1e-6
    return [
        (law["held"].mean() + fixed.mean(), lambda value: float(law["held"].cdf(value - fixed).mean())),
        (law["answers"].mean() * per_answer.mean(), lambda value: float(law["answers"].cdf(value / per_answer).mean())),
        (law["bought"].mean() * price.mean(), lambda value: float(law["bought"].cdf(value / price).mean())),
    ]


def answers(points: int, seed: int) -> np.ndarray:
    """Answers from 2^points points of one scramble, float64[3 outputs, 4 figures]."""
    u = stats.qmc.Sobol(len(INPUTS), rng=seed).random_base2(points)
    x = {name: law.ppf(column) for (name, law), column in zip(laws().items(), u.T, strict=True)}
    found = []
    for values, (mean, cdf) in zip(model(**x), conditional(x), strict=True):
        near = np.quantile(values, LEVELS)
        roots = [_root(cdf, p, q) for p, q in zip(LEVELS, near, strict=True)]
        found.append([mean, *roots])
    return np.array(found)


def _root(cdf: Callable[[float], float], p: float, near: float) -> float:
    return float(brentq(lambda value: cdf(value) - p, 0.9 * near, 1.1 * near, rtol=1e-12))


def main() -> None:
    """Write the file."""
    found = np.array([answers(POINTS, seed) for seed in range(SCRAMBLES)])
    error = found.std(axis=0, ddof=1) / math.sqrt(SCRAMBLES)
    content = {
        "outputs": OUTPUTS,
        "figures": ["mean", "p5", "p50", "p95"],
        "answers": found.mean(axis=0).tolist(),
        "standard_errors": error.tolist(),
        "how": f"{SCRAMBLES} scrambles of 2^{POINTS} Sobol points, SciPy {scipy.__version__}",
    }
    Path(__file__).with_name("reference.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
