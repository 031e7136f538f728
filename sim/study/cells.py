"""Cells of an output at given labels, by number, and what dimensions are left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.model import Model
from sim.results.errors import ResultError
from sim.results.names import nearest


def chosen(model: Model, output: str, at: Mapping[str, Any]) -> tuple[np.ndarray, dict[str, list[Any]]]:
    """Cells, int64[n], of ``output`` at the labels ``at``, in C order, and the labels of the dimensions left.

    Raises
    ------
    ResultError: for an output, a dimension or a label that is not there; the nearest is told.
    """
    known = {each.name: each for each in model.outputs}
    if output not in known:
        raise ResultError(nearest("output", output, known))
    dims, where = known[output].dims, model.slices()[output]
    for dim in at:
        if dim not in dims:
            raise ResultError(f"{output}: {nearest('dimension', dim, dims)}")
    cells = np.arange(where.start, where.stop).reshape(model.shape(known[output]))
    left: dict[str, list[Any]] = {}
    index: list[Any] = []
    for dim in dims:
        labels = list(model.coords[dim])
        if dim in at:
            texts = [str(label) for label in labels]
            if str(at[dim]) not in texts:
                raise ResultError(f"{output}: {nearest(dim, at[dim], texts)}")
            index.append(texts.index(str(at[dim])))
        else:
            left[dim] = labels
            index.append(slice(None))
    return np.atleast_1d(cells[tuple(index)]).ravel().astype(np.int64), left
