"""Ctrl-C that waits: libraries in C lose it where they call back, with part of what they were doing."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def held() -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C back while the block runs; what it yields lets it through, at a moment that harms nothing, as its end does.

    In the main thread alone, which gets it; where Ctrl-C does something else than call a function of Python's, it goes on
    doing so.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield lambda: None
        return
    pressed: list[int] = []  # and no frame, which would hold on to what C lent it

    def let_through() -> None:
        if pressed:
            before(pressed.pop(), None)

    signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield let_through
    finally:
        signal.signal(signal.SIGINT, before)
    let_through()
