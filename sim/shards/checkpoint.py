"""A run that keeps what is finished: killed at any moment, the same call goes on and ends with the same bytes."""

from __future__ import annotations

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
"""Seconds of work between two shards that are kept, at most; a twentieth of the time so far where that is more, so that
the files of a run of days stay few."""
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
                shard = run_laid(laid, spec, threads, _on_top(progress, whole, laid, spec))
                held.keep(shard)
                whole = shard if whole is None else merge_pair(whole, shard)
                pace.done(spec.last - spec.first)
                at = spec.last
        if whole is None:
            raise ValueError("a batch has at least one leaf")
    return outcome(whole, laid)


class _Pace:
    """How many leaves are run before the next shard is kept: about :data:`EVERY` seconds of work.

    The first ones find out how long they take; each costs a second, whatever is in it. They end where a large node of the
    tree does, so that the next ones are such nodes.
    """

    def __init__(self, threads: int) -> None:
        self._wanted = float(2 * threads)
        self._start = self._last = time.monotonic()

    def next(self, at: int, last: int) -> int:
        """How many leaves from ``at`` on, of those up to ``last``."""
        most = min(last - at, max(1, int(self._wanted)))
        node = 1 << (most.bit_length() - 1)
        return (at + most) // node * node - at

    def done(self, leaves: int) -> None:
        """So many leaves have been run and kept since the last time."""
        now = time.monotonic()
        seconds, so_far = max(now - self._last, 1e-6), now - self._start
        self._wanted = leaves / seconds * max(EVERY, so_far / _SHARE)
        self._last = now


def _on_top(
    progress: Callable[[int], Any] | None, whole: Shard | None, laid: batch.Batch, spec: Spec
) -> Callable[[int], Any] | None:
    """Tells ``progress`` of the draws that were there before as well."""
    if progress is None:
        return None
    before = 0 if whole is None else _draws(whole, laid)
    return lambda draw: progress(before + draw - spec.draws[0])


def _draws(shard: Shard, laid: batch.Batch) -> int:
    return sum(min(last * LEAF, laid.draws) - first * LEAF for first, last in shard.leaves)


def _tell(text: str) -> None:
    warnings.warn(text, CheckpointNotice, stacklevel=4)
