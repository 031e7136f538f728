"""Counts of what has no counter: entries written down one by one, folded into sorted lists now and then."""

from __future__ import annotations

import numpy as np

from sim.reduce.bins import merge_entries

_ROOM = 1 << 16


class Sparse:
    """Entries of :mod:`sim.reduce.bins` with their counts.

    Attributes
    ----------
    spill: int64[1 + room]; the first place tells how many entries follow, not yet folded.
    codes, counts: int64[n], sorted entries without doubles.
    """

    def __init__(self) -> None:
        self.spill = np.zeros(1 + _ROOM, np.int64)
        self.codes = np.empty(0, np.int64)
        self.counts = np.empty(0, np.int64)

    def make_room(self, entries: int) -> None:
        """Have room for so many entries more, folding first, and at least as much as all entries take.

        So folding, which walks over all of them, costs each spilled one a fixed share.
        """
        if self.spill[0] + entries < len(self.spill):
            return
        self.fold()
        if max(entries, len(self.codes)) >= len(self.spill):
            self.spill = np.zeros(1 + 2 * max(entries, len(self.codes)), np.int64)

    def fold(self) -> None:
        """Add what was spilled to the sorted entries."""
        used = int(self.spill[0])
        if used:
            codes, counts = np.unique(self.spill[1 : 1 + used], return_counts=True)
            self.spill[0] = 0
            self.add(codes, counts.astype(np.int64))

    def end(self) -> None:
        """Fold, and let go of the room: nothing more will be spilled."""
        self.fold()
        self.spill = np.zeros(1, np.int64)

    def add(self, codes: np.ndarray, counts: np.ndarray) -> None:
        """Add sorted entries without doubles."""
        self.codes, self.counts = merge_entries(self.codes, self.counts, codes, counts)
