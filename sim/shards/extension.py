"""More draws on top of a finished result, byte for byte what a fresh run of the total gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import batch, pairs, reduce
from sim.model import Model
from sim.results.errors import ResultError
from sim.results.sketches import stored
from sim.shards.job import job_of, leaves_of
from sim.shards.shard import Part, Piece, Shard, Spec, merge_pair
from sim.shards.whole import check, labelled
from sim.shards.work import run_laid
from sim.tiles import LEAF

if TYPE_CHECKING:
    import xarray as xr


def extend(
    tree: xr.DataTree,
    draws: int,
    *,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.DataTree:
    """Go on from a result to ``draws`` draws of each scenario in all: the same bits as a fresh run of so many.

    Parameters
    ----------
    tree: a result of :func:`sim.run`, fresh or read back; it stays as it is.
    draws: of each scenario, those that are there included; rounded up to 16 · 2^m with a :class:`sim.RoundedDraws` warning.
        Where fewer draws were kept one by one than ``keep_draws`` of the first run, for there were no more, more are kept.
    model: needed where ``tree`` came from a model of one's own.
    threads, progress: as of :func:`sim.run`.

    Raises
    ------
    ValueError: if there are more draws already, or the result was made by another version or scheme, with other tables, or
        conditioned since; run it anew then. What ``until`` was asked for is left out: the total is told.
    """
    attributes = {str(name): value for name, value in tree.attrs.items()}
    if "condition" in attributes:
        raise ResultError(
            "extend: found draws under a condition, expected a whole result; take the tree before .where()"
        )
    found = batch.recall(attributes, model)
    there = found.settings.draws
    if draws < there:
        raise ValueError(f"draws: found {draws:,}, expected at least the {there:,} that are there; draws are the total")
    batch.check_threads(threads)
    about = {name: value for name, value in found.about.items() if not name.startswith(("until", "max_draws"))}
    laid = batch.lay_out(found.deck, found.model, replace(found.settings, draws=draws), about)
    _refuse_other(attributes, laid)
    job = job_of(laid)
    before = shard_of(tree, laid, job) if there >= LEAF else None
    first, last = (there // LEAF if before else 0), leaves_of(job)
    if before and first == last:
        return labelled(before, laid)
    rest = run_laid(laid, Spec(job, first, last), threads, progress)
    return labelled(merge_pair(before, rest) if before else rest, laid)


def shard_of(tree: xr.DataTree, laid: batch.Batch, job: str) -> Shard:
    """The draws of a finished result as a shard of ``laid``, a longer batch of the same.

    Raises
    ------
    ResultError: if the result lacks what it takes.
    """
    names = ["/", *(f"/{kind}/" for kind in pairs.KINDS)][: len(laid.engine.families)]
    for group in (f"{name}{each}" for name in names for each in ("sketch", "nodes")):
        if group not in tree.groups:
            raise ResultError(
                f"the result has no {group[1:]}; expected it as a run made it, not conditioned or narrowed"
            )
    parts = [
        _part(tree[f"{name}sketch"].to_dataset(), tree[f"{name}nodes"].to_dataset(), scenario, own)
        for name, family in zip(names, laid.engine.families, strict=True)
        for scenario, own in enumerate(family)
    ]
    draws = int(tree.attrs["draws"])
    shard = Shard(job, ((0, draws // LEAF),), tuple(parts), _pieces(tree, laid, min(laid.settings.keep_draws, draws)))
    check(shard, laid)
    return shard


def _part(sketch: xr.Dataset, nodes: xr.Dataset, scenario: int, own: np.ndarray) -> Part:
    """What a scenario counted itself, of what was told of all cells."""
    fields = [nodes[name].isel(scenario=scenario).values[:, own] for name in reduce.Node._fields]
    blocks = range(len(fields[0]))
    return Part(
        tuple(reduce.Node(*(field[b] for field in fields)) for b in blocks), select(stored(sketch, scenario), own)
    )


def select(counts: reduce.Counts, own: np.ndarray) -> reduce.Counts:
    """The counts of the cells ``own``, int64[n], ascending, with the rows of their replicates."""
    at = np.flatnonzero(np.isin(counts.headline, own))
    rows = np.concatenate([own, counts.replicates()[at].ravel()])
    lengths = np.diff(counts.row_start)[rows]
    row_start = np.concatenate([[0], np.cumsum(lengths)])
    places = np.repeat(counts.row_start[rows] - row_start[:-1], lengths) + np.arange(row_start[-1])
    headline = np.searchsorted(own, counts.headline[at])
    return reduce.Counts(row_start, counts.key[places], counts.count[places], headline, counts.on_edge[own])


def _pieces(tree: xr.DataTree, laid: batch.Batch, draws: int) -> tuple[Piece, ...]:
    """The draws that the result kept, as they were drawn."""
    if not laid.keep_draws:
        return ()
    inputs, outputs = (tree[name].to_dataset() if name in tree.children else None for name in ("inputs", "draws"))
    if inputs is None or outputs is None or inputs.sizes["draw"] != draws or "holds" in inputs:
        raise ResultError(f"expected the first {draws:,} draws in the result, as its run kept them; found others")
    room = laid.room(draws)
    for j, name in enumerate(laid.model.inputs):
        values = inputs[name].transpose("scenario", "draw").values
        for scenario, column in enumerate(laid.laid.rows[:, j]):
            room.columns[column] = values[scenario]
    kept = {}
    for name, (_, values) in room.outputs.items():
        kept[name] = np.ascontiguousarray(outputs[name].values).reshape(values.shape)
    return (Piece(0, room.columns, kept),)


def _refuse_other(attributes: dict[str, Any], laid: batch.Batch) -> None:
    """Refuse a result whose figures this machine and version need not give again to the bit."""
    told = laid.attributes(laid.draws)
    for name in ("version", "table_digest", "model_mark"):
        theirs, ours = attributes.get(name), told.get(name)
        if theirs != ours:
            words = {"model_mark": "model, by its outputs or kernel"}.get(name, name.replace("_", " "))
            raise ValueError(f"the result has another {words}, {theirs}, than this machine, {ours}; run it anew")
