"""One thread's side of one scenario: moments and sketch of what a tile brings."""

from __future__ import annotations

import numpy as np

from sim.reduce import moments
from sim.reduce.lanes import LANES
from sim.reduce.node import Node
from sim.reduce.sketch import Sketch


class Accumulator:
    """Takes tiles of one scenario on one thread; a leaf ends where its owner says so.

    Parameters
    ----------
    cells: number of output cells.
    headline: bool[cells], cells counted for each replicate; none if left out.

    Attributes
    ----------
    sketch: the counts of all leaves so far, to be combined with other threads' at the end.
    """

    def __init__(self, cells: int, headline: np.ndarray | None = None) -> None:
        self.sketch = Sketch(cells, headline)
        self._leaf = moments.open_leaf(cells)
        self._draws = 0

    def add(self, values: np.ndarray, draws: int | None = None) -> None:
        """Take the first ``draws`` columns (all unless given) of ``values``, float64[cells, ≥ draws] in C order.

        Column i is a draw of replicate i mod 16; a tile starts at a multiple of 16 draws.

        Raises
        ------
        ValueError: if ``values`` is of another shape, type or order, or ``draws`` no multiple of 16.
        """
        draws = values.shape[-1] if draws is None else draws
        good = values.dtype == np.float64 and values.flags.c_contiguous
        if not good or values.ndim != 2 or len(values) != self.sketch.cells or draws > values.shape[1]:
            raise ValueError(
                f"expected float64[{self.sketch.cells}, >= {draws}] in C order, not {values.dtype}{list(values.shape)}"
            )
        if draws % LANES or draws <= 0:
            raise ValueError(f"a tile holds a positive multiple of {LANES} draws, not {draws}")
        if self._draws == 0:
            moments.start(values, self._leaf)
        moments.accumulate(values, draws, self._leaf)
        self.sketch.add(values, draws)
        self._draws += draws

    def leaf_done(self) -> Node:
        """End the leaf: the moments of what has come since the last one.

        Raises
        ------
        ValueError: if nothing has come since.
        """
        if self._draws == 0:
            raise ValueError("a leaf needs at least one tile; add one before ending it")
        node = moments.close(self._leaf, self._draws)
        self._draws = 0
        return node
