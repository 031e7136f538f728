"""Figures of the registry, measured: ns a piece, the engine's and the bare limit's, round by round in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sim.bench.figures import FIGURES
from sim.bench.timer import Timing, alternate


class Measured(NamedTuple):
    """A figure in ns a piece.

    Attributes
    ----------
    engine, bare: what the engine takes, and the least it could.
    others: what else was timed beside it, by name.
    """

    engine: Timing
    bare: Timing
    others: dict[str, Timing]

    @property
    def of_limit(self) -> float:
        """How much of the limit is reached; above 1 where the engine does less than the bare loop."""
        return self.bare.median / self.engine.median

    @property
    def spread(self) -> float:
        """The wider of the two spreads."""
        return max(self.engine.spread, self.bare.spread)

    def as_json(self) -> dict[str, Any]:
        """The medians and the spread under stable keys."""
        found = {"ns": self.engine.median, "bare_ns": self.bare.median, "of_limit": self.of_limit}
        return found | {"spread": self.spread} | {name: timing.median for name, timing in self.others.items()}


Other = tuple[Callable[[], Any], int]


def measured(name: str, *, rounds: int = 15, others: dict[str, Other] | None = None) -> Measured:
    """Measure one figure of :data:`~sim.bench.figures.FIGURES`.

    Parameters
    ----------
    name: a key of the registry.
    rounds: samples of each job.
    others: more jobs to time in the same rounds, each with the pieces that it does a call.
    """
    trial = FIGURES[name].trial()
    jobs: dict[str, Callable[[], Any]] = {"engine": trial.engine, "bare": trial.bare}
    if trial.less:
        jobs["less"] = trial.less
    others = others or {}
    samples = alternate(jobs | {other: job for other, (job, _) in others.items()}, rounds=rounds)
    engine = samples["engine"]
    if trial.less:
        engine = [max(whole - part, 0.0) for whole, part in zip(engine, samples["less"], strict=True)]
    return Measured(
        _each(engine, trial.work),
        _each(samples["bare"], trial.work),
        {other: _each(samples[other], work) for other, (_, work) in others.items()},
    )


def _each(samples: Iterable[float], work: int) -> Timing:
    return Timing.of([sample / work for sample in samples])
