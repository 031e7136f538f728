"""From quantiles to parameters, by least squares, and how far off the quantiles then are."""

from collections.abc import Callable
from typing import Any

import numpy as np

from priors.families import special
from priors.families.base import Distribution, Floats
from priors.families.beta import Beta, Pert
from priors.families.checks import ParameterError, interval, number, quantiles, shown
from priors.families.gamma import Gamma
from priors.families.lognormal import Z95, Lognormal
from priors.families.normal import Normal
from priors.families.triangular import Triangular
from priors.families.uniform import Uniform

_NO_FIT = "quantiles that the family can come near"


def misfit(law: Distribution, pairs: tuple[tuple[float, float], ...]) -> list[tuple[float, float, float]]:
    """Return (p, wanted, got) for each pair."""
    return [(p, x, float(law.ppf(p))) for p, x in pairs]


def _points(family: str, pairs: Any, least: int) -> tuple[Floats, Floats]:
    p, x = np.array(quantiles(family, pairs, least)).T
    return p, x


def _line(z: Floats, x: Floats) -> tuple[float, float]:
    """Return a and b of the least squares line x = a + b z."""
    centre = z.mean()
    b = float(np.sum((z - centre) * (x - x.mean())) / np.sum((z - centre) ** 2))
    return float(x.mean() - b * centre), b


def _uniform(pairs: Any) -> Distribution:
    p, x = _points("uniform", pairs, 2)
    low, width = _line(p, x)
    return Uniform(low, low + width)


def _normal(pairs: Any) -> Distribution:
    p, x = _points("normal", pairs, 2)
    return Normal(*_line(special.ndtri(p), x))


def _lognormal(pairs: Any, shift: float = 0.0) -> Distribution:
    """Return the fit in logarithms, where a lognormal is a line."""
    p, x = _points("lognormal", pairs, 2)
    mu, sigma = _line(special.ndtri(p), np.log(_above("lognormal", x, shift)))
    return Lognormal(float(np.exp(mu)), float(np.exp(mu + Z95 * sigma)), shift)


def _above(family: str, x: Floats, shift: object) -> Floats:
    offset = number(family, "shift", shift)
    if x[0] <= offset:
        raise ParameterError(family, "quantiles", f"a value of {shown(x[0])}", f"values above {shown(offset)}")
    return x - offset


def _gamma(pairs: Any, shift: float = 0.0) -> Distribution:
    p, x = _points("gamma", pairs, 2)
    y = np.log(_above("gamma", x, shift))

    def curve(theta: Floats) -> Floats:
        return theta[1] + np.log(special.gammaincinv(np.exp(theta[0]), p))

    starts = [np.array([k, y.mean() - k]) for k in (0.0, 2.0, 4.0, 7.0, -1.0)]
    k, scale = _nearest("gamma", curve, y, starts)
    return Gamma(float(np.exp(k)), float(np.exp(scale)), shift)


def _beta(pairs: Any, low: float = 0.0, high: float = 1.0) -> Distribution:
    low, high = interval("beta", low, high)
    p, x = _points("beta", pairs, 2)
    if not (low < x[0] and x[-1] < high):
        what = f"values from {shown(x[0])} to {shown(x[-1])}"
        raise ParameterError("beta", "quantiles", what, f"values inside (low, high) = ({shown(low)}, {shown(high)})")
    z = (x - low) / (high - low)

    def curve(theta: Floats) -> Floats:
        return special.betaincinv(*np.exp(theta), p)

    middle = float(np.median(z))
    starts = [np.log([n * middle, n * (1.0 - middle)]) for n in (6.0, 30.0, 200.0, 2.0, 0.7)]
    a, b = np.exp(_nearest("beta", curve, z, starts))
    return Beta(float(a), float(b), low, high)


def _peaked(kind: type[Pert] | type[Triangular]) -> Callable[[Any], Distribution]:
    """Return the fit of low, mode and high: low and width are a line's once the mode's place is known."""

    def build(pairs: Any) -> Distribution:
        p, x = _points(kind.family, pairs, 3)
        scale = x[-1] - x[0]
        y = (x - x[0]) / scale

        def place(theta: Floats) -> float:
            return float(0.5 + 0.5 * np.sin(theta[0]))  # any theta gives a place in [0, 1], the ends among them

        def line(theta: Floats) -> tuple[Floats, float, float]:
            unit = kind(0.0, place(theta), 1.0).ppf(p)
            return unit, *_line(unit, y)

        def curve(theta: Floats) -> Floats:
            unit, low, width = line(theta)
            return low + width * unit

        starts = [np.array([s]) for s in (0.0, -0.6, 0.6, -1.2, 1.2)]
        theta = _nearest(kind.family, curve, y, starts)
        _, low, width = line(theta)
        low, width = float(x[0] + scale * low), float(scale * width)
        return kind(low, low + width * place(theta), low + width)

    return build


def _nearest(family: str, curve: Callable[[Floats], Floats], y: Floats, starts: list[Floats]) -> Floats:
    """Return the parameters of the best of the fits from several starts.

    Source: Levenberg 1944, Marquardt 1963; derivatives by central differences.
    """
    with np.errstate(all="ignore"):
        tried = [_descend(curve, y, start) for start in starts]
    cost, theta = min(tried, key=lambda pair: pair[0])
    if not np.isfinite(cost):
        raise ParameterError(family, "quantiles", "no parameters near them", _NO_FIT)
    return theta


def _descend(curve: Callable[[Floats], Floats], y: Floats, theta: Floats) -> tuple[float, Floats]:
    damping, gap = 1e-3, curve(theta) - y
    cost = float(gap @ gap) if np.isfinite(gap).all() else np.inf
    if cost == np.inf:
        return cost, theta
    for _ in range(100):
        steps = 1e-6 * np.eye(theta.size)
        slope = np.column_stack([(curve(theta + h) - curve(theta - h)) / 2e-6 for h in steps])
        normal = slope.T @ slope
        if not np.isfinite(normal).all():
            break
        move = np.linalg.lstsq(normal + damping * np.diag(np.diag(normal) + 1e-30), -slope.T @ gap, rcond=None)[0]
        new_gap = curve(theta + move) - y
        new = float(new_gap @ new_gap)
        if np.isfinite(new) and new < cost:
            theta, gap, cost, damping = theta + move, new_gap, new, damping * 0.1
        elif damping > 1e8 or np.max(np.abs(move)) < 1e-14:
            break
        else:
            damping *= 10.0
    return cost, theta


FITS: dict[str, Callable[..., Distribution]] = {
    "uniform": _uniform,
    "normal": _normal,
    "lognormal": _lognormal,
    "gamma": _gamma,
    "beta": _beta,
    "triangular": _peaked(Triangular),
    "pert": _peaked(Pert),
}
