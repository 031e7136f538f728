"""One tile of draws through draw, market and reduce; many of them on threads, merged in one fixed order.

A *leaf* is a block of :data:`LEAF` consecutive draws, part of the scheme: its sums run draw by draw, and leaves merge in
a binary tree fixed by their numbers. A *tile* is what a thread works on at a time, sized to the cache. Neither the
tile's size nor the number of threads changes a bit of the result.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from sim import reduce
from sim.draw import REPLICATES, Drawer
from sim.inputs import Dense
from sim.model import Model

LEAF = 16_384
TILE = 1024


@dataclass
class Kept:
    """Draws kept one by one, filled in place as their tiles come by; shared by all threads, each writing its own part.

    Attributes
    ----------
    draws: how many of the first draws are kept.
    inputs: float64[scenarios, inputs, draws].
    outputs: by name, the output's cells and where they go, float64[scenarios, draws, cells].
    """

    draws: int
    inputs: np.ndarray
    outputs: dict[str, tuple[slice, np.ndarray]]

    @classmethod
    def of(cls, model: Model, scenarios: int, draws: int, names: Sequence[str]) -> Kept:
        """Room for the first ``draws`` draws of the outputs ``names``, and of all inputs."""
        cells = {name: where for name, where in model.slices().items() if name in names}
        rooms = {name: (at, np.empty((scenarios, draws, at.stop - at.start))) for name, at in cells.items()}
        return cls(draws, np.empty((scenarios, len(model.inputs) if draws else 0, draws)), rooms)

    def put(self, scenario: int, first: int, inputs: np.ndarray, outputs: np.ndarray) -> None:
        """Keep what of this tile is among the first draws."""
        count = min(self.draws - first, inputs.shape[1])
        if count <= 0:
            return
        self.inputs[scenario, :, first : first + count] = inputs[:, :count]
        for cells, room in self.outputs.values():
            room[scenario, first : first + count] = outputs[cells, :count].T


@dataclass(frozen=True)
class Engine:
    """What every thread shares: where inputs come from, what is computed of them, and how tiles are cut.

    ``kernel`` fills float64[cells, draws] from float64[inputs, draws]; ``headline`` is bool[cells], the cells whose
    sketches are kept for each replicate; ``tile`` is how many draws a thread works on at a time, a multiple of 16.
    """

    drawer: Drawer
    dense: Dense
    model: Model
    kernel: Callable[[np.ndarray, np.ndarray], Any]
    headline: np.ndarray
    tile: int

    @property
    def scenarios(self) -> int:
        """Number of scenarios of the batch."""
        return len(self.dense.rows)


class Worker:
    """One thread's own room: buffers for a tile, and an accumulator for each scenario."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.accumulators = [reduce.Accumulator(engine.model.cells, engine.headline) for _ in range(engine.scenarios)]
        self.pool = np.empty((len(engine.dense.columns), engine.tile))
        self.inputs = np.empty((len(engine.model.inputs), engine.tile))
        self.outputs = np.empty((engine.model.cells, engine.tile))

    def leaf(self, first: int, last: int, kept: Kept, stop: threading.Event) -> list[reduce.Node]:
        """Run draws ``first`` to ``last`` of every scenario; the moments of each."""
        for start in range(first, last, self.engine.tile):
            if stop.is_set():
                raise Stopped
            self._tile(start, min(self.engine.tile, last - start), kept)
        return [accumulator.leaf_done() for accumulator in self.accumulators]

    def _tile(self, first: int, count: int, kept: Kept) -> None:
        # A last tile that is cut short still has rows one after the other, which the kernels' types ask for.
        pool, inputs, outputs = (
            room if count == room.shape[1] else np.empty((len(room), count))
            for room in (self.pool, self.inputs, self.outputs)
        )
        self.engine.drawer.fill(first, pool)
        for s, accumulator in enumerate(self.accumulators):
            np.take(pool, self.engine.dense.rows[s], axis=0, out=inputs, mode="clip")
            self.engine.kernel(inputs, outputs)
            accumulator.add(outputs)
            kept.put(s, first, inputs, outputs)


class Stopped(Exception):  # noqa: N818 - not an error: another thread ended the run
    """The run was ended from outside."""


def run_leaves(
    engine: Engine, draws: int, kept: Kept, threads: int | None = None, progress: Callable[[int], Any] | None = None
) -> list[reduce.Summary]:
    """Run draws 0 to ``draws`` of every scenario on ``threads`` threads; one summary a scenario.

    Parameters
    ----------
    draws: a multiple of 16; above :data:`LEAF` a multiple of it.
    threads: all cores that this process may use unless given.
    progress: told the number of draws done so far, after each leaf.

    Raises
    ------
    KeyboardInterrupt: passed on once every thread has let go.
    """
    starts = range(0, draws, LEAF)
    workers = min(threads or available_cores(), len(starts))
    trees = [reduce.Tree() for _ in range(engine.scenarios)]
    own = threading.local()
    crew: list[Worker] = []
    stop = threading.Event()

    def leaf(first: int) -> list[reduce.Node]:
        if not hasattr(own, "worker"):
            own.worker = Worker(engine)
            crew.append(own.worker)
        return own.worker.leaf(first, min(first + LEAF, draws), kept, stop)

    with ThreadPoolExecutor(workers, thread_name_prefix="suanli") as pool:
        try:
            for number, nodes in enumerate(_in_order(pool, leaf, starts, 2 * workers)):
                for tree, node in zip(trees, nodes, strict=True):
                    tree.add(number, node)
                if progress:
                    progress(min((number + 1) * LEAF, draws))
        finally:
            stop.set()
    # Each scenario's sketches are let go of as soon as they are summed up: memory is at its peak here.
    return [reduce.summarise(tree, [w.accumulators.pop(0).sketch for w in crew]) for tree in trees]


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
