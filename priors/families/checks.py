"""What a wrong parameter is answered with, and the checks that every family shares."""

from collections.abc import Sequence
from math import inf, isfinite, isnan, ulp
from numbers import Real
from typing import Any


class ParameterError(ValueError):
    """A parameter that a family cannot take.

    Args:
        family: the family's name, as in TOML.
        key: the parameter at fault; "" where the whole table is.
        found: what was given, in words.
        expected: what would be right, in words.
    """

    def __init__(self, family: str, key: str, found: str, expected: str) -> None:
        place = f"{family}.{key}" if key else family
        super().__init__(f"{place}: found {found}, expected {expected}")
        self.family, self.key, self.found, self.expected = family, key, found, expected

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.family, self.key, self.found, self.expected)


def shown(value: object) -> str:
    """Return a value as an error message shows it, cut where long."""
    if isinstance(value, Real) and not isinstance(value, bool):
        return f"{float(value):.12g}"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def number(family: str, key: str, value: object) -> float:
    """Return `value` as a finite float, or refuse it."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ParameterError(family, key, shown(value), "a number")
    try:
        result = float(value)
    except OverflowError:
        raise ParameterError(family, key, "an integer beyond 1e308", "a finite number") from None
    if not isfinite(result):
        raise ParameterError(family, key, shown(value), "a finite number")
    return result + 0.0  # -0.0 and 0.0 are one value and must give one spec


def bound(family: str, key: str, value: object) -> float:
    """Return `value` as a float that may be infinite ("inf" and "-inf" too, as JSON has no infinity)."""
    if value in ("inf", "-inf"):
        return inf if value == "inf" else -inf
    if isinstance(value, Real) and not isinstance(value, bool) and not isinstance(value, int):
        if isnan(float(value)):
            raise ParameterError(family, key, "nan", "a number, inf or -inf")
        if not isfinite(float(value)):
            return float(value)
    return number(family, key, value)


def positive(family: str, key: str, value: object) -> float:
    """Return `value` as a finite float above 0, or refuse it."""
    result = number(family, key, value)
    if result <= 0.0:
        raise ParameterError(family, key, shown(result), "a number above 0")
    return result


def nonzero(family: str, factor: object) -> float:
    """Return a factor other than 0, or refuse it."""
    result = number(family, "scale", factor)
    if result == 0.0:
        raise ParameterError(family, "scale", "0", "a number other than 0, or the family fixed")
    return result


def chance(family: str, key: str, value: object) -> float:
    """Return `value` as a float in [0, 1], or refuse it."""
    result = number(family, key, value)
    if not 0.0 <= result <= 1.0:
        raise ParameterError(family, key, shown(result), "a chance in [0, 1]")
    return result


def numbers(family: str, key: str, values: object) -> tuple[float, ...]:
    """Return a non-empty list of numbers as floats, or refuse it."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise ParameterError(family, key, shown(values), "a list of numbers")
    result = tuple(number(family, f"{key}[{i}]", v) for i, v in enumerate(values))
    if not result:
        raise ParameterError(family, key, "an empty list", "at least one number")
    return result


def interval(family: str, low: object, high: object) -> tuple[float, float]:
    """Return finite bounds with low < high, or refuse them."""
    lo, hi = number(family, "low", low), number(family, "high", high)
    if lo == hi:
        raise ParameterError(family, "high", f"{shown(hi)}, equal to low", "a number above low, or the family fixed")
    if lo > hi:
        raise ParameterError(family, "high", f"{shown(hi)}, below low = {shown(lo)}", "a number above low")
    if not isfinite(hi - lo):
        raise ParameterError(family, "high", f"a width beyond 1e308 ({shown(lo)} to {shown(hi)})", "a finite width")
    return lo, hi


def mode(family: str, value: object, low: float, high: float) -> float:
    """Return a mode in [low, high], or refuse it."""
    result = number(family, "mode", value)
    if not low <= result <= high:
        raise ParameterError(family, "mode", shown(result), f"a number in [low, high] = [{shown(low)}, {shown(high)}]")
    return result


def quantiles(family: str, pairs: object, least: int = 2) -> tuple[tuple[float, float], ...]:
    """Return (p, x) pairs, both strictly rising and p inside (0, 1), or refuse them."""
    if isinstance(pairs, str) or not hasattr(pairs, "__iter__"):
        raise ParameterError(family, "quantiles", shown(pairs), "a list of [p, x] pairs")
    result: list[tuple[float, float]] = []
    for i, pair in enumerate(pairs):
        key = f"quantiles[{i}]"
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise ParameterError(family, key, shown(pair), "a pair [p, x]")
        p, x = number(family, key, pair[0]), number(family, key, pair[1])
        if not 0.0 < p < 1.0:
            raise ParameterError(family, key, f"p = {shown(p)}", "a p inside (0, 1), 0.05 for 5 %")
        if result and not (p > result[-1][0] and x > result[-1][1]):
            raise ParameterError(
                family, key, f"[{shown(p)}, {shown(x)}] after {list(result[-1])}", "p and x that both rise"
            )
        result.append((p, x))
    if len(result) < least:
        raise ParameterError(family, "quantiles", f"{len(result)} of them", f"at least {least}")
    return tuple(result)


def within(loc: float, scale: float, value: float, lo: float, hi: float) -> float:
    """Return `value`, moved by last bits where lo <= loc + scale * value <= hi would fail by rounding."""
    step = max(ulp(value), ulp(loc) / scale)
    while loc + scale * value < lo:
        value += step
    while loc + scale * value > hi:
        value -= step
    return value


def tidy(value: float) -> float:
    """Round to 14 significant digits, so that shapes equal but for rounding are equal, and share one table."""
    return float(f"{value:.14g}")
