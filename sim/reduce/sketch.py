"""Counts of an output's values by bin, filled tile by tile: one sketch a thread and scenario."""

from __future__ import annotations

import numpy as np

from sim.reduce.histogram import Histogram


class Sketch:
    """Counters of every cell, and once more of each replicate of the headline cells.

    Not to be shared by threads; filled by :class:`~sim.reduce.accumulator.Accumulator`. What it holds depends on the
    values alone, never on the windows, on the size of the tiles or on their order;
    :func:`sim.reduce.counts.combine` makes one :class:`~sim.reduce.counts.Counts` of several.

    Parameters
    ----------
    cells: number of cells.
    headline: bool[cells]; none if left out.

    Attributes
    ----------
    draws: how many draws it has been given.
    pooled, replicates: their histograms.
    on_edge: bool[cells], whether every value so far is its bin's smallest magnitude.

    Raises
    ------
    ValueError: if ``headline`` has another shape.
    """

    def __init__(self, cells: int, headline: np.ndarray | None = None) -> None:
        self.cells = cells
        self.headline = np.zeros(cells, np.bool_) if headline is None else np.asarray(headline, np.bool_)
        if self.headline.shape != (cells,):
            raise ValueError(f"headline must be bool[{cells}], one for each cell, not of shape {self.headline.shape}")
        self.draws = 0
        self.pooled = Histogram(cells, replicates=False)
        self.replicates = Histogram(int(self.headline.sum()), replicates=True)
        self.on_edge = np.ones(cells, np.bool_)

    def expect(self, draws: int) -> None:
        """Get ready for ``draws`` draws more."""
        self.draws += draws
        self.pooled.expect(draws)
        self.replicates.expect(draws)
