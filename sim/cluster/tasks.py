"""What workers run: pure functions of a plan and numbers, shards in and out; nothing here knows of dask.

A process lays a plan out once; where kernels are not compiled yet, one process at a time, see :mod:`sim.cluster.compiling`.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim import batch, draw, heap, shards
from sim.cluster import compiling, stored
from sim.kernels import source_digest
from sim.model import Model
from sim.shards import job as jobs


@dataclass(frozen=True)
class Plan:
    """What a whole run is of; it travels once to each worker, the tasks carry numbers.

    Attributes
    ----------
    job: the batch as one line of JSON, see :mod:`sim.shards.job`.
    identity: of the machine that asks, see :func:`identity`.
    model: a model of one's own; None for the built-in one.
    store: folder that kept draws are written to, see :mod:`sim.cluster.stored`; None if shards carry them.
    token: of this one run where the model is one's own: two may differ in what no job tells, so a worker keeps neither for
        the other.
    """

    job: str
    identity: tuple[tuple[str, str], ...]
    model: Model | None = None
    store: str | None = None
    token: str = ""

    @property
    def digest(self) -> str:
        """What tasks of this plan are named by, 12 hex digits."""
        told = (self.job, self.identity, self.store, self.token)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


class Stranger(RuntimeError):  # noqa: N818 - whose fault it is, is open
    """A worker would not come to the same bits; the message is one line that says why, ``where`` its address."""

    def __init__(self, message: str, where: str | None = None) -> None:
        super().__init__(message, where)
        self.where = where

    def __str__(self) -> str:
        return str(self.args[0])


def identity() -> tuple[tuple[str, str], ...]:
    """What must be the same on two machines for equal bytes, tables aside: (what, which) in words.

    The code's digest takes in the interpreter's and Numba's versions.
    """
    return (
        ("suanli", version("suanli")),
        ("scheme", str(draw.SCHEME)),
        ("engine and Numba's code", source_digest(above=False)),
    )


def plan(job: str, asked: tuple[tuple[str, str], ...], model: Model | None, store: str | None, token: str = "") -> Plan:
    """The plan as a task of its own: should its worker be lost, it is made again from what the scheduler knows."""
    return Plan(job, asked, model, store, token)


class Carried:
    """A shard that becomes checksummed bytes only where it leaves its process: two merged on one worker never do.

    Making bytes of a shard of the market and reading them takes 0.25 s, merging two shards 0.1.
    """

    def __init__(self, shard: shards.Shard, size: int = 0) -> None:
        self.shard, self.size = shard, size

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrived, (shards.to_bytes(self.shard),)

    def __sizeof__(self) -> int:
        """Bytes it holds, which dask asks for."""
        arrays = (array for part in self.shard.parts for array in (part.counts.key, part.counts.count))
        kept = (array for piece in self.shard.pieces for array in (piece.columns, *piece.outputs.values()))
        return sum(array.nbytes for array in (*arrays, *kept))


def _arrived(data: bytes) -> Carried:
    return Carried(shards.from_bytes(data), len(data))


def opened(carried: Carried) -> tuple[shards.Shard, int]:
    """The shard, and how many bytes it was on its way."""
    return carried.shard, carried.size


def shard(plan: Plan, first: int, last: int) -> Carried:
    """Run the leaves from ``first`` to ``last`` (left out) on this thread, and write their kept draws where there is a store.

    Raises
    ------
    Stranger: if this worker would not come to the same bits.
    ClusterError: if it cannot write to the store.
    """
    laid = _laid(plan)
    made = shards.run_laid(laid, shards.Spec(plan.job, first, last), threads=1)
    return Carried(made if plan.store is None else stored.put(made, laid, Path(plan.store)))


def merged(a: Carried, b: Carried) -> Carried:
    """Two shards as one."""
    return Carried(shards.merge_pair(a.shard, b.shard))


def check(plan: Plan) -> str:
    """Why this worker would not come to the same bits, in one line; empty if it will. Compiles what is not compiled."""
    try:
        _laid(plan)
    except Stranger as error:
        return str(error)
    return ""


_plans: dict[str, batch.Batch] = {}
_warm: dict[str, float] = {}
_lock = threading.Lock()


def _laid(plan: Plan) -> batch.Batch:
    """The batch laid out, once a process, kernels compiled."""
    with _lock:
        found = _plans.get(plan.digest)
        if found is None:
            _refuse(plan)
            heap.keep()
            with compiling.alone(None if plan.model else kind(plan.job)):
                found = _laid_out(plan)
                warm(found, plan.job)
            _plans.clear()
            _plans[plan.digest] = found
        return found


def _refuse(plan: Plan) -> None:
    for (what, theirs), (_, ours) in zip(plan.identity, identity(), strict=True):
        if theirs != ours:
            raise Stranger(f"{what} {ours} on the worker, {theirs} here; install the same on both")


def _laid_out(plan: Plan) -> batch.Batch:
    try:
        return jobs.laid_out(plan.job, plan.model)
    except ValueError as error:
        raise Stranger(str(error)) from error


def warm(laid: batch.Batch, job: str) -> float:
    """Compile, or load, all kernels that shards and their merging need, by running the first two leaves.

    That takes a second, so once a process for batches that differ in draws and seed alone; kernels of a model of one's own
    may differ in what no job tells.

    Returns
    -------
    Seconds that a leaf takes; 0 where the batch has no second one.
    """
    this, most = kind(job), shards.leaves_of(job)
    if laid.model.built_in and this in _warm:
        return _warm[this]
    found = []
    for leaf in range(min(most, 2)):
        start = time.perf_counter()
        found.append(shards.run_laid(laid, shards.Spec(job, leaf, leaf + 1), threads=1))
    seconds = time.perf_counter() - start
    shards.from_bytes(shards.to_bytes(shards.merge(found)))
    if len(found) == 1:  # nothing was merged
        return 0.0
    if laid.model.built_in:
        _warm[this] = seconds
        compiling.done(this)
    return seconds


def kind(job: str) -> str:
    """Batches that differ in draws and seed alone are of one kind, which needs the same kernels."""
    return json.dumps(
        {name: value for name, value in jobs.read(job).items() if name not in ("draws", "seed")}, sort_keys=True
    )
