"""Files that appear under their name whole or not at all, and leave nothing behind when that fails."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from sim.results import interrupts

_NUMBER = itertools.count()
_DAY = 86_400.0

last: Path | None = None
"""What this process last put in its place."""


def _host() -> str:
    # A process number says nothing of a process on another machine that shares the folder.
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A fresh name beside ``path`` to write to; it takes ``path``'s place when the block ends well.

    Until then what stands at ``path`` is untouched. File and folder are synced to the disk. When the block fails, or is
    interrupted, the fresh name is removed. A folder takes a folder's place by two renames: see :func:`sweep`. Of a link the
    file that it leads to is replaced. Ctrl-C waits from the moment at which the place is taken; ``last`` tells then.

    Raises
    ------
    OSError: from the file system, or for a device or a pipe.
    """
    global last
    if path.is_symlink():
        path = path.resolve()
    if special(path):
        raise OSError(errno.EINVAL, "found a device or a pipe, expected a file or nothing", str(path))
    sweep(path)
    fresh = path.with_name(f".{path.name}.{_host()}-{os.getpid()}-{next(_NUMBER)}.new{path.suffix}")
    try:
        yield fresh
        _sync(fresh)
        with interrupts.held():
            _put(fresh, path)
            last = path
    except BaseException:
        remove(fresh)
        raise
    sync_folder(path.parent)


def special(path: Path) -> bool:
    """Whether there is something at ``path`` that is neither file nor folder, or a link to such."""
    return path.exists() and not (path.is_file() or path.is_dir())


def sweep(path: Path) -> None:
    """Remove what dead processes left of earlier writes to ``path``; bring back a store that was moved aside.

    A leftover of another machine is taken for dead after a day.
    """
    mark = re.compile(rf"\.{re.escape(path.name)}\.([0-9a-f]{{8}})-(\d+)-\d+\.(new|old){re.escape(path.suffix)}")
    if not path.parent.is_dir():
        return
    for entry in sorted(path.parent.iterdir()):
        found = mark.fullmatch(entry.name)
        if not found or _alive(found[1], int(found[2]), entry):
            continue
        if found[3] == "old" and not path.exists():
            os.rename(entry, path)  # noqa: PTH104 - killed between the two renames
        else:
            remove(entry)


def remove(path: Path) -> None:
    """Remove a file or a folder, whatever there is of it; says nothing if it cannot.

    Threads of a library may still be writing to a folder: it is tried for a second.
    """
    with contextlib.suppress(OSError):
        if not path.is_dir() or path.is_symlink():
            path.unlink(missing_ok=True)
            return
        for _ in range(20):
            shutil.rmtree(path, ignore_errors=True)
            if not path.exists():
                return
            time.sleep(0.05)


def _alive(host: str, process: int, entry: Path) -> bool:
    if host != _host():
        with contextlib.suppress(OSError):
            return time.time() - entry.stat().st_mtime < _DAY
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _put(fresh: Path, path: Path) -> None:
    if not (fresh.is_dir() and path.is_dir()):
        os.replace(fresh, path)  # noqa: PTH105 - tests make this very call fail
        return
    aside = fresh.with_name(fresh.name.removesuffix(f".new{path.suffix}") + f".old{path.suffix}")
    os.rename(path, aside)  # noqa: PTH104
    try:
        os.rename(fresh, path)  # noqa: PTH104
    except BaseException:
        os.rename(aside, path)  # noqa: PTH104
        raise
    # Before the older store goes, so that a power cut leaves one of the two whole.
    sync_folder(path.parent)
    remove(aside)


def _sync(path: Path) -> None:
    if path.is_dir():
        for folder, _, names in os.walk(path):
            for name in names:
                _sync(Path(folder) / name)
            sync_folder(Path(folder))
        return
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
