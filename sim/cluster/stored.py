"""Kept draws of a cluster's run in a Zarr store that all workers see: each writes its own, and nobody else ever holds them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim import batch
from sim.cluster.pool import ClusterError
from sim.shards import Piece, Shard
from sim.tiles import LEAF

if TYPE_CHECKING:
    import xarray as xr


# xarray and Zarr are met where they are needed: a worker that keeps no draws does without.


def least(laid: batch.Batch) -> int:
    """Leaves that a shard has at least, so that what it writes are whole chunks."""
    from sim.results.chunks import region

    return max(1, region(laid.keep_draws) // LEAF)


@contextlib.contextmanager
def begun(laid: batch.Batch, path: Path) -> Iterator[Path]:
    """The folder that workers write to while the block runs; it takes ``path``'s place, whole, when the block ends well.

    Raises
    ------
    ResultError: for a path that is no Zarr store's, or a missing extra.
    WriteError: in one line why the disk refused. Nothing is left of the attempt, and what stood there still does.
    """
    from sim import labelling
    from sim.results import files, regions

    one = laid.room(1)
    one.columns[:] = 0.0
    for _, values in one.outputs.values():
        values[:] = 0
    size = one.columns.nbytes + sum(values.nbytes for _, values in one.outputs.values())
    with files.replacing(path, size * laid.keep_draws) as fresh:
        tree = labelling.draws_of(laid.scenarios, laid.model, (one, laid.laid, laid.plan))
        with files.telling(path):
            regions.lay_out(tree, fresh, laid.keep_draws)
        yield fresh


def put(made: Shard, laid: batch.Batch, store: Path) -> Shard:
    """Write the kept draws of a shard to the store; the shard without them.

    Raises
    ------
    ClusterError: if the store is not there, or the disk refuses.
    """
    from sim.results import regions

    for piece in made.pieces:
        try:
            regions.put(store, piece.first, _arrays(piece, laid))
        except FileNotFoundError as error:
            raise ClusterError(
                f"{store.parent}: a worker does not find there what this run writes to; name a folder on a disk that all "
                "workers share, or write .nc"
            ) from error
        except OSError as error:
            raise ClusterError(f"{store.parent}: a worker cannot write there: {error.strerror or error}") from error
    return replace(made, pieces=())


def _arrays(piece: Piece, laid: batch.Batch) -> dict[str, np.ndarray]:
    """The arrays of a piece by their places in the store."""
    draws = np.arange(piece.first, piece.first + piece.draws)
    found = {"inputs/draw": draws}
    for j, name in enumerate(laid.model.inputs):
        found[f"inputs/{name}"] = piece.columns[laid.laid.rows[:, j]]
    shapes = {output.name: laid.model.shape(output) for output in laid.model.outputs}
    for name, values in piece.outputs.items():
        found["draws/draw"] = draws
        found[f"draws/{name}"] = values.reshape(*values.shape[:2], *shapes[name])
    return found


def finish(tree: xr.DataTree, laid: batch.Batch, store: Path, path: Path) -> None:
    """Add what sums the draws up to the folder that :func:`begun` gave for ``path``: the store is whole.

    Raises
    ------
    ResultError: if draws are missing; WriteError: in one line why the disk refused.
    """
    from sim.results import files, regions

    with files.telling(path):
        regions.seal(tree, store, laid.keep_draws)
