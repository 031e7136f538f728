"""Where a result goes: checked before hours of work, not after."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

from sim.app import failures

SUFFIXES = {".nc": "", ".zarr": "zarr"}


def check(path: str | None) -> Path | None:
    """The path that a result will be written to, or None.

    Raises
    ------
    Mistake: for a suffix that there is not, a folder that is not there or takes no files, a missing extra, or a name
        that is taken by something else than a result.
    """
    if path is None:
        return None
    target = Path(path)
    if target.suffix not in SUFFIXES:
        found = f'"{target.suffix}"' if target.suffix else "none"
        raise failures.Mistake(f"-o {path}: found suffix {found}, expected .nc (NetCDF4) or .zarr (Zarr)")
    extra = SUFFIXES[target.suffix]
    if extra and importlib.util.find_spec(extra) is None:
        raise failures.Mistake(f'-o {path}: {extra} is not installed; pip install "suanli[{extra}]", or write .nc')
    if target.suffix == ".nc":
        file(target)
    if target.suffix == ".zarr" and target.exists() and not (target / "zarr.json").is_file():
        raise failures.Mistake(f"-o {path}: found something that is no Zarr store, expected a store or nothing")
    writable(target.parent, f"-o {path}")
    return target


def file(path: Path) -> None:
    """Refuse what cannot become a file: a folder, a device, a pipe.

    Raises
    ------
    Mistake: naming it.
    """
    if path.is_dir():
        raise failures.Mistake(f"-o {path}: found a folder of that name, expected a file or nothing")
    _no_device(path)


def _no_device(path: Path) -> None:
    if not path.exists():
        return
    from sim.results.atomic import special  # xarray, 0.3 s

    if special(path):
        raise failures.Mistake(f"-o {path}: found a device or a pipe of that name, expected a file or nothing")


def other(path: str | Path, source: str) -> None:
    """Refuse to write over the result that is read, under whatever name.

    Raises
    ------
    Mistake: naming it.
    """
    there = Path(path).exists() and Path(source).exists()
    if Path(path) == Path(source) or (there and Path(path).samefile(source)):
        raise failures.Mistake(f"-o {path}: found the result itself, expected another name")


def writable(folder: Path, option: str) -> None:
    """Refuse a folder in which no file can be made, by making one: its mode does not tell (root, read-only disks).

    Raises
    ------
    Mistake: naming the folder, and why.
    """
    if not folder.is_dir():
        raise failures.Mistake(f'{option}: no folder "{folder}"; make it first, or name another')
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise failures.Mistake(f"{option}: {folder} takes no files: {error.strerror or error}; name another") from None
