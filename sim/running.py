"""A run under way: leaves of draws on threads, merged in one fixed order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any

from sim import reduce
from sim.kept import Kept
from sim.threads import available_cores, in_order
from sim.tiles import LEAF, Engine, Worker

# As many cells, times leaves, are a job.
_JOB_CELLS = 64


class Run:
    """A run under way: leaf after leaf on some threads, as far as asked, and further if asked again.

    Parameters
    ----------
    engine, kept: what is run, and where draws are kept.
    threads: all cores that this process may use unless given.
    first: the draw to begin with, the first of a leaf, where a stretch of draws is run; :meth:`stretch` tells what came of
        it. None for a run from the start, which has summaries.

    Attributes
    ----------
    engine: what is run.
    draws: draws of each scenario up to which it has run so far.
    """

    def __init__(self, engine: Engine, kept: Kept, threads: int | None = None, first: int | None = None) -> None:
        self.draws = first or 0
        self.engine, self._kept = engine, kept
        self._threads = threads or available_cores()
        tree = reduce.Tree if first is None else reduce.Forest
        self._trees: list[Any] = [tree() for family in engine.families for _ in family]
        self._crew: list[Worker] = []
        self._idle: SimpleQueue[Worker] = SimpleQueue()

    def to(
        self,
        draws: int,
        progress: Callable[[int], Any] | None = None,
        meanwhile: Callable[[], Any] | None = None,
    ) -> None:
        """Go on to ``draws`` draws of every scenario, a multiple of 16, above :data:`LEAF` of it.

        ``progress`` is told the number of draws done so far, after each job; ``meanwhile`` is called once, in this thread,
        when the others have been set to work.

        Raises
        ------
        ValueError: if the last leaf was cut short, so that none can follow.
        KeyboardInterrupt: passed on once every thread has let go.
        """
        if self.draws % LEAF:
            raise ValueError(f"a run of {self.draws} draws, less than a leaf of {LEAF}, cannot go on; start another")
        jobs = self._jobs(draws)
        stop = threading.Event()
        workers = min(self._threads, len(jobs))

        def run(job: tuple[int, int]) -> list[reduce.Node]:
            worker, (first, leaves) = self._worker(), job
            try:
                return worker.leaves(first * LEAF, min((first + leaves) * LEAF, draws), self._kept, stop)
            finally:
                self._idle.put(worker)

        with ThreadPoolExecutor(max(workers, 1), thread_name_prefix="suanli") as pool:
            try:
                done = in_order(pool, run, jobs, 2 * workers)
                if meanwhile:
                    meanwhile()
                for (first, leaves), nodes in zip(jobs, done, strict=True):
                    for tree, node in zip(self._trees, nodes, strict=True):
                        tree.add(first, node, leaves)
                    self.draws = min((first + leaves) * LEAF, draws)
                    if progress:
                        progress(self.draws)
            finally:
                stop.set()

    def _jobs(self, draws: int) -> list[tuple[int, int]]:
        """What threads run at a time up to ``draws``: (first leaf, number of leaves), nodes of the tree.

        One leaf of a large model. Of a small one's, which take little more than it takes to set a thread to work, as many
        as leave each thread eight jobs.
        """
        first, last = self.draws // LEAF, -(-draws // LEAF)
        small = _JOB_CELLS // sum(len(cells) for family in self.engine.families for cells in family)
        most = max(min(small, (last - first) // (8 * self._threads)), 1)
        return list(reduce.blocks_of([(first, last)], 1 << most.bit_length() - 1))

    def afresh(self) -> Run:
        """The same run from the start."""
        return Run(self.engine, self._kept, self._threads)

    def summaries(self) -> list[reduce.Summary]:
        """What has come of each scenario so far; the run can go on."""
        return self._summed_up(self._sketches())[0]

    def finish(self) -> list[list[reduce.Summary]]:
        """What has come of each scenario in the end, in each of the engine's families.

        Memory is at its peak here, so threads' own rooms go first.
        """
        return self._summed_up(self._ended())

    def stretch(self) -> list[tuple[reduce.Forest, reduce.Counts]]:
        """What has come of a stretch of draws in the end, of each accumulator in the order of the engine's families."""
        return [
            (tree, reduce.used_up(each, self._threads)) for tree, each in zip(self._trees, self._ended(), strict=True)
        ]

    def _ended(self) -> list[list[reduce.Sketch]]:
        """All threads' sketches, which nothing more will come to; the threads' own rooms are let go of."""
        sketches = self._sketches()
        for each in sketches:
            for sketch in each:
                sketch.end()
        self._crew.clear()
        self._idle = SimpleQueue()
        return sketches

    def _summed_up(self, sketches: list[list[reduce.Sketch]]) -> list[list[reduce.Summary]]:
        """Every family's scenarios from all threads' ``sketches`` of each, all cells told by those that stand for them."""
        engine, rest, found = self.engine, zip(self._trees, sketches, strict=True), []
        for family in engine.families:
            parts = [reduce.Part(which, *each) for which, each in zip(family, rest, strict=False)]
            found.append(reduce.summarise_all(parts, *engine.spread(family), self._threads))
        return found

    def _sketches(self) -> list[list[reduce.Sketch]]:
        """All threads' sketches of each accumulator, in the order of the trees."""
        return [list(each) for each in zip(*(worker.sketches for worker in self._crew), strict=True)]

    def _worker(self) -> Worker:
        try:
            return self._idle.get_nowait()
        except Empty:
            worker = Worker(self.engine)
            self._crew.append(worker)
            return worker
