"""First-order and total indices of the market: ours against SALib around the market in NumPy, at equal error.

    python -m benchmarks.sensitivity                 # prints the figures
    python -m benchmarks.sensitivity --size quick

Both are asked for every input and all headline cells, in one process on one thread, in CPU seconds. SALib gets what a
user would write: its Saltelli design over uniforms, inputs by linear tables of their quantiles (2,049 places, faster than
SciPy's ``ppf``), the growth rates' copula, and the vectorised market; its bootstrap is asked for the error bars that ours
come with, and takes most of its time, so that its model's seconds are told apart.

An error is the root mean square over inputs and the cells of four outputs (others have tails so heavy that a few cells
would decide) against a reference of ours at many more draws, with another seed; correlated inputs are left out, of which
SALib, knowing only the uniforms behind them, says something else. Ours is run at growing bases; a line through errors and
seconds in logarithms tells the seconds at SALib's error.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

import priors
import sim
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


class Size(NamedTuple):
    """Bases of SALib's design, of ours and of the reference, and how often SALib resamples."""

    theirs: int
    ours: tuple[int, ...]
    reference: int
    resamples: int


SIZES = {
    "full": Size(1_024, (256, 512, 1_024, 2_048, 4_096, 16_384), 65_536, 100),
    "quick": Size(256, (256, 512, 1_024, 2_048), 16_384, 100),
    "tiny": Size(16, (256, 512), 1_024, 4),
}


def measure(size: str) -> dict[str, Any]:
    """Seconds and errors of both; one dictionary in JSON's types."""
    asked = SIZES[size]
    book = priors.load()
    names, block = _inputs(book)
    reference = _ours(asked.reference, 1)[0]
    independent = [name for name in names if name not in block]
    theirs = _salib(book, names, block, asked)
    compared = _compared()
    found = {
        "cells": theirs["cells"],
        "inputs": len(independent),
        "theirs": {k: theirs[k] for k in ("base", "sample", "inputs", "model", "analyse", "seconds")},
        "ours": [],
    }
    found["theirs"] |= {f: _error(theirs[f], reference[f], names, independent, compared) for f in FIGURES}
    for base in asked.ours:
        values, seconds = _ours(base, 0)
        errors = {f: _error(values[f], reference[f], names, independent, compared) for f in FIGURES}
        found["ours"].append({"base": base, "seconds": seconds, **errors})
    for figure in FIGURES:
        found[f"faster_{figure}"] = found["theirs"]["seconds"] / _at_error(found, figure)
        found[f"faster_{figure}_model_alone"] = found["theirs"]["model"] / _at_error(found, figure)
    return found


def rows(content: dict[str, Any]) -> list[Row]:
    """Lines of the table."""
    theirs, last = content["theirs"], content["ours"][-1]
    return [
        Row(
            f"SALib around NumPy, base {theirs['base']:,}: {content['inputs']} inputs, {content['cells']} cells",
            f"{theirs['seconds']:.1f} s",
            f"model alone {theirs['model']:.1f} s; error first {theirs['first']:.4f}, total {theirs['total']:.4f}",
        ),
        Row(
            f"suanli, base {last['base']:,}",
            f"{last['seconds']:.1f} s",
            f"error first {last['first']:.4f}, total {last['total']:.4f}",
        ),
        *(
            Row(
                f"{figure}: times faster at SALib's error",
                f"{content[f'faster_{figure}']:.0f}",
                "same process, CPU time",
            )
            for figure in FIGURES
        ),
    ]


def _at_error(found: dict[str, Any], figure: str) -> float:
    """Our seconds at SALib's error, by a line in logarithms; the smallest base's where even that is better."""
    errors = np.log([each[figure] for each in found["ours"]])
    seconds = np.log([each["seconds"] for each in found["ours"]])
    slope, start = np.polyfit(errors, seconds, 1)
    told = float(np.exp(start + slope * np.log(found["theirs"][figure])))
    return max(told, found["ours"][0]["seconds"])


def _compared() -> np.ndarray:
    """Which of the headline cells errors are told of, bool[cells]."""
    model = sim.market.model()
    shape = {output.name: int(np.prod(model.shape(output))) for output in model.outputs}
    return np.concatenate([np.full(shape[name], name in COMPARED) for name in HEADLINE])


def _error(
    values: np.ndarray, reference: np.ndarray, names: list[str], which: list[str], compared: np.ndarray
) -> float:
    rows_ = [names.index(name) for name in which]
    apart = (np.clip(values, 0, 1) - np.clip(reference, 0, 1))[np.ix_(rows_, compared)]
    return float(np.sqrt(np.nanmean(apart**2)))


def _inputs(book: priors.Book) -> tuple[list[str], list[str]]:
    """Inputs that vary, and those of them that are correlated."""
    resolved = book.resolve("baseline")
    names = [name for name in INPUTS if resolved[name].support[0] < resolved[name].support[1]]
    return names, sorted({name for a, b, _ in book.pairs() for name in (a, b)}, key=names.index)


def _ours(base: int, seed: int) -> tuple[dict[str, np.ndarray], float]:
    """First-order and total indices, [inputs, cells], and CPU seconds."""
    start = time.process_time()
    tree = sim.sensitivity(draws=base, seed=seed, threads=1)
    seconds = time.process_time() - start
    parts = {f: [tree[name][f].values.reshape(tree[name].sizes["input"], -1) for name in HEADLINE] for f in FIGURES}
    return {f: np.concatenate(each, axis=1) for f, each in parts.items()}, seconds


def _salib(book: priors.Book, names: list[str], block: list[str], asked: Size) -> dict[str, Any]:
    from SALib.analyze import sobol
    from SALib.sample import sobol as sample

    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    told: dict[str, Any] = {"base": asked.theirs}
    u = _timed(told, "sample", lambda: sample.sample(problem, asked.theirs, calc_second_order=False, seed=0))
    x = _timed(told, "inputs", lambda: _quantiles(book, names, block, u))
    cells = _timed(told, "model", lambda: _cells(x))

    def analyse() -> list[Any]:
        return [
            sobol.analyze(problem, y, calc_second_order=False, num_resamples=asked.resamples, seed=0) for y in cells
        ]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = _timed(told, "analyse", analyse)
    told["seconds"] = sum(told[part] for part in ("sample", "inputs", "model", "analyse"))
    told["cells"] = len(cells)
    told["first"] = np.column_stack([each["S1"] for each in found])
    told["total"] = np.column_stack([each["ST"] for each in found])
    return told


def _timed(told: dict[str, Any], part: str, call: Callable[[], Any]) -> Any:
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
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=list(SIZES), default="full")
    content = measure(parser.parse_args().size)
    for each in content["ours"]:
        print("suanli", {k: round(v, 5) for k, v in each.items()})
    print("SALib ", {k: round(v, 5) for k, v in content["theirs"].items()})
    for row in rows(content):
        print(*row, sep=" | ")


if __name__ == "__main__":
    main()
