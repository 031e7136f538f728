"""Where compiled kernels and tables are kept: whether there is room, whether it may be written, on which disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from priors.cache import cache_root
from sim.app import limits

REMOTE = ("nfs", "cifs", "smb", "lustre", "gpfs", "fuse.sshfs", "ceph", "9p", "afs", "beegfs")


@dataclass(frozen=True)
class Cache:
    """The cache folder.

    Attributes
    ----------
    folder: where it is or would be; chosen: whether ``SUANLI_CACHE_DIR`` says so.
    refused: why nothing can be written there, empty where it can.
    kernels, tables: bytes of compiled kernels and of tables, those of other versions included.
    compiled: how many kernels of this version are compiled already.
    free: bytes free on its disk; network: the kind of network disk it is on. None where not known, or none.
    """

    folder: str
    chosen: bool
    refused: str
    kernels: int
    tables: int
    compiled: int
    free: int | None
    network: str | None

    def as_json(self) -> dict[str, Any]:
        """All of it under stable keys."""
        return asdict(self) | {"writable": not self.refused}


def look() -> Cache:
    """The cache folder of this process; it is made if it can be."""
    from sim.kernels import source_digest  # Numba, 0.5 s

    root = cache_root()
    own = root / "kernels" / source_digest(above=False)
    return Cache(
        str(root),
        bool(os.environ.get("SUANLI_CACHE_DIR")),
        refusal(root),
        _size(root / "kernels"),
        _size(root / "tables"),
        sum(1 for _ in own.rglob("*.nbi")) if own.is_dir() else 0,
        free_disk(root),
        remote(root),
    )


def refusal(folder: Path) -> str:
    """Why no file can be made in ``folder``; empty where it can, tried with one that is gone at once."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, prefix=".doctor"):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _size(folder: Path) -> int:
    """Bytes of all files in ``folder``; what goes away meanwhile, or may not be read, counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 - thousands of them
            except OSError:
                continue
    return total


def free_disk(folder: Path) -> int | None:
    """Bytes free where ``folder`` is or would be; None where the system does not tell."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return None


def remote(folder: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The kind of network disk that ``folder`` is on; None where it is on none, or the system does not tell."""
    try:
        place = folder.resolve().as_posix()
    except OSError:
        return None
    best, kind = "", ""
    for line in limits.text_of(mounts).splitlines():
        _, where, what, *_ = line.split(" ")
        inside = place == where or place.startswith(where.rstrip("/") + "/")
        if inside and len(where) >= len(best):
            best, kind = where, what
    return kind if kind.startswith(REMOTE) else None
