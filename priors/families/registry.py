"""Every family by its name in TOML: its parameters, and how a table or its quantiles make one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from priors.families import fit
from priors.families.base import Distribution
from priors.families.beta import Beta, Pert
from priors.families.checks import ParameterError, number, shown
from priors.families.discrete import Bernoulli, Choice, Fixed
from priors.families.empirical import Lines, Steps, empirical
from priors.families.gamma import Gamma
from priors.families.hazard import Hazard
from priors.families.lognormal import Lognormal
from priors.families.metalog import Metalog
from priors.families.normal import Normal
from priors.families.triangular import Triangular
from priors.families.uniform import Uniform


@dataclass(frozen=True)
class Family:
    """A family as a table may give it.

    Args:
        name: the value of `family`.
        classes: what is built.
        forms: the sets of parameters that define one, each in the order used where they are given without names.
        build: for each form the callable that takes its parameters by name (`from` as `start`).
        optional: parameters that may stand beside any form.
        by_quantiles: may be given by `quantiles` instead of by parameters.
        truncatable: may have `truncate`.
    """

    name: str
    classes: tuple[type[Distribution], ...]
    forms: tuple[tuple[str, ...], ...]
    build: tuple[Callable[..., Distribution], ...]
    optional: tuple[str, ...] = ()
    by_quantiles: bool = False
    truncatable: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every key that a table of this family may have, `family` apart."""
        keys = [key for form in self.forms for key in form] + list(self.optional)
        if self.by_quantiles:
            keys.append("quantiles")
        if self.truncatable:
            keys += ["truncate", "affine"]
        return tuple(dict.fromkeys(keys))


def _smooth(name: str, kind: type[Distribution], *forms: tuple[str, ...], **more: Any) -> Family:
    build = more.pop("build", (kind,) * len(forms))
    return Family(name, (kind,), forms, build, by_quantiles=True, truncatable=True, **more)


_ALL = (
    _smooth("uniform", Uniform, ("low", "high")),
    _smooth("triangular", Triangular, ("low", "mode", "high")),
    _smooth("pert", Pert, ("low", "mode", "high")),
    _smooth("normal", Normal, ("mean", "sd"), build=(lambda mean, sd: Normal(mean, sd),)),
    _smooth(
        "lognormal",
        Lognormal,
        ("median", "p95"),
        ("mu", "sigma"),
        build=(Lognormal, Lognormal.from_normal),
        optional=("shift",),
    ),
    _smooth("beta", Beta, ("a", "b"), optional=("low", "high")),
    _smooth("gamma", Gamma, ("shape", "scale"), optional=("shift",)),
    Family("metalog", (Metalog,), (("quantiles",),), (Metalog,), optional=("low", "high"), truncatable=True),
    Family("empirical", (Steps, Lines), (("values",),), (empirical,), ("weights", "interpolate"), truncatable=True),
    Family("choice", (Choice,), (("values",),), (Choice,), ("probabilities",)),
    Family("bernoulli", (Bernoulli,), (("p",),), (Bernoulli,)),
    Family("hazard", (Hazard,), (("rate", "from"),), (Hazard,), ("scale", "shift")),
    Family("fixed", (Fixed,), (("value",),), (Fixed,)),
)

FAMILIES: Mapping[str, Family] = {family.name: family for family in _ALL}

Misfit = list[tuple[float, float, float]]


def make(spec: Mapping[str, Any]) -> Distribution:
    """Return the distribution that a table describes, as in TOML or from `spec()`.

    Args:
        spec: `family` and its parameters (`FAMILIES`), for a continuous one perhaps `truncate = [lo, hi]`, for most of
            them `quantiles = [[p, x], …]` in place of the parameters.

    Returns:
        The distribution.

    Raises:
        ParameterError: names the key, what was found and what is expected.
    """
    return make_told(spec)[0]


def make_told(spec: Mapping[str, Any]) -> tuple[Distribution, Misfit]:
    """Return what `make` returns, with (p, wanted, got) for each quantile that it was given by."""
    family = _family(spec)
    given = {key: value for key, value in spec.items() if key not in ("family", "truncate", "affine")}
    _known(family, spec)
    pairs: Any = ()
    if family.by_quantiles and "quantiles" in given:
        pairs = given.pop("quantiles")
        law = _fitted(family, pairs, given)
    else:
        if family.name == "metalog":
            pairs = given.get("quantiles", ())
        law = _built(family, given)
    if "truncate" in spec:
        law = law.truncated(*_pair(family.name, "truncate", spec["truncate"]))
    if "affine" in spec:
        offset, factor = _pair(family.name, "affine", spec["affine"])
        law = law.scaled(factor).shifted(number(family.name, "affine", offset))
    return law, fit.misfit(law, tuple((float(p), float(x)) for p, x in pairs))


def from_quantiles(family: str, pairs: Any, **known: float) -> tuple[Distribution, Misfit]:
    """Return the law of a family that is nearest to the quantiles, by least squares, and what it misses them by.

    Args:
        family: name of the family, or "metalog", which passes through all of them.
        pairs: (p, x), p inside (0, 1), both rising, as many as the family has parameters or more.
        known: what is not to be fitted: `low` and `high` of beta and metalog, `shift` of lognormal and gamma.

    Returns:
        The distribution, and (p, wanted, got) for each pair.
    """
    return make_told({"family": family, "quantiles": pairs, **known})


def _family(spec: Mapping[str, Any]) -> Family:
    if not isinstance(spec, Mapping):
        raise ParameterError(
            "prior", "", shown(spec), 'a table such as { family = "pert", low = 1, mode = 2, high = 4 }'
        )
    name = spec.get("family")
    if name is None:
        raise ParameterError("prior", "family", "nothing", "one of " + ", ".join(FAMILIES))
    if name == "wrapped":
        raise ParameterError("prior", "family", "'wrapped'", "a distribution's own object: it lives in Python only")
    if not isinstance(name, str) or name not in FAMILIES:
        raise ParameterError("prior", "family", shown(name), "one of " + ", ".join(FAMILIES) + _near(name, FAMILIES))
    return FAMILIES[name]


def _near(name: object, known: Any) -> str:
    close = get_close_matches(str(name), list(known), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def _known(family: Family, spec: Mapping[str, Any]) -> None:
    for key in spec:
        if key != "family" and key not in family.parameters:
            expected = "one of " + ", ".join(family.parameters) + _near(key, family.parameters)
            raise ParameterError(family.name, str(key), "a key it does not have", expected)


def _fitted(family: Family, pairs: Any, known: dict[str, Any]) -> Distribution:
    for key in known:
        if key not in family.optional:
            raise ParameterError(family.name, key, "it beside quantiles", "parameters or quantiles, not both")
    return fit.FITS[family.name](pairs, **known)


def _built(family: Family, given: dict[str, Any]) -> Distribution:
    form = max(range(len(family.forms)), key=lambda i: sum(key in given for key in family.forms[i]))
    for key in given:
        if key not in family.forms[form] and key not in family.optional:
            raise ParameterError(
                family.name, key, f"it beside {', '.join(family.forms[form])}", "one form or the other"
            )
    for key in family.forms[form]:
        if key not in given:
            ways = " or ".join("{" + ", ".join(names) + "}" for names in family.forms)
            raise ParameterError(family.name, key, "nothing", ways + (" or quantiles" if family.by_quantiles else ""))
    return family.build[form](**{"start" if key == "from" else key: value for key, value in given.items()})


def _pair(family: str, key: str, value: Any) -> tuple[Any, Any]:
    if isinstance(value, str) or not hasattr(value, "__len__") or len(value) != 2:
        raise ParameterError(family, key, shown(value), "a list of two numbers")
    return value[0], value[1]
