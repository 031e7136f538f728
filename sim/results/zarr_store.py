"""A result as a Zarr (version 3) store: crc32c on every chunk, every chunk written, and a manifest of all files.

The manifest is what notices a file that is gone, or swapped for another; readers of Zarr pass it by. Zarr itself is an
extra, so it is imported where it is needed.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.results.chunks import DRAW, chunks
from sim.results.errors import ResultError

MANIFEST = "suanli-manifest.json"


def write(tree: xr.DataTree, path: Path) -> None:
    """Write the tree to the folder ``path``, which is not there yet, and the manifest beside its arrays."""
    put(tree, path)
    sign(path)


def put(tree: xr.DataTree, path: Path, draws: int | None = None, *, onto: bool = False) -> None:
    """Write the tree's groups, with chunks for so many ``draws`` if they are others than its own; ``onto`` a store there is."""
    with warnings.catch_warnings():
        # Zarr warns that other programs may not know consolidated metadata; xarray warns where they are missing.
        warnings.filterwarnings("ignore", message="Consolidated metadata", category=UserWarning)
        tree = tree.map_over_datasets(_text_as_objects)
        tree.to_zarr(
            path,
            mode="a" if onto else "w-",
            zarr_format=3,
            consolidated=True,
            write_empty_chunks=True,
            encoding=_encoding(tree, draws),
        )


def sign(path: Path, told: Mapping[str, str] | None = None) -> None:
    """Write the manifest of all files; ``told`` has digests that are known already, by name."""
    known, listed = told or {}, {}
    for file in sorted(path.rglob("*")):
        if file.is_file():
            name = file.relative_to(path).as_posix()
            listed[name] = known.get(name) or _digest(file)
    (path / MANIFEST).write_text(json.dumps(listed, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def _encoding(tree: xr.DataTree, draws: int | None = None) -> dict[str, dict[str, Any]]:
    from zarr.codecs import Crc32cCodec, ZstdCodec  # an extra

    found: dict[str, dict[str, Any]] = {}
    for group in tree.subtree:
        variables = group.to_dataset(inherit=False).variables
        found[group.path] = {
            str(name): {
                "compressors": [ZstdCodec(level=1), Crc32cCodec()],
                **({"chunks": chunks(v.dims, _shape(v, draws))} if v.size and v.ndim else {}),
            }
            for name, v in variables.items()
        }
    return found


def _shape(variable: xr.Variable, draws: int | None) -> list[int]:
    return [n if draws is None or dim != DRAW else draws for dim, n in variable.sizes.items()]


def _text_as_objects(dataset: xr.Dataset) -> xr.Dataset:
    """Zarr 3 has a type for strings of any length, none for NumPy's fixed-width ones."""
    return _retyped(dataset, lambda array: array.astype(object) if array.dtype.kind == "U" else None)


def _text_as_fixed(dataset: xr.Dataset) -> xr.Dataset:
    return _retyped(dataset, lambda array: array.astype(object).astype(str) if array.dtype.kind in "OT" else None)


def _retyped(dataset: xr.Dataset, change: Any) -> xr.Dataset:
    found = {}
    for name, variable in dataset.variables.items():
        if variable.dtype.kind in "OTU":
            changed = change(np.asarray(variable.values))
            if changed is not None:
                found[name] = xr.Variable(variable.dims, changed, variable.attrs)
    coords = {name: variable for name, variable in found.items() if name in dataset.coords}
    return dataset.assign_coords(coords).assign({n: v for n, v in found.items() if n not in coords})


def check(path: Path) -> None:
    """Refuse a folder that is no store of ours, or lacks a file, or has one that was changed.

    Raises
    ------
    ResultError: which of these, and what to do.
    """
    if not (path / "zarr.json").is_file():
        raise ResultError(f"{path}: not a result: no Zarr store; expected one that `suanli run -o` wrote")
    try:
        listed = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        assert isinstance(listed, dict)
    except FileNotFoundError:
        raise ResultError(f"{path}: no {MANIFEST} in it; expected a store that `suanli run -o` wrote") from None
    except (ValueError, AssertionError, RecursionError):
        raise ResultError(f"{path}: damaged: {MANIFEST} cannot be read; take a copy, or run again") from None
    there = {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()} - {MANIFEST}
    for name, digest in listed.items():
        if name not in there:
            raise ResultError(f"{path}: damaged: {name} is missing; take a whole copy, or run again")
        if _digest(path / name) != digest:
            raise ResultError(f"{path}: damaged: {name} does not fit its checksum; take a copy, or run again")
    extra = sorted(there - set(listed))
    if extra:
        raise ResultError(f"{path}: damaged: {extra[0]} does not belong to it; take a copy, or run again")


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open(path: Path) -> xr.DataTree:  # noqa: A001 - the module is always named with it
    """The checked store as a tree whose arrays are read when they are asked for.

    Raises
    ------
    ResultError: if xarray cannot make sense of it.
    """
    try:
        tree = xr.open_datatree(path, engine="zarr", consolidated=True, chunks=None, decode_timedelta=False)
        return tree.map_over_datasets(_text_as_fixed)
    except Exception as error:  # metadata that are valid JSON can fail a reader in any way
        raise ResultError(f"{path}: not a result: {' '.join(str(error).split())[:200]}") from error
