"""Jobs on threads, and how many threads there may be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

# Parts a thread, as some take longer than others.
_PARTS = 4


def in_order(pool: ThreadPoolExecutor, job: Callable[[Any], Any], starts: Sequence[Any], ahead: int) -> Iterator[Any]:
    """Results of ``job`` in the order of ``starts``, never more than ``ahead`` under way; the first are at once."""
    waiting = iter(starts)
    queue: list[Future[Any]] = [pool.submit(job, start) for start in islice(waiting, ahead)]

    def results() -> Iterator[Any]:
        while queue:
            yield queue.pop(0).result()
            queue.extend(pool.submit(job, start) for start in islice(waiting, 1))

    return results()


def in_parts(job: Callable[[int, int], Any], number: int, threads: int) -> None:
    """Call ``job`` with the first and the last (left out) of even parts of ``number`` things, on so many threads."""
    if threads == 1:
        job(0, number)
        return
    bounds = [number * k // (_PARTS * threads) for k in range(_PARTS * threads + 1)]
    with ThreadPoolExecutor(threads, thread_name_prefix="suanli") as pool:
        list(pool.map(job, bounds[:-1], bounds[1:]))


def available_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
