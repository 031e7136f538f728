"""First-order and total indices of the market: ours against SALib around the market in NumPy, at equal error.

    python -m benchmarks.sensitivity                 # prints the figures
    python -m benchmarks.sensitivity --size quick

Both are asked for every input and all headline cells, in one process on one thread, in CPU seconds. SALib gets what a
user would write: its Saltelli design over uniforms, inputs by linear tables of their quantiles (2,049 places, faster than
SciPy's ``ppf``), the growth rates' copula, the vectorised market, and SALib's estimators. Its bootstrap, from which it has
the error bars that ours come with anyway, is left out of its seconds and told apart.

An error is the standard deviation of an index over runs with other scrambles, root mean square over inputs and the cells
of four outputs (others have tails so heavy that a few cells would decide); correlated inputs are left out, of which
SALib, knowing only the uniforms behind them, says something else. Both are run at growing bases, a few times each; a line
through our errors and seconds in logarithms tells our seconds at each of SALib's errors.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

import priors
import sim
from benchmarks import environments
from benchmarks.market_numpy import market
from benchmarks.report import Row
from priors.correlate import matrix, pearson
from sim.market import INPUTS

TITLE = "First-order and total indices, one thread"
COMPARED = ["market_domestic_share", "market_spend_year", "cloud_revenue_year", "parity_month"]
HEADLINE = [output.name for output in sim.market.model().outputs if output.headline]
PLACES = np.linspace(0.0, 1.0, 2_049)
EDGE = 1e-6
FIGURES = ("first", "total")
LIMIT = 1800
PARTS = ("sample", "inputs", "model", "analyse")


class Size(NamedTuple):
    """Bases of SALib's design and of ours, how often each is run, and how often SALib resamples for its error bars."""

    theirs: tuple[int, ...]
    their_seeds: int
    ours: tuple[int, ...]
    our_seeds: int
    resamples: int


SIZES = {
    "full": Size((1_024, 2_048), 4, (512, 1_024, 2_048), 8, 20),
    "quick": Size((512,), 3, (256, 512, 1_024), 3, 0),
    "tiny": Size((8,), 2, (256,), 2, 2),
}


class Told(NamedTuple):
    """What a run found, first-order and total indices [inputs, cells] by name, and its CPU seconds by part."""

    values: dict[str, np.ndarray]
    seconds: dict[str, float]


def measure(size: str) -> dict[str, Any]:
    """:func:`measured` in a process whose linear algebra, too, has one thread: another would spin and be counted."""
    command = [sys.executable, "-m", "benchmarks.sensitivity", "--size", size, "--json"]
    return environments.json_of(command, limit=LIMIT, more={"OPENBLAS_NUM_THREADS": "1"})


def measured(size: str) -> dict[str, Any]:
    """Seconds and errors of both at each base; one dictionary in JSON's types."""
    asked = SIZES[size]
    book = priors.load()
    names, block = _inputs(book)
    which = np.ix_([i for i, name in enumerate(names) if name not in block], np.flatnonzero(_compared()))
    _ours(256, 0)  # loads kernels, or compiles them
    found: dict[str, Any] = {"inputs": len(names), "cells": int(_compared().size), "ours": [], "theirs": []}
    for base in asked.ours:
        found["ours"].append(_point(base, [_ours(base, seed) for seed in range(asked.our_seeds)], which))
    for base in asked.theirs:
        told = [_salib(book, names, block, base, seed) for seed in range(asked.their_seeds)]
        found["theirs"].append(_point(base, told, which))
    if asked.resamples:
        found["bootstrap"] = _bootstrap(book, names, block, asked.theirs[0], asked.resamples)
    for point in found["theirs"]:
        point |= {
            f"faster_{figure}": point["seconds"] / _at_error(found["ours"], figure, point[figure]) for figure in FIGURES
        }
    return found


def rows(content: dict[str, Any]) -> list[Row]:
    """Lines of the table: both at SALib's largest base, and how many times as fast ours is at its error."""
    theirs, ours = content["theirs"][-1], content["ours"][-1]
    parts = ", ".join(f"{part} {theirs['parts'][part]:.1f} s" for part in PARTS)
    found = [
        Row(
            f"indices of {content['inputs']} inputs on {content['cells']} cells: SALib around NumPy, base {theirs['base']:,}",
            f"{theirs['seconds']:.1f} s",
            f"one thread: {parts}; errors {theirs['first']:.4f} and {theirs['total']:.4f}",
        ),
        Row(
            f"suanli, base {ours['base']:,}, error bars included",
            f"{ours['seconds']:.1f} s",
            f"one thread; errors {ours['first']:.4f} and {ours['total']:.4f}",
        ),
    ]
    for figure, words in zip(FIGURES, ("first-order", "total"), strict=True):
        each = [f"{point[f'faster_{figure}']:.0f} ×" for point in content["theirs"]]
        bases = " / ".join(f"{point['base']:,}" for point in content["theirs"])
        found.append(Row(f"{words} indices at SALib's error", " / ".join(each), f"as fast; SALib's bases {bases}"))
    if "bootstrap" in content:
        told = content["bootstrap"]
        figure = f"{told['seconds']:.1f} s more"
        found.append(Row("SALib's own error bars", figure, f"{told['resamples']} resamples, base {told['base']:,}"))
    return found


def _point(base: int, told: Sequence[Told], which: tuple[Any, ...]) -> dict[str, Any]:
    """Seconds (the least of the runs) and errors of runs that differ in their scrambles."""
    parts = {part: min(run.seconds[part] for run in told) for part in told[0].seconds}
    errors = {}
    for figure in FIGURES:
        values = np.stack([run.values[figure][which] for run in told])
        errors[figure] = float(np.sqrt(np.nanmean(values.var(axis=0, ddof=1))))
    return {"base": base, "seconds": sum(parts.values()), "parts": parts, **errors}


def _at_error(ours: Sequence[dict[str, Any]], figure: str, error: float) -> float:
    """Our seconds at an error: by a line in logarithms through several bases, by the square of the error from one."""
    errors = np.log([each[figure] for each in ours])
    took = np.log([each["seconds"] for each in ours])
    slope, start = np.polyfit(errors, took, 1) if len(ours) > 1 else (-2.0, took[0] + 2.0 * errors[0])
    told = float(np.exp(start + slope * np.log(error)))
    # Not below what the smallest base takes, which no larger error makes cheaper.
    return max(told, ours[0]["seconds"])


def _compared() -> np.ndarray:
    """Which of the headline cells errors are told of, bool[cells]."""
    model = sim.market.model()
    shape = {output.name: int(np.prod(model.shape(output))) for output in model.outputs}
    return np.concatenate([np.full(shape[name], name in COMPARED) for name in HEADLINE])


def _inputs(book: priors.Book) -> tuple[list[str], list[str]]:
    """Inputs that vary, and those of them that are correlated."""
    resolved = book.resolve("baseline")
    names = [name for name in INPUTS if resolved[name].support[0] < resolved[name].support[1]]
    return names, sorted({name for a, b, _ in book.pairs() for name in (a, b)}, key=names.index)


def _ours(base: int, seed: int) -> Told:
    start = time.process_time()
    tree = sim.sensitivity(draws=base, seed=seed, threads=1)
    seconds = time.process_time() - start
    parts = {f: [tree[name][f].values.reshape(tree[name].sizes["input"], -1) for name in HEADLINE] for f in FIGURES}
    return Told({f: np.concatenate(each, axis=1) for f, each in parts.items()}, {"all": seconds})


def _salib(book: priors.Book, names: list[str], block: list[str], base: int, seed: int) -> Told:
    """SALib's design, the model, and its estimators of each cell, as ``SALib.analyze.sobol.analyze`` calls them."""
    from SALib.analyze import sobol

    told: dict[str, float] = {}
    cells = _outcomes(book, names, block, (base, seed), told)

    def analyse() -> tuple[list[Any], list[Any]]:
        first, total = [], []
        for y in cells:
            spread = y.std()
            a, b, ab, _ = sobol.separate_output_values((y - y.mean()) / spread, len(names), base, False)
            first.append([sobol.first_order(a, ab[:, j], b) for j in range(len(names))])
            total.append([sobol.total_order(a, ab[:, j], b) for j in range(len(names))])
        return first, total

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        first, total = _timed(told, "analyse", analyse)
    return Told({"first": np.array(first).T, "total": np.array(total).T}, told)


def _bootstrap(book: priors.Book, names: list[str], block: list[str], base: int, resamples: int) -> dict[str, Any]:
    """Seconds that SALib's analysis of all cells takes with its error bars."""
    from SALib.analyze import sobol

    told: dict[str, float] = {}
    cells = _outcomes(book, names, block, (base, 0), told)
    problem = _problem(names)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        _timed(told, "bars", lambda: [
            sobol.analyze(problem, y, calc_second_order=False, num_resamples=resamples, seed=1) for y in cells
        ])  # fmt: skip
    return {"base": base, "resamples": resamples, "seconds": told["bars"]}


def _outcomes(
    book: priors.Book, names: list[str], block: list[str], design: tuple[int, int], told: dict[str, float]
) -> list[np.ndarray]:
    """Every headline cell on SALib's design of a base and seed; its seconds join ``told``."""
    from SALib.sample import sobol as sample

    base, seed = design
    problem = _problem(names)
    u = _timed(told, "sample", lambda: sample.sample(problem, base, calc_second_order=False, seed=1 + seed))
    x = _timed(told, "inputs", lambda: _quantiles(book, names, block, u))
    found: list[np.ndarray] = _timed(told, "model", lambda: _cells(x))
    return found


def _problem(names: list[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _timed(told: dict[str, float], part: str, call: Callable[[], Any]) -> Any:
    start = time.process_time()
    found = call()
    told[part] = time.process_time() - start
    return found


def _quantiles(book: priors.Book, names: list[str], block: list[str], u: np.ndarray) -> dict[str, np.ndarray]:
    """Inputs from uniforms [draws, inputs]: a copula for the block, then tables."""
    rho = {frozenset((a, b)): value for a, b, value in book.pairs()}
    factor = np.linalg.cholesky(pearson(matrix(block, rho)))
    places = [names.index(name) for name in block]
    u = np.clip(u, EDGE, 1.0 - EDGE)
    u[:, places] = ndtr(ndtri(u[:, places]) @ factor.T)
    found = {}
    for name, prior in book.resolve("baseline").items():
        if name in names:
            column = u[:, names.index(name)]
            few = prior.family in ("bernoulli", "hazard", "choice")
            table = prior.ppf(np.clip(PLACES, EDGE, 1.0 - EDGE))
            found[name] = np.asarray(prior.ppf(column)) if few else np.interp(column, PLACES, table)
        else:
            found[name] = np.full(len(u), prior.support[0])
    return found


def _cells(x: dict[str, np.ndarray], step: int = 4_096) -> list[np.ndarray]:
    """The asked outputs' cells, each [draws]; the market in pieces that the cache likes better than the whole."""
    draws = len(next(iter(x.values())))
    parts = []
    for first in range(0, draws, step):
        outputs = market({name: values[first : first + step] for name, values in x.items()})
        parts.append(np.concatenate([outputs[name].reshape(-1, outputs[name].shape[-1]) for name in HEADLINE]))
    return list(np.concatenate(parts, axis=1))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=list(SIZES), default="full")
    parser.add_argument("--json", action="store_true", help="print the figures alone, on one line")
    given = parser.parse_args()
    if given.json:
        print(json.dumps(measured(given.size)))
        return
    content = measure(given.size)
    for whose in ("ours", "theirs"):
        for point in content[whose]:
            print(f"{whose:6}", {k: round(v, 5) for k, v in point.items() if k != "parts"})
    for row in rows(content):
        print(*row, sep=" | ")


if __name__ == "__main__":
    main()
