"""Kept draws in ArviZ's shape: replicates as chains, inputs as prior, outputs as prior predictive."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.results.distribution import conditioned
from sim.results.errors import ResultError
from sim.sample import REPLICATES

_GROUPS = {"inputs": "prior", "draws": "prior_predictive"}


def to_arviz(tree: xr.DataTree) -> xr.DataTree:
    """A DataTree with the groups ``prior`` and ``prior_predictive``, dims chain, draw, scenario and the output's own.

    Draw d goes to chain d mod 16, at place d // 16, so that ArviZ's errors see the replicates. No time is written.

    Raises
    ------
    ResultError: if no draws were kept, or they meet a condition, which leaves chains of unequal length.
    """
    if conditioned(tree):
        raise ResultError("to_arviz: found conditioned draws, expected all; take the tree before .where()")
    groups = {
        f"/{name}": _chained(tree[group].to_dataset()) for group, name in _GROUPS.items() if group in tree.children
    }
    if not groups:
        raise ResultError('to_arviz: no draws were kept; run again with keep="headline" or keep="all"')
    attributes = {"inference_library": "suanli", "inference_library_version": str(tree.attrs.get("version", ""))}
    return xr.DataTree.from_dict({"/": xr.Dataset(attrs=attributes), **groups})


def _chained(dataset: xr.Dataset) -> xr.Dataset:
    points = dataset.sizes["draw"] // REPLICATES
    if not points:
        raise ResultError(f"to_arviz: found {dataset.sizes['draw']} kept draws, expected at least {REPLICATES}")
    variables = {}
    for name, array in dataset.data_vars.items():
        rest = [dim for dim in array.dims if dim != "draw"]
        values = array.transpose("draw", *rest).values[: points * REPLICATES]
        shaped = values.reshape(points, REPLICATES, *values.shape[1:]).swapaxes(0, 1)
        variables[name] = xr.Variable(("chain", "draw", *rest), shaped, array.attrs)
    coords = {name: coord.variable for name, coord in dataset.coords.items() if "draw" not in coord.dims}
    return xr.Dataset(variables, {"chain": np.arange(REPLICATES), "draw": np.arange(points), **coords})
