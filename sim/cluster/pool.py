"""What the loop of :mod:`sim.cluster.drive` asks of whatever runs tasks, and what it tells; nothing of dask.

:mod:`sim.cluster.dask_pool` makes a :class:`Pool` of a dask client, tests make one of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Note = Callable[[str], Any]
"""Told in a line what a person may want to know."""


class ClusterError(RuntimeError):
    """A cluster did not do what was asked of it; the message is one line that says why."""


class Job(Protocol):
    """A task under way."""

    def outcome(self) -> str | BaseException:
        """``"done"``, or why it failed; only after it ended."""

    def fetch(self) -> Any:
        """What it came to; waits for it."""


class Pool(Protocol):
    """Whatever runs tasks."""

    def submit(self, name: tuple[Any, ...], function: Callable[..., Any], *arguments: Any) -> Job:
        """Start ``function`` under a name of its own; ``arguments`` may be jobs, whose bytes it gets."""

    def when_done(self, job: Job, call: Callable[[], None]) -> None:
        """Call ``call``, in any thread, when the job ended."""

    def slots(self) -> int:
        """How many tasks run at a time, by what is known now."""

    def refuse(self, error: BaseException) -> bool:
        """Keep tasks from the worker that ``error`` tells to be a stranger; False if it tells nothing of the kind."""

    def lost(self, error: BaseException) -> bool:
        """Whether ``error`` is of a worker that went away, rather than of the task."""


@dataclass(frozen=True)
class Patience:
    """How long is waited, in seconds.

    Attributes
    ----------
    first: for the first run, which may have kernels to compile before it.
    least, times: for others, ``times`` as long as the median of those that came back took a shard, but at least ``least``.
    silence: with nothing heard of any task, until the run is given up.
    attempts: of one task.
    glance: between looks at what is out for too long.
    """

    first: float = 600.0
    least: float = 30.0
    times: float = 8.0
    silence: float = 1800.0
    attempts: int = 25
    glance: float = 1.0

    def limit(self, times: Sequence[float], shards: int = 1) -> float:
        """How long a task of so many shards may be out, by how long a shard of the runs so far took."""
        lately = sorted(times[-255:])
        return max(self.least, self.times * lately[len(lately) // 2] * shards) if lately else self.first


@dataclass
class Told:
    """What happened on the way; ``merging`` in seconds of this process, ``times`` of runs in order, a shard's."""

    runs: int = 0
    merges: int = 0
    again: int = 0
    copies: int = 0
    fetched: int = 0
    bytes: int = 0
    merging: float = 0.0
    times: list[float] = field(default_factory=list)

    def silence(self, seconds: float, slots: int, done: int, out: int, runs: int) -> str:
        """What is known where nothing is heard, in one line; ``done`` and ``out`` of so many runs."""
        there = "no worker is left" if slots == 0 else f"the scheduler knows of {slots} slots for tasks"
        return (
            f"nothing was heard of any task for {seconds:.0f} s: {there}; {done:,} of {runs:,} runs are done, {out} under way; "
            f"{self.again} tasks were handed out again and {self.copies} copied; look at the workers' logs"
        )
