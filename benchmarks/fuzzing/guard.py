"""What an input may not do: take over a second, more than so much memory, or touch a file outside its folder."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

SECONDS = 1.0
MEMORY = 2 << 30
_WALL = 60.0
_MOVING = {
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.symlink", "os.link", "os.truncate", "os.chmod", "os.chown",
    "os.utime", "shutil.rmtree", "shutil.move", "shutil.copyfile",
}  # fmt: skip
_NEVER = ("subprocess.", "socket.connect", "socket.bind", "os.system", "os.exec", "os.posix_spawn", "os.fork", "exec_")


class TooLong(BaseException):
    """An input took longer than it may; no handler of the reader can swallow it."""


class Touched(BaseException):
    """An input led to a file or a process outside its folder."""


class Guard:
    """Watches the process while an input is read; for a process of its own, as hooks, limits and signal handlers stay.

    Attributes
    ----------
    folder: the only place where files may be written, moved or removed; fresh, and removed by :meth:`close`.
    murmured: an error in a destructor, of which Python prints the traceback and goes on; empty where there was none.
    """

    def __init__(self, memory: int = MEMORY) -> None:
        self._room = tempfile.TemporaryDirectory(prefix="fuzz-")
        self.folder = Path(self._room.name)
        self._inside = os.path.realpath(self.folder) + os.sep
        self._on = False
        self.murmured = ""
        sys.unraisablehook = self._unraisable
        signal.signal(signal.SIGPROF, _late)
        signal.signal(signal.SIGALRM, _late)
        sys.addaudithook(self._heard)
        if memory:
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (_address_space() + memory, hard))

    @contextlib.contextmanager
    def watching(self, seconds: float = SECONDS) -> Iterator[None]:
        """Raise :class:`TooLong` or :class:`Touched` from whatever the block does; seconds are of the processor."""
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, _WALL)
        self._on, self.murmured = True, ""
        try:
            yield
        finally:
            self._on = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def close(self) -> None:
        """Remove the folder."""
        self._room.cleanup()

    def _unraisable(self, report: Any) -> None:
        self.murmured = (
            f"{type(report.exc_value).__name__} in {getattr(report.object, '__qualname__', report.object)!s:.80}"
        )

    def _heard(self, event: str, args: tuple[Any, ...]) -> None:
        if not self._on:
            return
        if event == "open":
            path, mode, flags = args
            writes = (isinstance(mode, str) and any(c in mode for c in "wax+")) or (
                isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            )
            if writes and not self._allowed(path):
                raise Touched(f"opened {path!r} to write")
        elif event in _MOVING and not self._allowed(args[0]):
            raise Touched(f"{event} of {args[0]!r}")
        elif event.startswith(_NEVER):
            raise Touched(f"{event} {args!r}"[:200])

    def _allowed(self, path: Any) -> bool:
        if isinstance(path, int):
            return True  # a file that is open already
        return (os.path.realpath(os.fsdecode(path)) + os.sep).startswith(self._inside)


def _late(number: int, frame: FrameType | None) -> None:
    raise TooLong


def _address_space() -> int:
    pages = Path("/proc/self/statm").read_text().split()[0] if Path("/proc/self/statm").exists() else "0"
    return int(pages) * resource.getpagesize()
