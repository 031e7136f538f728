"""Our own writer of NetCDF4 leaves what xarray's leaves, to every attribute that HDF5 keeps."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
import xarray as xr

from sim.results import writer

OF_A_LIBRARY = {"_NCProperties"}
_XARRAY = tuple(map(int, xr.__version__.split(".")[:2]))
AS_TODAY = pytest.mark.skipif(
    _XARRAY < (2026, 9),
    reason="older xarray writes numbers as arrays of one and leaves attributes out, which reads the same",
)


def left(file: h5py.File) -> dict[str, object]:
    """All that lies in a file: groups, attributes and arrays, references by the names they lead to."""
    found: dict[str, object] = {"/": attributes(file)}

    def note(name: str, item: h5py.Group | h5py.Dataset) -> None:
        found[name] = attributes(item)
        if isinstance(item, h5py.Dataset):
            form = (
                item.shape,
                item.maxshape,
                item.dtype,
                item.fletcher32,
                item.compression,
                item.shuffle,
                item.fillvalue,
            )
            chunked = item.dtype.kind == "S" or item.chunks  # nobody said how characters are to be cut
            values = np.asarray(item[...])
            found[name] = found[name], form, chunked, values.tolist() if values.dtype == object else values.tobytes()

    file.visititems(note)
    return found


def attributes(item: h5py.Group | h5py.Dataset) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in item.attrs.items():
        if name == "DIMENSION_LIST":
            found[name] = [item.file[refs[0]].name for refs in value]
        elif name == "REFERENCE_LIST":
            found[name] = {(item.file[ref].name, int(axis)) for ref, axis in value}
        elif name not in OF_A_LIBRARY:
            found[name] = (np.asarray(value).dtype, np.asarray(value).shape, np.asarray(value).tolist())
    return found


def both(tree: xr.DataTree, folder) -> list[dict[str, object]]:
    """What our writer and xarray's make of a tree."""
    encoding = {
        group.path: {
            str(name): stored_as(variable) for name, variable in group.to_dataset(inherit=False).variables.items()
        }
        for group in tree.subtree
    }
    tree.to_netcdf(folder / "general.nc", engine="h5netcdf", encoding=encoding)
    with h5py.File(folder / "own.nc", "w", track_order=True) as own:
        writer.write(tree, own)
    found = []
    for name in ("own", "general"):
        with h5py.File(folder / f"{name}.nc") as file:
            found.append(left(file))
    return found


def stored_as(variable: xr.Variable) -> dict[str, object]:
    if not variable.ndim or not variable.size:
        return {"_FillValue": None} if variable.dtype.kind == "f" else {}
    if variable.dtype.kind in "UT":
        return {"fletcher32": True, "dtype": "S1"}
    return {
        "fletcher32": True,
        "chunksizes": writer.chunks(variable.shape, variable.dtype.itemsize),
        "_FillValue": None,
    }


@AS_TODAY
def test_a_result(tree, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_COMPRESSED", {})
    own, general = both(tree, tmp_path)
    assert own.keys() == general.keys()
    for name, there in general.items():
        assert own[name] == there, name


@AS_TODAY
def test_whatever_a_tree_may_hold(tmp_path):
    """Scalars, text of one's own, truths, whole numbers, nothing at all, and coordinates beside the dimensions."""
    nothing = xr.Dataset({"x": ("draw", np.empty(0))}, {"draw": np.empty(0, np.int64)})
    some = xr.Dataset(
        {
            "one": ((), 2.5, {"units": "1", "many": [1, 2], "words": ["a", "阿"], "number": np.int64(3)}),
            "truth": ("buyer", np.array([True, False])),
            "whole": (("buyer", "bare"), np.arange(6, dtype=np.int32).reshape(2, 3)),
            "word": ("buyer", np.array(["", "阿里云"])),
            "holes": ("bare", np.array([1.0, np.nan, np.inf], np.float32)),
        },
        {"buyer": ["baidu", "腾讯"], "start": ("buyer", np.array(["2023-01-01", "x"])), "label": "only"},
        {"title": "标题", "found": 1.5},
    )
    tree = xr.DataTree.from_dict({"/": xr.Dataset(attrs={"format": "x"}), "/some": some, "/some/none": nothing})
    own, general = both(tree, tmp_path)
    for name, there in general.items():
        assert own[name] == there, name
    for path in ("own.nc", "general.nc"):
        with xr.open_datatree(tmp_path / path, engine="h5netcdf") as back:
            xr.testing.assert_identical(back["some"].to_dataset(inherit=False).load(), some)
