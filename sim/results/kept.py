"""Kept draws of one output beside those of the inputs, as plain arrays: what every given-data estimate starts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.results import figures
from sim.results.distribution import conditioned
from sim.results.errors import ResultError
from sim.results.estimate import Estimate
from sim.results.evaluate import array, unknown
from sim.sample import REPLICATES

LEAST = 1_024
"""Fewest kept draws that an estimate is made of: 64 in each replicate."""


@dataclass(frozen=True)
class Kept:
    """The kept draws of one scenario.

    Attributes
    ----------
    x: float64[inputs, n].
    y: float64[cells, n].
    replicate: int64[n], of each draw.
    """

    x: np.ndarray
    y: np.ndarray
    replicate: np.ndarray


Estimator = Callable[[Kept], Mapping[str, Estimate]]


def each_scenario(
    tree: xr.DataTree,
    output: str,
    estimator: Estimator,
    words: Mapping[str, str],
    along: Mapping[str, Sequence[Any]] | None = None,
) -> xr.Dataset:
    """What ``estimator`` finds of each scenario, labelled: dims scenario, input, those of ``along`` and the output's own.

    Parameters
    ----------
    tree: a result with kept draws, conditioned or not.
    output: its name.
    estimator: figures of shape [inputs, *along, cells].
    words: what each figure is.
    along: labels of dimensions between input and the output's own.

    Raises
    ------
    ResultError: if the output is not there or was not kept, or fewer than 1,024 draws were.
    """
    if "inputs" not in tree.children or "draws" not in tree.children or output not in tree["draws"].data_vars:
        raise unknown(tree, output)
    inputs = tree["inputs"].to_dataset().drop_vars("holds", errors="ignore")
    values = array(tree, "draws", output)
    dims = [str(dim) for dim in values.dims if dim not in ("scenario", "draw")]
    values = values.transpose("scenario", "draw", *dims)
    columns = {str(name): variable.transpose("scenario", "draw").values for name, variable in inputs.data_vars.items()}
    names = [name for name, each in columns.items() if np.any(np.nanmax(each, axis=1) > np.nanmin(each, axis=1))]
    found = [
        estimator(_kept(tree, s, np.array([columns[name][s] for name in names]), values.values[s]))
        for s in range(values.shape[0])
    ]
    stacked = {
        name: Estimate(
            *(np.stack([getattr(each[name], field) for each in found]) for field in ("value", "mcse", "lower", "upper"))
        )
        for name in found[0]
    }
    along = along or {}
    coords: dict[str, Any] = {
        "scenario": values["scenario"].variable,
        "input": _input(inputs, names),
        **{dim: xr.Variable((dim,), np.asarray(labels)) for dim, labels in along.items()},
        **{str(name): values[name].variable for name in values.coords if set(values[name].dims) <= set(dims)},
    }
    coords |= {key: _about(inputs, names, key) for key in ("basis", "claims")}
    made = figures.dataset(stacked, words, ("scenario", "input", *along, *dims), coords)
    return made.assign_attrs({key: value for key, value in values.attrs.items() if key != "statistic"})


def _kept(tree: xr.DataTree, scenario: int, x: np.ndarray, y: np.ndarray) -> Kept:
    """The draws of a scenario, without those that do not meet the tree's condition."""
    draws = np.arange(y.shape[0])
    if conditioned(tree):
        draws = np.flatnonzero(tree["inputs"].to_dataset()["holds"].transpose("scenario", "draw").values[scenario])
    if len(draws) < LEAST:
        raise ResultError(
            f"found {len(draws):,} kept draws, expected at least {LEAST:,}; run again with keep_draws=65_536"
        )
    replicate = array(tree, "inputs", "draw").values[draws] % REPLICATES
    cells = y.reshape(y.shape[0], -1)[draws].T.astype(np.float64)
    return Kept(x[:, draws], np.ascontiguousarray(cells), replicate.astype(np.int64))


def _input(inputs: xr.Dataset, names: Sequence[str]) -> xr.Variable:
    return xr.Variable(("input",), np.array(names), {"long_name": "input", "long_name_zh": "输入", "units": "1"})


def _about(inputs: xr.Dataset, names: Sequence[str], key: str) -> xr.Variable:
    told = np.array([str(inputs[name].attrs.get(key, "")) for name in names])
    return xr.Variable(("input",), told, {"long_name": key, "long_name_zh": key, "units": "1"})
