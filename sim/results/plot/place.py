"""Where in an output a picture looks: labels checked, and which dimensions they leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.results import distribution
from sim.results.errors import ResultError
from sim.results.evaluate import array
from sim.results.names import nearest
from sim.results.plot import words
from sim.results.plot.scales import Scale, scale


@dataclass(frozen=True)
class Place:
    """A cell of an output, or a row of cells.

    Attributes
    ----------
    like: the output without draws, with its coordinates and attributes.
    chosen: dimension -> position.
    free: dimensions left open.
    """

    like: xr.DataArray
    chosen: Mapping[str, int]
    free: tuple[str, ...]

    def narrowed(self, values: xr.DataArray, *, scenario: bool = True) -> xr.DataArray:
        """Values of the place, of an array with the same dimensions and others; of all scenarios if not ``scenario``."""
        at = {dim: k for dim, k in self.chosen.items() if dim in values.dims and (scenario or dim != "scenario")}
        return values.isel(at)

    def label(self, dim: str) -> str:
        """The label chosen of a dimension, as it stands in the result."""
        return str(self.like[dim].values[self.chosen[dim]])

    def name(self, dim: str, lang: str) -> str:
        """The same for people."""
        return words.name_of(dim, self.label(dim), lang, self.like.coords)

    def title(self, lang: str, *, scenario: bool = True) -> str:
        """The chosen labels for people, a dimension of one label left out."""
        dims = [dim for dim in self.chosen if dim != "scenario" and self.like.sizes[dim] > 1]
        if scenario and "scenario" in self.chosen:
            dims = ["scenario", *dims]
        return " · ".join(self.name(dim, lang) for dim in dims)

    def scale(self, values: Any, lang: str, *, difference: bool = False) -> Scale:
        """How figures of the output are written."""
        units = str(self.like.attrs.get("units", "1"))
        return scale(str(self.like.name), units, values, lang, difference=difference)

    def words(self, lang: str) -> str:
        """The output's label for people."""
        return words.long_name(self.like.attrs, str(self.like.name), lang)


def whole(tree: xr.DataTree, output: str) -> xr.DataArray:
    """The output without draws: a mean, or of a conditioned result its first draw.

    Raises
    ------
    ResultError: for an unknown output, or a tree that is no result; says which.
    """
    distribution.require_output(tree, output)
    if distribution.conditioned(tree):
        return array(tree, "draws", output).isel(draw=0, drop=True).drop_vars("holds", errors="ignore")
    return array(tree, "mean", output)


def find(like: xr.DataArray, at: Mapping[str, Any] | None, free: int, keep: Sequence[str] = ()) -> Place:
    """The place that ``at`` names in ``like``, which may be of any kind with labelled dimensions.

    Parameters
    ----------
    like: an array.
    at: dimension -> label; of the scenario the first unless given, and of a dimension of one label that one.
    free: how many dimensions have to be left open besides ``keep``.
    keep: dimensions that are left open and cannot be named.

    Raises
    ------
    ResultError: for a dimension or a label that is not there, or too many or too few dimensions left open.
    """
    at = dict(at or {})
    open_to = [str(dim) for dim in like.dims if dim not in keep]
    for dim in at:
        if dim not in open_to:
            raise ResultError(f"{like.name}: {nearest('dimension', dim, open_to)}")
    chosen = {dim: _position(like, dim, label) for dim, label in at.items()}
    if "scenario" in open_to:
        chosen = {"scenario": chosen.pop("scenario", 0), **chosen}
    left = [dim for dim in open_to if dim not in chosen]
    for dim in [dim for dim in left if like.sizes[dim] == 1][: max(len(left) - free, 0)]:
        chosen[dim] = 0
        left.remove(dim)
    if len(left) != free:
        raise ResultError(_unsettled(like, left, free))
    return Place(like, chosen, tuple(left))


def cell(tree: xr.DataTree, output: str, at: Mapping[str, Any] | None) -> Place:
    """One cell of an output; see :func:`find`."""
    return find(whole(tree, output), at, 0)


def row(tree: xr.DataTree, output: str, at: Mapping[str, Any] | None) -> Place:
    """The cells of an output along one dimension; see :func:`find`."""
    return find(whole(tree, output), at, 1)


def _position(like: xr.DataArray, dim: str, label: Any) -> int:
    known = [str(each) for each in np.ravel(like[dim].values)]
    if str(label) not in known:
        raise ResultError(f"{like.name}: {nearest(dim, label, known)}")
    return known.index(str(label))


def _unsettled(like: xr.DataArray, left: Sequence[str], free: int) -> str:
    wanted = {0: "every dimension named", 1: "one dimension left open, such as quarter"}[free]
    if len(left) < free:
        return f"{like.name}: found every dimension named, expected {wanted}; leave one out"
    dim = left[0]
    labels = [str(each) for each in np.ravel(like[dim].values)]
    more = ", …" if len(labels) > 4 else ""
    return f"{like.name}: found {', '.join(left)} left open, expected {wanted}; give {dim}, one of {', '.join(labels[:4])}{more}"
