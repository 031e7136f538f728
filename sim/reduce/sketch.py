"""Counts of an output's values by bin, filled tile by tile: one sketch a thread and scenario."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from sim.kernels import bare_kernel
from sim.reduce.counting import FULL, HALF_FULL, RELIEVED, count, end_count, fetch, fetch_codes
from sim.reduce.lanes import LANES
from sim.reduce.places import absorb, entries_of
from sim.reduce.sparse import Sparse
from sim.reduce.windows import embracing, lay_out, move, no_windows, widen
from sim.threads import in_parts

_Entries = tuple[np.ndarray, np.ndarray]

_ROOM = 1 << 25
_MOST = 8_208
_AHEAD = 8

AT_ONCE = 64
"""Cells whose counters all stay in the cache: no code of theirs waits."""


def waiting_room(cells: int) -> np.ndarray:
    """Room for codes of ``cells`` cells that wait to be counted, uint16[cells, draws]: 8,208 draws, fewer of many cells.

    The market's 1,889 cells that differ take 31 MB; sketches that are filled in turn may share them. :data:`AT_ONCE` cells
    share one row, of a tile's draws.
    """
    if cells <= AT_ONCE:
        return np.zeros((1, 2 * _MOST), np.uint16)
    draws = min(_MOST, max(_ROOM // (2 * max(cells, 1)), 528))
    return np.zeros((cells, draws // LANES * LANES), np.uint16)


class Sketch:
    """Counters of every cell, and once more of each replicate of the headline cells.

    Not to be shared by threads; filled by :class:`~sim.reduce.accumulator.Accumulator`. What it holds depends on the
    values alone, never on the windows, on the size of the tiles or on their order;
    :func:`sim.reduce.combine` makes one :class:`~sim.reduce.counts.Counts` of several.

    Parameters
    ----------
    order: int64[cells], a permutation: the order in which cells are taken, for speed alone.
    headline: bool[cells]; none if left out.
    room: of :func:`waiting_room`, for at least so many cells; one of its own if left out.

    Attributes
    ----------
    draws: how many draws it has been given.
    windows, counters, counters_r: see :mod:`sim.reduce.windows`; uint16.
    outside, outside_r: what has no counter, and what counters were relieved of.
    codes: the room, in which the tiles that wait lie one behind the other, each [cells, draws]; ``waiting``: how many
        draws wait to be counted; ``tiles``: how many of each tile.
    at_once: whether cells are counted as they are taken, and none waits.
    on_edge: bool[cells], whether every value so far is its bin's smallest magnitude.

    Raises
    ------
    ValueError: if ``headline`` has another shape.
    """

    def __init__(self, order: np.ndarray, headline: np.ndarray | None = None, room: np.ndarray | None = None) -> None:
        cells = self.cells = len(order)
        self._order, self.at_once = order, cells <= AT_ONCE
        self.headline = np.zeros(cells, np.bool_) if headline is None else np.asarray(headline, np.bool_)
        if self.headline.shape != (cells,):
            raise ValueError(f"headline must be bool[{cells}], one for each cell, not of shape {self.headline.shape}")
        self.draws = 0
        self.on_edge = np.ones(cells, np.bool_)
        self.windows = no_windows(self.headline)
        self.outside, self.outside_r = Sparse(), Sparse()
        self.codes = waiting_room(cells) if room is None else room
        self.waiting, self.tiles = 0, list[int]()
        self._headroom = FULL
        self._next_look = 0
        self._cells_r = np.flatnonzero(self.headline)
        self.lay_out()

    @property
    def room(self) -> int:
        """For how many draws more there is room."""
        return self.codes.shape[1] - self.waiting

    def lay_out(self) -> None:
        """Make empty counters for the windows as they are."""
        pooled, replicates = lay_out(self.windows)
        self.counters, self.counters_r = np.zeros(pooled, np.uint16), np.zeros(replicates, np.uint16)

    def settle(self) -> None:
        """Count what waits; the room is free for another sketch then."""
        n, self.waiting = self.waiting, 0
        if n == 0:
            return
        draws, self.tiles = np.array(self.tiles, np.int64), []
        tiles = np.stack([draws, np.cumsum(draws) - draws], axis=1)
        self.get_ready(n)
        _count_all(self.codes.reshape(-1), tiles, self._order, self.windows, self.counters, self.counters_r)
        self.counted(n)

    def get_ready(self, draws: int) -> None:
        """See to it that no counter overflows while so many draws are counted."""
        if draws > self._headroom:
            self._make_headroom()
        self._headroom -= draws

    def counted(self, draws: int) -> None:
        """So many draws more have been counted: time, now and then, for windows to follow, and counters with them."""
        self.draws += draws
        if self.draws >= self._next_look:
            self._follow()
            # Ever more rarely, since all counters move when windows do.
            self._next_look = 2 * self.draws

    def end(self) -> None:
        """Count what waits and let go of all room: nothing more will come."""
        self.settle()
        self.codes = self.codes[:, :0].copy()
        self.outside.end()
        self.outside_r.end()

    def without_counters(self) -> tuple[_Entries, _Entries]:
        """Sorted entries of what has no counter, once nothing waits: of cells, and of the headline cells' replicates.

        Int64 codes of :mod:`~sim.reduce.bins`, and counts; counters may hold more of the same codes.
        """
        self.settle()
        self._fold()
        return (self.outside.codes, self.outside.counts), (self.outside_r.codes, self.outside_r.counts)

    def _fold(self) -> None:
        self.outside.fold()
        self.outside_r.fold()

    def _follow(self) -> None:
        """Let windows follow what lies outside, where that pays."""
        self._fold()
        old, counters, counters_r = self.windows.copy(), self.counters, self.counters_r
        if widen(self.windows, self.outside.codes, self.outside.counts):
            self.lay_out()
            move(old, counters, counters_r, self.windows, self.counters, self.counters_r, 0, self.cells)
            self._absorb(FULL - self._headroom)

    @property
    def kinds(self) -> tuple[tuple[Sparse, np.ndarray, np.ndarray, int], ...]:
        """Of cells, then of headline cells' replicates: what has no counter, counters, whose they are, and rows of each."""
        pooled = self.outside, self.counters, np.arange(self.cells), 1
        return pooled, (self.outside_r, self.counters_r, self._cells_r, LANES)

    def _absorb(self, most: int) -> None:
        """Count what has a counter by now, in those that hold no more than ``most`` then."""
        for outside, counters, cells, lanes in self.kinds:
            left = absorb(self.windows, counters, cells, lanes, outside.codes, outside.counts, most)
            outside.codes, outside.counts = outside.codes[:left].copy(), outside.counts[:left].copy()

    def _make_headroom(self) -> None:
        """See for how many draws no counter can overflow; relieve those that hold many where one is half full."""
        self._headroom = FULL - self.relieve(HALF_FULL - 1)

    def relieve(self, most: int) -> int:
        """Let no counter hold more than ``most``; how many the fullest holds."""
        fullest = max(int(counters.max(initial=0)) for _, counters, _, _ in self.kinds)
        if fullest <= most:
            return fullest
        least = min(RELIEVED, most + 1)
        for outside, counters, cells, lanes in self.kinds:
            outside.add(*entries_of(self.windows, counters, cells, lanes, least))
            counters[counters >= least] = 0
        return least - 1


def together(sketches: Sequence[Sketch], threads: int = 1) -> list[Sketch]:
    """As few sketches as hold the same: one, in new counters, unless their windows lie too far apart."""
    for each in sketches:
        each.settle()  # windows follow
    first, windows = sketches[0], embracing([each.windows for each in sketches])
    if len(sketches) == 1 or windows is None:
        return list(sketches)
    found = Sketch(first._order, first.headline, first.codes[:, :0])
    found.windows = windows
    found.lay_out()
    # A counter of all holds what the fullest of each do. What is left for those still to come is what relieved ones may hold.
    fullest, left = 0, min(RELIEVED, FULL // len(sketches))
    for rest, each in zip(reversed(range(len(sketches))), sketches, strict=True):
        fullest += each.relieve(FULL - fullest - left * rest)
        for outside, other in ((found.outside, each.outside), (found.outside_r, each.outside_r)):
            other.fold()
            outside.add(other.codes, other.counts)
        old, new = (each.windows, each.counters, each.counters_r), (windows, found.counters, found.counters_r)
        in_parts(partial(move, *old, *new), found.cells, threads)
        found.draws += each.draws
        found.on_edge &= each.on_edge
    found._absorb(FULL)
    return [found]


@bare_kernel
def _count_all(
    codes: np.ndarray,
    tiles: np.ndarray,
    order: np.ndarray,
    windows: np.ndarray,
    counters: np.ndarray,
    counters_r: np.ndarray,
) -> None:
    """Count the waiting codes of every cell; ``tiles``, int64[n, 2], are the draws of what waits, and those before."""
    cells, number = len(order), len(tiles)
    for k in range(cells):
        window, following = windows[order[k]], windows[order[min(k + 1, cells - 1)]]
        for j in range(number):
            draws, at = tiles[j, 0], cells * tiles[j, 1] + k * tiles[j, 0]
            ahead, cell = j + _AHEAD, k + 1
            while ahead >= number:
                ahead, cell = ahead - number, cell + 1
            if cell < cells:
                fetch_codes(codes, cells * tiles[ahead, 1] + cell * tiles[ahead, 0], tiles[ahead, 0])
            if k + 1 < cells:
                fetch(counters, following, codes, at + draws, draws)
            count(codes, at, draws, window, counters, counters_r)
        end_count(window, counters, counters_r)
