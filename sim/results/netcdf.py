"""A result as NetCDF4: a checksum on every variable, and a digest of the whole file at its end.

HDF5's own checksums (fletcher32) cover the chunks of variables and are seen by every reader, but neither attributes nor
the file's structure. The digest covers every byte. It stands after the end that HDF5 knows of, where no reader looks.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np
import xarray as xr

from sim.results import interrupts, reader, writer
from sim.results.errors import ResultError

MARK = b"\nsuanli sha256 "
TRAILER = len(MARK) + 64 + 1


def write(tree: xr.DataTree, path: Path) -> None:
    """Write the tree to ``path``, which is not there yet, and append the digest of what was written."""
    with path.open("xb", buffering=0):
        pass
    with interrupts.held() as let_through, _Patient(path) as patient:
        try:
            with h5py.File(patient, "w", track_order=True) as file:
                writer.write(tree, file, let_through)
        finally:
            patient.tell_error()
    with path.open("r+b") as whole:
        digest = hashlib.file_digest(whole, "sha256").hexdigest()
        whole.write(MARK + digest.encode() + b"\n")


class _Patient(io.FileIO):
    """A file that keeps a failure to write to itself until it is asked.

    HDF5 cannot give up: told of a full disk, it fails again whenever one of its objects is let go, and complains on
    stderr; and h5py drops what is raised meanwhile. So after a failure, or an interruption, it is told that all went well,
    and what it writes goes nowhere.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, "r+")
        self._error: BaseException | None = None

    def tell_error(self) -> None:
        """Raise what went wrong, if anything did."""
        if self._error is not None:
            raise self._error

    def write(self, data: Any) -> int:
        """Write all of ``data``, or keep the error."""
        view = memoryview(data).cast("B")
        done = 0
        while done < len(view) and self._error is None:
            try:
                done += self._put(view[done:])
            except BaseException as error:
                self._error = error
        return len(view)

    def _put(self, data: memoryview) -> int:
        return super().write(data) or 0

    def truncate(self, size: int | None = None) -> int:
        """Set the length, or keep the error."""
        try:
            return super().truncate(size) if self._error is None else (size or 0)
        except BaseException as error:
            self._error = error
            return size or 0


def check(path: Path) -> None:
    """Refuse a file that is no HDF5, is cut short, or has a flipped bit.

    Raises
    ------
    ResultError: which of these, and what to do.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(8) != b"\x89HDF\r\n\x1a\n":
            raise ResultError(f"{path}: not a result: no NetCDF4 file; expected one that `suanli run -o` wrote")
        trailer = _trailer(file, size)
        if not trailer:
            _check_length(path, size)
            return
        file.seek(0)
        if _digest(file, size - TRAILER) != trailer[len(MARK) : -1]:
            raise ResultError(f"{path}: damaged: its checksum does not fit its content; take a copy, or run again")


def _trailer(file: BinaryIO, size: int) -> bytes:
    """The end of the file if it is ours, else nothing."""
    file.seek(max(0, size - TRAILER))
    found = file.read()
    return found if found.startswith(MARK) and found.endswith(b"\n") else b""


def _has_digest(path: Path) -> bool:
    with path.open("rb") as file:
        return bool(_trailer(file, path.stat().st_size))


def _check_length(path: Path, size: int) -> None:
    """Files saved by other programs have no digest; HDF5 itself knows where they should end.

    The root's attributes are read too, as a reader that fails on them prints a traceback when it is let go.
    """
    try:
        with h5py.File(path, "r") as file:
            dict(file.attrs)
    except Exception as error:
        word = "cut short" if "truncated" in str(error) else "damaged"
        raise ResultError(f"{path}: {word} ({size:,} bytes); take a whole copy, or run again") from error


def _digest(file: Any, length: int) -> bytes:
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(1 << 20))
    while length > 0 and (read := file.readinto(buffer[: min(length, len(buffer))])):
        digest.update(buffer[:read])
        length -= read
    return digest.hexdigest().encode()


def open(path: Path) -> xr.DataTree:  # noqa: A001 - the module is always named with it
    """The checked file as a tree whose arrays are read when they are asked for.

    Raises
    ------
    ResultError: if xarray cannot make sense of it.
    """
    try:
        if _has_digest(path):
            return reader.read(path)
        with warnings.catch_warnings():  # of dimensions without names, in a file that is none of ours
            warnings.simplefilter("ignore", UserWarning)
            return xr.open_datatree(path, engine="h5netcdf", decode_timedelta=False)
    except Exception as error:  # a sound HDF5 file of strange content can fail a reader in any way
        raise ResultError(f"{path}: not a result: {' '.join(str(error).split())[:200]}") from error


def nbytes(tree: xr.DataTree) -> int:
    """Bytes of all arrays, about what a file of them takes."""
    return sum(
        int(np.prod(v.shape)) * v.dtype.itemsize for g in tree.subtree for v in g.to_dataset().variables.values()
    )
