"""A tree as the groups of a NetCDF4 file, written with h5py alone, as :mod:`sim.results.reader` reads it.

A general writer looks up in the file, for every variable, every dimension it has, which for the 450 variables of a result
takes five times as long. What this one leaves is the same to every reader: a dimension is an HDF5 dimension scale, numbered
through the file; text is characters in UTF-8, along a dimension of their own; what stands for missing values is not told,
since there are none.

Source: NetCDF-4 file format, https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import h5py
import numpy as np
import xarray as xr

_CHUNK_BYTES = 4 << 20
_NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable."
_REFERENCE = np.dtype([("dataset", h5py.ref_dtype), ("dimension", np.int32)])
# Counts and keys of sketches shrink five- to tenfold at the lightest level; doubles hardly do.
_COMPRESSED = {"sketch": {"key", "bin_count", "row_start"}}


class _Stored(NamedTuple):
    """A variable as it lies in the file: characters have a dimension more."""

    dims: tuple[str, ...]
    values: np.ndarray
    attributes: dict[str, Any]


def write(tree: xr.DataTree, file: h5py.File, between: Callable[[], None] = lambda: None) -> None:
    """Write every group of ``tree``, with the dimensions that its own variables have, to the empty ``file``.

    ``between`` is called before each variable, where it may raise.
    """
    file.attrs["_NCProperties"] = f"version=2,h5py={h5py.__version__},hdf5={h5py.version.hdf5_version}"
    numbers = itertools.count()
    for group in tree.subtree:
        home = file if group.path == "/" else file.create_group(group.path, track_order=True)
        _fill(home, group.to_dataset(inherit=False), _COMPRESSED.get(group.name or "", set()), numbers, between)


def _fill(
    home: h5py.Group, dataset: xr.Dataset, compressed: set[str], numbers: Iterator[int], between: Callable[[], None]
) -> None:
    """Write one group: its attributes, its variables, and a scale for each of their dimensions."""
    encoded, attributes = xr.conventions.encode_dataset_coordinates(dataset)
    for variable in encoded.values():
        variable.encoding = {"_FillValue": None} if variable.dtype.kind == "f" else {}
    encoded, attributes = xr.conventions.cf_encoder(encoded, attributes)
    _describe(home, attributes)
    sizes: dict[str, int] = {}
    identity: dict[str, int] = {}
    items = {}
    for name, variable in encoded.items():
        between()
        stored = _stored(variable)
        item = _create(home, str(name), stored.values, str(name) in compressed)
        _describe(item, stored.attributes)
        for dim, size in zip(stored.dims, stored.values.shape, strict=True):
            if dim not in sizes:
                sizes[dim], identity[dim] = size, next(numbers)
        if stored.dims:
            item.attrs["_Netcdf4Coordinates"] = np.array([identity[dim] for dim in stored.dims], np.int32)
            if len(item) or name == stored.dims[0]:  # of what may grow from nothing, with the first value
                item.attrs["_Netcdf4Dimid"] = np.int32(identity[stored.dims[0]])
        items[str(name)] = item, stored.dims
    _scale(home, sizes, identity, items)


def _scale(
    home: h5py.Group, sizes: dict[str, int], identity: dict[str, int], items: dict[str, tuple[h5py.Dataset, tuple]]
) -> None:
    """Make each dimension's scale, of its coordinate where there is one, and tie the other variables to them."""
    scales = {}
    for dim, size in sizes.items():
        if dim in items:
            scales[dim] = items[dim][0]
            scales[dim].make_scale(dim)
            continue
        maximum = None if size else (None,)
        scales[dim] = home.create_dataset(dim, (size,), ">f4", maxshape=maximum, track_order=True)
        scales[dim].attrs["_Netcdf4Dimid"] = np.int32(identity[dim])
        scales[dim].make_scale(f"{_NO_VARIABLE}{size:10}")
    users: dict[str, list[tuple[Any, int]]] = {dim: [] for dim in scales}
    for name, (item, dims) in items.items():
        if name in scales or not dims:
            continue
        # Scales attached one by one have HDF5 read and write the whole list of their users each time.
        found = np.empty(len(dims), object)
        for axis, dim in enumerate(dims):
            found[axis] = np.array([scales[dim].ref], h5py.ref_dtype)
            users[dim].append((item.ref, axis))
        item.attrs.create("DIMENSION_LIST", found, dtype=h5py.vlen_dtype(h5py.ref_dtype))
    for dim, told in users.items():
        if told:
            scales[dim].attrs.create("REFERENCE_LIST", np.array(told, _REFERENCE))


def _create(home: h5py.Group, name: str, values: np.ndarray, compressed: bool) -> h5py.Dataset:
    """The variable, chunked and with a checksum; what has no dimension or no value has neither."""
    if values.dtype.kind == "U":
        return home.create_dataset(name, data=values.astype(object), dtype=h5py.string_dtype(), track_order=True)
    options: dict[str, Any] = {}
    if values.ndim and not values.size:
        options["maxshape"] = tuple(length or None for length in values.shape)
    elif values.ndim:
        options = {"chunks": chunks(values.shape, values.dtype.itemsize), "fletcher32": True}
    if compressed and values.size:
        options |= {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    return home.create_dataset(name, data=values, track_order=True, **options)


def _stored(variable: xr.Variable) -> _Stored:
    """The variable as it is stored."""
    dims, values = tuple(map(str, variable.dims)), np.asarray(variable.values)
    if values.dtype.kind in "OT":
        values = values.astype(str)
    if values.dtype.kind != "U" or not values.ndim or not values.size:
        return _Stored(dims, values, variable.attrs)
    # Strings of variable length lie outside of what the checksum covers.
    text = np.char.encode(values, "utf-8")
    characters = np.ascontiguousarray(text[..., None]).view("S1")
    return _Stored((*dims, f"string{text.dtype.itemsize}"), characters, variable.attrs | {"_Encoding": "utf-8"})


def _describe(item: h5py.Group | h5py.Dataset, attributes: dict[Any, Any]) -> None:
    """Set attributes: text as it is, numbers as arrays, of truths too, which NetCDF does not know."""
    for name, value in attributes.items():
        if not isinstance(value, str):
            found = np.atleast_1d(value)
            value = found.astype(np.int8) if found.dtype.kind == "b" else value if found.dtype.kind in "US" else found
        item.attrs[str(name)] = value


def chunks(shape: tuple[int, ...], item: int) -> tuple[int, ...]:
    """Whole trailing dimensions as far as they go into 4 MiB, then a part of the next, then one of each."""
    found: list[int] = []
    room = max(1, _CHUNK_BYTES // item)
    for length in reversed(shape):
        part = max(1, min(length, room // math.prod(found or [1])))
        found.append(part)
    return tuple(reversed(found))
