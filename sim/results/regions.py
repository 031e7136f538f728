"""Kept draws as regions of a Zarr store: whole chunks that many processes write at a time, each its own.

First the store is laid out without a draw (:func:`lay_out`), in a folder that all who write can see; then each writes its
draws (:func:`put`), any number of times and in any order; in the end what sums them up is added, and the manifest
(:func:`seal`). That is byte for byte the store that one process writes of the same tree.

A chunk is written beside its place, synced and renamed, so that nobody ever finds half of one, and a process that comes late
with draws that another has written already changes nothing. What a region's files come to stands in a file of digests, which
is renamed into its place after them: with it, the region is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from sim.results import atomic, zarr_store
from sim.results.chunks import DRAW
from sim.results.errors import ResultError

TOLD, GONE = ".told", ".gone"
"""Folder of the files of digests, and of what is being written; renamed, then removed when the store is whole."""


def lay_out(tree: xr.DataTree, store: Path, draws: int) -> None:
    """Lay out the groups of ``tree``, which has one draw, for so many, in the folder ``store``, which is not there yet."""
    import zarr  # an extra

    zarr_store.put(tree, store, draws)
    for group in tree.subtree:
        for name, variable in group.to_dataset(inherit=False).variables.items():
            if DRAW not in variable.dims:
                continue
            place = store / group.path.strip("/") / str(name)
            shape = tuple(draws if dim == DRAW else variable.sizes[dim] for dim in variable.dims)
            zarr.open_array(place, mode="r+").resize(shape)
            shutil.rmtree(place / "c")  # the one draw
    (store / TOLD).mkdir()


def put(store: Path, first: int, arrays: Mapping[str, np.ndarray]) -> None:
    """Write draws from the number ``first`` on, whole regions of them, for good when this returns.

    Parameters
    ----------
    store: laid out by :func:`lay_out`.
    arrays: by the place of their array in the store, such as ``draws/total``; draws are their second dimension, or, of a
        coordinate, their only one.

    Raises
    ------
    FileNotFoundError: if the store is not there, or is whole already.
    OSError: if the disk refuses; what was written before stays.
    """
    import zarr

    told, count = dict[str, str](), 0
    own = Path(tempfile.mkdtemp(dir=store / TOLD))
    try:
        for name, values in arrays.items():
            (own / name).mkdir(parents=True)
            shutil.copyfile(store / name / "zarr.json", own / name / "zarr.json")
            array = zarr.open_array(own / name, mode="r+", config={"write_empty_chunks": True})
            axis = min(1, values.ndim - 1)
            count = values.shape[axis]
            array[(slice(None),) * axis + (slice(first, first + count),)] = values
            for file in sorted(file for file in (own / name / "c").rglob("*") if file.is_file()):
                told[f"{name}/{file.relative_to(own / name).as_posix()}"] = _move(file, own / name, store / name)
        content = json.dumps({"first": first, "draws": count, "files": told}).encode()
        (own / "told").write_bytes(content)
        _move(own / "told", own, store / TOLD, f"{first:012}.json")
    finally:
        atomic.remove(own)


def _move(file: Path, root: Path, target: Path, name: str | None = None) -> str:
    """Sync a file and rename it to the same place below ``target``; its digest."""
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    *folders, last = file.relative_to(root).parts
    for part in folders:  # not with their parents: a store that has gone must not come back
        target /= part
        target.mkdir(exist_ok=True)
    os.replace(file, target / (name or last))  # noqa: PTH105
    atomic.sync_folder(target)
    return digest


def seal(tree: xr.DataTree, store: Path, draws: int) -> None:
    """Add the groups of ``tree``, and the manifest: the store is whole.

    Raises
    ------
    ResultError: if a region is missing.
    """
    told, reached = dict[str, str](), 0
    for file in sorted((store / TOLD).glob("*.json")):
        about = json.loads(file.read_bytes())
        if about["first"] != reached:
            break
        reached += about["draws"]
        told |= about["files"]
    absent = [name for name in told if not (store / name).is_file()]
    if reached != draws or absent:
        what = absent[0] if absent else f"draws from {reached:,} on"
        raise ResultError(f"{store}: {what} missing, of {draws:,} kept draws; is the disk shared by all workers?")
    # Renamed first: a worker that comes late finds no folder to write to.
    os.rename(store / TOLD, store / GONE)  # noqa: PTH104
    atomic.remove(store / GONE)
    zarr_store.put(tree, store, draws, onto=True)
    zarr_store.sign(store, told)
