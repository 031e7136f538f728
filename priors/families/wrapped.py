"""Other people's distributions: anything with `ppf` or `icdf`, SciPy's old and new kinds among them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np

from priors.families import quadrature, special
from priors.families.base import Distribution, Floats
from priors.families.checks import ParameterError, number, shown
from priors.families.discrete import choice
from priors.families.transforms import Continuous

_POWERS = 2.0 ** -np.arange(33.0, 1.0, -1.0)
_GRID = np.unique(np.concatenate([_POWERS, np.arange(1.0, 128.0) / 128.0]))
_NAME = "wrapped"
_MOST_ATOMS = 4096


def wrap(law: object, breaks: tuple[float, ...] = ()) -> Distribution:
    """Return any distribution as one of ours.

    Args:
        law: one of ours (returned as it is), or an object with `ppf`, `icdf` or `inv_cdf`; `isf`, `cdf`, `sf`,
            `support`, `mean`, `var` (or the names of SciPy's new kind) are used where it has them.
        breaks: chances in (0, 1) at which its quantile function jumps or has a kink.

    Returns:
        A `Wrapped` law, or a `Choice` where `law` is a discrete one of SciPy's.

    Raises:
        ParameterError: where it has no quantile function, or one that falls or is not finite.
    """
    if isinstance(law, Distribution):
        return law
    if _is_discrete(law):
        return _choice_of(Wrapped(law))
    return Wrapped(law, tuple(breaks))


def _is_discrete(law: object) -> bool:
    if any(kind.__name__ == "DiscreteDistribution" for kind in type(law).__mro__):
        return True
    return hasattr(law, "pmf") and not hasattr(law, "pdf")


def _choice_of(law: "Wrapped") -> Distribution:
    """Return the atoms found by asking for the quantile just above each cdf."""
    values = [float(law.ppf(2.0**-60))]
    while float(law.sf(values[-1])) > 2.0**-53 and len(values) <= _MOST_ATOMS:
        step = float(law.ppf(min(float(law.cdf(values[-1])) + 2.0**-52, 1.0 - 2.0**-53)))
        if not step > values[-1]:
            break
        values.append(step)
    if len(values) > _MOST_ATOMS:
        raise ParameterError(
            _NAME, "", f"a discrete law of over {_MOST_ATOMS} values", "one of fewer, or a continuous one"
        )
    chances = np.diff(np.append(0.0, law.cdf(values)))
    return choice(np.array(values), chances / chances.sum())


def _method(law: object, *names: str) -> Callable[[Floats], Floats] | None:
    """Return the first of the methods that exists, taking and giving arrays whether or not it does so itself."""
    found = next((m for m in (getattr(law, name, None) for name in names) if callable(m)), None)
    if found is None:
        return None
    return partial(_on_array, found)


def _on_array(method: Callable[[Any], Any], x: Floats) -> Floats:
    try:
        result = np.asarray(method(x), dtype=np.float64)
        if result.shape == np.shape(x):
            return result
    except (TypeError, ValueError, AttributeError):
        pass  # a method for one number at a time
    return np.vectorize(lambda v: float(method(float(v))), otypes=[np.float64])(x)


def _number(law: object, *names: str) -> float | None:
    for name in names:
        value = getattr(law, name, None)
        if value is not None:
            return float(value() if callable(value) else value)
    return None


@dataclass(frozen=True)
class Wrapped(Continuous):
    """A law known by somebody else's quantile function; equal to another with the same quantiles and breaks."""

    law: Any = field(compare=False, repr=False)
    kinks: tuple[float, ...] = ()
    digest: str = field(init=False)
    family = _NAME

    def __post_init__(self) -> None:
        kinks = tuple(sorted(number(_NAME, "breaks", p) for p in self.kinks))
        if any(not 0.0 < p < 1.0 for p in kinks):
            raise ParameterError(_NAME, "breaks", shown(list(kinks)), "chances inside (0, 1)")
        object.__setattr__(self, "kinks", kinks)
        if self._methods["ppf"] is None:
            raise ParameterError(_NAME, "", f"a {type(self.law).__name__} without ppf or icdf", "an object with one")
        with np.errstate(all="ignore"):
            low, high = self._ppf(_GRID), self._isf(_POWERS)
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            raise ParameterError(_NAME, "ppf", "values that are not finite inside (0, 1)", "finite quantiles")
        if np.any(np.diff(low) < 0.0) or np.any(np.diff(high) > 0.0):
            raise ParameterError(_NAME, "ppf", "values that fall as p rises", "quantiles that rise")
        if low[0] == high[0]:
            raise ParameterError(_NAME, "ppf", f"{shown(low[0])} everywhere", "two values or more, or the family fixed")
        text = ",".join(f"{x:.12g}" for x in np.concatenate([low, high]))
        object.__setattr__(self, "digest", hashlib.sha256(text.encode()).hexdigest())

    @cached_property
    def _methods(self) -> dict[str, Callable[[Floats], Floats] | None]:
        return {
            "ppf": _method(self.law, "ppf", "icdf", "inv_cdf"),
            "isf": _method(self.law, "isf", "iccdf"),
            "cdf": _method(self.law, "cdf"),
            "sf": _method(self.law, "sf", "ccdf"),
        }

    @cached_property
    def _bounds(self) -> tuple[float, float]:
        given = getattr(self.law, "support", None)
        given = given() if callable(given) else given
        try:
            lo, hi = (float(x) for x in given)  # type: ignore[union-attr]
        except (TypeError, ValueError):
            lo, hi = self._end(0.0, -np.inf), self._end(1.0, np.inf)
        return lo, hi

    def _end(self, p: float, otherwise: float) -> float:
        try:
            with np.errstate(all="ignore"):
                value = float(self._ppf(np.array(p)))
        except (ArithmeticError, ValueError):
            return otherwise
        return otherwise if np.isnan(value) else value

    @property
    def support(self) -> tuple[float, float]:
        """The law's own support, or its quantiles at 0 and 1."""
        return self._bounds

    def spec(self) -> dict[str, Any]:
        """Return family and digest of the quantiles; `make` cannot build it again."""
        result: dict[str, Any] = {"family": _NAME, "digest": self.digest}
        return {**result, "breaks": list(self.kinks)} if self.kinks else result

    def _ppf(self, p: Floats) -> Floats:
        method = self._methods["ppf"]
        assert method is not None
        return method(p)

    def _isf(self, q: Floats) -> Floats:
        method = self._methods["isf"]
        return method(q) if method is not None else self._ppf(np.minimum(1.0 - q, 1.0 - 2.0**-53))

    def _cdf(self, x: Floats) -> Floats:
        method = self._methods["cdf"]
        if method is not None:
            return method(x)
        return special.expit(_root(self.ppf, x, rising=True))

    def _sf(self, x: Floats) -> Floats:
        method = self._methods["sf"]
        if method is not None:
            return method(x)
        return (
            special.expit(_root(self.isf, x, rising=False)) if self._methods["isf"] is not None else 1.0 - self._cdf(x)
        )

    def mean(self) -> float:
        """Return the law's own mean, or that of its quantiles."""
        own = _number(self.law, "mean")
        return quadrature.mean(self) if own is None else own

    def var(self) -> float:
        """Return the law's own variance, or that of its quantiles."""
        own = _number(self.law, "var", "variance")
        return quadrature.var(self) if own is None else own

    def breaks(self) -> tuple[float, ...]:
        """Return the breaks that were named."""
        return self.kinks


def _root(quantile: Callable[[Floats], Floats], x: Floats, *, rising: bool) -> Floats:
    """Return t with quantile(expit(t)) = x, by bisection."""
    left, right = np.full(np.shape(x), -740.0), np.full(np.shape(x), 37.0)
    for _ in range(64):
        middle = 0.5 * (left + right)
        short = (quantile(special.expit(middle)) < x) == rising
        left, right = np.where(short, middle, left), np.where(short, right, middle)
    return 0.5 * (left + right)
