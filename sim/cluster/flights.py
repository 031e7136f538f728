"""What is out on a pool: tasks under way and bytes being fetched, each told of once it has ended."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from sim.cluster.cut import Cut, Node
from sim.cluster.pool import Job, Pool


@dataclass
class Flight:
    """A task under way: a node of the tree on a worker, or being fetched."""

    node: Node
    job: Job
    since: float
    fetching: bool = False


class Flights:
    """All that is out, by ticket; several may be of one node, and whichever lands first counts."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._out: dict[int, Flight] = {}
        self._events: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        self._ticket = itertools.count()

    def start(self, node: Node, job: Job, *, fetching: bool = False) -> None:
        """Wait for a task to end, or, if ``fetching``, for its bytes to come home."""
        ticket = next(self._ticket)
        self._out[ticket] = Flight(node, job, time.monotonic(), fetching)
        if fetching:
            threading.Thread(target=self._fetch, args=(ticket, job), daemon=True, name="suanli-fetch").start()
        else:
            self._pool.when_done(job, lambda: self._events.put((ticket, None)))

    def _fetch(self, ticket: int, job: Job) -> None:
        """In a thread of its own: a fetch waits for as long as its worker is not known to be dead."""
        try:
            found: Any = job.fetch()
        except BaseException as error:
            found = error
        self._events.put((ticket, found))

    def landed(self, seconds: float) -> Iterator[tuple[Flight, Any]]:
        """What has ended, with the bytes or the error of what was fetched; waits no longer than so many seconds for the first."""
        try:
            event = self._events.get(timeout=seconds)
            while True:
                flight = self._out.pop(event[0], None)
                if flight is not None:  # else another copy was faster
                    yield flight, event[1]
                event = self._events.get_nowait()
        except Empty:
            return

    def drop(self, node: Node) -> None:
        """Wait no more for anything of a node."""
        for ticket in [ticket for ticket, flight in self._out.items() if flight.node == node]:
            del self._out[ticket]

    def drop_oldest(self, node: Node) -> None:
        """Wait no more for the copy of a node that has been out the longest."""
        del self._out[next(ticket for ticket, flight in self._out.items() if flight.node == node)]

    def of(self, node: Node) -> list[Flight]:
        """What is out of a node, the newest last."""
        return [flight for flight in self._out.values() if flight.node == node]

    def nodes(self) -> list[Node]:
        """The nodes of which something is out."""
        return list(dict.fromkeys(flight.node for flight in self._out.values()))

    def runs(self, cut: Cut) -> int:
        """How many runs, copies included, are under way."""
        return sum(1 for flight in self._out.values() if not flight.fetching and cut.is_run(flight.node))
