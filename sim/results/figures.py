"""Estimates of many cells as a labelled Dataset: each figure with its error and its 95 % interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr

from sim.results.estimate import Estimate

PARTS = {
    "value": ("", "{}"),
    "mcse": ("_mcse", "Monte Carlo standard error of the {}"),
    "lower": ("_lower", "lower end of the 95 % interval of the {}"),
    "upper": ("_upper", "upper end of the 95 % interval of the {}"),
}


def dataset(
    found: Mapping[str, Estimate],
    words: Mapping[str, str],
    dims: Sequence[str],
    coords: Mapping[str, Any],
) -> xr.Dataset:
    """One variable a figure, and ``_mcse``, ``_lower`` and ``_upper`` of it.

    Parameters
    ----------
    found: figures by name; arrays of any shape with as many values as ``dims`` and ``coords`` have room for.
    words: what each figure is, for people.
    dims, coords: of all figures.
    """
    shape = [len(coords[dim]) for dim in dims]
    variables = {}
    for name, estimate in found.items():
        for part, (suffix, text) in PARTS.items():
            label = text.format(words[name])
            attributes = {"units": "1", "long_name": label, "long_name_zh": label, "description": label}
            variables[name + suffix] = xr.Variable(dims, getattr(estimate, part).reshape(shape), attributes)
    return xr.Dataset(variables, coords)
