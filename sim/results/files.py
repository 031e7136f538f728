"""Results on disk: written whole or not at all, refused with one line when something is wrong with them."""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from priors.nearness import closest
from sim.results import accessor, atomic, netcdf, zarr_store  # accessor: registers tree.sim
from sim.results.errors import ResultError, WriteError
from sim.results.tree import FORMAT, FORMAT_VERSION

__all__ = ["accessor", "open", "write"]

SUFFIXES = {".nc": netcdf, ".zarr": zarr_store}
_ROOM = 1 << 16


def write(tree: xr.DataTree, path: str | os.PathLike[str]) -> None:
    """Write ``tree`` to ``path``, by its suffix NetCDF4 (``.nc``) or Zarr (``.zarr``, with the extra).

    Equal trees give equal bytes. The file appears under its name whole or not at all; what stood there before stays
    until then, also when the disk is full, the process is killed or Ctrl-C is pressed.

    Raises
    ------
    ResultError: for another suffix, or a missing extra.
    WriteError: an ``OSError`` too; in one line why the disk refused. Nothing is left of the attempt.
    """
    target = Path(path)
    form = _form(target)
    tree = tree.map_over_datasets(xr.Dataset.drop_encoding)  # how another file stored it is no matter here
    with telling(target):
        _check_room(netcdf.nbytes(tree), target)
        with atomic.replacing(target) as fresh:
            form.write(tree, fresh)


@contextlib.contextmanager
def replacing(path: Path, size: int) -> Iterator[Path]:
    """A fresh folder beside ``path`` for a Zarr store of about ``size`` bytes; it takes its place when the block ends well.

    Raises
    ------
    ResultError: for another suffix, or a missing extra.
    WriteError: as :func:`write`.
    """
    if _form(path) is not zarr_store:
        raise ResultError(
            f'{path}: found suffix "{path.suffix}", expected .zarr: NetCDF cannot be written by many at a time'
        )
    with contextlib.ExitStack() as stack:
        with telling(path):
            _check_room(size, path)
            fresh = stack.enter_context(atomic.replacing(path))
        yield fresh
        with telling(path):
            stack.close()


def unchecked(path: Path) -> xr.DataTree:
    """The Zarr store that was written just now, whose arrays are read when they are asked for."""
    return zarr_store.open(path)


def open(path: str | os.PathLike[str]) -> xr.DataTree:  # noqa: A001 - always named with its module
    """The result in ``path``, checked to the last byte; arrays are read when they are asked for.

    Raises
    ------
    ResultError: if it is not there, no result, cut short, damaged, or of a newer format; says what to do.
    """
    source = Path(path)
    form = _form(source)
    if form is zarr_store and not source.exists():
        atomic.sweep(source)  # killed between the two renames of a replacement: the older store stands aside
    if not source.exists():
        near = closest(source.name, _names(source.parent))
        hint = f'; did you mean "{source.with_name(near)}"?' if near else ""
        raise ResultError(f"{source}: no such file{hint}")
    try:
        form.check(source)
        tree = form.open(source)
    except OSError as error:
        raise ResultError(f"{source}: {_reason(error)[1]}") from error
    _check_format(tree, source)
    return tree


def _check_format(tree: xr.DataTree, path: Path) -> None:
    found = tree.attrs.get("format")
    if not isinstance(found, str) or found != FORMAT:  # an array of a damaged file compares to an array
        tree.close()
        raise ResultError(
            f"{path}: not a result of suanli; expected a file that `suanli run -o` or `files.write` wrote"
        )
    version = tree.attrs.get("format_version", 0)
    if not isinstance(version, int | np.integer):
        tree.close()
        raise ResultError(f"{path}: not a result: found format_version {version!r:.40}, expected a whole number")
    if version > FORMAT_VERSION:
        tree.close()
        raise ResultError(f"{path}: format {version}, newer than {FORMAT_VERSION}; pip install --upgrade suanli")


def _form(path: Path):  # type: ignore[no-untyped-def]  # a module of this package
    form = SUFFIXES.get(path.suffix)
    if form is None:
        found = f'"{path.suffix}"' if path.suffix else "none"
        raise ResultError(f"{path}: found suffix {found}, expected .nc (NetCDF4) or .zarr (Zarr)")
    if form is zarr_store and importlib.util.find_spec("zarr") is None:
        raise ResultError(f"{path}: zarr is not installed; pip install 'suanli[zarr]'")
    return form


def _check_room(size: int, path: Path) -> None:
    # HDF5 closes badly on a full disk, so what cannot fit is not begun.
    needed, free = size // 2 + _ROOM, shutil.disk_usage(path.parent).free
    if needed > free:
        raise OSError(
            errno.ENOSPC, f"No space left on device: about {2 * needed >> 20:,} MiB wanted, {free >> 20:,} free"
        )


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn what the file system, HDF5 or Zarr says into one line about ``path``."""
    try:
        yield
    except OSError as error:
        code, reason = _reason(error)
        if code == errno.ENOENT and not path.parent.is_dir():
            reason = f'no folder "{path.parent}"; make it first, or name another'
        raise WriteError(code, reason, path) from error
    except RuntimeError as error:  # HDF5 failing to close
        code, reason = _reason(error)
        if code is None:
            raise
        raise WriteError(code, reason, path) from error


def _reason(error: Exception) -> tuple[int | None, str]:
    """Number and words of a system's error; HDF5 hides both in its text."""
    hidden = re.search(r"errno = (\d+), error message = '([^']+)'", str(error))
    if hidden:
        return int(hidden[1]), hidden[2]
    code = getattr(error, "errno", None)
    return code, getattr(error, "strerror", None) or " ".join(str(error).split())[:200]


def _names(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
