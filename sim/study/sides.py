"""What is known of one output under one scenario: counts and moments of its cells, those of each replicate included."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr

from sim import reduce
from sim.results import distribution

ROOT_16 = 4.0


class Side(NamedTuple):
    """One output's cells, in C order of its dims.

    Attributes
    ----------
    counts: values by bin, with a row for each replicate of each cell.
    low, high: float64[cells], extremes.
    mean, sd: float64[cells].
    replicate_mean, replicate_variance: float64[cells, 16].
    """

    counts: reduce.Counts
    low: np.ndarray
    high: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    replicate_mean: np.ndarray
    replicate_variance: np.ndarray


def side(tree: xr.DataTree, output: str, scenario: str) -> Side:
    """What ``tree``, a result or its group of differences or ratios, holds of an output under a scenario."""
    at = [str(name) for name in tree["mean"].to_dataset()["scenario"].values].index(scenario)
    counts, low, high = distribution.counts(tree, output, at)
    node = _total(tree, output, at)
    moments = reduce.moments_of(node)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = node.m2 / (node.finite - 1.0) * 4.0 ** node.exponent[:, None]
    return Side(counts, low, high, moments.mean, moments.sd, moments.replicate_mean, variance)


def _total(tree: xr.DataTree, output: str, scenario: int) -> reduce.Node:
    """Moments of an output's cells, all of a scenario's draws together."""
    index = tree["sketch"].to_dataset()
    row = [str(name) for name in index["output"].values].index(output)
    first = int(index["first_row"][row])
    cells = slice(first, first + int(index["cells"][row]))
    # Variables, not arrays with their labels, which take 0.3 ms each to pick from.
    stored = tree["nodes"].to_dataset().variables
    nodes = [
        reduce.Node(*(np.asarray(stored[name].values[scenario, n, cells]) for name in reduce.Node._fields))
        for n in range(stored["finite"].shape[1])
    ]
    # Which leaves the nodes came from does not matter to their total; one bit for each.
    return reduce.Tree((1 << len(nodes)) - 1, nodes).total()


def standard_error(replicates: np.ndarray) -> np.ndarray:
    """Standard error over the last axis, the 16 replicates; an interval takes Student's t with 15 degrees of freedom."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.std(replicates, axis=-1, ddof=1) / ROOT_16)
