"""Shards of a whole batch become its result, byte for byte what an unbroken run gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim import batch, reduce, tiles
from sim.model import Model
from sim.outcome import Outcome
from sim.shards.job import laid_out, leaves_of
from sim.shards.shard import Piece, Shard, merge, missing, shown

if TYPE_CHECKING:
    import xarray as xr


def combine(shards: Iterable[Shard], model: Model | None = None) -> xr.DataTree:
    """The result of a batch from shards that have all its draws, in any order.

    Raises
    ------
    ValueError: if they are of different batches, overlap, or leave a gap; says where. ``model`` is needed where the batch
        is of a model of one's own.
    """
    whole = merge(shards)
    return labelled(whole, laid_out(whole.job, model))


def labelled(whole: Shard, laid: batch.Batch) -> xr.DataTree:
    """The result of a batch that is laid out already, from the one shard that has all of it."""
    return outcome(whole, laid).tree()


def outcome(whole: Shard, laid: batch.Batch, kept: tiles.Kept | None = None) -> Outcome:
    """As :func:`labelled`, without labels; ``kept`` are draws to label as kept ones, if they are not those of the shard."""
    gaps = missing(whole.leaves, leaves_of(whole.job))
    if gaps:
        raise ValueError(f"draws {shown(gaps, laid.draws)} are missing; merge their shards too")
    check(whole, laid)
    rest, found = iter(whole.parts), []
    for family in laid.engine.families:
        parts = [next(rest) for _ in family]
        trees = [reduce.Forest(whole.leaves, part.nodes).tree() for part in parts]
        found.append(reduce.spread(family, trees, [part.counts for part in parts], *laid.engine.spread(family)))
    return batch.came_to(laid, laid.draws, found, _kept(whole.pieces, laid) if kept is None else kept)


def check(shard: Shard, laid: batch.Batch) -> None:
    """Refuse a shard whose arrays are not those of the batch.

    Raises
    ------
    ValueError: saying what is there and what is expected.
    """
    which = [own for family in laid.engine.families for own in family]
    if len(which) != len(shard.parts):
        raise ValueError(f"a shard of this batch has {len(which)} parts, not {len(shard.parts)}")
    for own, part in zip(which, shard.parts, strict=True):
        if part.counts.cells != len(own) or any(len(node.low) != len(own) for node in part.nodes):
            raise ValueError(f"a shard of this batch has {len(own):,} cells in each part, not {part.counts.cells:,}")
    for piece in shard.pieces:
        room = laid.room(piece.draws)
        shapes = {name: values.shape for name, (_, values) in room.outputs.items()}
        if piece.columns.shape != room.columns.shape or {n: v.shape for n, v in piece.outputs.items()} != shapes:
            told = ", ".join(laid.settings.kept_outputs(laid.model)) or "no output"
            raise ValueError(f"kept draws of this batch are of {told}; found others")


def _kept(pieces: Iterable[Piece], laid: batch.Batch) -> tiles.Kept:
    """The kept draws of all pieces, in one room."""
    kept, reached = laid.room(laid.keep_draws), 0
    for piece in pieces:
        if piece.first != reached or reached + piece.draws > kept.draws:
            break
        at = slice(piece.first, piece.first + piece.draws)
        kept.columns[:, at] = piece.columns
        for name, (_, room) in kept.outputs.items():
            room[:, at] = piece.outputs[name]
        reached = at.stop
    if reached != kept.draws:
        raise ValueError(f"kept draws end at {reached:,}, expected {kept.draws:,}")
    return kept
