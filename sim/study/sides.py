"""What is known of one output under one scenario: counts and moments of its cells, those of each replicate included."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from sim import reduce
from sim.results import sketches


@dataclass(frozen=True, eq=False)
class Side:
    """One output's cells, in C order of its dims.

    Attributes
    ----------
    counts: values by bin, with a row for each replicate of each cell.
    low, high: float64[cells], extremes.
    mean, sd: float64[cells].
    replicate_mean, replicate_variance: float64[cells, 16], NaN where too few draws have a value.
    undefined: float64[cells], share of draws that gave no finite number.
    """

    counts: reduce.Counts
    low: np.ndarray
    high: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    replicate_mean: np.ndarray
    replicate_variance: np.ndarray
    undefined: np.ndarray
    _asked: dict[bytes, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict, repr=False)

    def quantiles(self, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Quantiles of each cell, float64[cells, levels], and of each of its replicates, [cells, 16, levels].

        Found once: a base is asked for them by every scenario beside it.
        """
        key = levels.tobytes()
        if key not in self._asked:
            rows = self.counts.replicates()
            each = reduce.quantiles(self.counts, levels, self.low, self.high, rows.ravel())
            pooled = reduce.quantiles(self.counts, levels, self.low, self.high)
            self._asked[key] = pooled, each.reshape(*rows.shape, len(levels))
        return self._asked[key]


class Summed:
    """What a result, or its group of differences or ratios, holds of its outputs, as plain arrays: read once.

    Picked from piece by piece, HDF5 would unpack it again and again, and labelled arrays take 2 ms a piece.
    """

    def __init__(self, tree: xr.DataTree) -> None:
        self._scenarios = [str(name) for name in tree["mean"].to_dataset()["scenario"].values]
        groups = (tree[name].to_dataset().variables.items() for name in ("sketch", "nodes"))
        self._sketch, nodes = ({str(name): np.asarray(values) for name, values in group} for group in groups)
        self._nodes = [nodes[name] for name in reduce.Node._fields]

    def side(self, output: str, scenario: str) -> Side:
        """What is held of an output under a scenario."""
        at = self._scenarios.index(scenario)
        counts = sketches.counts_of(self._sketch, output, at)
        row = [str(name) for name in self._sketch["output"]].index(output)
        first = int(self._sketch["first_row"][row])
        cells = slice(first, first + int(self._sketch["cells"][row]))
        open_ = range(self._nodes[0].shape[1])
        nodes = [reduce.Node(*(np.ascontiguousarray(stored[at, n, cells]) for stored in self._nodes)) for n in open_]
        # Which leaves the nodes came from does not matter to their total; one bit for each.
        return of_node(counts, reduce.Tree((1 << len(nodes)) - 1, nodes).total())


def of_node(counts: reduce.Counts, node: reduce.Node) -> Side:
    """Counts and moments of the same cells as a :class:`Side`."""
    moments = reduce.moments_of(node)
    finite, nonfinite = node.finite.sum(axis=1), node.nonfinite.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        variance = np.where(node.finite > 1, node.m2 / (node.finite - 1.0), np.nan) * 4.0 ** node.exponent[:, None]
        undefined = nonfinite / (finite + nonfinite)
    of_moments = moments.low, moments.high, moments.mean, moments.sd, moments.replicate_mean
    return Side(counts, *of_moments, variance, undefined)


def identical(a: Side, b: Side) -> np.ndarray:
    """Of cells whose counts are the same in both, whether the distributions are as well, bool[cells].

    Values may differ within their bins. Where each is its bin's only one, or where there is none, they cannot.
    """
    told = np.logical_and.reduce([x == y for x, y in ((a.low, b.low), (a.high, b.high), (a.mean, b.mean))])
    return np.asarray(told | (a.counts.on_edge & b.counts.on_edge))


def beyond(a: Side, b: Side) -> np.ndarray:
    """1 where every value of ``a`` is above every one of ``b``, -1 where every one is below, else 0: int64[cells]."""
    held = (a.low <= a.high) & (b.low <= b.high)
    return np.where(held & (a.low > b.high), 1, 0) - np.where(held & (a.high < b.low), 1, 0)
