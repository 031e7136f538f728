"""The group ``/sketch``: the ragged counts of every cell laid out flat, and found again by output and scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from sim import reduce
from sim.model import Model
from sim.results.parts import Counts
from sim.sample import REPLICATES

_ABOUT = {
    "row_start": "first bin of each row; rows are the cells, then 16 replicates of each headline cell",
    "key": "bin that the draws fell into: signed, in the order of the values, 0 for zero",
    "bin_count": "draws in the bin",
    "first_row": "row of the output's first cell; its others follow in C order",
    "cells": "number of the output's cells",
    "first_replicate_row": "row of replicate 0 of the output's first cell, -1 where there are none",
    "on_edge": "1 where all values are the smallest magnitude of their bin, so that the cell's quantiles are exact",
    "nonfinite": "draws of the cell that were no finite number and are in no other figure",
}


def sketch_group(
    model: Model, scenario: xr.Variable, sketches: Sequence[Counts | reduce.Counts], nonfinite: Sequence[np.ndarray]
) -> xr.Dataset:
    """Sketches of all scenarios as one dataset of ragged arrays, with the index that finds an output's rows."""
    starts = np.cumsum([0, *(len(sketch.key) for sketch in sketches[:-1])])
    row_start = np.stack([np.asarray(s.row_start, np.int64) + at for s, at in zip(sketches, starts, strict=True)])
    first, cells, replicate = index(model)
    arrays: dict[str, tuple[tuple[str, ...], np.ndarray]] = {
        "row_start": (("scenario", "row_edge"), row_start),
        "key": (("bin",), _end_to_end([np.asarray(s.key, np.int32) for s in sketches])),
        "bin_count": (("bin",), _narrow([s.count for s in sketches])),
        "first_row": (("output",), first),
        "cells": (("output",), cells),
        "first_replicate_row": (("output",), replicate),
        "on_edge": (("scenario", "cell"), np.stack([_on_edge(s, model.cells) for s in sketches])),
        "nonfinite": (("scenario", "cell"), np.stack([np.asarray(n, np.int64) for n in nonfinite])),
    }
    variables = {
        name: xr.Variable(dims, values, {"units": "1", "long_name": _ABOUT[name], "description": _ABOUT[name]})
        for name, (dims, values) in arrays.items()
    }
    names = xr.Variable(("output",), np.array([o.name for o in model.outputs]), {"long_name": "output", "units": "1"})
    return xr.Dataset(variables, {"scenario": scenario, "output": names})


def _narrow(counts: Sequence[np.ndarray]) -> np.ndarray:
    """All counts, 32 bits each unless one needs 64: sketches are the largest part of a result, and counts of it."""
    largest = max((int(each.max(initial=0)) for each in counts), default=0)
    dtype = np.int32 if largest < 1 << 31 else np.int64
    return _end_to_end([each.astype(dtype, copy=False) for each in counts])


def _end_to_end(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """The arrays joined; without a copy where they lie one behind the other in one memory already."""
    first, base = arrays[0], arrays[0].base
    if base is not None and base.ndim == 1 and base.dtype == first.dtype and all(a.base is base for a in arrays):
        ends = np.cumsum([first.ctypes.data, *(a.nbytes for a in arrays)])
        if all(a.ctypes.data == at and a.flags.c_contiguous for a, at in zip(arrays, ends[:-1], strict=True)):
            skip = (first.ctypes.data - base.ctypes.data) // first.itemsize
            return base[skip : skip + sum(map(len, arrays))]
    return np.concatenate(arrays)


def _on_edge(sketch: Counts | reduce.Counts, cells: int) -> np.ndarray:
    known = sketch.on_edge
    return np.zeros(cells, np.int8) if known is None else np.asarray(known, np.int8)


def index(model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First row, number of cells and first replicate row (-1: none) of each output, int64[outputs] each."""
    slices = [model.slices()[output.name] for output in model.outputs]
    first = np.array([at.start for at in slices], np.int64)
    cells = np.array([at.stop - at.start for at in slices], np.int64)
    headline = np.array([output.headline for output in model.outputs])
    before = np.cumsum(np.where(headline, cells, 0)) - np.where(headline, cells, 0)
    return first, cells, np.where(headline, model.cells + REPLICATES * before, -1)


Group = xr.Dataset | Mapping[str, np.ndarray]
"""The group ``/sketch``, or its arrays by name, which are picked from a hundred times faster."""


def counts_of(group: Group, output: str, scenario: int, *, replicates: bool = True) -> reduce.Counts:
    """The counts of one output under one scenario (by position), as a sketch of that output alone.

    Only the bins asked for are read; without ``replicates`` a tenth of them.
    """
    at = [str(name) for name in np.asarray(group["output"])].index(output)
    first, cells, replicate = (int(group[name][at]) for name in ("first_row", "cells", "first_replicate_row"))
    replicate = replicate if replicates else -1
    parts = [_rows(group, scenario, first, cells)]
    if replicate >= 0:
        parts.append(_rows(group, scenario, replicate, cells * REPLICATES))
    headline = np.arange(cells if replicate >= 0 else 0, dtype=np.int64)
    on_edge = np.asarray(group["on_edge"][scenario, first : first + cells], bool)
    return _joined(parts, headline, on_edge)


def stored(group: xr.Dataset, scenario: int) -> reduce.Counts:
    """The whole sketch of a scenario, as a run handed it over; what a merger or an extension starts from."""
    rows = group.sizes["row_edge"] - 1
    replicated = group["first_replicate_row"].values >= 0
    headline = [
        np.arange(first, first + cells)
        for first, cells, has in zip(group["first_row"].values, group["cells"].values, replicated, strict=True)
        if has
    ]
    on_edge = np.asarray(group["on_edge"][scenario].values, bool)
    return _joined([_rows(group, scenario, 0, rows)], np.concatenate([np.empty(0, np.int64), *headline]), on_edge)


_Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


def _rows(group: Group, scenario: int, first: int, rows: int) -> _Rows:
    """Bins in each row, keys and counts of consecutive rows."""
    edges = np.asarray(group["row_start"][scenario, first : first + rows + 1])
    bins = slice(int(edges[0]), int(edges[-1]))
    key, count = (np.asarray(group[name][bins]) for name in ("key", "bin_count"))
    return np.diff(edges), key, count


def _joined(parts: Sequence[_Rows], headline: np.ndarray, on_edge: np.ndarray) -> reduce.Counts:
    lengths, keys, counts = (np.concatenate([part[i] for part in parts]) for i in range(3))
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return reduce.Counts(start, keys.astype(np.int32), counts.astype(np.int64), headline, on_edge)
