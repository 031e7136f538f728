"""The loop that sees a batch through a cluster: hands out runs, has them merged, asks again for what does not come back.

Workers may join, leave, be killed or be slow at any time. Three things may go wrong with a task, and each has one answer:

- it failed because of its worker: it is handed out again, under a new key;
- nothing is heard of it for longer than is usual: a copy is handed out, and whichever comes first counts, as both are the
  same bytes;
- its bytes were lost before they were fetched: the runs below it are handed out again.

What the tasks compute is pure, so nothing of this changes the result. Nothing here imports dask, see
:mod:`sim.cluster.pool`.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Any

from sim.cluster import tasks
from sim.cluster.cut import Cut, Node
from sim.cluster.flights import Flight, Flights
from sim.cluster.gathered import Gathered
from sim.cluster.pool import ClusterError, Job, Patience, Pool, Told
from sim.shards import Shard

COPIES = 4
"""Of a run, out at a time; the oldest makes room."""


class Drive:
    """One batch on one pool.

    Parameters
    ----------
    pool: whatever runs tasks.
    plan: of the batch.
    cut: how it is cut; the first ``kept`` leaves hold draws that are kept, and travel by themselves.
    progress: told the node of a run when it is first done.

    Attributes
    ----------
    told: what happened so far.
    """

    def __init__(
        self,
        pool: Pool,
        plan: tasks.Plan,
        cut: Cut,
        *,
        kept: int = 0,
        progress: Callable[[Node], None] | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.told = Told()
        self._pool, self._plan, self._cut, self._kept = pool, plan, cut, kept
        asked = (plan.job, plan.identity, plan.model, plan.store, plan.token)
        self._plan_job = pool.submit((f"plan-{plan.digest}",), tasks.plan, *asked)
        self._progress, self._patience = progress, patience or Patience()
        self._todo: deque[Node] = deque()
        self._fresh = cut.runs()
        self._out = Flights(pool)
        self._ready: dict[Node, Job] = {}
        self._home = Gathered(cut)
        self._attempts: Counter[Node] = Counter()
        self._seen: set[Node] = set()
        self._heard = time.monotonic()

    def run(self) -> Shard:
        """See the batch through; what it comes to.

        Raises
        ------
        ClusterError: if nothing is heard of the cluster any more, or a task fails again and again.
        Exception: what a task itself raised.
        """
        while not self._home.complete:
            self._fill()
            for flight, found in self._out.landed(self._patience.glance):
                self._heed(flight, found)
            self._look_after()
        start = time.perf_counter()
        whole = self._home.whole()
        self.told.merging += time.perf_counter() - start
        return whole

    def _fill(self) -> None:
        """Hand out runs until every slot has one and half as many wait, and one for the way."""
        slots = max(self._pool.slots(), 1)
        for node in self._next(max(slots + slots // 2 + 1 - self._out.runs(self._cut), 0)):
            self._run(node)

    def _next(self, count: int) -> Iterator[Node]:
        for _ in range(count):
            node = self._todo.popleft() if self._todo else next(self._fresh, None)
            if node is None:
                return
            yield node

    def _run(self, node: Node) -> None:
        """Hand out a node: a run, or the merging of its two halves."""
        level, index = node
        self._attempts[node] += 1
        if self._attempts[node] > self._patience.attempts:
            first, last = self._cut.range(level, index)
            raise ClusterError(
                f"leaves {first:,} to {last:,} were tried {self._patience.attempts} times and never came back; "
                "look at the workers' logs, or run without --cluster"
            )
        run = self._cut.is_run(node)
        name = (f"{'shard' if run else 'merge'}-{self._plan.digest}", level, index, self._attempts[node])
        if not run:
            halves = [self._ready[level - 1, 2 * index + side] for side in (0, 1)]
            job = self._pool.submit(name, tasks.merged, *halves)
        else:
            # What is handed out again does not wait for a worker that holds the plan and may be the one in trouble.
            plan = self._plan_job if self._attempts[node] == 1 else self._plan
            job = self._pool.submit(name, tasks.shard, plan, *self._cut.range(*node))
        self._out.start(node, job)

    def _heed(self, flight: Flight, found: Any) -> None:
        if not flight.fetching and self._have(flight.node):
            return  # another copy was faster
        self._heard = time.monotonic()
        if flight.fetching:
            self._take(flight.node, found)
            return
        outcome = flight.job.outcome()
        if isinstance(outcome, BaseException):
            self._again(flight.node, outcome)
        else:
            self._arrived(flight)

    def _have(self, node: Node) -> bool:
        """Whether a node, or one that it is part of, is there already."""
        level, index = node
        return node in self._home or any(
            (level + k, index >> k) in self._ready for k in range(self._cut.top - level + 1)
        )

    def _arrived(self, flight: Flight) -> None:
        """A node is there on a worker: merge it with its sibling if that is there too, fetch it if it goes no further."""
        level, index = node = flight.node
        self._out.drop(node)
        self._ready[node] = flight.job
        if self._cut.is_run(node):
            self.told.runs += 1
            self.told.times.append((time.monotonic() - flight.since) / (1 << level))
            if node not in self._seen:
                self._seen.add(node)
                if self._progress:
                    self._progress(node)
        else:
            self.told.merges += 1
            for side in (0, 1):
                self._ready.pop((level - 1, 2 * index + side), None)
        sibling = (level, index ^ 1)
        if self._alone(node):
            self._out.start(node, flight.job, fetching=True)
        elif sibling in self._ready:
            self._run((level + 1, index >> 1))

    def _alone(self, node: Node) -> bool:
        """Whether a node is fetched as it is: a whole group, one that holds kept draws, or one whose sibling does or is none."""
        level, index = node
        if level == self._cut.top:
            return True
        sibling = index ^ 1
        first = min(self._cut.range(level, index)[0], self._cut.range(level, sibling)[0])
        return first < self._kept or not self._cut.exists(level, sibling)

    def _take(self, node: Node, found: Any) -> None:
        """A node has come home, or has not."""
        job = self._ready.pop(node, None)
        try:
            if isinstance(found, BaseException):
                raise found
            shard, size = tasks.opened(found)
        except Exception as error:
            if job is None or not (isinstance(error, ValueError) or self._pool.lost(error)):
                raise
            self._from_its_runs(node)
            return
        self.told.fetched += 1
        self.told.bytes += size
        start = time.perf_counter()
        self._home.add(node, shard)
        self.told.merging += time.perf_counter() - start

    def _again(self, node: Node, error: BaseException) -> None:
        """Hand a node out again that failed through no fault of its own.

        Raises
        ------
        BaseException: the fault, if it was its own.
        """
        damaged = not self._cut.is_run(node) and isinstance(error, ValueError)  # what a worker was to merge
        if not (damaged or self._pool.refuse(error) or self._pool.lost(error)):
            raise error
        self.told.again += 1
        if self._out.of(node):
            return  # a copy is under way
        if self._cut.is_run(node):
            self._todo.append(node)
        elif self._attempts[node] % 2 and not damaged:
            self._run(node)
        else:  # its halves are lost, or bad
            self._from_its_runs(node)

    def _from_its_runs(self, node: Node) -> None:
        """Start a node anew from its runs; their bytes are lost, or not to be trusted."""
        level, index = node
        for k in range(level + 1):
            for i in range(index << (level - k), (index + 1) << (level - k)):
                self._ready.pop((k, i), None)
                self._out.drop((k, i))
        self.told.again += 1
        self._todo.extend(self._cut.runs(node))

    def _look_after(self) -> None:
        """Hand out copies of what has been out for too long.

        Raises
        ------
        ClusterError: if nothing at all was heard for too long.
        """
        now = time.monotonic()
        if now - self._heard > self._patience.silence:
            runs = len(self._seen), self._out.runs(self._cut), self._cut.number
            raise ClusterError(self.told.silence(self._patience.silence, self._pool.slots(), *runs))
        limits = [self._patience.limit(self.told.times, 1 << level) for level in range(self._cut.top + 1)]
        for node in self._out.nodes():
            copies = self._out.of(node)  # none where starting another node anew has dropped them
            run = bool(copies) and not copies[-1].fetching and self._cut.is_run(node)
            if not copies or now - copies[-1].since <= limits[node[0] if run else 0]:
                continue
            self.told.copies += 1
            if run:
                if len(copies) == COPIES:
                    self._out.drop_oldest(node)
                self._run(node)
            else:  # what it needs lies on a worker that does not answer
                self._from_its_runs(node)
