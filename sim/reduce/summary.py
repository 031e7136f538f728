"""A scenario's final figures, without labels: what :mod:`sim.results` puts names on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.reduce import errors, node
from sim.reduce.counts import Counts, Room, combine, merge, overlay
from sim.reduce.estimates import Moments, moments_of
from sim.reduce.node import Node
from sim.reduce.quantiles import cdf, quantiles
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

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """Chances of being at most x, float64[cells, x]."""
        return cdf(self.counts, x, self.moments.low, self.moments.high)

    def mcse_cdf(self, x: np.ndarray) -> np.ndarray:
        """Their standard errors, float64[cells, x]."""
        return errors.mcse_cdf(self.counts, x, self.moments.low, self.moments.high)


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


def summarise_all(parts: Sequence[Part]) -> list[Summary]:
    """Sum up several scenarios; the first has all cells, another's cells that are not its own are the first's.

    Their counts lie end to end in memory, and each one's sketches are let go of when summed up.
    """
    base = parts[0]
    room = Room.of([sketch for part in parts for sketch in [*part.sketches, *base.sketches]])
    found = [Summary(base.tree.leaves, base.tree.nodes, combine(base.sketches, room))]
    base.sketches.clear()
    for part in parts[1:]:
        if len(part.which) == found[0].counts.cells:
            nodes, counts = part.tree.nodes, combine(part.sketches, room)
        else:
            own = zip(found[0].nodes, part.tree.nodes, strict=True)
            nodes = tuple(node.overlay(theirs, ours, part.which) for theirs, ours in own)
            counts = overlay(found[0].counts, combine(part.sketches), part.which, room)
        found.append(Summary(part.tree.leaves, nodes, counts))
        part.sketches.clear()
    return found
