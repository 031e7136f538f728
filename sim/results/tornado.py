"""Tornado from kept draws: what an answer is where an input is low, and where it is high.

Of the draws with the lowest tenth of an input (or another share), and with the highest, the mean and quantiles of the
answer. Other inputs vary as they do, correlated ones with the input, so this is what to expect if the input is found to
be low or high. Draws that are equal at the edge all count, and never all draws: of a switch, low is all draws at 0, high all
at 1, however rare that is.

The figure is that of all such draws, its error the spread of the replicates' own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.results import estimate
from sim.results.errors import ResultError
from sim.results.estimate import Estimate
from sim.results.evaluate import array
from sim.results.kept import Kept, each_scenario
from sim.sample import LEVELS, REPLICATES, quantiles

ENDS = ("low", "high")


def dataset(tree: xr.DataTree, output: str, share: float, levels: Sequence[float] = LEVELS) -> xr.Dataset:
    """The mean and quantiles labelled, dims scenario, input, end and the output's own.

    Raises
    ------
    ResultError: for a share outside of (0, 0.5], or what :func:`~sim.results.kept.each_scenario` refuses.
    """
    if not 0.0 < share <= 0.5:
        raise ResultError(f"share: found {share}, expected the share of draws at either end, above 0 and at most 0.5")
    found = each_scenario(tree, output, lambda kept: tornado(kept, share, levels), words(levels), {"end": ENDS})
    units = array(tree, "draws", output).attrs.get("units", "1")
    for variable in found.data_vars.values():
        variable.attrs["units"] = units
    return found.assign_attrs(share=share)


def words(levels: Sequence[float] = LEVELS) -> dict[str, str]:
    """What each figure is, by its name."""
    return {"mean": "mean", **{f"q{level:g}": f"{level:.0%} quantile" for level in levels}}


def tornado(kept: Kept, share: float, levels: Sequence[float] = LEVELS) -> dict[str, Estimate]:
    """Mean and quantiles of each cell at each end of each input, [inputs, 2, cells]."""
    found = np.empty((1 + len(levels), 2, len(kept.x), 2, len(kept.y)))
    for i, x in enumerate(kept.x):
        ordered = np.sort(x)
        reach = max(int(share * len(x)), 1)
        low, high = min(ordered[reach - 1], _below(ordered)), max(ordered[-reach], _above(ordered))
        for end, at in enumerate((x <= low, x >= high)):
            found[:, 0, i, end], found[:, 1, i, end] = _of(kept.y[:, at], kept.replicate[at], levels)
    return {name: estimate.around(found[k, 0], found[k, 1]) for k, name in enumerate(words(levels))}


def _below(ordered: np.ndarray) -> float:
    """The greatest of rising values that is not the greatest of all; that where all are equal."""
    return float(ordered[max(np.searchsorted(ordered, ordered[-1]) - 1, 0)])


def _above(ordered: np.ndarray) -> float:
    """The least of rising values that is not the least of all; that where all are equal."""
    return float(ordered[min(np.searchsorted(ordered, ordered[0], side="right"), len(ordered) - 1)])


def _of(y: np.ndarray, replicate: np.ndarray, levels: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Figures of the cells and their standard errors, float64[figures, cells] each; NaN where a replicate has no draw."""
    each = [y[:, replicate == r] for r in range(REPLICATES)]
    if min(part.shape[1] for part in each) == 0:
        return _figures(y, levels), np.full((1 + len(levels), len(y)), np.nan)
    return _figures(y, levels), estimate.mean(np.stack([_figures(part, levels) for part in each], axis=-1)).mcse


def _figures(y: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    mean = y.mean(axis=1)[None]
    if not levels:
        return mean
    return np.concatenate([mean, quantiles(y, levels, axis=1)])
