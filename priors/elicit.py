"""From what was said to a distribution: a claim's figure and its hedges, by the rules of ``hedges.toml``.

This is the one place where a word of doubt becomes a width. With v the figure, w a half-width and the numbers of the
hedge's table:

============ ============================================================================================
plain        ``pert(v (1 - w), v, v (1 + w))``, used only where no other hedge stands
relative     the same; several half-widths combine as ``[combine]`` says, in squares: w = sqrt(w1² + w2² …)
odd          ``pert(low v, mode v, high v)``; relative hedges widen the upper side only
at_least     ``v + lognormal(median v, p95 v)``; v stays a bound, relative hedges widen the tail
and_up       the same, cut at ``below v``; of several bounds the one with the longest tail counts
range        [a, b] as the low_p and high_p quantiles of a normal; relative hedges widen it about its middle
choices      the values named, with equal chance; a relative hedge cannot widen them and is refused
window       uniform over [start, end), or with ``numbers.mode`` a pert with that mode; it absorbs relative hedges
============ ============================================================================================

The last three take a ``spread``, a factor on their width: of a range on its standard deviation, of a window on the distance of
its ends from the mode or the middle. Values named at equal steps are read as the cells, a step wide, of one interval: a
spread stretches the interval about its middle, and each value of the lattice gets the share of it that its cell holds, so
that 8 or 9 with a spread of 2 are 7, 8, 9 and 10; at unequal steps there is no lattice, and they stay.

A bound stays a bound: no draw of an odd, at_least or and_up figure falls below it. A claim of kind fact alone is used
as given. Figures below 0 are treated as their mirror image, but for bounds, which are always lower bounds.

In an expression the hedges act on the first figure named, the others standing at their stated values, and the result is
carried along the line that the expression draws; where it draws no line in that figure, they act on its value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import NormalDist
from typing import Literal

from priors.families import Distribution, make
from priors.figures import Figure, figure, line
from priors.records import Claim, Hedge

Combine = Literal["squares", "sum", "widest"]
_FIGURES = {"range": "range", "choices": "choices", "window": "window"}
_RELATIVE = ("plain", "relative")
_NORMAL = NormalDist()


def believed(
    text: str, hedges: Sequence[Hedge], claims: Mapping[str, Claim], table: Mapping[str, Hedge], combine: Combine
) -> tuple[Distribution, float]:
    """The distribution and the stated value of ``from``: the hedges act on the first figure that it names.

    Raises
    ------
    ValueError: as :func:`~priors.figures.figure` and :func:`elicit` do.
    """
    said = figure(text, claims)
    found = line(text, claims)
    if found is None:
        return elicit(said, hedges, table, combine), said.stated
    x, slope, offset = found
    return elicit(x, hedges, table, combine).scaled(slope).shifted(offset), said.stated


def elicit(said: Figure, hedges: Sequence[Hedge], table: Mapping[str, Hedge], combine: Combine) -> Distribution:
    """The distribution of a figure under its hedges.

    Parameters
    ----------
    said: the figure.
    hedges: the words on it; none for a plain figure.
    table: all hedges of the book, of which the plain rule and the range rule are taken where no word names them.
    combine: how several half-widths make one.

    Raises
    ------
    ValueError: where the hedges do not fit the figure, or leave it without a width; says which and what would.
    """
    if said.fact:
        return make({"family": "fixed", "value": said.stated})
    ruling = [hedge for hedge in hedges if hedge.rule not in _RELATIVE]
    relative = [hedge for hedge in hedges if hedge.rule == "relative"]
    for hedge in ruling:
        kind = _FIGURES.get(hedge.rule, "value")
        if kind != said.kind:
            raise ValueError(f'found hedge "{hedge.name}" on a {said.kind}, expected it on a {kind} only')
    width = _combined([hedge.parameters["half_width"] for hedge in relative], combine)
    if said.kind == "value":
        return _of_value(said.stated, ruling, hedges, table, width)
    if said.kind == "range":
        return _of_range(said, ruling, table, width)
    spread = _spread(said.kind, ruling, table)
    if said.kind == "window":
        low, high = (said.stated + spread * (end - said.stated) for end in said.numbers)
        if said.mode is None:
            return make({"family": "uniform", "low": low, "high": high})
        return make({"family": "pert", "low": low, "mode": said.mode, "high": high})
    if relative:
        raise ValueError(f'found hedge "{relative[0].name}" on values named one by one, expected none that widens')
    return _named(said.numbers, spread)


def acting(said: Figure, hedges: Sequence[Hedge], table: Mapping[str, Hedge]) -> tuple[str, ...]:
    """Names of the hedges that shape a figure's distribution: those on it, or the rule for figures without any."""
    if said.fact:
        return ()
    if said.kind == "window":
        hedges = [hedge for hedge in hedges if hedge.rule == "window"]
    implied = {"value": "plain"}.get(said.kind, said.kind)
    if not any(hedge.rule == implied or (said.kind == "value" and hedge.rule != "plain") for hedge in hedges):
        hedges = [*hedges, *[hedge for hedge in table.values() if hedge.rule == implied][:1]]
    return tuple(dict.fromkeys(hedge.name for hedge in hedges))


def _spread(rule: str, ruling: Sequence[Hedge], table: Mapping[str, Hedge]) -> float:
    """The factor on the width of a range, of values named or of a window; 1 in a book without such a rule."""
    found = [*ruling, *(hedge for hedge in table.values() if hedge.rule == rule)]
    return found[0].parameters.get("spread", 1.0) if found else 1.0


def _named(values: Sequence[float], spread: float) -> Distribution:
    """Equal chances, or with a spread the lattice cells that the stretched interval meets, each with its share."""
    steps = [b - a for a, b in pairwise(sorted(values))]
    if spread == 1.0 or not all(math.isclose(step, steps[0], rel_tol=1e-9) for step in steps):
        return make({"family": "choice", "values": list(values)})
    low, step = min(values), steps[0]
    middle, half = (len(values) - 1) / 2.0, spread * len(values) / 2.0  # in steps from the lowest
    cells = range(math.floor(middle - half + 0.5), math.ceil(middle + half - 0.5) + 1)
    shares = [min(k + 0.5, middle + half) - max(k - 0.5, middle - half) for k in cells]
    kept = [(low + k * step, share / (2.0 * half)) for k, share in zip(cells, shares, strict=True) if share > 1e-9]
    if len(kept) == 1:
        return make({"family": "fixed", "value": kept[0][0]})
    named = [value for value, _ in kept]
    return make({"family": "choice", "values": named, "probabilities": [share for _, share in kept]})


def _combined(widths: Sequence[float], combine: Combine) -> float:
    if combine == "squares":
        return math.hypot(*widths)
    return math.fsum(widths) if combine == "sum" else max(widths, default=0.0)


def _of_value(
    v: float, ruling: Sequence[Hedge], hedges: Sequence[Hedge], table: Mapping[str, Hedge], width: float
) -> Distribution:
    if v == 0.0:
        raise ValueError("found a figure of 0, of which no share is a width, expected another, or a prior")
    bounds = [hedge for hedge in ruling if hedge.rule in ("at_least", "and_up")]
    odd = [hedge for hedge in ruling if hedge.rule == "odd"]
    if bounds and odd:
        raise ValueError(f'found hedges "{bounds[0].name}" and "{odd[0].name}", expected one kind of bound on a figure')
    if bounds:
        return _above(v, bounds, width)
    if odd:
        p = odd[0].parameters
        upper = p["mode"] + math.hypot(p["high"] - p["mode"], width)
        low, mode, high = sorted((p["low"] * v, p["mode"] * v, upper * v))
        return make({"family": "pert", "low": low, "mode": mode, "high": high})
    if not width:
        width = _only("plain", [h for h in hedges if h.rule == "plain"], table).parameters["half_width"]
    return make({"family": "pert", "low": v - width * abs(v), "mode": v, "high": v + width * abs(v)})


def _above(v: float, bounds: Sequence[Hedge], width: float) -> Distribution:
    """At least v: the excess is lognormal, its 95 % quantile widened by relative hedges, never its lower end."""
    rule = max(bounds, key=lambda hedge: hedge.parameters["p95"])
    median, p95 = rule.parameters["median"], rule.parameters["p95"]
    p95 = median + math.hypot(p95 - median, width)
    spec: dict[str, object] = {"family": "lognormal", "median": median * abs(v), "p95": p95 * abs(v), "shift": v}
    if "below" in rule.parameters:
        if v < 0.0:
            raise ValueError(f'found hedge "{rule.name}" on a figure below 0, expected a figure above 0')
        spec["truncate"] = [v, rule.parameters["below"] * v]
    return make(spec)


def _of_range(said: Figure, ruling: Sequence[Hedge], table: Mapping[str, Hedge], width: float) -> Distribution:
    p = _only("range", ruling, table).parameters
    low, high = said.numbers
    spread = p.get("spread", 1.0)
    wider = math.hypot(spread * (high - low) / 2.0, width * abs(said.stated)) / ((high - low) / 2.0)
    z_low, z_high = _NORMAL.inv_cdf(p["low_p"]), _NORMAL.inv_cdf(p["high_p"])
    sd = (high - low) / (z_high - z_low)
    # The share of the way from a to b at which the mean lies stays where it is; only the spread grows.
    return make({"family": "normal", "mean": low - z_low * sd, "sd": sd * wider})


def _only(rule: str, hedges: Sequence[Hedge], table: Mapping[str, Hedge]) -> Hedge:
    found = [*hedges, *(hedge for hedge in table.values() if hedge.rule == rule)]
    if not found:
        raise ValueError(f'found no hedge with rule "{rule}" in the book, expected one in hedges.toml')
    return found[0]
