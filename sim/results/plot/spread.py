"""Quantiles and cdf of what a picture shows, from where they are: the sketch of all draws, or kept draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import xarray as xr

from sim import reduce
from sim.results import distribution
from sim.results.errors import ResultError
from sim.results.estimate import T_15
from sim.results.evaluate import array
from sim.results.plot.place import Place
from sim.sample import REPLICATES, quantiles, standard_error

DIFFERENCE = "difference"


class Spread(Protocol):
    """A distribution of each cell of a place."""

    def quantile(self, levels: np.ndarray) -> np.ndarray:
        """Quantiles, float64[levels, …]."""

    def error(self, levels: np.ndarray) -> np.ndarray:
        """Half the width of the 95 % interval that the Monte Carlo error of each quantile makes, float64[levels, …]."""

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """Chances of at most ``x``, float64[x, …]."""


@dataclass(frozen=True)
class OfTree:
    """What a result, or its differences, say of a place: as stored where it is, else off the sketch, which is read once."""

    tree: xr.DataTree
    output: str
    place: Place

    def quantile(self, levels: np.ndarray) -> np.ndarray:
        """See :class:`Spread`."""
        return self._of("quantile", reduce.quantiles, levels)

    def error(self, levels: np.ndarray) -> np.ndarray:
        """See :class:`Spread`."""
        return T_15 * self._of("mcse_quantile", reduce.mcse_quantiles, levels)

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """See :class:`Spread`."""
        if distribution.conditioned(self.tree):
            return self._narrowed(distribution.cdf(self.tree, self.output, x), "x")
        counts, low, high = self._counts
        return self._shaped(reduce.cdf(counts, x, low, high))

    def _of(self, group: str, answer: Callable[..., np.ndarray], levels: np.ndarray) -> np.ndarray:
        if distribution.conditioned(self.tree):
            error = group == "mcse_quantile"
            return self._narrowed(distribution.quantile(self.tree, self.output, levels, error=error), "quantile")
        stored = array(self.tree, group, self.output)
        if np.isin(levels, stored["quantile"].values).all():
            return self._narrowed(stored.sel(quantile=levels), "quantile")
        counts, low, high = self._counts
        return self._shaped(answer(counts, levels, low, high))

    @cached_property
    def _counts(self) -> distribution.Scenario:
        return distribution.counts(self.tree, self.output, self.place.chosen["scenario"])

    def _shaped(self, values: np.ndarray) -> np.ndarray:
        """The place's part of [cells, n], n first."""
        own = [str(dim) for dim in self.place.like.dims if dim != "scenario"]
        shaped = values.T.reshape(values.shape[1], *(self.place.like.sizes[dim] for dim in own))
        return np.asarray(shaped[(slice(None), *(self.place.chosen.get(dim, slice(None)) for dim in own))], float)

    def _narrowed(self, values: xr.DataArray, first: str) -> np.ndarray:
        return np.asarray(self.place.narrowed(values).transpose(first, ...).values, float)


@dataclass(frozen=True)
class OfDraws:
    """Plain draws, float64[draws, …], of whole replicates in turn."""

    draws: np.ndarray

    def quantile(self, levels: np.ndarray) -> np.ndarray:
        """See :class:`Spread`."""
        return quantiles(self.draws, levels, axis=0)

    def error(self, levels: np.ndarray) -> np.ndarray:
        """See :class:`Spread`."""
        each = [quantiles(self.draws[r::REPLICATES], levels, axis=0) for r in range(REPLICATES)]
        return T_15 * standard_error(each, axis=0)

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """See :class:`Spread`."""
        return np.stack([(self.draws <= each).mean(axis=0) for each in x])


def difference(tree: xr.DataTree, output: str, base: Place, other: Place) -> Spread:
    """The second place less the first, draw by draw: of the group ``/difference`` if it holds it, else of kept draws.

    Raises
    ------
    ResultError: if the result has neither.
    """
    held = tree.children.get(DIFFERENCE)
    if held is not None and held.attrs.get("base") == base.label("scenario") and output in distribution.outputs(held):
        return OfTree(held, output, other)
    if "draws" not in tree.children or output not in tree["draws"].data_vars:
        raise ResultError(
            f"{output}: found neither differences nor kept draws to make them of; run again with pairs=True and "
            f'"{base.label("scenario")}" first'
        )
    kept = array(tree, "draws", output)
    first, second = (place.narrowed(kept).transpose("draw", ...).values.astype(float) for place in (base, other))
    apart = second - first
    # Under a condition a draw may hold in one scenario and not in the other; such a one has no difference.
    return OfDraws(apart[np.isfinite(apart).reshape(len(apart), -1).all(axis=1)])


def density(spread: Spread, low: float, high: float, bins: int = 160) -> tuple[np.ndarray, np.ndarray]:
    """A smoothed density of one cell over [low, high]: shares of draws in equal bins, smeared over about three of them.

    Returns
    -------
    x, density: float64[bins]; the density integrates to what lies within the ends.
    """
    edges = np.linspace(low, high, bins + 1)
    # The bin's lower edge is in it, so that draws that all have the least value are not lost.
    below = spread.cdf(np.concatenate([[np.nextafter(low, -np.inf)], edges[1:]])).ravel()
    mass = np.diff(below)
    offsets = np.arange(-6, 7)
    kernel = np.exp(-0.5 * (offsets / 1.6) ** 2)
    padded = np.pad(mass, 6, mode="symmetric")  # reflected, so that none flows out over an end
    smooth = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    return (edges[:-1] + edges[1:]) / 2.0, smooth / (edges[1] - edges[0])
