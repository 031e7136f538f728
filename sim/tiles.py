"""One tile of draws through draw, market and reduce; :mod:`sim.running` runs many of them on threads.

A *leaf* is a block of :data:`LEAF` consecutive draws, part of the scheme: its sums run draw by draw, and leaves merge in
a binary tree fixed by their numbers. A *tile* is what the model works on at a time, sized to the cache; a *block* is as
many draws as wait to be counted, drawn together and run scenario by scenario. Neither the size of a tile or a block nor
the number of threads changes a bit of the result.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim import reduce
from sim.draw import REPLICATES, Drawer
from sim.inputs import Dense
from sim.kept import Kept
from sim.model import EVERY, Model
from sim.pairs import KINDS, Pairs
from sim.rooms import aligned, beginning

LEAF = 16_384
_DRAWN = 256

# A tile's inputs and outcomes come to about so much: smaller ones cost calls, larger ones leave the cache.
_TILE_BYTES = 5 << 20


@dataclass(frozen=True)
class Engine:
    """What every thread shares: where inputs come from, what is computed of them, and how tiles are cut.

    ``kernel`` fills [rows, draws], in the model's precision, from float64[inputs, draws], and ``blocks``, if there is one,
    [draws / 16, rows, 16], the spared outputs as told; ``headline`` is bool[cells], the cells whose sketches are kept for
    each replicate; ``tile`` is how many draws the kernel gets at a time, a multiple of 16; ``paired``, int64[n], are the
    cells whose differences from, and ratios to, the first scenario's are reduced as well.
    """

    drawer: Drawer
    dense: Dense
    model: Model
    kernel: Callable[[np.ndarray, np.ndarray], Any]
    headline: np.ndarray
    tile: int
    paired: np.ndarray | None = None
    blocks: Callable[[np.ndarray, np.ndarray, int], Any] | None = None

    def evaluate(self, inputs: np.ndarray, outputs: np.ndarray, told: int = EVERY) -> None:
        """Fill ``outputs``, of :meth:`shape`; ``told`` as of :meth:`~sim.model.Model.told`."""
        if self.blocks is None:
            self.kernel(inputs, outputs[0])
        else:
            self.blocks(inputs, outputs, told)

    def shape(self, draws: int) -> tuple[int, int, int]:
        """Of outcomes of ``draws`` draws: pieces, rows, width."""
        width = draws if self.blocks is None else REPLICATES
        return draws // width, self.model.height, width

    @cached_property
    def rows(self) -> np.ndarray:
        """Row of what the kernel fills that each cell is, int64[cells]."""
        return np.array(self.model.block_places)

    @cached_property
    def stand_in(self) -> np.ndarray:
        """The cell that is summed up for each, int64[cells]: of those that are always the same, one for all."""
        cells = self.model.cells
        same = np.arange(cells) if self.model.same is None else np.asarray(self.model.same, np.int64)
        _, group = np.unique(same, return_inverse=True)
        chosen = np.empty(cells, np.int64)
        # The last one written stays: the first of a group, but a headline cell, counted by replicate, before others.
        for cell in np.flatnonzero(~self.headline)[::-1], np.flatnonzero(self.headline)[::-1]:
            chosen[group[cell]] = cell
        return chosen[group]

    @cached_property
    def own(self) -> list[np.ndarray]:
        """Cells that are summed up for each scenario, int64[n]: stand-ins that read an input which it touches.

        The first scenario has all of them; another's other cells are the first's, draw by draw.
        """
        standing = np.zeros(self.model.cells, np.bool_)
        standing[self.stand_in] = True
        return [np.flatnonzero(standing & fresh) for fresh in self._fresh()]

    @cached_property
    def told(self) -> list[int]:
        """For each scenario, the outputs that have to be filled for what is summed up, see :meth:`~sim.model.Model.told`."""
        found = []
        for family in zip(*self.families, strict=True):
            wanted = np.zeros(self.model.cells, np.bool_)
            wanted[family[0]] = True
            for places in family[1:]:
                wanted[np.asarray(self.paired)[places]] = True
            found.append(self.model.told(wanted))
        return found

    def _fresh(self) -> Iterator[np.ndarray]:
        """For each scenario bool[cells], whether a cell may differ from the first scenario's."""
        model, rows = self.model, self.dense.rows
        yield np.ones(model.cells, np.bool_)
        for other in rows[1:]:
            touched = {name for name, a, b in zip(model.inputs, rows[0], other, strict=True) if a != b}
            fresh = np.zeros(model.cells, np.bool_)
            for name, cells in model.slices().items():
                fresh[cells] = not touched.isdisjoint(model.reads.get(name, model.inputs))
            yield fresh

    @cached_property
    def families(self) -> list[list[np.ndarray]]:
        """Cells that each scenario has for its own: outcomes, then, as places in ``paired``, those of each of its kinds."""
        if self.paired is None:
            return [self.own]
        paired = [np.flatnonzero(fresh[self.paired]) for fresh in self._fresh()]
        return [self.own, *(paired for _ in KINDS)]

    @cached_property
    def as_drawn(self) -> bool:
        """Whether a kernel may have the columns themselves: they are the one scenario's inputs, in their order.

        They are drawn tile by tile then, which saves a copy, but costs calls where tiles are small.
        """
        columns = np.arange(len(self.dense.columns))
        return self.scenarios == 1 and self.tile >= _DRAWN and np.array_equal(self.dense.rows[0], columns)

    @property
    def scenarios(self) -> int:
        """Number of scenarios of the batch."""
        return len(self.dense.rows)

    def spread(self, family: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """For a family, of all its cells: the cell that tells of each, int64, and whether it has rows of replicates."""
        if family is self.own:
            return self.stand_in, self.headline
        every = np.arange(len(family[0]))
        return every, every >= 0


class Worker:
    """One thread's own room: buffers for a block of draws, and an accumulator for each scenario (and pair)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        model, tile = engine.model, engine.tile
        room = reduce.waiting_room(max(map(len, engine.own)))
        headline = np.zeros(model.height, np.bool_)
        headline[engine.rows] = engine.headline
        self.accumulators = [
            reduce.Accumulator(model.height, headline, engine.rows[which], room) for which in engine.own
        ]
        self.block = max(room.shape[1] // tile, 1) * tile
        self.pairs = None
        if engine.paired is not None:
            self.pairs = Pairs(engine.rows[engine.paired], engine.families[1], self.block, model.dtype)
        self._every = self.accumulators + (self.pairs.accumulators if self.pairs else [])
        most = 0 if engine.as_drawn else min(self.block, LEAF)
        self.columns = aligned((len(engine.dense.columns), most), "float64")
        self.inputs = aligned((len(model.inputs), tile), "float64")
        self.outputs = aligned(engine.shape(tile), model.dtype)

    def leaves(self, first: int, last: int, kept: Kept, stop: threading.Event) -> list[reduce.Node]:
        """Run draws ``first`` to ``last``, a node of the tree of leaves, of every scenario; the moments of each.

        Raises
        ------
        Stopped: when ``stop`` has been set, after the tile that is under way.
        """
        self._kept, self._stop = kept, stop
        for leaf in range(first, last, LEAF):
            end = min(leaf + LEAF, last)
            for start in range(leaf, end, self.block):
                self._block(start, min(self.block, end - start))
            for accumulator in self._every:
                accumulator.end_leaf()
        return [accumulator.leaves_done() for accumulator in self._every]

    @property
    def sketches(self) -> list[reduce.Sketch]:
        """Those of all accumulators, in the order of the engine's families."""
        return [accumulator.sketch for accumulator in self._every]

    def _block(self, first: int, draws: int) -> None:
        """Run ``draws`` draws from ``first`` on."""
        if self.engine.as_drawn:
            for at in range(0, draws, self.engine.tile):
                inputs, outputs = self._rooms(min(self.engine.tile, draws - at))
                self._draw(first + at, inputs)
                self._outcomes(0, first, at, inputs, outputs)
            self._settle(0)
            return
        columns = beginning(self.columns, (len(self.columns), draws))
        self._draw(first, columns)
        for s, rows in enumerate(self.engine.dense.rows):
            for at in range(0, draws, self.engine.tile):
                part = columns[:, at : at + self.engine.tile]
                inputs, outputs = self._rooms(part.shape[1])
                np.take(part, rows, axis=0, out=inputs, mode="clip")
                self._outcomes(s, first, at, inputs, outputs)
            self._settle(s)

    def _draw(self, first: int, columns: np.ndarray) -> None:
        self.engine.drawer.fill(first, columns)
        self._kept.put_columns(first, columns)

    def _outcomes(self, s: int, first: int, at: int, inputs: np.ndarray, outputs: np.ndarray) -> None:
        """Run a tile of scenario ``s``, from draw ``at`` on of the block that begins with ``first``."""
        if self._stop.is_set():
            raise Stopped
        self.engine.evaluate(inputs, outputs, EVERY if first + at < self._kept.draws else self.engine.told[s])
        self._kept.put_outputs(s, first + at, outputs)
        self.accumulators[s].add(outputs)
        if self.pairs:
            self.pairs.add(s, at, outputs)

    def _settle(self, s: int) -> None:
        """End the block of scenario ``s``."""
        self.accumulators[s].settle()
        if self.pairs:
            self.pairs.settle(s)

    def _rooms(self, draws: int) -> tuple[np.ndarray, np.ndarray]:
        """Inputs and outputs of ``draws`` draws; a tile cut short still has rows one after the other, as kernels ask."""
        return beginning(self.inputs, (len(self.inputs), draws)), beginning(self.outputs, self.engine.shape(draws))


class Stopped(Exception):  # noqa: N818 - not an error: another thread ended the run
    """The run was ended from outside."""


def tile_size(model: Model, dense: Dense) -> int:
    """Draws that ``model`` gets at a time: even parts of a leaf, a multiple of 16; 432 of the market's 2,523 cells."""
    a_draw = 8 * (len(dense.columns) + len(model.inputs)) + np.dtype(model.dtype).itemsize * model.height
    parts = -(-LEAF // min(_TILE_BYTES // a_draw + 1, LEAF))
    if model.cells > reduce.AT_ONCE:
        parts += parts % 2  # so that half a leaf, which waits to be counted together, is so many tiles
    return -(-LEAF // parts // REPLICATES) * REPLICATES


def round_up(draws: int) -> int:
    """The smallest R · 2^m, R = 16 replicates, that is not below ``draws``."""
    points = max(1, -(-draws // REPLICATES))
    return REPLICATES << (points - 1).bit_length()
