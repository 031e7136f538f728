"""A run that keeps what is finished: killed at any moment, the same call goes on and ends with the same bytes."""

from __future__ import annotations

import math
import os
import time
import warnings
from collections.abc import Callable
from typing import Any

from sim import batch
from sim.outcome import Outcome
from sim.settings import CheckpointNotice
from sim.shards import folder
from sim.shards.job import job_of, leaves_of
from sim.shards.shard import Shard, Spec, merge, merge_pair, missing
from sim.shards.whole import outcome
from sim.shards.work import run_laid
from sim.threads import available_cores
from sim.tiles import LEAF

EVERY = 10.0
"""Seconds of work between two shards that are kept; a twentieth of the time so far where that is more, so that the files of a
run of days stay few, and twenty times what keeping one takes."""
_SHARE = 20


def run(
    laid: batch.Batch,
    path: str | os.PathLike[str],
    *,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> Outcome:
    """What a batch comes to, whose finished shards are kept in the folder ``path``; those that are there are not run again.

    Raises
    ------
    ValueError: if the folder is of another run, or another process writes to it.
    WriteError: if it cannot be written to; what it holds stays.
    """
    batch.check_threads(threads)
    job = job_of(laid)
    with folder.held(path, job, _tell) as held:
        there = list(held.shards())
        whole = merge(there) if there else None
        if whole is not None:
            _tell(f"{os.fspath(path)}: goes on from {_draws(whole, laid):,} of {laid.draws:,} draws that are there")
        del there
        pace = _Pace(threads or available_cores())
        for first, last in missing(whole.leaves if whole else (), leaves_of(job)):
            at = first
            while at < last:
                spec = Spec(job, at, at + pace.next(at, last))
                shard = run_laid(laid, spec, threads, _on_top(progress, whole, laid, spec, pace))
                held.keep(shard)
                whole = shard if whole is None else merge_pair(whole, shard)
                pace.done()
                at = spec.last
        if whole is None:
            raise ValueError("a batch has at least one leaf")
    return outcome(whole, laid)


class _Pace:
    """How many leaves are run before the next shard is kept: about :data:`EVERY` seconds of work.

    The first ones tell how long one takes, which their start and end are no part of. They end where a large node of the tree
    does, so that the next ones are such nodes.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._wanted = float(2 * threads)
        self._start = time.monotonic()
        self._reached = list[tuple[float, int]]()

    def next(self, at: int, last: int) -> int:
        """How many leaves from ``at`` on, of those up to ``last``."""
        node = 1 << round(math.log2(max(self._wanted, 1.0)))
        end = (at // node + 1) * node
        if 2 * (end - at) < node:
            end += node
        return (end if 2 * (last - end) >= node else last) - at

    def reached(self, draw: int) -> None:
        """So many draws have been run by now."""
        self._reached.append((time.monotonic(), draw))

    def done(self) -> None:
        """A shard has been run and kept."""
        now, reached = time.monotonic(), self._reached
        self._reached = []
        if len(reached) <= self._threads:
            return
        # Threads start together: each has done its first job when this many are done.
        (begun, first), (ended, last) = reached[self._threads - 1], reached[-1]
        pace = (last - first) / LEAF / max(ended - begun, 1e-6)
        self._wanted = pace * max(EVERY, (now - self._start) / _SHARE, (now - ended) * _SHARE)


def _on_top(
    progress: Callable[[int], Any] | None, whole: Shard | None, laid: batch.Batch, spec: Spec, pace: _Pace
) -> Callable[[int], None]:
    """Tells ``pace`` of the draws that have been reached, and ``progress`` of those that were there before as well."""
    before = 0 if whole is None else _draws(whole, laid)

    def tell(draw: int) -> None:
        pace.reached(draw)
        if progress is not None:
            progress(before + draw - spec.draws[0])

    return tell


def _draws(shard: Shard, laid: batch.Batch) -> int:
    return sum(min(last * LEAF, laid.draws) - first * LEAF for first, last in shard.leaves)


def _tell(text: str) -> None:
    warnings.warn(text, CheckpointNotice, stacklevel=4)
