"""Shards in files: a part that was run elsewhere, kept whole or not at all, and parts joined to the result."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.model import Model
from sim.results import atomic
from sim.results.errors import ResultError, WriteError
from sim.shards.job import laid_out, refuse_stranger
from sim.shards.job import read as read_job
from sim.shards.packed import from_bytes, to_bytes
from sim.shards.shard import Shard, overlap, shown
from sim.shards.shard import merge as merge_all
from sim.shards.whole import labelled

if TYPE_CHECKING:
    import xarray as xr

SUFFIX = ".shard"
Given = Shard | str | os.PathLike[str]


def write(shard: Shard, path: str | os.PathLike[str]) -> None:
    """Write a shard to ``path``, which ends in ``.shard``; equal shards give equal bytes.

    Raises
    ------
    ResultError: for another suffix.
    WriteError: in one line why the disk refused. Nothing is left of the attempt, and what stood there still does.
    """
    place = Path(path)
    if place.suffix != SUFFIX:
        raise ResultError(f'{place}: found suffix "{place.suffix}", expected {SUFFIX}')
    try:
        with atomic.replacing(place) as fresh, fresh.open("xb") as file:
            file.write(to_bytes(shard))
    except OSError as error:
        reason = f'no folder "{place.parent}"; make it first' if not place.parent.is_dir() else error.strerror
        raise WriteError(error.errno, reason or str(error), place) from error


def read(path: str | os.PathLike[str]) -> Shard:
    """The shard in the file ``path``.

    Raises
    ------
    ResultError: if it is not there, no shard, or damaged.
    """
    try:
        return from_bytes(Path(path).read_bytes())
    except FileNotFoundError:
        raise ResultError(f"{os.fspath(path)}: no such file") from None
    except OSError as error:
        raise ResultError(f"{os.fspath(path)}: {error.strerror}") from error
    except ValueError as error:
        raise ResultError(f"{os.fspath(path)}: {error}") from error


def joined(given: Iterable[Given]) -> Shard:
    """Several shards, or files of them, as one.

    Raises
    ------
    ResultError: for a file that is no shard; if two are of different batches, or hold the same draws: says which.
    """
    return merge_all(_checked(given))


def merge(given: Iterable[Given], model: Model | None = None) -> xr.DataTree:
    """Join parts that were run elsewhere to the result of the whole, byte for byte what one run gives.

    Parameters
    ----------
    given: shards of :func:`sim.run_part`, or files that ``suanli run --part`` or :func:`sim.shards.files.write` wrote, in
        any order.
    model: needed where they are of a model of one's own.

    Raises
    ------
    ResultError: for a file that is no shard, or of another batch, or with draws that another has too; names it.
    ValueError: if draws are missing, saying which.
    """
    whole = joined([given] if isinstance(given, Shard | str | os.PathLike) else given)
    return labelled(whole, laid_out(whole.job, model))


def _checked(given: Iterable[Given]) -> Iterable[Shard]:
    """Each shard in turn, once it is seen to belong to those before it."""
    first, seen = "", list[tuple[str, tuple[tuple[int, int], ...]]]()
    job, draws = "", 0
    for number, each in enumerate(given, 1):
        name = f"shard {number}" if isinstance(each, Shard) else os.fspath(each)
        shard = each if isinstance(each, Shard) else read(each)
        if not seen:
            first, job = name, shard.job
            draws = int(read_job(job)["draws"])
        try:
            refuse_stranger(job, shard.job, first, name)
        except ValueError as error:
            raise ResultError(f"{name}: {error}") from error
        for other, leaves in seen:
            twice = overlap(leaves, shard.leaves)
            if twice:
                raise ResultError(f"{name}: draws {shown(twice, draws)} are in {other} too; leave one of them out")
        seen.append((name, shard.leaves))
        yield shard
