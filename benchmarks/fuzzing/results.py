"""Readers of results: NetCDF files and Zarr stores, damaged as disks and as other programs damage them."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import h5py
import numpy as np

from sim.results import files
from sim.results.errors import ResultError
from sim.results.netcdf import MARK, TRAILER
from tests.results import made

DECLARED = (ResultError,)
WORDS = (b"\x89HDF\r\n\x1a\n", b"OHDR", b"TREE", b"HEAP", b"SNOD", b"FRHP", b"OCHK", MARK, b"\xff" * 8, b"\0" * 8)
ZARR_WORDS = (
    *'{}[]":,', "null", "true", "-1", "1e400", "zarr.json", "../", '"shape"', '"dtype"', "[" * 2000, "shape", "codecs", "\\u0000",
)  # fmt: skip
_ODD = (0, -1, 1e308, float("nan"), "", "x" * 300, b"\xff\xfe", [], [1, 2], "\u0001", True, 10**18)


def netcdf(folder: Path) -> Callable[[bytes], None]:
    """A file with bytes changed or missing, and the digest, if it is still there, as it was."""
    path = folder / "result.nc"

    def check(content: bytes) -> None:
        path.write_bytes(content)
        files.open(path).close()

    return check


@cache
def _little() -> bytes:
    """The bytes of a small result."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "little.nc"
        files.write(made.little(1), path)
        return path.read_bytes()


def netcdf_seeds() -> list[bytes]:
    """A whole file, and its ends."""
    whole = _little()
    return [whole, whole[: len(whole) // 2], whole[:-TRAILER], b"", whole[:8], b"CDF\x01" + whole[4:]]


def structure(folder: Path) -> Callable[[bytes], None]:
    """A sound file of HDF5 whose groups, variables and attributes were changed as the input's bytes say, digest and all."""
    path = folder / "result.nc"
    whole = _little()

    def check(content: bytes) -> None:
        path.write_bytes(whole[:-TRAILER])
        chance = random.Random(content)
        with h5py.File(path, "r+") as file:
            for _ in range(1 + len(content) % 4):
                _change(file, chance)
        sealed = path.read_bytes()
        path.write_bytes(sealed + MARK + hashlib.sha256(sealed).hexdigest().encode() + b"\n")
        tree = files.open(path)
        try:
            for name in tree.children:
                tree[name].to_dataset().load()
        finally:
            tree.close()

    return check


def _change(file: h5py.File, chance: random.Random) -> None:
    """Remove, rename or replace one thing of a file."""
    names: list[str] = []
    file.visit(names.append)
    if not names:
        return
    name = chance.choice(names)
    item, what = file[name], chance.randrange(5)
    if what == 0:
        del file[name]
    elif what == 1:
        other = chance.choice(["", "mean/", "draws/"]) + chance.choice(["x", "算", "scenario", "mean", "quantile"])
        if other not in file and other.rpartition("/")[0] in ("", *file):
            file.move(name, other)
    elif what == 2 and len(item.attrs):
        del item.attrs[chance.choice(list(item.attrs))]
    elif what == 3:
        holder = chance.choice([item, file])
        key = chance.choice(
            [*holder.attrs, "format", "format_version", "coordinates", "CLASS", "NAME", "headline", "_FillValue"]
        )
        if key in holder.attrs:
            del holder.attrs[key]
        value = chance.choice(_ODD)
        holder.attrs[key] = np.bytes_(value) if isinstance(value, bytes) else value
    elif isinstance(item, h5py.Dataset):
        del file[name]
        shape = chance.choice([(), (0,), (1,), (3, 2), (2, 2, 2)])
        file.create_dataset(name, data=np.zeros(shape, chance.choice(["f8", "i1", "S1", "S5", "?", "c16"])))


def structure_seeds() -> list[bytes]:
    """Any bytes: they choose what is changed."""
    return [bytes([n]) for n in range(8)]


def zarr(folder: Path) -> Callable[[str], None]:
    """A store whose manifest, or whose metadata with a manifest that fits, is the input."""
    path = folder / "result.zarr"
    files.write(made.little(1), path)
    manifest, metadata = path / "suanli-manifest.json", path / "zarr.json"
    good, good_metadata = manifest.read_text(), metadata.read_text()
    right = hashlib.sha256(good_metadata.encode()).hexdigest()

    def check(text: str) -> None:
        content = text.encode("utf-8", "surrogatepass")
        if text.lstrip().startswith('{\n"'):
            manifest.write_bytes(content)
            metadata.write_text(good_metadata)
        else:
            metadata.write_bytes(content)
            manifest.write_text(good.replace(right, hashlib.sha256(content).hexdigest()))
        files.open(path).close()

    return check


def zarr_seeds() -> list[str]:
    """A manifest, and the metadata of a store."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "little.zarr"
        files.write(made.little(1), path)
        return [(path / "suanli-manifest.json").read_text(), (path / "zarr.json").read_text()]
