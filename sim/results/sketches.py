"""The group ``/sketch``: the ragged counts of every cell laid out flat, and found again by output and scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from sim.model import Model
from sim.results.parts import REPLICATES, Counts

_ABOUT = {
    "row_start": "first bin of each row; rows are the cells, then 16 replicates of each headline cell",
    "key": "bin that the draws fell into: signed, in the order of the values, 0 for zero",
    "bin_count": "draws in the bin",
    "first_row": "row of the output's first cell; its others follow in C order",
    "cells": "number of the output's cells",
    "first_replicate_row": "row of replicate 0 of the output's first cell, -1 where there are none",
    "nonfinite": "draws of the cell that were no finite number and are in no other figure",
}


def sketch_group(
    model: Model, scenario: xr.Variable, sketches: Sequence[Counts], nonfinite: Sequence[np.ndarray]
) -> xr.Dataset:
    """Sketches of all scenarios as one dataset of ragged arrays, with the index that finds an output's rows."""
    starts = np.cumsum([0, *(len(sketch.key) for sketch in sketches[:-1])])
    row_start = np.stack([np.asarray(s.row_start, np.int64) + at for s, at in zip(sketches, starts, strict=True)])
    first, cells, replicate = index(model)
    arrays: dict[str, tuple[tuple[str, ...], np.ndarray]] = {
        "row_start": (("scenario", "row_edge"), row_start),
        "key": (("bin",), np.concatenate([np.asarray(s.key, np.int32) for s in sketches])),
        "bin_count": (("bin",), np.concatenate([np.asarray(s.count, np.int64) for s in sketches])),
        "first_row": (("output",), first),
        "cells": (("output",), cells),
        "first_replicate_row": (("output",), replicate),
        "nonfinite": (("scenario", "cell"), np.stack([np.asarray(n, np.int64) for n in nonfinite])),
    }
    variables = {
        name: xr.Variable(dims, values, {"units": "1", "long_name": _ABOUT[name], "description": _ABOUT[name]})
        for name, (dims, values) in arrays.items()
    }
    names = xr.Variable(("output",), np.array([o.name for o in model.outputs]), {"long_name": "output", "units": "1"})
    return xr.Dataset(variables, {"scenario": scenario, "output": names})


def index(model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First row, number of cells and first replicate row (-1: none) of each output, int64[outputs] each."""
    slices = [model.slices()[output.name] for output in model.outputs]
    first = np.array([at.start for at in slices], np.int64)
    cells = np.array([at.stop - at.start for at in slices], np.int64)
    headline = np.array([output.headline for output in model.outputs])
    before = np.cumsum(np.where(headline, cells, 0)) - np.where(headline, cells, 0)
    return first, cells, np.where(headline, model.cells + REPLICATES * before, -1)


class Sketches:
    """The rows of one output in a ``/sketch`` group, scenario by scenario.

    Parameters
    ----------
    group: the group; read lazily, only the bins asked for.
    output: name of an output.

    Raises
    ------
    KeyError: for an output that the group lacks.
    """

    def __init__(self, group: xr.Dataset, output: str) -> None:
        names = [str(name) for name in group["output"].values]
        self._group = group
        at = names.index(output) if output in names else -1
        if at < 0:
            raise KeyError(output)
        self.cells = int(group["cells"].values[at])
        self._first = int(group["first_row"].values[at])
        self._replicate = int(group["first_replicate_row"].values[at])

    @property
    def has_replicates(self) -> bool:
        """Whether each replicate has a sketch of its own: the output is a headline one."""
        return self._replicate >= 0

    def pooled(self, scenario: int) -> Counts:
        """One row for each cell."""
        return self._rows(scenario, self._first, self.cells)

    def replicates(self, scenario: int) -> Counts:
        """Sixteen rows for each cell, the replicates of a cell one after the other."""
        return self._rows(scenario, self._replicate, self.cells * REPLICATES)

    def _rows(self, scenario: int, first: int, rows: int) -> Counts:
        edges = np.asarray(self._group["row_start"][scenario, first : first + rows + 1].values)
        bins = slice(int(edges[0]), int(edges[-1]))
        key, count = (np.asarray(self._group[name][bins].values) for name in ("key", "bin_count"))
        return Counts(edges - edges[0], key, count)


def stored(group: xr.Dataset, scenario: int) -> Counts:
    """The whole sketch of a scenario, as a run handed it over; what a merger or an extension starts from."""
    edges = np.asarray(group["row_start"][scenario].values)
    bins = slice(int(edges[0]), int(edges[-1]))
    key, count = (np.asarray(group[name][bins].values) for name in ("key", "bin_count"))
    return Counts(edges - edges[0], key, count)


def total(counts: Counts) -> Any:
    """Draws in each row, int64[rows]."""
    below = np.concatenate([[0], np.cumsum(counts.count)])
    return below[counts.row_start[1:]] - below[counts.row_start[:-1]]
