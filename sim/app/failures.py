"""What went wrong, in one message that says what was found and what is expected, and whose mistake it is."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import FrameType

import click

from priors.nearness import closest

MISTAKE, OURS, STOPPED = 2, 1, 130
STOPPED_TEXT = "suanli: stopped by Ctrl-C; nothing was written"
_TRACE = "SUANLI_TRACEBACK"
_WRITER = "sim.results.atomic"


def begin() -> None:
    """A command begins, which has written nothing yet."""
    if _WRITER in sys.modules:
        sys.modules[_WRITER].last = None  # type: ignore[attr-defined]


def stopped_text() -> str:
    """What is said of Ctrl-C: a file may have been in its place already."""
    there = getattr(sys.modules.get(_WRITER), "last", None)
    return STOPPED_TEXT if there is None else f"suanli: stopped by Ctrl-C; {there} had been written by then"


class Mistake(click.ClickException):
    """The user's mistake; its message says what was found, what is expected and, for a name, the nearest one."""

    exit_code = MISTAKE


class Interrupted(Exception):  # noqa: N818 - not an error
    """The user pressed Ctrl-C."""


class ReaderGone(Exception):  # noqa: N818 - not an error
    """Whoever read our output has closed it (``| head``)."""


def interrupted(error: BaseException) -> bool:
    """Whether Ctrl-C is what ended the run, also where a library turned it into an error of its own."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, KeyboardInterrupt | Interrupted):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


@dataclass(frozen=True)
class Process:
    """Whether the process is the command's own (``suanli …``), to be ended by it, or a host's (tests, notebooks)."""

    own: bool


@contextlib.contextmanager
def ending_at_once(process: Process | None, said: str = STOPPED_TEXT) -> Iterator[None]:
    """Let Ctrl-C end the process at once, with the line ``said``, while the block runs: no file is open that a user would miss.

    Unwinding would wait for every thread, and one that compiles its first kernel takes up to a minute to listen.
    """
    if process is None or not process.own or not _heard():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        if os.isatty(2):
            os.write(2, b"\r\x1b[2K\x1b[?25h")  # the progress bar's line, and the cursor that it hides
        os.write(2, f"{said}\n".encode())
        os._exit(STOPPED)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def interrupt_quietly() -> None:
    """Let Ctrl-C unwind as ever, without Python's reports of destructors that fail on the way.

    Ctrl-C inside a library (llvmlite while it compiles) may meet an object that is half built. For a process of our own
    alone, which ends then.
    """
    if _heard():
        signal.signal(signal.SIGINT, _interrupt)


def _heard() -> bool:
    """Whether Ctrl-C is ours: in the main thread, and where whoever started us did not have it ignored (``nohup``, ``&``)."""
    main = threading.current_thread() is threading.main_thread()
    return main and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def _interrupt(number: int, frame: FrameType | None) -> None:
    sys.unraisablehook = lambda report: None
    _pressed.set()
    raise KeyboardInterrupt


_pressed = threading.Event()


def heed(*_: object) -> None:
    """Raise Ctrl-C again where a library that it met half way made nothing of it, as some do while they are imported.

    Raises
    ------
    KeyboardInterrupt: if it was pressed before.
    """
    if _pressed.is_set():
        raise KeyboardInterrupt


def let_go(process: Process) -> None:
    """Let a second Ctrl-C end a process of our own at once and silently, while threads and caches are being put away."""
    if process.own and _heard():
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def require(name: str, known: Iterable[str], kind: str, where: str) -> None:
    """Refuse ``name`` unless it is among ``known``, naming the nearest one.

    Raises
    ------
    Mistake: ``no scenario "baselin" in the book; did you mean "baseline"?``
    """
    names = list(known)
    if name in names:
        return
    near = closest(name, names)
    hint = f'did you mean "{near}"?' if near is not None else "expected " + listed(names)
    raise Mistake(f'no {kind} "{name}" in {where}; {hint}')


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names as a phrase: ``a, b or c``; a long list is cut."""
    found = list(names)
    if len(found) > most:
        return ", ".join(found[:most]) + f", … ({len(found)} in all)"
    return " or ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found) or "nothing (there is none)"


def answer(error: Exception) -> tuple[int, str]:
    """Exit status and message for an error that reached the top."""
    if os.environ.get(_TRACE):
        traceback.print_exception(error)
    reason = str(error).strip() or type(error).__name__
    if type(error).__name__ == "BookError":
        return MISTAKE, f"suanli: {reason}"
    if isinstance(error, MemoryError):
        return MISTAKE, "suanli: not enough memory for the draws to be kept; lower --keep-draws or give --keep none"
    if isinstance(error, OSError) and error.errno is not None:
        return MISTAKE, f"suanli: {refusal(error)}"
    name, words = type(error).__name__, " ".join(reason.split())[:300]
    return OURS, f"suanli: a fault of our own: {name}: {words} (please report it; {_TRACE}=1 shows where)"


def refusal(error: OSError, path: str | os.PathLike[str] | None = None) -> str:
    """What the machine refused, on which file (``path`` where the error does not say), and the remedy where there is one."""
    remedies = {
        errno.ENOSPC: "free some room or name another folder",
        errno.EDQUOT: "free some room or name another folder",
        errno.EFBIG: "the process may not write files that large; raise the limit (ulimit -f) or keep fewer draws",
        errno.EACCES: "name a folder that you may write to",
        errno.EPERM: "name a folder that you may write to",
        errno.EROFS: "name a folder that you may write to",
    }
    reason = error.strerror or str(error)
    name = error.filename or path
    where = f"{name}: " if name else ""
    cure = remedies.get(error.errno or 0)
    return f"{where}{reason}" + (f"; {cure}" if cure else "")


def worded(error: click.ClickException) -> str:
    """A click error in one line: the command, what is wrong, and where help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "suanli"
    message = (
        " ".join(error.format_message().split()) if isinstance(error, click.UsageError) else error.format_message()
    )
    help_at = f" (see {path} --help)" if isinstance(error, click.UsageError) else ""
    return f"{path}: {message}{help_at}"
