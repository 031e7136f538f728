"""Threads that do the work of all pages, the most urgent first.

A move's first answer goes before another page's sharpening, whatever was asked for first. Of several moves at once, one
after the other gets all threads: the first is answered after its own time, and the last no later than if they had shared.
Each thread has room of its own, made once, so that a move sets nothing up.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

Room = TypeVar("Room")
Value = TypeVar("Value")


class Turn(Generic[Room]):
    """A place in the queue: of equally urgent jobs, those of an earlier turn go first, whenever they are asked for."""

    def __init__(self, crew: Crew[Room], number: int) -> None:
        self._crew, self._number = crew, number

    def submit(self, urgency: int, job: Callable[[Room], Value]) -> Future[Value]:
        """Have ``job`` done; lower ``urgency`` goes first.

        Raises
        ------
        RuntimeError: when the crew has been sent home.
        """
        return self._crew.put((urgency, self._number), job)


class Crew(Generic[Room]):
    """Daemon threads that take jobs by urgency, then by turn, then in the order of asking.

    Parameters
    ----------
    threads: how many.
    room: called once in each thread; every job of it is given what it returns.

    Attributes
    ----------
    awaited: how many first answers are under way, told by who waits for them, all in one thread. Between two of their jobs
        a thread would else begin to sharpen another page's, a tenth of a second's work.
    """

    def __init__(self, threads: int, room: Callable[[], Room]) -> None:
        self.threads = threads
        self.awaited = 0
        self._make = room
        self._jobs: list[tuple[tuple[int, int], int, Future[Any], Callable[[Room], Any]]] = []
        self._number = itertools.count()
        self._change = threading.Condition()
        self._open = True
        for k in range(threads):
            threading.Thread(target=self._work, name=f"suanli-live-{k}", daemon=True).start()

    def turn(self) -> Turn[Room]:
        """The next place in the queue."""
        return Turn(self, next(self._number))

    def submit(self, urgency: int, job: Callable[[Room], Value]) -> Future[Value]:
        """Have one job done in a turn of its own; see :meth:`Turn.submit`."""
        return self.turn().submit(urgency, job)

    def put(self, place: tuple[int, int], job: Callable[[Room], Value]) -> Future[Value]:
        """Have ``job`` done when its ``place``, urgency and turn, has come; for :class:`Turn`."""
        future: Future[Value] = Future()
        with self._change:
            if not self._open:
                raise RuntimeError("the crew has gone home; expected one that is open")
            heapq.heappush(self._jobs, (place, next(self._number), future, job))
            self._change.notify()
        return future

    def close(self) -> None:
        """Send everyone home; jobs that nobody has begun are cancelled."""
        with self._change:
            self._open = False
            for _, _, future, _ in self._jobs:
                future.cancel()
            self._jobs.clear()
            self._change.notify_all()

    def _work(self) -> None:
        room = self._make()
        while True:
            with self._change:
                while self._open and not self._jobs:
                    self._change.wait()
                if not self._open:
                    return
                _, _, future, job = heapq.heappop(self._jobs)
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job(room))
            except BaseException as error:  # told to whoever waits for it
                future.set_exception(error)
