"""Our own NetCDF4 files as a DataTree, read with h5py alone.

A general reader asks HDF5 about every dimension of every variable again and again: 9 ms for each of the 440 variables
of a result, 4 s in all, where this one takes 0.4 s. It knows no more than what :mod:`sim.results.netcdf` writes; files
that passed through other programs go through xarray. Small arrays are read at once, large ones when they are asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import xarray as xr
from xarray.backends import BackendArray
from xarray.core import indexing

from sim.results.errors import ResultError

_SMALL = 1 << 18  # bytes
_NO_VARIABLE = b"This is a netCDF dimension but not a netCDF variable"
_OF_THE_FORMAT = {
    "CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST", "DIMENSION_LABELS", "_FillValue", "_Encoding", "coordinates",
    "dtype", "_Netcdf4Dimid", "_Netcdf4Coordinates", "_NCProperties", "_nc3_strict",
}  # fmt: skip


def read(path: Path) -> xr.DataTree:
    """The tree in a file that :func:`sim.results.netcdf.write` wrote; closing the tree closes the file.

    Raises
    ------
    OSError, KeyError, ValueError, RuntimeError: if it is anything else.
    """
    file = h5py.File(path.absolute(), "r")
    try:
        groups = {path: _dataset(item) for path, item in _groups(file)}
        tree = xr.DataTree.from_dict({"/": xr.Dataset(attrs=_attributes(file)), **groups})
    except BaseException:
        file.close()
        raise
    tree.set_close(_Closing(file))
    return tree


class _Closing:
    """Closes the file once; a copy of a tree, in this process or another, leaves that to the tree."""

    def __init__(self, file: h5py.File | None = None) -> None:
        self._file = file

    def __call__(self) -> None:
        if self._file is not None:
            self._file.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return _Closing, ()


def _groups(parent: h5py.Group, path: str = "") -> Iterator[tuple[str, h5py.Group]]:
    """All groups below ``parent`` with their paths, outer ones first.

    A walk of h5py's own holds the library's one lock from a step to the next, and an error in between would keep it: so
    walks are over at once, here and below.
    """
    for name, item in list(parent.items()):
        if isinstance(item, h5py.Group):
            yield f"{path}/{name}", item
            yield from _groups(item, f"{path}/{name}")


def _dataset(group: h5py.Group) -> xr.Dataset:
    """The variables of one group, those that others call coordinates as such."""
    items = {name: item for name, item in list(group.items()) if isinstance(item, h5py.Dataset)}
    names = {_address(item.id): name for name, item in items.items()}
    variables, coordinates = {}, set()
    for name, item in items.items():
        attributes = dict(item.attrs)
        if attributes.get("NAME", b"").startswith(_NO_VARIABLE):
            continue
        if "CLASS" in attributes:
            dims: tuple[str, ...] = (name,)
            coordinates.add(name)
        else:
            dims = tuple(_dimension(item, refs, names) for refs in attributes["DIMENSION_LIST"])
        coordinates |= set(_plain(attributes.get("coordinates", "")).split())
        variables[name] = _variable(item, dims, attributes)
    attributes = _attributes(group)
    coordinates |= set(_plain(group.attrs.get("coordinates", "")).split())
    coords = {name: variables.pop(name) for name in list(variables) if name in coordinates}
    return xr.Dataset(variables, coords, attributes)


def _variable(item: h5py.Dataset, dims: tuple[str, ...], attributes: dict[str, Any]) -> xr.Variable:
    kept = {name: _plain(value) for name, value in attributes.items() if name not in _OF_THE_FORMAT}
    if item.dtype.kind == "S":
        return xr.Variable(dims[: item.ndim - 1] or dims, _text(np.asarray(item[...])), kept)
    if _plain(attributes.get("dtype", "")) == "bool":
        return xr.Variable(dims, np.asarray(item[...]).astype(bool), kept)
    if item.size * item.dtype.itemsize <= _SMALL:
        return xr.Variable(dims, np.asarray(item[...]), kept)
    return xr.Variable(dims, indexing.LazilyIndexedArray(_OnDisk(item)), kept)


def _text(characters: np.ndarray) -> np.ndarray:
    """Strings of fixed width from UTF-8 characters along the last axis."""
    width = characters.shape[-1]
    joined = np.ascontiguousarray(characters).view(f"S{width}")[..., 0]
    return np.char.decode(joined, "utf-8")


def _dimension(item: h5py.Dataset, refs: np.ndarray, names: dict[int, str]) -> str:
    # HDF5 finds an object's name by search, 2 ms each; its address is at hand.
    return names[_address(h5py.h5r.dereference(refs[0], item.id))]


def _address(identifier: Any) -> int:
    return int(h5py.h5o.get_info(identifier).addr)


def _attributes(group: h5py.Group) -> dict[str, Any]:
    return {name: _plain(value) for name, value in list(group.attrs.items()) if name not in _OF_THE_FORMAT}


def _plain(value: Any) -> Any:
    """An attribute as Python has it: text, or a number."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, h5py.Empty):
        return ""
    if isinstance(value, np.ndarray) and value.size == 1:
        return value.ravel()[0].item()
    return value.item() if isinstance(value, np.generic) else value


class _OnDisk(BackendArray):
    """An array that stays in the file until part of it is asked for."""

    def __init__(self, item: h5py.Dataset) -> None:
        self._item = item
        self.shape, self.dtype = item.shape, item.dtype

    def __deepcopy__(self, memo: dict[int, Any]) -> _OnDisk:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process opens the file itself, if it still is this one."""
        path = self._item.file.filename
        return _reopened, (path, _identity(path), self._item.name)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        # Slices alone: HDF5 is slow with lists of places, NumPy is not.
        return indexing.explicit_indexing_adapter(
            key, self.shape, indexing.IndexingSupport.BASIC, lambda at: self._item[at]
        )


def _reopened(path: str, identity: tuple[int, int], name: str) -> _OnDisk:
    if _identity(path) != identity:
        raise ResultError(f"{path}: another file by now than the one that a result was read from; read it again")
    return _OnDisk(_file(path, identity)[name])


def _identity(path: str) -> tuple[int, int]:
    """Tells a file from one that takes its place: bytes and time."""
    found = os.stat(path)  # noqa: PTH116 - h5py's name of it
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=8)
def _file(path: str, identity: tuple[int, int]) -> h5py.File:
    return h5py.File(path, "r")
