"""The value of information on decisions for which it is known, for :mod:`benchmarks.calibrate`.

To do something pays m + X + E, to leave it 0; X is standard normal and can be known, E is normal noise of standard deviation s.
EVPPI(X) = φ(m) − |m| Φ(−|m|) (Raiffa & Schlaifer 1961, 5.4). Besides, X² in place of X, whose payoff has two thresholds, and two
inputs known together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.integrate import quad
from scipy.stats import norm

from sim.study.information import Stakes

DRAWS = 16_384


@dataclass(frozen=True)
class Case:
    """A decision: the payoff of doing, given what is known, its noise, and the true EVPPI."""

    name: str
    known: int
    mean: Callable[[np.ndarray], np.ndarray]
    noise: float
    truth: float


def linear(m: float, s: float) -> Case:
    """Payoff m + X + E."""
    truth = float(norm.pdf(m) - abs(m) * norm.cdf(-abs(m)))
    return Case(f"m + X, m = {m:g}, s = {s:g}", 1, lambda x: m + x[0], s, truth)


def square(m: float) -> Case:
    """Payoff m + X² + E, worth doing outside of two thresholds."""
    gain, _ = quad(lambda x: max(m + x * x, 0.0) * norm.pdf(x), -9, 9, points=[-((-m) ** 0.5), (-m) ** 0.5])
    return Case(f"m + X², m = {m:g}, s = 1", 1, lambda x: m + x[0] ** 2, 1.0, float(gain - max(m + 1.0, 0.0)))


def product() -> Case:
    """Payoff X Y + E, both known: E max(X Y, 0) = 1 / π."""
    return Case("X Y, both known, s = 1", 2, lambda x: x[0] * x[1], 1.0, 1.0 / np.pi)


CASES = [
    linear(0.0, 1.0),
    linear(0.1, 3.0),
    linear(0.5, 1.0),
    linear(-1.0, 0.3),
    linear(1.5, 1.0),
    square(-1.2),
    product(),
]


def answers(seed: int) -> Iterator[tuple[str, float, float, float]]:
    """Decision, interval and truth, one seed."""
    for case in CASES:
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(case.known, DRAWS))
        payoff = case.mean(x) + case.noise * rng.normal(size=DRAWS)
        stakes = Stakes(np.column_stack([payoff, np.zeros(DRAWS)]))
        worth = stakes.partial(list(x), [curve for each in x if (curve := stakes.curves(each)) is not None])
        yield case.name, *worth.interval, case.truth
