"""Growth: time and memory against draws, scenarios, quarters, inputs and output cells, with the fitted exponent.

Every point is a process of its own, so that its peak memory is its own; kernels are compiled and tables built before the
clock starts. Exponents are of time, fitted to the three largest sizes: below them a run's start and end weigh in.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

import priors
import sim
from benchmarks import environments, small
from benchmarks.peers.child import peak_mib
from benchmarks.report import Row, seconds

TITLE = "Growth: seconds, peak MiB and the exponent of time"
FITTED = 3
GUESS = {"basis": "assumption", "rationale": "the benchmark's own"}
# axis -> what its runs are, and the sizes of a full, a quick and a tiny benchmark
AXES: dict[str, tuple[str, dict[str, list[int]]]] = {
    "draws": (
        "the small model",
        {
            "full": [10**power for power in range(4, 10)],
            "quick": [10**power for power in range(4, 8)],
            "tiny": [1024],
        },
    ),
    "scenarios": ("the market, 65,536 draws each", {"full": [1, 2, 4, 8, 12], "quick": [1, 2, 4], "tiny": [1]}),
    "quarters": ("the market, 65,536 draws", {"full": [4, 8, 16, 32, 64], "quick": [4, 8, 16], "tiny": [1]}),
    "inputs": ("a sum of so many, 262,144 draws", {"full": [10, 30, 100, 300, 1000], "quick": [10, 100], "tiny": [3]}),
    "cells": (
        "so many cells of ten inputs, 65,536 draws",
        {"full": [10, 100, 1000, 10_000], "quick": [10, 100], "tiny": [3]},
    ),
}
DRAWS = 65_536
LIMIT = 600


@numba.njit(nogil=True, error_model="numpy", cache=True)
def total(x: np.ndarray, y: np.ndarray) -> None:  # pragma: no cover - compiled
    """The sum of all inputs."""
    y[0] = 0.0
    for j in range(x.shape[0]):
        for d in range(x.shape[1]):
            y[0, d] += x[j, d]


@numba.njit(nogil=True, error_model="numpy", cache=True)
def cells(x: np.ndarray, y: np.ndarray) -> None:  # pragma: no cover - compiled
    """Products of two inputs, another pair for each cell."""
    inputs = x.shape[0]
    for c in range(y.shape[0]):
        for d in range(x.shape[1]):
            y[c, d] = x[c % inputs, d] * x[(c // inputs + 1) % inputs, d] + c


def _own(inputs: int, count: int, kernel: Callable[..., Any]) -> tuple[priors.Book, sim.Model]:
    law = priors.make({"family": "pert", "low": 1.0, "mode": 2.0, "high": 4.0})
    names = [f"bench.x{j}" for j in range(inputs)]
    book = priors.book([priors.quantity(name, law, unit="1", **GUESS) for name in names])
    output = sim.Output("y", dims=("cell",), headline=count <= 100)
    return book, sim.Model(names, [output], kernel, coords={"cell": range(count)}, name="grown")


def job(axis: str, n: int, small_draws: bool = False) -> Callable[[], Any]:
    """One run at size ``n`` of an axis; with ``small_draws`` the same of a thousand draws, to warm up."""
    few = 1024 if small_draws else None
    if axis == "draws":
        ours = small.imported("suanli_")
        return lambda: ours.tree(few or n, 0)
    if axis in ("inputs", "cells"):
        book, model = _own(n, 1, total) if axis == "inputs" else _own(10, n, cells)
        draws = few or (4 * DRAWS if axis == "inputs" else DRAWS)
        return lambda: sim.run(book, model=model, draws=draws, keep="none")
    book = priors.load()
    scenarios = [name for name in book.scenarios if name != "stated"][: n if axis == "scenarios" else 1]
    model = sim.market.model(n if axis == "quarters" else 12)
    return lambda: sim.run(book, scenarios=scenarios, model=model, draws=few or DRAWS, keep="none")


def measure(size: str) -> dict[str, Any]:
    """Seconds and peak MiB at each size of each axis, and the exponent of time."""
    found: dict[str, Any] = {}
    for axis, (_, sizes) in AXES.items():
        points = []
        for n in sizes[size]:
            try:
                command = [sys.executable, "-m", "benchmarks.growth", axis, str(n)]
                points.append({"n": n} | environments.json_of(command, limit=LIMIT))
            except environments.Failed as error:
                points.append({"n": n, "failed": str(error)})
        found[axis] = {"points": points, "exponent": exponent([p for p in points if "seconds" in p])}
    return found


def exponent(points: list[dict[str, Any]]) -> float | None:
    """Slope of time against size in logarithms, of the largest sizes."""
    if len(points) < 2:
        return None
    n, took = np.log([[point["n"], point["seconds"]] for point in points[-FITTED:]]).T
    return float(np.polyfit(n, took, 1)[0])


def rows(content: dict[str, Any]) -> list[Row]:
    """A line an axis."""
    lines = []
    for axis, found in content.items():
        points = found["points"]
        figure = " / ".join(seconds(p["seconds"]) if "seconds" in p else "–" for p in points)
        memory = " / ".join(f"{p['peak_mib']:.0f}" if "seconds" in p else "–" for p in points)
        slope = "" if found["exponent"] is None else f"; exponent {found['exponent']:.2f}"
        sizes = ", ".join(f"{p['n']:,}" for p in points)
        lines.append(Row(f"{axis} {sizes} ({AXES[axis][0]})", figure, f"{memory} MiB{slope}"))
    return lines


def main() -> None:
    """One point, in this process: prints one line of JSON."""
    axis, n = sys.argv[1], int(sys.argv[2])
    warnings.simplefilter("ignore", sim.RoundedDraws)
    job(axis, n, small_draws=True)()
    run, took = job(axis, n), []
    while len(took) < 3 and sum(took) < 3.0:
        start = time.perf_counter()
        run()
        took.append(time.perf_counter() - start)
    print(json.dumps({"seconds": statistics.median(took), "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
