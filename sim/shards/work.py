"""Shards run: a range of leaves of a batch, on this process's threads; arrays in, arrays out, no labels."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from sim import batch
from sim.kept import Kept
from sim.model import Model
from sim.running import Run
from sim.shards.job import job_of, laid_out
from sim.shards.shard import Part, Piece, Shard, Spec
from sim.tiles import LEAF


def run_shard(
    spec: Spec,
    threads: int | None = None,
    *,
    model: Model | None = None,
    progress: Callable[[int], Any] | None = None,
) -> Shard:
    """Run the leaves that ``spec`` names: a pure function of it.

    Parameters
    ----------
    spec: which leaves of which batch.
    threads: all cores that this process may use unless given.
    model: needed where the batch is of a model of one's own, whose kernel no spec carries.
    progress: told the draw that has been reached, after each job of a thread: a leaf, of a small model several.

    Raises
    ------
    ValueError: if the batch cannot be laid out here: another version, scheme, tables or model.
    """
    return run_laid(laid_out(spec.job, model), spec, threads, progress)


def run_laid(
    laid: batch.Batch, spec: Spec, threads: int | None = None, progress: Callable[[int], Any] | None = None
) -> Shard:
    """Run the leaves that ``spec`` names of the batch that it tells of, which is laid out already."""
    batch.check_threads(threads)
    first, last = spec.draws
    room = laid.room(max(0, min(laid.keep_draws, last) - first))
    kept = _From(room.draws, room.columns, room.outputs, first)
    run = Run(laid.engine, kept, threads, first)
    run.to(last, progress)
    found = run.stretch()
    parts = tuple(Part(forest.nodes, counts) for forest, counts in found)
    outputs = {name: values for name, (_, values) in kept.outputs.items()}
    pieces = (Piece(first, kept.columns, outputs),) if kept.draws else ()
    return Shard(spec.job, found[0][0].ranges, parts, pieces)


def spec_of(laid: batch.Batch) -> Spec:
    """All leaves of a batch."""
    return Spec(job_of(laid), 0, -(-laid.draws // LEAF))


def split(spec: Spec, parts: int) -> list[Spec]:
    """``spec`` in so many ranges of leaves, as even as they go; fewer where it has fewer leaves.

    Raises
    ------
    ValueError: for less than one part.
    """
    if parts < 1:
        raise ValueError(f"parts: found {parts}, expected at least 1")
    leaves = spec.last - spec.first
    parts = min(parts, leaves)
    ends = [spec.first + leaves * i // parts for i in range(parts + 1)]
    return [Spec(spec.job, first, last) for first, last in pairwise(ends)]


class _From(Kept):
    """Room for kept draws from a draw number on."""

    def __init__(self, draws: int, columns: np.ndarray, outputs: Any, first: int) -> None:
        super().__init__(draws, columns, outputs)
        self._first = first

    def put_columns(self, first: int, columns: np.ndarray) -> None:
        """As of :class:`~sim.kept.Kept`."""
        super().put_columns(first - self._first, columns)

    def put_outputs(self, scenario: int, first: int, outputs: np.ndarray) -> None:
        """As of :class:`~sim.kept.Kept`."""
        super().put_outputs(scenario, first - self._first, outputs)
