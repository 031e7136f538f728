"""What a comparison needs of a result that kept all of its draws: from them, to the bit as the run would have summed it up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim import reduce
from sim.study.sides import Side, of_node
from sim.tiles import LEAF

# Draws that are taken in one go: no bit depends on it.
STEP = 2_048


def held(tree: xr.DataTree, scenarios: Sequence[str], outputs: Sequence[str]) -> bool:
    """Whether ``tree`` kept every draw of ``outputs`` under ``scenarios``."""
    if "draws" not in tree.children:
        return False
    kept = tree["draws"].to_dataset()
    names = [str(name) for name in kept["scenario"].values]
    whole = kept.sizes["draw"] == tree.attrs["draws"]
    return whole and set(outputs) <= {str(name) for name in kept.data_vars} and set(scenarios) <= set(names)


class Drawn:
    """What the kept draws of a result come to, output by output."""

    def __init__(self, tree: xr.DataTree) -> None:
        self._tree = tree

    def side(self, output: str, scenario: str) -> Side:
        """What the draws of an output under a scenario come to."""
        return _side(_draws(self._tree, output, scenario))


def paired(base_tree: xr.DataTree, tree: xr.DataTree, output: str, base: str, scenario: str) -> tuple[Side, Side]:
    """The difference of a scenario's draws from the base's, and their ratio to them."""
    below = _draws(base_tree, output, base).astype(np.float64)
    own = _draws(tree, output, scenario).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return _side(own - below), _side(own / below)


def _draws(tree: xr.DataTree, output: str, scenario: str) -> np.ndarray:
    """[cells, draws], in the precision that they were kept in."""
    kept = tree["draws"].to_dataset()[output].sel(scenario=scenario).transpose("draw", ...).values
    return np.ascontiguousarray(kept.reshape(len(kept), -1).T)


def _side(values: np.ndarray) -> Side:
    cells, draws = values.shape
    accumulator, leaves = reduce.Accumulator(cells, np.ones(cells, np.bool_)), reduce.Tree()
    for leaf, first in enumerate(range(0, draws, LEAF)):
        last = min(first + LEAF, draws)
        for at in range(first, last, STEP):
            accumulator.add(np.ascontiguousarray(values[:, at : min(at + STEP, last)]))
        leaves.add(leaf, accumulator.leaf_done())
    node = leaves.total()
    return of_node(reduce.combine([accumulator.sketch]), node)
