"""What ``suanli run --cluster`` adds to a run: its option checked, what happens on the way and what goes wrong in a line."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

from sim.app import failures, terminal

BESIDE = ("until", "checkpoint", "part", "threads")


def check(asked: Any) -> None:
    """Refuse an address that is none, and options that do not go with a cluster.

    Raises
    ------
    Mistake: saying what was found and what is expected.
    """
    if asked.cluster is None:
        return
    for name in BESIDE:
        if getattr(asked, name) is not None:
            raise failures.Mistake(f"--cluster and --{name}: found both, expected one of them")
    from sim.cluster import checked  # Numba, 0.5 s

    try:
        checked(asked.cluster)
    except ValueError as error:
        raise failures.Mistake(f"--{error}") from error


class _Notes(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        terminal.note(f"suanli: {record.getMessage()}")


def tell(*, quiet: bool) -> None:
    """Let what the cluster's side has to say appear on stderr: where it is, its dashboard, which worker is refused."""
    log = logging.getLogger("suanli.cluster")
    if not quiet and not log.handlers:
        log.addHandler(_Notes())
        log.setLevel(logging.INFO)
        log.propagate = False


def ending() -> contextlib.AbstractContextManager[None]:
    """Let Ctrl-C unwind: processes that were started for the run are ended by the way."""
    return contextlib.nullcontext()


def answered(error: RuntimeError) -> BaseException:
    """The user's mistake where a cluster did not do what was asked of it; else the error itself."""
    return failures.Mistake(str(error)) if type(error).__name__ == "ClusterError" else error
