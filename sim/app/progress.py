"""How far a run has come, on a terminal; silent in a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from sim.app import failures, terminal


@contextlib.contextmanager
def bar(total: int, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Show draws done of ``total`` on stderr while the block runs, unless in a pipe; yields whom to tell of them.

    Whoever is told ends the work if Ctrl-C was pressed and came to nothing.
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield failures.heed
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal.console(stderr=True), transient=True) as shown:
        task = shown.add_task("draws", total=total)

        def tell(done: int) -> None:
            failures.heed()
            shown.update(task, completed=done)

        yield tell
