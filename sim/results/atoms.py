"""Values that repeat within a bin of the sketch: what share of the bin lies below them, by the draws kept one by one.

A sketch tells how many draws a bin holds, not where in it they are. Evenly spread ones are placed well enough, but a floor, a
cap or a few values that an output takes put many draws on one number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from sim import reduce


class Inside(NamedTuple):
    """What is known of the bins that some numbers x lie in, of an output's cells under a scenario.

    Attributes
    ----------
    lump: bool[cells, x], whether a value repeats in the bin.
    share: float64[cells, x], of the bin's draws that are at most x; NaN where they are taken for evenly spread.
    told_by: int64[cells, x], how many kept draws tell it, 0 for a guess.
    """

    lump: np.ndarray
    share: np.ndarray
    told_by: np.ndarray

    @property
    def shares(self) -> list[np.ndarray]:
        """The shares, and those at the ends of what they can be where they are a guess: of two neighbouring x, a lump between."""
        guess = self.lump & (self.told_by == 0)
        ends = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)] if guess.any() else []
        return [self.share, *(np.where(guess, end, self.share) for end in ends)]


def inside(
    tree: xr.DataTree, output: str, scenario: int, counts: reduce.Counts, extremes: Sequence[np.ndarray], x: np.ndarray
) -> Inside:
    """What is known of the bins of ``x``, float64[x]; kept draws are read where a value repeats.

    Where there are none, a value that repeats beside the least or the greatest of all is taken for that one, a floor or a cap.
    """
    lump, key, (low, high) = reduce.lumps(counts, x), reduce.keys(x), map(reduce.keys, extremes)
    share = np.where(lump & (high[:, None] == key), 0.0, np.nan)
    share[lump & (low[:, None] == key)] = 1.0
    told_by = np.zeros(lump.shape, np.int64)
    if lump.any() and _kept(tree, output):
        draws = tree["draws"][output].isel(scenario=scenario).transpose("draw", ...)
        values = np.asarray(draws.values, float).reshape(draws.sizes["draw"], -1)
        bins = reduce.keys(values)
        for cell, at in np.argwhere(lump):
            within = values[bins[:, cell] == key[at], cell]
            if len(within):
                share[cell, at], told_by[cell, at] = np.mean(within <= x[at]), len(within)
    return Inside(lump, share, told_by)


def complete(tree: xr.DataTree, output: str) -> bool:
    """Whether all draws of an output were kept."""
    return _kept(tree, output) and tree["draws"].sizes["draw"] >= int(tree.attrs["draws"])


def _kept(tree: xr.DataTree, output: str) -> bool:
    return "draws" in tree.children and output in tree["draws"].data_vars
