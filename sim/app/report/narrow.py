"""Small trees of one output under a few scenarios, in memory: what a picture is drawn from.

A picture asks its tree again and again, and the sketches of ten scenarios are half a gigabyte on disk, of which one
output's are a few megabytes: each output's summaries and sketch are read once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from sim.reduce import Counts
from sim.results import sketches

SUMMARIES = ("mean", "sd", "min", "max", "quantile", "mcse", "mcse_quantile")
BY_DRAW = ("draws", "inputs")


class Narrow:
    """Trees cut from one result.

    Parameters
    ----------
    tree: the result, fresh or read back.
    called: coordinates of the scenarios that pictures take their names from, ``scenario_label`` and ``scenario_zh``.
    """

    def __init__(self, tree: xr.DataTree, called: Mapping[str, Sequence[str]]) -> None:
        self._tree, self._called = tree, called
        self._known: dict[str, dict[str, xr.Dataset]] = {}
        self._known_counts: dict[tuple[str, int, bool], Counts] = {}
        self._inputs: dict[tuple[object, ...], xr.Dataset] = {}
        self._scenarios = [str(name) for name in tree["mean"].ds["scenario"].values]

    def of(
        self,
        output: str,
        scenarios: Sequence[str] | None = None,
        *,
        draws: slice | None = None,
        inputs: bool = False,
        sketch: bool = False,
        replicates: bool = False,
    ) -> xr.DataTree:
        """A result of one output alone.

        Parameters
        ----------
        output: its name.
        scenarios: names, in this order; all unless given.
        draws: which of the kept draws to take along; none unless given.
        inputs: whether to take those of the inputs along with them.
        sketch: whether to take the sketch along, for quantiles that are not stored, chances and densities.
        replicates: whether that of each replicate is in it, for the standard errors of these.
        """
        chosen = self._scenarios if scenarios is None else list(scenarios)
        at = [self._scenarios.index(name) for name in chosen]
        groups = {name: dataset.isel(scenario=at) for name, dataset in self._summaries(output).items()}
        if sketch and "sketch" in self._tree.children:
            groups["sketch"] = self._sketch(output, at, replicates)
        if draws is not None and all(name in self._tree.children for name in BY_DRAW):
            kept = self._tree["draws"].ds
            if output in kept.data_vars:
                groups["draws"] = kept[[output]].isel(scenario=at, draw=draws).load()
            if inputs:
                groups["inputs"] = self._inputs_of(tuple(at), draws)
        root = xr.Dataset(attrs=self._tree.attrs)
        return xr.DataTree.from_dict({"/": root, **{f"/{name}": each for name, each in groups.items()}})

    def _inputs_of(self, at: tuple[int, ...], draws: slice) -> xr.Dataset:
        """The inputs of some scenarios, kept in mind."""
        found = self._inputs.get((at, draws.stop))
        if found is None:
            found = self._inputs[at, draws.stop] = self._tree["inputs"].ds.isel(scenario=list(at), draw=draws).load()
        return found

    def _summaries(self, output: str) -> dict[str, xr.Dataset]:
        """All groups that sum up draws, of one output."""
        if output not in self._known:
            found = {name: self._tree[name].ds[[output]].load() for name in SUMMARIES if name in self._tree.children}
            called = {name: ("scenario", list(labels)) for name, labels in self._called.items()}
            found["mean"] = found["mean"].assign_coords(called)
            self._known[output] = found
        return self._known[output]

    @cached_property
    def _index(self) -> dict[str, Any]:
        """The arrays of the group ``/sketch``; the counts themselves stay where they are until some are asked for."""
        held = self._tree["sketch"].ds.variables
        return {str(name): each if each.dims == ("bin",) else each.values for name, each in held.items()}

    def _counts(self, output: str, scenario: int, replicates: bool) -> Counts:
        """The sketch of an output under one scenario, kept in mind: HDF5 unpacks a million bins for any of them."""
        key = output, scenario, replicates
        if key not in self._known_counts:
            self._known_counts[key] = sketches.counts_of(self._index, output, scenario, replicates=replicates)
        return self._known_counts[key]

    def _sketch(self, output: str, at: Sequence[int], replicates: bool) -> xr.Dataset:
        """The group ``/sketch`` with the rows of one output alone, under some scenarios."""
        group = self._index
        counts = [self._counts(output, s, replicates) for s in at]
        place = group["output"].astype(str).tolist().index(output)
        first, cells = int(group["first_row"][place]), int(group["cells"][place])
        starts = np.cumsum([0, *(len(each.key) for each in counts[:-1])])
        arrays = {
            "row_start": (("scenario", "row_edge"), np.stack([c.row_start + at for c, at in zip(counts, starts, strict=True)])),
            "key": (("bin",), np.concatenate([each.key for each in counts])),
            "bin_count": (("bin",), np.concatenate([each.count for each in counts])),
            "first_row": (("output",), np.array([0])),
            "cells": (("output",), np.array([cells])),
            "first_replicate_row": (("output",), np.array([cells if len(counts[0].row_start) - 1 > cells else -1])),
            "on_edge": (("scenario", "cell"), group["on_edge"][list(at), first : first + cells]),
            "nonfinite": (("scenario", "cell"), group["nonfinite"][list(at), first : first + cells]),
        }  # fmt: skip
        variables = {name: xr.Variable(dims, values) for name, (dims, values) in arrays.items()}
        scenario = self._tree["sketch"].ds["scenario"].variable[list(at)]
        return xr.Dataset(variables, {"scenario": scenario, "output": ("output", np.array([output]))})
