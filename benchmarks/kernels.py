"""Kernel figures of ``sim.bench``, each timed in turn with what NumPy's Generator and SciPy take for the same job."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from benchmarks.market_draws import Z95, shape_of_pert
from benchmarks.market_numpy import market
from benchmarks.report import Row
from sim import bench
from sim.bench.figures import FAMILIES, market_engine, values
from sim.market import INPUTS

TITLE = "Kernels, ns a piece on one thread"
ROUNDS = {"full": 25, "quick": 9, "tiny": 1}
N = 16_384
SLOW = 1024  # for SciPy's slowest quantile functions
Job = tuple[Callable[[], Any], int]

rng = np.random.default_rng(0)


def _generator(name: str) -> Job | None:
    """NumPy's Generator for a family of the registry."""
    spec = FAMILIES[name]
    pert = shape_of_pert(FAMILIES["pert"])
    sigma = math.log(FAMILIES["lognormal"]["p95"] / FAMILIES["lognormal"]["median"]) / Z95
    values = FAMILIES["choice"]["values"]
    jobs: dict[str, Callable[[], Any]] = {
        "uniform": lambda: rng.uniform(spec["low"], spec["high"], N),
        "triangular": lambda: rng.triangular(spec["low"], spec["mode"], spec["high"], N),
        "normal": lambda: rng.normal(spec["mean"], spec["sd"], N),
        "lognormal": lambda: rng.lognormal(math.log(spec["median"]), sigma, N),
        "pert": lambda: rng.beta(*pert, N),
        "beta": lambda: rng.beta(spec["a"], spec["b"], N),
        "gamma": lambda: rng.gamma(spec["shape"], spec["scale"], N),
        "bernoulli": lambda: rng.random(N) < spec["p"],
        "choice": lambda: rng.choice(values, N, p=spec["probabilities"]),
        "hazard": lambda: rng.geometric(spec["rate"], N),
    }
    return (jobs[name], N) if name in jobs else None


def _quantiles(name: str) -> Job | None:
    """SciPy's ``ppf`` for a family of the registry, on uniforms that are there already."""
    spec = FAMILIES[name]
    laws: dict[str, Callable[[], Any]] = {
        "uniform": lambda: stats.uniform(spec["low"], spec["high"] - spec["low"]),
        "triangular": lambda: stats.triang((spec["mode"] - spec["low"]) / (spec["high"] - spec["low"])),
        "normal": lambda: stats.norm(spec["mean"], spec["sd"]),
        "truncated": lambda: stats.truncnorm(*((end - spec["mean"]) / spec["sd"] for end in spec["truncate"])),
        "lognormal": lambda: stats.lognorm(math.log(spec["p95"] / spec["median"]) / Z95, scale=spec["median"]),
        "pert": lambda: stats.beta(*shape_of_pert(spec)),
        "beta": lambda: stats.beta(spec["a"], spec["b"]),
        "gamma": lambda: stats.gamma(spec["shape"], scale=spec["scale"]),
        "bernoulli": lambda: stats.bernoulli(spec["p"]),
        "hazard": lambda: stats.geom(spec["rate"]),
    }
    if name not in laws:
        return None
    law, p = laws[name](), rng.random(SLOW)
    return lambda: law.ppf(p), SLOW


def _sobol() -> dict[str, Job]:
    steady = stats.qmc.Sobol(16, rng=1)
    steady.random(16)

    def by_index() -> None:
        engine = stats.qmc.Sobol(16, rng=1)
        engine.fast_forward(1 << 20)
        engine.random(2048)

    return {"SciPy": (lambda: steady.random(2048), 16 * 2048), "SciPy by index": (by_index, 16 * 2048)}


def _cell() -> dict[str, Job]:
    tile = dict(zip(INPUTS, market_engine()[1], strict=True))
    return {"NumPy": (lambda: market(tile), bench.pieces()["cell"] * len(tile["growth.cloud"]))}


def _reduce() -> dict[str, Job]:
    rows = values()
    edges = np.linspace(rows.min(), rows.max(), 513)
    return {
        "np.histogram": (lambda: [np.histogram(row, edges) for row in rows], rows.size),
        "np.quantile": (lambda: np.quantile(rows, (0.05, 0.5, 0.95), axis=1), rows.size),
    }


def _moments() -> dict[str, Job]:
    rows = values()
    return {"NumPy": (lambda: (rows.sum(1), (rows * rows).sum(1), rows.min(1), rows.max(1)), rows.size)}


def _variate(name: str) -> dict[str, Job]:
    found = {"NumPy": _generator(name), "SciPy": _quantiles(name)}
    return {other: job for other, job in found.items() if job}


# Every figure of the registry -> what others take for the same, by their names.
OTHERS: dict[str, Callable[[], dict[str, Job]]] = {
    "word": lambda: {"NumPy": (lambda: rng.random(N, np.float32), N)},
    "coordinate": _sobol,
    **{f"variate.{name}": lambda name=name: _variate(name) for name in FAMILIES},
    "cell": _cell,
    "moments": _moments,
    "sketch": _reduce,
    "reduction": dict,
}


def measure(size: str) -> dict[str, Any]:
    """Every figure: ns, bare_ns, of_limit, spread and each other's ns."""
    return {name: bench.measured(name, rounds=ROUNDS[size], others=make()).as_json() for name, make in OTHERS.items()}


def rows(content: dict[str, Any]) -> list[Row]:
    """A line a figure, with the bare limit and how many times as long others take."""
    found = []
    for name, figure in content.items():
        beside = [f"bare limit {figure['bare_ns']:.2f} ({figure['of_limit']:.0%})"]
        own = {"ns", "bare_ns", "of_limit", "spread"}
        for other, ns in figure.items():
            if other not in own:
                beside.append(f"{other} {ns:.3g} ({ns / figure['ns']:.3g} ×)")
        found.append(Row(bench.FIGURES[name].what, f"{figure['ns']:.2f}", "; ".join(beside)))
    return found
