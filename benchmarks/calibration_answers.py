"""Answers of a run with their 95 % intervals, beside the truth that these should hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

import sim
from sim.results.estimate import T_15

LEVELS = (0.05, 0.5, 0.95)
Z = 1.959963984540054
# Quantiles of these are one of a few values, and either told with no error or with one that is too large.
DISCRETE = ("hit", "count", "overtake", "first_to_parity", "parity_month")


@dataclass(frozen=True)
class Answer:
    """One answer of one run.

    Attributes
    ----------
    label: what was asked.
    lower, upper: its 95 % interval.
    truth: what it should hold.
    wide: whether the interval is wider than it says on purpose, so that it may hold too often.
    """

    label: str
    lower: float
    upper: float
    truth: float
    wide: bool = False

    @property
    def held(self) -> bool:
        """Whether the interval holds the truth, but for the rounding of doubles."""
        slack = 1e-12 * max(1.0, abs(self.truth))
        return self.lower - slack <= self.truth <= self.upper + slack


Case = Callable[[int, int], Iterator[Answer]]
"""Given a seed and a number of draws, the answers of one run."""


def quantiles(tree: xr.DataTree, name: str, of: Mapping[str, Any], group: str = "quantile") -> np.ndarray:
    return tree[group][name].sel(of).sel(quantile=list(LEVELS)).to_numpy()


def figures(
    tree: xr.DataTree, name: str, labels: Mapping[str, Any], binomial: bool, truth: tuple[float, tuple[float, ...]]
) -> Iterator[Answer]:
    """Mean and quantiles of a cell; ``binomial`` where its quantiles' errors are those of order statistics and wide."""
    of = {"scenario": "baseline", **labels}
    value, error = (float(tree[group][name].sel(of)) for group in ("mean", "mcse"))
    yield Answer(f"mean of {name}", value - T_15 * error, value + T_15 * error, truth[0])
    factor = Z if name == "plain" else T_15
    values, errors = quantiles(tree, name, of), factor * quantiles(tree, name, of, "mcse_quantile")
    for level, v, e, exact in zip(LEVELS, values, errors, truth[1], strict=True):
        yield Answer(f"quantile {level:g} of {name}", v - e, v + e, exact, binomial or name in DISCRETE)


def chance(tree: xr.DataTree, text: str, where: Mapping[str, Any], truth: float, *, wide: bool) -> Iterator[Answer]:
    found = tree.sim.prob(text, **where).sel(scenario="baseline")
    yield Answer(f"chance of {text}", float(found["lower"]), float(found["upper"]), truth, wide)


def differences(
    tree: xr.DataTree, truths: Mapping[str, Mapping[str, float]], labels: Mapping[str, Mapping[str, Any]]
) -> Iterator[Answer]:
    compared = sim.compare(tree, outputs=list(truths), quantiles=[0.95])
    for name, figures in truths.items():
        at = compared[name].to_dataset().isel(scenario=0).sel(labels.get(name, {}))
        for key, truth in figures.items():
            value, reach = float(at[key].squeeze()), T_15 * float(at[f"{key}_mcse"].squeeze())
            yield Answer(
                f"{key} of {name}", value - reach, value + reach, truth, key == "quantile_shift" and name in DISCRETE
            )
