"""How near a run has come to the error that was asked of it: the largest relative Monte Carlo error of its answers.

The answers are each cell's mean and its 5 %, 50 % and 95 % quantiles. An error is told relative to max(|value|,
p95 − p5), so that an answer near zero is measured by its spread; that of a chance (a cell of zeros and ones alone) is
told as it is.

A run that stops where its own estimated error is small enough might stop too often where the estimate is too low. It
does so little: of nominal 95 % intervals of a smooth function of six inputs, at the net where each of 1,000 runs stopped,
93.0 to 95.8 % held (``pytest -m slow tests/run/test_until.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim import reduce
from sim.model import Model
from sim.sample import LEVELS

FIGURES = ("mean", *(f"quantile {level:g}" for level in LEVELS))


@dataclass(frozen=True)
class Reached:
    """The largest error among the chosen answers, and whose it is.

    Attributes
    ----------
    error: relative, or absolute for a chance; infinite where there is no error to tell yet.
    answer: the figure and the cell, for people.
    """

    error: float
    answer: str


def largest(
    model: Model, names: Sequence[str], scenarios: Sequence[str], summaries: Sequence[reduce.Summary]
) -> Reached:
    """The largest error of the outputs ``names`` over all scenarios."""
    found = Reached(-1.0, "")
    where = model.slices()
    for scenario, summary in zip(scenarios, summaries, strict=True):
        errors = errors_of(summary)
        for name in names:
            part = errors[where[name]]
            cell, figure = np.unravel_index(np.argmax(part), part.shape)
            if part[cell, figure] > found.error:
                label = f"{FIGURES[figure]} of {name}{_cell(model, name, int(cell))} under {scenario}"
                found = Reached(float(part[cell, figure]), label)
    return found


def errors_of(summary: reduce.Summary) -> np.ndarray:
    """Errors of every cell's answers, float64[cells, 4], relative but for chances; infinite where there is none to tell."""
    moments = summary.moments
    values = np.column_stack([moments.mean, summary.quantile(np.array(LEVELS))])
    errors = np.column_stack([moments.mcse, summary.mcse_quantile(np.array(LEVELS))])
    spread = (values[:, 3] - values[:, 1])[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(errors == 0.0, 0.0, errors / np.maximum(np.abs(values), spread))
    chance = _chances(summary)
    relative[chance] = 0.0
    relative[chance, 0] = moments.mcse[chance]
    return np.where(np.isnan(relative), np.inf, relative)


def _chances(summary: reduce.Summary) -> np.ndarray:
    """bool[cells]: cells of zeros and ones alone, told by their extremes and by their variance."""
    moments = summary.moments
    bits = np.isin(moments.low, (0.0, 1.0)) & np.isin(moments.high, (0.0, 1.0)) & summary.counts.on_edge
    p, n = moments.mean, moments.finite
    with np.errstate(invalid="ignore", divide="ignore"):
        # Of values in [0, 1] with mean p none has a larger variance.
        largest_sd = np.sqrt(p * (1.0 - p) * n / (n - 1.0))
    return np.asarray(bits & (np.abs(moments.sd - largest_sd) <= 1e-9))


def _cell(model: Model, name: str, cell: int) -> str:
    output = next(output for output in model.outputs if output.name == name)
    if not output.dims:
        return ""
    at = np.unravel_index(cell, model.shape(output))
    return "[" + ", ".join(str(model.coords[dim][int(i)]) for dim, i in zip(output.dims, at, strict=True)) + "]"
