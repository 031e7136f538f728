"""One thread's side of one scenario: moments and sketch of what a tile brings."""

from __future__ import annotations

import numpy as np

from sim.reduce import moments
from sim.reduce.histogram import PIECE
from sim.reduce.lanes import LANES
from sim.reduce.node import Node
from sim.reduce.sketch import Sketch
from sim.reduce.take import Reduction, place_windows, take


class Accumulator:
    """Takes tiles of one scenario on one thread; a leaf ends where its owner says so.

    Parameters
    ----------
    cells: number of output cells.
    headline: bool[cells], cells counted for each replicate; none if left out.
    which: int64[n], ascending, the cells to take; all if left out. What comes of it is numbered from 0 to n.

    Attributes
    ----------
    sketch: the counts of all leaves so far, to be combined with other threads' at the end.
    """

    def __init__(self, cells: int, headline: np.ndarray | None = None, which: np.ndarray | None = None) -> None:
        self.cells = cells
        self.which = np.arange(cells) if which is None else np.asarray(which, np.int64)
        self.sketch = Sketch(len(self.which), None if headline is None else headline[self.which])
        self._leaf = moments.open_leaf(len(self.which))
        self._draws = 0
        replicated = self.sketch.headline
        self._headline = np.where(replicated, np.cumsum(replicated) - 1, -1)
        self._row = np.empty(PIECE)

    def add(self, values: np.ndarray) -> None:
        """Take a tile: ``values``, [cells, draws] or [pieces, cells, draws / pieces], float64 or float32 in C order.

        The draws of a later piece follow those of the one before. Draw i belongs to replicate i mod 16; a tile starts
        at a multiple of 16 draws. NaN and infinities are counted and in no other figure.

        Raises
        ------
        ValueError: if ``values`` is of another shape, type or order, or its draws are no multiple of 16.
        """
        tile = values[None] if values.ndim == 2 else values
        good = values.dtype in (np.float64, np.float32) and values.flags.c_contiguous
        if not good or tile.ndim != 3 or tile.shape[1] != self.cells:
            raise ValueError(
                f"expected float64 or float32 [{self.cells}, draws] or [pieces, {self.cells}, draws] in C "
                f"order, not {values.dtype}{list(values.shape)}"
            )
        draws = tile.shape[0] * tile.shape[2]
        if draws % LANES or draws <= 0:
            raise ValueError(f"a tile holds a positive multiple of {LANES} draws, not {draws}")
        for first in range(0, draws, PIECE):
            self._add(tile, first, min(PIECE, draws - first))

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

    def _add(self, tile: np.ndarray, first: int, draws: int) -> None:
        sketch = self.sketch
        if sketch.draws == 0:
            place_windows(tile, draws, self._reduction())
            sketch.pooled.lay_out()
            sketch.replicates.lay_out()
        sketch.expect(draws)
        cell = 0
        while (cell := take(tile, first, draws, cell, self._draws == 0, self._reduction())) < sketch.cells:
            sketch.pooled.fold()
            sketch.replicates.fold()
        self._draws += draws

    def _reduction(self) -> Reduction:
        sketch = self.sketch
        rooms = sketch.pooled.room, sketch.replicates.room
        return Reduction(self._leaf, *rooms, self.which, self._headline, sketch.on_edge, self._row)
