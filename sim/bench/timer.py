"""How long something takes: the median of rounds in which all jobs take turns, with its quartiles.

Jobs that are compared are timed in turn, so that whatever else the machine does falls on all of them alike. Time is CPU
time of the calling thread unless told otherwise: what another process takes away is not counted, though the caches that
it spoils are.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Clock = Callable[[], int]
SAMPLE = 1_000_000  # ns; a shorter job is called many times for one sample


class Timing(NamedTuple):
    """Median and quartiles of some samples, in the samples' unit."""

    median: float
    low: float
    high: float
    repeats: int

    @classmethod
    def of(cls, samples: Sequence[float]) -> Timing:
        """Summarise one sample or more."""
        if len(samples) < 2:
            return cls(samples[0], samples[0], samples[0], len(samples))
        low, median, high = statistics.quantiles(samples, n=4, method="inclusive")
        return cls(median, low, high, len(samples))

    @property
    def spread(self) -> float:
        """Half the distance of the quartiles, relative to the median."""
        return (self.high - self.low) / 2.0 / self.median if self.median else 0.0

    def scaled(self, factor: float) -> Timing:
        """The same in another unit; ``factor`` > 0."""
        return Timing(self.median * factor, self.low * factor, self.high * factor, self.repeats)


def alternate(
    jobs: Mapping[str, Callable[[], Any]], *, rounds: int = 15, clock: Clock = time.thread_time_ns
) -> dict[str, list[float]]:
    """Time ``jobs`` in turn, ``rounds`` times.

    Parameters
    ----------
    jobs: by name; each is called once before it counts, so that compiling and first touches do not.
    rounds: samples of each job.
    clock: ns so far; ``time.perf_counter_ns`` for what a person waits.

    Returns
    -------
    dict
        By name, the ns a call of each round; samples of one round belong together.
    """
    calls = {name: _calls(job, clock) for name, job in jobs.items()}
    found: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            found[name].append(_sample(job, calls[name], clock))
    return found


def _calls(job: Callable[[], Any], clock: Clock) -> int:
    """How many calls make a sample; doubles until they last."""
    job()
    calls = 1
    while calls < 1 << 20 and _sample(job, calls, clock) * calls < SAMPLE:
        calls *= 2
    return calls


def _sample(job: Callable[[], Any], calls: int, clock: Clock) -> float:
    start = clock()
    for _ in range(calls):
        job()
    return (clock() - start) / calls
