"""The table that the battery walks: every kind of law with somebody else's version of it (SciPy's, or a plain twin)."""

from dataclasses import dataclass
from functools import partial
from math import inf
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy import stats

from priors.families import (
    Bernoulli,
    Beta,
    Choice,
    Distribution,
    Fixed,
    Gamma,
    Hazard,
    Lognormal,
    Metalog,
    Normal,
    Pert,
    Triangular,
    Uniform,
    empirical,
    wrap,
)


@dataclass(frozen=True)
class Mirror:
    """The law of -X, by X's oracle."""

    base: Any

    def ppf(self, p: Any) -> Any:
        return -self.base.isf(p)

    def isf(self, q: Any) -> Any:
        return -self.base.ppf(q)

    def cdf(self, x: Any) -> Any:
        return self.base.sf(-np.asarray(x))

    def sf(self, x: Any) -> Any:
        return self.base.cdf(-np.asarray(x))

    def mean(self) -> float:
        return -float(self.base.mean())

    def var(self) -> float:
        return float(self.base.var())


@dataclass(frozen=True)
class Cut:
    """X given lo <= X <= hi, straight from the oracle of X."""

    base: Any
    lo: float
    hi: float

    @property
    def ends(self) -> tuple[float, float]:
        return float(self.base.cdf(self.lo)), float(self.base.cdf(self.hi))

    def ppf(self, p: Any) -> Any:
        a, b = self.ends
        return self.base.ppf(a + np.asarray(p) * (b - a))

    def isf(self, q: Any) -> Any:
        a, b = float(self.base.sf(self.lo)), float(self.base.sf(self.hi))
        return self.base.isf(b + np.asarray(q) * (a - b))

    def cdf(self, x: Any) -> Any:
        a, b = self.ends
        return np.clip((self.base.cdf(x) - a) / (b - a), 0.0, 1.0)

    def sf(self, x: Any) -> Any:
        a, b = self.ends
        return np.clip((b - self.base.cdf(x)) / (b - a), 0.0, 1.0)

    def mean(self) -> float:
        a, b = self.ends
        return float(self.base.expect(lambda x: x, lb=self.lo, ub=self.hi)) / (b - a)

    def var(self) -> float:
        a, b = self.ends
        centre = self.mean()
        return float(self.base.expect(lambda x: (x - centre) ** 2, lb=self.lo, ub=self.hi)) / (b - a)


class OnlyPpf:
    """The least that can be wrapped: a quantile function of one number at a time (exponential of mean 2)."""

    def ppf(self, p: float) -> float:
        return inf if p == 1.0 else -2.0 * np.log1p(-float(p))


def lognorm(median: float, p95: float, loc: float = 0.0) -> Any:
    return stats.lognorm(np.log(p95 / median) / stats.norm.ppf(0.95), loc=loc, scale=median)


def pert(low: float, mode: float, high: float) -> Any:
    rise = 4.0 * (mode - low) / (high - low)
    return stats.beta(1.0 + rise, 5.0 - rise, loc=low, scale=high - low)


def histogram(values: list[float], below: list[float]) -> Any:
    return stats.rv_histogram((np.diff(below), np.array(values)), density=False)


def atoms(values: list[float], chances: list[float]) -> Any:
    return stats.rv_discrete(values=(values, chances))()


_fisk = partial(stats.fisk, scale=2.0)  # 2-term half-bounded metalogs are log-logistic: quartiles 2/k and 2k

CONTINUOUS: dict[str, tuple[Distribution, Any]] = {
    "uniform": (Uniform(-1, 3), stats.uniform(-1, 4)),
    "uniform cut": (Uniform(0, 10).truncated(2, 4), stats.uniform(2, 2)),
    "triangular": (Triangular(0, 1, 4), stats.triang(0.25, 0, 4)),
    "triangular, mode low": (Triangular(2, 2, 5), stats.triang(0, 2, 3)),
    "triangular, mode high": (Triangular(2, 5, 5), stats.triang(1, 2, 3)),
    "triangular cut": (Triangular(0, 1, 4).truncated(0.5, 3), Cut(stats.triang(0.25, 0, 4), 0.5, 3)),
    "pert": (Pert(0.6, 0.85, 1.05), pert(0.6, 0.85, 1.05)),
    "pert about 3000": (Pert(2250, 3000, 3750), pert(2250, 3000, 3750)),
    "pert, mode low": (Pert(0, 0, 1), stats.beta(1, 5)),
    "pert, mode high": (Pert(0, 1, 1), stats.beta(5, 1)),
    "pert cut": (Pert(0, 1, 4).truncated(0.5, 9), Cut(pert(0, 1, 4), 0.5, 4)),
    "normal": (Normal(0.4, 0.0608), stats.norm(0.4, 0.0608)),
    "normal cut low": (Normal(0.4, 0.3).truncated(0, inf), Cut(stats.norm(0.4, 0.3), 0, inf)),
    "normal cut both": (Normal(1, 2).truncated(-1, 4), stats.truncnorm(-1, 1.5, 1, 2)),
    "normal cut in its tail": (Normal(0, 1).truncated(5, 7), stats.truncnorm(5, 7)),
    "lognormal": (Lognormal(15, 60), lognorm(15, 60)),
    "lognormal above 100": (Lognormal(15, 60, 100), lognorm(15, 60, 100)),
    "lognormal narrow": (Lognormal.from_normal(2.0, 0.05), stats.lognorm(0.05, scale=np.exp(2.0))),
    "lognormal cut": (Lognormal(8, 30, 10).truncated(0, 100), Cut(lognorm(8, 30, 10), 10, 100)),
    "lognormal mirrored": (Lognormal(15, 60).scaled(-1), Mirror(lognorm(15, 60))),
    "beta": (Beta(2, 5), stats.beta(2, 5)),
    "beta on an interval": (Beta(30, 3.5, -2, 6), stats.beta(30, 3.5, -2, 8)),
    "beta open at low": (Beta(0.7, 1.5), stats.beta(0.7, 1.5)),
    "beta cut": (Beta(2, 5).truncated(0.1, 0.6), Cut(stats.beta(2, 5), 0.1, 0.6)),
    "gamma": (Gamma(3, 2), stats.gamma(3, scale=2)),
    "gamma below 1": (Gamma(0.7, 1), stats.gamma(0.7)),
    "gamma above 5": (Gamma(40.5, 0.25, 5), stats.gamma(40.5, loc=5, scale=0.25)),
    "gamma cut": (Gamma(3, 2).truncated(1, 12), Cut(stats.gamma(3, scale=2), 1, 12)),
    "metalog logistic": (Metalog(((0.25, 1), (0.75, 3))), stats.logistic(2, 1 / np.log(3))),
    "metalog from low": (Metalog(((0.25, 1), (0.75, 4)), low=0), _fisk(np.log(3) / np.log(2))),
    "metalog up to high": (Metalog(((0.25, -4), (0.75, -1)), high=0), Mirror(_fisk(np.log(3) / np.log(2)))),
    "metalog bounded": (Metalog(((0.25, 0.25), (0.75, 0.75)), low=0, high=1), stats.uniform(0, 1)),
    "lines": (empirical([1, 2, 4, 3], interpolate=True), histogram([1, 2, 3, 4], [0, 1 / 3, 2 / 3, 1])),
    "lines weighted": (empirical([1, 2, 9], [1, 3, 2], interpolate=True), histogram([1, 2, 9], [0, 4 / 9, 1])),
    "lines cut": (
        empirical([1, 2, 9], [1, 3, 2], interpolate=True).truncated(1.5, 7),
        Cut(histogram([1, 2, 9], [0, 4 / 9, 1]), 1.5, 7),
    ),
    "wrapped": (wrap(stats.weibull_min(1.5)), stats.weibull_min(1.5)),
    "wrapped new": (wrap(stats.Normal(mu=3.0, sigma=2.0)), stats.norm(3, 2)),
    "wrapped ppf only": (wrap(OnlyPpf()), stats.expon(scale=2)),
    "wrapped standard library": (wrap(NormalDist(3, 2)), stats.norm(3, 2)),
    "wrapped, scaled and cut": (
        wrap(stats.norm(0, 1)).scaled(-2).shifted(1).truncated(-3, 4),
        stats.truncnorm(-2, 1.5, 1, 2),
    ),
}

DISCRETE: dict[str, tuple[Distribution, Any]] = {
    "choice": (Choice((8, 9)), atoms([8, 9], [0.5, 0.5])),
    "choice weighted": (Choice((5, -1, 2), (0.2, 0.5, 0.3)), atoms([-1, 2, 5], [0.5, 0.3, 0.2])),
    "choice cut": (Choice((5, -1, 2), (0.2, 0.5, 0.3)).truncated(0, 9), atoms([2, 5], [0.6, 0.4])),
    "bernoulli": (Bernoulli(0.3), stats.bernoulli(0.3)),
    "steps": (empirical([3, 1, 3, 2], [1, 1, 1, 2]), atoms([1, 2, 3], [0.2, 0.4, 0.4])),
    "hazard": (Hazard(0.08, 2), stats.geom(0.08, loc=1)),
    "hazard likely": (Hazard(0.6, 0), stats.geom(0.6, loc=-1)),
    "hazard later": (Hazard(0.15, 1).shifted(3), stats.geom(0.15, loc=3)),
    "wrapped poisson": (wrap(stats.poisson(3)), stats.poisson(3)),
    "wrapped binomial": (wrap(stats.Binomial(n=5, p=0.3)), stats.binom(5, 0.3)),
    "fixed": (Fixed(7), atoms([7], [1.0])),
}

LAWS = {name: law for name, (law, _) in (CONTINUOUS | DISCRETE).items()} | {
    "metalog of 5": Metalog(((0.05, 1), (0.25, 1.7), (0.5, 2), (0.75, 2.6), (0.95, 4))),
    "metalog of 3 from low": Metalog(((0.1, 1), (0.5, 2), (0.9, 5)), low=0),
    "metalog of 4 bounded": Metalog(((0.1, 0.2), (0.4, 0.35), (0.6, 0.42), (0.9, 0.8)), low=0, high=1),
    "hazard rare": Hazard(1e-5, 1),
    "hazard never": Hazard(0.0, 1),
    "hazard at once": Hazard(1.0, 3),
    "hazard halved": Hazard(0.1, 2).scaled(0.5),
}
