"""Conditioning on kept draws: the same tree with the draws that meet a condition, and how many those are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from sim.results.chance import from_truth
from sim.results.distribution import conditioned
from sim.results.errors import ExpressionError, ResultError
from sim.results.evaluate import truth
from sim.results.expression import condition


def where(tree: xr.DataTree, expression: str, selection: Mapping[str, Any]) -> xr.DataTree:
    """The draws of ``tree`` that meet ``expression``.

    Scenarios may meet it in different draws. A draw is kept if any does, and is NaN under those that do not, so that
    draws stay paired; the coordinate ``holds`` says which are which.

    Returns
    -------
    xarray.DataTree
        groups draws and inputs, and condition with ``effective_number`` (draws that meet it) and ``chance`` by
        scenario; ``tree.sim`` answers from its draws.

    Raises
    ------
    ExpressionError: if it cannot be read, names what is not kept, or holds cell by cell rather than draw by draw.
    ResultError: if no draws were kept, or none meets it.
    """
    node = condition(expression)
    if "inputs" not in tree.children:
        raise ResultError('where: no draws were kept; run again with keep="headline" or keep="all"')
    holds, valid = truth(tree, node, selection)
    over = [str(dim) for dim in holds.dims if dim not in ("scenario", "draw")]
    if over:
        example = f"{over[0]}={holds[over[0]].values[0]}"
        raise ExpressionError(f'where: "{expression[:60]}" holds for each {over[0]} on its own; name one: [{example}]')
    held = tree["inputs"].to_dataset()
    whole = held[next(iter(held.data_vars))]
    holds, valid = (each.broadcast_like(whole).transpose("scenario", "draw") for each in (holds, valid))
    if conditioned(tree):
        valid = valid & held["holds"].drop_vars("holds")
        holds = holds & valid
    at = np.flatnonzero(holds.any("scenario").values)
    if not len(at):
        raise ResultError(f"where: none of the {holds.sizes['draw']:,} kept draws meets {expression[:60]!r}; loosen it")
    groups = {"/": xr.Dataset(attrs={**tree.attrs, "condition": _joined(tree, expression)})}
    groups["/condition"] = _about(holds, valid)
    for name in ("draws", "inputs"):
        if name in tree.children:
            groups[f"/{name}"] = _filtered(tree[name].to_dataset(), holds, at)
    return xr.DataTree.from_dict(groups)


def _joined(tree: xr.DataTree, expression: str) -> str:
    return f"({tree.attrs['condition']}) and ({expression})" if conditioned(tree) else expression


def _about(holds: xr.DataArray, valid: xr.DataArray) -> xr.Dataset:
    chance = from_truth(holds, valid)
    number = holds.sum("draw").astype(float)
    number.attrs = {"units": "draw", "long_name": "draws that meet the condition"}
    chance.attrs = {"units": "1", "long_name": "chance of the condition"}
    return xr.Dataset({"effective_number": number, "chance": chance})


def _filtered(dataset: xr.Dataset, holds: xr.DataArray, at: np.ndarray) -> xr.Dataset:
    kept = holds.isel(draw=at)
    # Read whole and then picked from: HDF5 takes its time with scattered places.
    found = dataset.drop_vars("holds", errors="ignore").compute().isel(draw=at)
    variables = {
        name: array.where(kept).transpose(*array.dims).assign_attrs(array.attrs)
        for name, array in found.data_vars.items()
    }
    return found.assign(variables).assign_coords(holds=(("scenario", "draw"), kept.values))
