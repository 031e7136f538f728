"""Coordinates of a result and the attributes of its variables, as CF has them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from sim.model import Model, Output

COORDINATES: Mapping[str, Mapping[str, str]] = {
    "scenario": {"long_name": "scenario", "long_name_zh": "情景", "units": "1"},
    "quantile": {"long_name": "probability of the quantile", "long_name_zh": "分位", "units": "1"},
    "draw": {
        "standard_name": "realization",
        "long_name": "draw",
        "long_name_zh": "抽样",
        "units": "1",
        "description": "draw d is point d // 16 of replicate d % 16",
    },
}


def coordinate(name: str, values: Any, attributes: Mapping[str, str] | None = None) -> xr.Variable:
    """The coordinate of dimension ``name``, text as fixed-width strings."""
    array = np.asarray(list(values) if isinstance(values, Sequence) else values)
    return xr.Variable((name,), array, {**COORDINATES.get(name, {}), **(attributes or {})})


def coordinates(model: Model, dims: set[str]) -> dict[str, xr.Variable]:
    """Coordinates of the model along ``dims``, with the further ones that lie along them (dates of a quarter)."""
    found = {
        dim: coordinate(dim, model.coords[dim], {"long_name": dim, "units": "1"} | dict(model.coord_attrs.get(dim, {})))
        for dim in model.coords
        if dim in dims
    }
    for name, (dim, values, attributes) in model.extra_coords.items():
        if dim in dims:
            found[name] = xr.Variable((dim,), np.asarray(list(values)), dict(attributes))
    return found


def output_attributes(output: Output) -> dict[str, str]:
    """Attributes that every variable of an output carries."""
    return {
        "units": output.units,
        "long_name": output.long_name or output.name,
        "long_name_zh": output.long_name_zh or output.long_name or output.name,
        "description": output.description or output.long_name or output.name,
    }


def input_attributes(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Attributes of a sampled input, with what is missing filled in."""
    label = given.get("long_name") or name
    complete = {"units": "1", "long_name": label, "long_name_zh": label, "description": label}
    return complete | {key: str(value) for key, value in given.items() if value}


def plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as files can hold them: text and numbers as they are, true and false as 1 and 0, the rest as JSON.

    None is left out. Integers beyond 64 bits become text.
    """
    found: dict[str, Any] = {}
    for name, value in attributes.items():
        if value is None:
            continue
        if isinstance(value, bool | np.bool_):
            found[name] = int(value)
        elif isinstance(value, int | np.integer):
            found[name] = int(value) if -(1 << 63) <= value < 1 << 63 else str(value)
        elif isinstance(value, float | np.floating):
            found[name] = float(value)
        elif isinstance(value, str):
            found[name] = value
        else:
            found[name] = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return found
