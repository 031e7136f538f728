"""Differences between scenarios draw by draw, from kept draws or the sums that a run with --pairs left; never from a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.app.answers import Figure, from_draws
from sim.app.report.fans import kind_of
from sim.sample import LEVELS, REPLICATES, standard_error

if TYPE_CHECKING:
    from sim.app.report.source import Key, Source


@dataclass(frozen=True)
class Difference:
    """What a cell is under a scenario less what it is under the base.

    Attributes
    ----------
    mean: with its standard error.
    spread: 5 %, 50 % and 95 % of the difference.
    more: the chance that the scenario has more, None where no draws were kept.
    size: the mean difference in standard deviations of the base.
    same: whether there is none in any draw.
    """

    mean: Figure
    spread: Figure
    more: Figure | None
    size: float
    same: bool


def difference(source: Source, scenario: str, key: Key) -> Difference | None:
    """Of ``scenario`` and the first of the file; None where the file holds nothing to tell it by."""
    kind = kind_of(source, key.output)
    kind = {"month": "number", "share": "points"}.get(kind, kind)
    if source.kept and key.output in source.tree["draws"].data_vars:
        base, own = (_draws(source, name, key) for name in (source.scenarios[0], scenario))
        return _from_draws(own - base, float(base.std()), kind)
    if "difference" in source.tree.children and key.output in source.tree["difference"]["mean"].data_vars:
        return _from_sums(source, scenario, key, kind)
    return None


def _draws(source: Source, scenario: str, key: Key) -> np.ndarray:
    kept = source.tree["draws"].ds[key.output].isel(scenario=source.scenarios.index(scenario))
    return np.asarray(kept.sel(key.at).values, dtype=float)


def _from_draws(beyond: np.ndarray, deviation: float, kind: str) -> Difference:
    mean = Figure((float(beyond.mean()),), (_error(beyond),), kind)
    above = (beyond > 0).astype(float)
    more = Figure((float(above.mean()),), (_error(above),), "chance")
    return Difference(mean, from_draws(beyond, kind), more, _size(mean.values[0], deviation), not beyond.any())


def _from_sums(source: Source, scenario: str, key: Key, kind: str) -> Difference:
    at = {"scenario": scenario, **key.at}
    part = {name: source.tree["difference"][name].ds[key.output].sel(at) for name in ("mean", "mcse")}
    levels = [source.tree["difference"][name].ds[key.output].sel(at) for name in ("quantile", "mcse_quantile")]
    values, errors = (tuple(float(x) for x in each.sel(quantile=list(LEVELS)).values) for each in levels)
    deviation = float(source.tree["sd"].ds[key.output].sel({**at, "scenario": source.scenarios[0]}))
    mean = Figure((float(part["mean"]),), (float(part["mcse"]),), kind)
    same = not (any(values) or mean.values[0])
    return Difference(mean, Figure(values, errors, kind), None, _size(mean.values[0], deviation), same)


def _error(values: np.ndarray) -> float:
    """Standard error of a mean over draws, from the spread of the replicates."""
    whole = len(values) // REPLICATES * REPLICATES
    if whole < 2 * REPLICATES:
        return float("nan")
    return float(standard_error(values[:whole].reshape(-1, REPLICATES).mean(axis=0)))


def _size(mean: float, deviation: float) -> float:
    return abs(mean) / deviation if deviation > 0 else float(mean != 0)
