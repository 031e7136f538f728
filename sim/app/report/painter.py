"""A process beside this one that draws pictures, while this one reads the result and finds the words.

What draws holds Python's lock, so threads would only take turns. The process is a fresh one, which a fork of this one, with
its threads and its open file, could not safely be. It knows nothing but what it is asked; when this one is gone, it ends.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any

from sim.app.report.easel import Drawing, Easel
from sim.threads import available_cores

_LENGTH = struct.Struct("<Q")
# The folder of this process comes first where Python is told code or a module, and may hold files of any name.
_CODE = "import sys; sys.path[:] = sys.argv[1:]; from sim.app.report.painter import work; work()"


class Painter:
    """The process, and the thread that talks to it."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _CODE, *filter(None, sys.path)]
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        # In a session of its own: Ctrl-C is for this process, and the pipe tells that one of it.
        self._process = subprocess.Popen(command, **pipes, start_new_session=True)
        self._talk = ThreadPoolExecutor(1, thread_name_prefix="suanli-painter")

    def ask(self, drawing: Drawing) -> Future[str]:
        """Have it drawn after all that was asked for before; the SVG.

        What cannot be drawn there, for whatever reason, is an exception of the future's.
        """
        try:
            asked = pickle.dumps(drawing, pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # what a book's or a model's objects raise
            failed: Future[str] = Future()
            failed.set_exception(error)
            return failed
        return self._talk.submit(self._answer, asked)

    def _answer(self, asked: bytes) -> str:
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise OSError("the painter has no pipes")
        _put(into, asked)
        drawn, told = pickle.loads(_take(out))
        if not drawn:
            raise RuntimeError(told)
        return str(told)

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._talk.shutdown(cancel_futures=True)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


@contextlib.contextmanager
def hired(wanted: bool) -> Iterator[Painter | None]:
    """A painter while the block runs; None if none is wanted, there is a single core, or no process can be started."""
    painter = None
    if wanted and available_cores() > 1:
        with contextlib.suppress(OSError, TypeError):  # TypeError where Python does not know its own program
            painter = Painter()
    try:
        yield painter
    finally:
        if painter is not None:
            painter.close()


def work() -> None:
    """Draw what standard input asks for until it ends; in the painter's process."""
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no answer
    _warm()
    easel = Easel()
    with contextlib.suppress(EOFError, OSError):
        while True:
            drawing = pickle.loads(_take(asked))
            try:
                answer = True, easel.svg(drawing)
            except Exception as error:  # told to who asked
                answer = False, f"{type(error).__name__}: {error}"
            _put(told, pickle.dumps(answer))


def _warm() -> None:
    """Import what the first picture needs, before it is asked for."""
    # xarray would import it, half a second's work, to see whether arrays are dask's; none is here.
    sys.modules["dask"] = None  # type: ignore[assignment]
    import matplotlib.backends.backend_svg
    import matplotlib.figure  # noqa: F401

    import sim.results.plot  # noqa: F401


def _put(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def _take(pipe: IO[bytes]) -> bytes:
    """The next message.

    Raises
    ------
    EOFError: where there is none, or it breaks off.
    """
    length = pipe.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        raise EOFError
    message = pipe.read(_LENGTH.unpack(length)[0])
    if len(message) < _LENGTH.unpack(length)[0]:
        raise EOFError
    return message
