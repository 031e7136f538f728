"""A folder that keeps the shards of one run: whole or not at all, by one process at a time, through kills and power cuts.

First comes ``job.json``, which says what is run, then a file a shard. Each is written beside its place, synced, renamed,
and the folder synced, so a name stands for whole content or is not there. ``lock`` is held while a run lasts; the system
lets go of it when the process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sim.results import atomic
from sim.results.errors import WriteError
from sim.shards.job import refuse_stranger
from sim.shards.packed import from_bytes, to_bytes
from sim.shards.shard import Shard, overlap

JOB, LOCK = "job.json", "lock"
FORMAT = "suanli checkpoint 1"
_SHARD = re.compile(r"\d{8,}-\d{8,}\.shard")
_LEFTOVER = re.compile(r"\..+\.[0-9a-f]{8}-\d+-\d+\.new\.(json|shard)")


class Folder:
    """The folder ``path``, held for the run that ``job`` tells of; use :func:`held`."""

    def __init__(self, path: Path, job: str, tell: Callable[[str], Any]) -> None:
        self.path, self._job, self._tell = path, job, tell

    def shards(self) -> Iterator[Shard]:
        """The shards that are there; one that is damaged is told of and removed.

        Raises
        ------
        ValueError: for a shard of another run, or draws that are in two.
        OSError: if one cannot be read or removed.
        """
        seen: list[tuple[int, int]] = []
        for file in sorted(self.path.iterdir()):
            if not _SHARD.fullmatch(file.name):
                continue
            try:
                shard = from_bytes(file.read_bytes())
            except ValueError as error:
                self._tell(f"{file}: {str(error).partition(';')[0]}; its draws are run again")
                file.unlink()
                continue
            refuse_stranger(self._job, shard.job, "this run", str(file))
            if overlap(seen, shard.leaves):
                raise ValueError(f"{file}: holds draws that another file beside it has too; remove one of them")
            seen += shard.leaves
            yield shard

    def keep(self, shard: Shard) -> None:
        """Keep a shard, for good when this returns.

        Raises
        ------
        WriteError: if the disk refuses; what was kept before stays.
        """
        first, last = shard.leaves[0][0], shard.leaves[-1][1]
        self._write(self.path / f"{first:08}-{last:08}.shard", to_bytes(shard))

    def begin(self) -> None:
        """Write down what is run here, or see that it is the same.

        Raises
        ------
        ValueError: if the folder is that of another run.
        WriteError: if it cannot be written to.
        """
        for file in self.path.iterdir():
            if _LEFTOVER.fullmatch(file.name):
                file.unlink()  # of a process that is no more: the lock is ours
        path = self.path / JOB
        if path.exists():
            job = _job_in(path.read_bytes())
            if job is not None:
                refuse_stranger(self._job, job, "this run", str(self.path))
                return
            self._tell(f"{path}: damaged; written anew, since every shard tells of its run too")
        content = {"format": FORMAT, "sha256": _digest(self._job), "job": self._job}
        self._write(path, json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")

    def _write(self, path: Path, data: bytes) -> None:
        try:
            with atomic.replacing(path) as fresh, fresh.open("xb") as file:
                file.write(data)
        except OSError as error:
            reason = f"{error.strerror or error}; what was kept before stays, and the same command goes on from it"
            raise WriteError(error.errno, reason, path) from error


@contextlib.contextmanager
def held(path: str | os.PathLike[str], job: str, tell: Callable[[str], Any]) -> Iterator[Folder]:
    """The folder ``path`` for the run of ``job``, made if it is not there, and nobody else's while the block runs.

    Raises
    ------
    ValueError: if another process holds it, or it is of another run, or something else.
    WriteError: if it cannot be made or written to.
    """
    place = Path(path)
    _refuse_other(place)
    try:
        place.mkdir(exist_ok=True)
        atomic.sync_folder(place.parent)
        lock = os.open(place / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        reason = f'no folder "{place.parent}"; make it first' if not place.parent.is_dir() else error.strerror
        raise WriteError(error.errno, reason or str(error), place) from error
    try:
        if not _locked(lock):
            raise ValueError(f"{place}: another run writes to it; wait for its end, or name another folder")
        folder = Folder(place, job, tell)
        folder.begin()
        yield folder
    finally:
        os.close(lock)


def _refuse_other(place: Path) -> None:
    """Refuse a file, and a folder that holds other things than a checkpoint, before anything is written to it."""
    if place.exists() and not place.is_dir():
        raise ValueError(f"{place}: found a file of that name, expected a folder or nothing")
    if not place.exists() or (place / JOB).exists():
        return
    for name in sorted(os.listdir(place)):  # noqa: PTH208 - names are all that is wanted
        if name != LOCK and not name.startswith(".") and not _SHARD.fullmatch(name):
            raise ValueError(f"{place}: found {name!r} in it, expected an empty folder or the checkpoint of a run")


def _locked(handle: int) -> bool:
    """Whether the lock is ours now; it goes with the handle."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        lock: Callable[[], Any] = lambda: msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # noqa: E731
    else:
        lock = lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # noqa: E731
    try:
        lock()
    except (BlockingIOError, PermissionError):
        return False
    return True


def _job_in(data: bytes) -> str | None:
    """The job that ``job.json`` tells of; None if it was changed."""
    try:
        content = json.loads(data)
        job = content["job"]
        return job if content["format"] == FORMAT and content["sha256"] == _digest(job) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
