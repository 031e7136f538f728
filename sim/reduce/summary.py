"""A scenario's final figures, without labels: what :mod:`sim.results` puts names on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.reduce import errors, node
from sim.reduce.combining import combine, combine_all
from sim.reduce.counts import Counts, merge
from sim.reduce.estimates import Moments, moments_of
from sim.reduce.gather import gather
from sim.reduce.node import Node
from sim.reduce.quantiles import quantiles
from sim.reduce.sketch import Sketch
from sim.reduce.tree import Tree


@dataclass(frozen=True, eq=False)
class Summary:
    """All that is kept of a scenario's draws.

    Attributes
    ----------
    leaves: number of leaves of draws.
    nodes: open nodes of their tree, from which a run can be extended.
    counts: values by bin.
    """

    leaves: int
    nodes: tuple[Node, ...]
    counts: Counts

    @cached_property
    def moments(self) -> Moments:
        """Count, mean, extremes, standard deviation, standard error of the mean, each float64[cells]."""
        return moments_of(self.tree().total())

    def tree(self) -> Tree:
        """Restore the tree of leaves as it stood, to go on with."""
        return Tree(self.leaves, self.nodes)

    def quantile(self, probabilities: np.ndarray) -> np.ndarray:
        """Quantiles of all cells, float64[cells, q]."""
        return quantiles(self.counts, probabilities, self.moments.low, self.moments.high)

    def mcse_quantile(self, probabilities: np.ndarray) -> np.ndarray:
        """Their standard errors, float64[cells, q]; see :func:`sim.reduce.errors.mcse_quantiles`."""
        return errors.mcse_quantiles(self.counts, probabilities, self.moments.low, self.moments.high)


def summarise(tree: Tree, sketches: Iterable[Sketch], before: Counts | None = None) -> Summary:
    """Sum up a tree of leaves and all threads' sketches, on top of ``before``, the counts of earlier draws."""
    counts = combine(sketches)
    return Summary(tree.leaves, tree.nodes, counts if before is None else merge(before, counts))


@dataclass
class Part:
    """One scenario on its way to a summary: which cells are its own, their tree, and all threads' sketches of them."""

    which: np.ndarray
    tree: Tree
    sketches: list[Sketch]


def used_up(sketches: list[Sketch], threads: int = 1) -> Counts:
    """Count all values of several sketches of the same cells, which are let go of."""
    own = sketches[0]
    return combine_all([sketches], [np.arange(own.cells)], np.flatnonzero(own.headline), threads)[0]


def summarise_all(parts: Sequence[Part], stand_in: np.ndarray, headline: np.ndarray, threads: int = 1) -> list[Summary]:
    """Sum up several scenarios, whose sketches are let go of on the way.

    Parameters
    ----------
    parts: the first has all cells that stand for others, another those that are not the first's draw by draw.
    stand_in: int64[cells], the cell that tells of each.
    headline: bool[cells], cells that get rows of replicates; what stands for one of them has such rows.
    threads: how many share the work.
    """
    sources = [_source(part.which, stand_in) for part in parts]
    counts = combine_all([part.sketches for part in parts], sources, np.flatnonzero(headline), threads)
    return _summaries([part.tree for part in parts], sources, counts)


def spread(
    which: Sequence[np.ndarray],
    trees: Sequence[Tree],
    counted: list[Counts],
    stand_in: np.ndarray,
    headline: np.ndarray,
) -> list[Summary]:
    """Summaries of all cells, from each scenario's own cells ``which``, the trees of them, and what was counted of them.

    ``counted`` is emptied on the way.
    """
    sources = [_source(own, stand_in) for own in which]
    return _summaries(trees, sources, gather(counted, sources, np.flatnonzero(headline)))


def _summaries(trees: Sequence[Tree], sources: Sequence[np.ndarray], counts: Sequence[Counts]) -> list[Summary]:
    """Summaries of all cells, moments by ``sources`` as counts are already."""
    base, first = trees[0].nodes, sources[0]
    return [
        Summary(tree.leaves, node.gather(base, tree.nodes, first, own), each)
        for tree, own, each in zip(trees, sources, counts, strict=True)
    ]


def _source(which: np.ndarray, stand_in: np.ndarray) -> np.ndarray:
    """Place in ``which`` of what stands for each cell, int64[cells]; -1 where the first scenario tells."""
    place = np.full(len(stand_in), -1)
    place[which] = np.arange(len(which))
    return place[stand_in]
