"""One tile of draws through draw, market and reduce; many of them on threads, merged in one fixed order.

A *leaf* is a block of :data:`LEAF` consecutive draws, part of the scheme: its sums run draw by draw, and leaves merge in
a binary tree fixed by their numbers. A *tile* is what the model works on at a time, sized to the cache; :data:`PIECES`
tiles are drawn and reduced together, so that a cell's counters are fetched once for all of them. Neither the tile's
size nor the number of threads changes a bit of the result.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from sim import reduce
from sim.draw import REPLICATES, Drawer
from sim.inputs import Dense
from sim.model import Model

LEAF = 16_384
TILE = 256
PIECES = 8


@dataclass
class Kept:
    """Draws kept one by one, filled in place as their tiles come by; shared by all threads, each writing its own part.

    Attributes
    ----------
    draws: how many of the first draws are kept.
    columns: float64[columns, draws], what was drawn; ``rows`` of :class:`~sim.inputs.Dense` tell whose input is which.
    outputs: by name, the output's cells and where they go, [scenarios, draws, cells] in the model's precision.
    """

    draws: int
    columns: np.ndarray
    outputs: dict[str, tuple[slice, np.ndarray]]

    @classmethod
    def of(cls, model: Model, dense: Dense, draws: int, names: Sequence[str]) -> Kept:
        """Room for the first ``draws`` draws of the outputs ``names``, and of all inputs."""
        rooms = {}
        for name, at in model.slices().items():
            if name in names:
                rooms[name] = (at, np.empty((len(dense.rows), draws, at.stop - at.start), model.dtype))
        return cls(draws, np.empty((len(dense.columns) if draws else 0, draws)), rooms)

    def trim(self, draws: int) -> None:
        """Let go of the room for more than ``draws`` draws: that was all."""
        if draws < self.draws:
            self.draws, self.columns = draws, self.columns[:, :draws]
            self.outputs = {name: (cells, room[:, :draws]) for name, (cells, room) in self.outputs.items()}

    def put_columns(self, first: int, columns: np.ndarray) -> None:
        """Keep what of ``columns``, float64[columns, n], is among the first draws."""
        count = min(self.draws - first, columns.shape[1])
        if count > 0:
            self.columns[:, first : first + count] = columns[:, :count]

    def put_outputs(self, scenario: int, first: int, outputs: np.ndarray) -> None:
        """Keep what of ``outputs``, [cells, n], is among the first draws."""
        count = min(self.draws - first, outputs.shape[1])
        if count > 0:
            for cells, room in self.outputs.values():
                room[scenario, first : first + count] = outputs[cells, :count].T


@dataclass(frozen=True)
class Engine:
    """What every thread shares: where inputs come from, what is computed of them, and how tiles are cut.

    ``kernel`` fills [cells, draws], in the model's precision, from float64[inputs, draws]; ``headline`` is bool[cells],
    the cells whose sketches are kept for each replicate; ``tile`` is how many draws the kernel gets at a time, a
    multiple of 16.
    """

    drawer: Drawer
    dense: Dense
    model: Model
    kernel: Callable[[np.ndarray, np.ndarray], Any]
    headline: np.ndarray
    tile: int

    @cached_property
    def own(self) -> list[np.ndarray]:
        """Cells that each scenario has for its own, int64[n]: those that read an input which it touches.

        The first scenario has them all; another's other cells are the first's, draw by draw, and not summed up again.
        """
        model, rows = self.model, self.dense.rows
        found = [np.arange(model.cells)]
        for other in rows[1:]:
            touched = {name for name, a, b in zip(model.inputs, rows[0], other, strict=True) if a != b}
            fresh = np.zeros(model.cells, bool)
            for name, cells in model.slices().items():
                fresh[cells] = not touched.isdisjoint(model.reads.get(name, model.inputs))
            found.append(np.flatnonzero(fresh))
        return found

    @property
    def scenarios(self) -> int:
        """Number of scenarios of the batch."""
        return len(self.dense.rows)


class Worker:
    """One thread's own room: buffers for some tiles, and an accumulator for each scenario."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        model, tile = engine.model, engine.tile
        self.accumulators = [reduce.Accumulator(model.cells, engine.headline, which) for which in engine.own]
        self.columns = np.empty((len(engine.dense.columns), PIECES * tile))
        self.inputs = np.empty((len(model.inputs), tile))
        self.outputs = np.empty((PIECES, model.cells, tile), model.dtype)

    def leaf(self, first: int, last: int, kept: Kept, stop: threading.Event) -> list[reduce.Node]:
        """Run draws ``first`` to ``last`` of every scenario; the moments of each."""
        tile = self.engine.tile
        while first < last:
            if stop.is_set():
                raise Stopped
            pieces = min(PIECES, (last - first) // tile)
            if pieces:
                self._tiles(first, self.columns[:, : pieces * tile], self.inputs, self.outputs[:pieces], kept)
                first += pieces * tile
            else:  # a last tile that is cut short still has rows one after the other, as the kernels' types ask
                short = last - first
                rooms = self.inputs, self.outputs[:1]
                inputs, outputs = (np.empty((*room.shape[:-1], short), room.dtype) for room in rooms)
                self._tiles(first, self.columns[:, :short], inputs, outputs, kept)
                first = last
        return [accumulator.leaf_done() for accumulator in self.accumulators]

    def _tiles(self, first: int, columns: np.ndarray, inputs: np.ndarray, outputs: np.ndarray, kept: Kept) -> None:
        """Run as many draws as ``columns`` has room for, from ``first`` on."""
        if columns.shape[1] < self.columns.shape[1]:
            columns = np.empty(columns.shape)
        self.engine.drawer.fill(first, columns)
        kept.put_columns(first, columns)
        tile = outputs.shape[2]
        for s, accumulator in enumerate(self.accumulators):
            for piece, values in enumerate(outputs):
                part = columns[:, piece * tile : (piece + 1) * tile]
                np.take(part, self.engine.dense.rows[s], axis=0, out=inputs, mode="clip")
                self.engine.kernel(inputs, values)
                kept.put_outputs(s, first + piece * tile, values)
            accumulator.add(outputs)


class Stopped(Exception):  # noqa: N818 - not an error: another thread ended the run
    """The run was ended from outside."""


class Run:
    """A run under way: leaf after leaf on some threads, as far as asked, and further if asked again.

    Parameters
    ----------
    engine, kept: what is run, and where draws are kept.
    threads: all cores that this process may use unless given.

    Attributes
    ----------
    engine: what is run.
    draws: draws of each scenario run so far.
    """

    def __init__(self, engine: Engine, kept: Kept, threads: int | None = None) -> None:
        self.draws = 0
        self.engine, self._kept = engine, kept
        self._threads = threads or available_cores()
        self._trees = [reduce.Tree() for _ in range(engine.scenarios)]
        self._crew: list[Worker] = []
        self._idle: SimpleQueue[Worker] = SimpleQueue()

    def to(self, draws: int, progress: Callable[[int], Any] | None = None) -> None:
        """Go on to ``draws`` draws of every scenario, a multiple of 16, above :data:`LEAF` of it.

        ``progress`` is told the number of draws done so far, after each leaf.

        Raises
        ------
        ValueError: if the last leaf was cut short, so that none can follow.
        KeyboardInterrupt: passed on once every thread has let go.
        """
        if self.draws % LEAF:
            raise ValueError(f"a run of {self.draws} draws, less than a leaf of {LEAF}, cannot go on; start another")
        starts = range(self.draws, draws, LEAF)
        stop = threading.Event()
        workers = min(self._threads, len(starts))

        def leaf(first: int) -> list[reduce.Node]:
            worker = self._worker()
            try:
                return worker.leaf(first, min(first + LEAF, draws), self._kept, stop)
            finally:
                self._idle.put(worker)

        with ThreadPoolExecutor(max(workers, 1), thread_name_prefix="suanli") as pool:
            try:
                for start, nodes in zip(starts, _in_order(pool, leaf, starts, 2 * workers), strict=True):
                    for tree, node in zip(self._trees, nodes, strict=True):
                        tree.add(start // LEAF, node)
                    self.draws = min(start + LEAF, draws)
                    if progress:
                        progress(self.draws)
            finally:
                stop.set()

    def afresh(self) -> Run:
        """The same run from the start."""
        return Run(self.engine, self._kept, self._threads)

    def summaries(self) -> list[reduce.Summary]:
        """What has come of each scenario so far; the run can go on."""
        return reduce.summarise_all(self._parts())

    def finish(self) -> list[reduce.Summary]:
        """What has come of each scenario in the end; memory is at its peak here, so threads' own rooms go first."""
        parts = self._parts()
        self._crew.clear()
        self._idle = SimpleQueue()
        return reduce.summarise_all(parts)

    def _parts(self) -> list[reduce.Part]:
        sketches = zip(*([each.sketch for each in worker.accumulators] for worker in self._crew), strict=True)
        parts = zip(self.engine.own, self._trees, sketches, strict=True)
        return [reduce.Part(which, tree, list(each)) for which, tree, each in parts]

    def _worker(self) -> Worker:
        try:
            return self._idle.get_nowait()
        except Empty:
            worker = Worker(self.engine)
            self._crew.append(worker)
            return worker


def _in_order(pool: ThreadPoolExecutor, job: Callable[[int], Any], starts: Sequence[int], ahead: int) -> Iterator[Any]:
    """Results of ``job`` in the order of ``starts``, never more than ``ahead`` under way."""
    waiting = iter(starts)
    queue: list[Future[Any]] = [pool.submit(job, start) for start in islice(waiting, ahead)]
    while queue:
        yield queue.pop(0).result()
        queue.extend(pool.submit(job, start) for start in islice(waiting, 1))


def available_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def round_up(draws: int) -> int:
    """The smallest R · 2^m, R = 16 replicates, that is not below ``draws``."""
    points = max(1, -(-draws // REPLICATES))
    return REPLICATES << (points - 1).bit_length()
