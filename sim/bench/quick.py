"""How fast this machine is beside the table's, in a second: bare loops alone, which need none of the engine's kernels.

The bare limits of three figures (arithmetic on integers, on their bits, sums of floats) are timed again. What the engine
makes of a machine follows them closely enough to say how fast it should be, not to compare versions: that is what
``suanli bench`` is for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.bench import bare, figures
from sim.bench.tables import reference
from sim.bench.timer import Timing, alternate

ROUNDS = 7


class Expected(NamedTuple):
    """What this machine should reach.

    Attributes
    ----------
    ratio: how many times as fast as the table's machine, the geometric mean of ``ns``'s ratios; None without a table.
    ns: by figure, this machine's bare limit.
    draws_per_second: of the market on one thread.
    """

    ratio: float | None
    ns: dict[str, float]
    draws_per_second: float | None


def expected(rounds: int = ROUNDS) -> Expected:
    """Time the bare loops and scale the table that the package ships."""
    jobs = _jobs()
    samples = alternate({name: job for name, (job, _) in jobs.items()}, rounds=rounds)
    ns = {name: Timing.of(samples[name]).median / pieces for name, (_, pieces) in jobs.items()}
    shipped = reference()
    if shipped is None:
        return Expected(None, ns, None)
    ratios = [shipped["figures"][name]["bare_ns"] / found for name, found in ns.items()]
    ratio = math.prod(ratios) ** (1.0 / len(ratios))
    return Expected(ratio, ns, shipped["market"]["draws_per_second"] * ratio)


def _jobs() -> dict[str, tuple[Callable[[], Any], int]]:
    """By figure the same bare loop as in :data:`~sim.bench.figures.FIGURES`, and the pieces that it does a call."""
    count = figures.STREAMS * figures.DRAWS
    words, flat = np.empty((4, count // 4), np.uint32), np.empty(count, np.uint32)
    add = np.arange(1, figures.WIDTH + 1, dtype=np.uint32) * np.uint32(123_456_789)
    rows = figures.values()
    out = np.empty((len(rows), 4))
    return {
        "word": (lambda: bare.words(*words), count),
        "coordinate": (lambda: bare.coordinates(add, add | np.uint32(1), flat), count),
        "moments": (lambda: bare.moments(rows, out), rows.size),
    }
