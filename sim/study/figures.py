"""One figure of a distribution, off its draws: the mean, a quantile, or the chance of passing a threshold.

Each gives the figure of all draws and of each replicate, draw d being of replicate d mod 16; what is no finite number is
left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim import reduce

Found = tuple[float, np.ndarray]


class Figure(Protocol):
    """A figure of draws; ``pure`` where it is a pure number, whatever the output's unit."""

    pure: bool

    @property
    def label(self) -> str:
        """What it is, in words."""

    def of(self, draws: np.ndarray) -> Found:
        """The figure of float64[draws], and of each replicate, float64[16]."""


@dataclass(frozen=True)
class Mean:
    """The mean."""

    label = "mean"
    pure = False

    def of(self, draws: np.ndarray) -> Found:
        """Mean of all draws, and of each replicate."""
        each = _replicates(draws)
        finite = np.isfinite(each)
        with np.errstate(invalid="ignore", divide="ignore"):
            sums, counts = np.where(finite, each, 0.0).sum(axis=1), finite.sum(axis=1)
            return float(sums.sum() / counts.sum()), sums / counts


@dataclass(frozen=True)
class Quantile:
    """The quantile at ``level``, from 0 to 1, as ``np.quantile(..., method="inverted_cdf")`` has it."""

    level: float
    pure = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.level <= 1.0:
            raise ValueError(f"quantile: found {self.level}, expected a probability from 0 to 1")

    @property
    def label(self) -> str:
        """Such as ``95 % quantile``."""
        return f"{100 * self.level:g} % quantile"

    def of(self, draws: np.ndarray) -> Found:
        """Quantile of all draws, and of each replicate."""
        return self._one(draws), np.array([self._one(each) for each in _replicates(draws)])

    def _one(self, draws: np.ndarray) -> float:
        held = draws[np.isfinite(draws)]
        if not held.size:
            return float("nan")
        rank = min(max(int(np.ceil(held.size * self.level - 1.0)), 0), held.size - 1)
        return float(np.partition(held, rank)[rank])


@dataclass(frozen=True)
class Chance:
    """The chance of being above ``threshold``."""

    threshold: float
    pure = True

    def __post_init__(self) -> None:
        if not np.isfinite(self.threshold):
            raise ValueError(f"threshold: found {self.threshold}, expected a number")

    @property
    def label(self) -> str:
        """Such as ``chance of more than 30,000``."""
        return f"chance of more than {self.threshold:,g}"

    def of(self, draws: np.ndarray) -> Found:
        """Share of draws above the threshold, of all and of each replicate."""
        above = np.where(np.isfinite(draws), draws > self.threshold, np.nan)
        return Mean().of(above)


def _replicates(draws: np.ndarray) -> np.ndarray:
    """The draws of each replicate, float64[16, n], a row after the other."""
    return np.ascontiguousarray(draws.reshape(-1, reduce.REPLICATES).T, dtype=np.float64)
