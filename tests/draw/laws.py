"""Laws that tables are tried on, from SciPy and by hand, and what a table should say of a word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats

from sim.draw.table import flatten, look_up
from sim.draw.tabulate import Table, tabulate


@dataclass(frozen=True, eq=False)
class Law:
    """A frozen distribution of SciPy with the places of its kinks."""

    frozen: Any
    kinks: tuple[float, ...] = ()

    @property
    def support(self) -> tuple[float, float]:
        return self.frozen.support()

    def ppf(self, p: np.ndarray) -> np.ndarray:
        return self.frozen.ppf(p)

    def isf(self, q: np.ndarray) -> np.ndarray:
        return self.frozen.isf(q)

    def breaks(self) -> tuple[float, ...]:
        return self.kinks


@dataclass(frozen=True, eq=False)
class Steps:
    """Values with probabilities, whose every jump is named, or none of them."""

    values: np.ndarray
    chances: np.ndarray
    named: bool = True
    rising: np.ndarray = field(init=False)
    falling: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rising", np.cumsum(self.chances)[:-1])
        object.__setattr__(self, "falling", np.cumsum(self.chances[::-1])[:-1])

    @property
    def support(self) -> tuple[float, float]:
        return float(self.values[0]), float(self.values[-1])

    def ppf(self, p: np.ndarray) -> np.ndarray:
        return self.values[np.searchsorted(self.rising, p)]

    def isf(self, q: np.ndarray) -> np.ndarray:
        return self.values[::-1][np.searchsorted(self.falling, q, side="right")]

    def breaks(self) -> tuple[float, ...]:
        return tuple(self.rising) if self.named else ()


@dataclass(frozen=True, eq=False)
class Dented:
    """A uniform law with a flat place, a jump and a kink, at probabilities that are no round numbers."""

    named: bool = True
    support: tuple[float, float] = (0.0, 2.0)

    def ppf(self, p: np.ndarray) -> np.ndarray:
        p = np.asarray(p)
        return np.select(
            [p <= 0.1234567, p <= 0.3, p <= 0.71], [p, 0.1234567, p + 0.5], 1.21 + (p - 0.71) * 0.79 / 0.29
        )

    def isf(self, q: np.ndarray) -> np.ndarray:
        return self.ppf(1.0 - np.asarray(q))

    def breaks(self) -> tuple[float, ...]:
        return (0.1234567, 0.3, 0.71) if self.named else ()


@dataclass(frozen=True, eq=False)
class Lines:
    """Values joined by lines in the quantile function, as chances apart as told."""

    values: np.ndarray
    chances: np.ndarray

    @property
    def support(self) -> tuple[float, float]:
        return float(self.values[0]), float(self.values[-1])

    def ppf(self, p: np.ndarray) -> np.ndarray:
        return np.interp(p, np.cumsum([0.0, *self.chances[:-1], 2.0]), [*self.values[:-1], self._beyond(1)])

    def isf(self, q: np.ndarray) -> np.ndarray:
        falling = np.cumsum([0.0, *self.chances[:0:-1], 2.0])
        return np.interp(q, falling, [*self.values[:0:-1], self._beyond(0)])

    def _beyond(self, end: int) -> float:
        """Where the last line would come to after a chance of 2, so that no rounding of the chances' sum bends it."""
        rise = np.diff(self.values)[-end] / self.chances[-end]
        return float(self.values[-2] + 2.0 * rise if end else self.values[1] - 2.0 * rise)

    def breaks(self) -> tuple[float, ...]:
        return tuple(np.cumsum(self.chances)[:-1])


def lines(n: int) -> Lines:
    rng = np.random.default_rng(n)
    return Lines(np.sort(rng.normal(size=n)), rng.dirichlet(np.ones(n - 1)))


def many_steps(n: int) -> Steps:
    rng = np.random.default_rng(n)
    return Steps(np.sort(rng.normal(size=n)), rng.dirichlet(np.ones(n)))


SMOOTH: dict[str, Any] = {
    "uniform": Law(stats.uniform(-3, 5)),
    "triangular": Law(stats.triang(0.3), (0.3,)),
    "triangular, kink at an octave's start": Law(stats.triang(0.25), (0.25,)),
    "triangular, kink above the median": Law(stats.triang(0.83), (0.83,)),
    "triangular, kink far out": Law(stats.triang(0.999), (0.999,)),
    "triangular, kink near the median": Law(stats.triang(0.4999), (0.4999,)),
    "two values joined": lines(3),
    "nine values joined": lines(10),
    "thirty values joined": lines(30),
    "triangular, mode at its end": Law(stats.triang(1.0)),
    "triangular, kink not named": Law(stats.triang(0.3)),
    "pert": Law(stats.beta(2.2, 3.8)),
    "beta without a bound to its density": Law(stats.beta(0.3, 0.4)),
    "beta, sharp": Law(stats.beta(200, 3)),
    "normal": Law(stats.norm()),
    "normal, far from zero": Law(stats.norm(1e6, 1.0)),
    "normal, truncated": Law(stats.truncnorm(-0.5, 4)),
    "normal, truncated to a tail": Law(stats.truncnorm(5, 9)),
    "lognormal": Law(stats.lognorm(0.4)),
    "lognormal, wide": Law(stats.lognorm(1.5)),
    "gamma": Law(stats.gamma(2.5)),
    "gamma, peaked at zero": Law(stats.gamma(0.25)),
    "exponential": Law(stats.expon()),
    "student": Law(stats.t(3)),
    "cauchy": Law(stats.cauchy()),
    "weibull": Law(stats.weibull_min(0.7)),
    "two jumps and a flat place": Dented(),
    "two jumps and a flat place, not named": Dented(named=False),
}

QUARTERS = np.arange(60.0)

STEPS: dict[str, Any] = {
    "fixed": Steps(np.array([4.0]), np.array([1.0])),
    "bernoulli": Steps(np.array([0.0, 1.0]), np.array([0.7, 0.3])),
    "bernoulli, even": Steps(np.array([0.0, 1.0]), np.array([0.5, 0.5])),
    "bernoulli, rare": Steps(np.array([0.0, 1.0]), np.array([1 - 1e-9, 1e-9])),
    "choice": Steps(np.array([-1.0, 2.0, 7.5, 9999.0]), np.array([0.1, 0.25, 0.6, 0.05])),
    "choice, not named": Steps(np.array([-1.0, 2.0, 7.5, 9999.0]), np.array([0.1, 0.25, 0.6, 0.05]), named=False),
    "poisson, not named": Law(stats.poisson(4.2)),
    "hazard of 60 quarters": Steps(
        np.append(np.arange(60.0), 9999.0), np.append(0.03 * 0.97 ** np.arange(60), 0.97**60)
    ),
    "3,000 values": many_steps(3000),
}


def deep_words(count: int = 20_000) -> np.ndarray:
    """Words of the middle and of both tails down to the last one, uint32."""
    rng = np.random.default_rng(5)
    powers = np.uint64(1) << np.arange(32, dtype=np.uint64)
    low = np.concatenate(
        [
            np.arange(40, dtype=np.uint64),
            powers,
            powers - np.uint64(1),
            powers + np.uint64(1),
            rng.integers(0, 1 << 32, count).astype(np.uint64),
            np.exp2(rng.uniform(0, 32, count)).astype(np.uint64),
        ]
    )
    # Words round to the median's own float, or away from it, some hundred words below it.
    low = np.concatenate([low[low < 1 << 32], np.arange((1 << 31) - 300, 1 << 31, dtype=np.uint64)])
    return np.concatenate([low, np.uint64(0xFFFFFFFF) - low]).astype(np.uint32)


def exact(law: Any, words: np.ndarray) -> np.ndarray:
    """Quantile of (w + 1/2) / 2^32, by ``isf`` in the upper half."""
    rank = np.minimum(words, ~words).astype(np.float64)
    tail = (rank + 0.5) / 2.0**32
    return np.where(words >> 31, law.isf(tail), law.ppf(tail))


def build(law: Any) -> Table:
    """Table of a law, past every cache."""
    return tabulate(law)


def tabled(law: Any, words: np.ndarray, loc: float = 0.0, scale: float = 1.0) -> np.ndarray:
    """What the law's table says."""
    return look_up(flatten([build(law)]), 0, words, loc, scale)
