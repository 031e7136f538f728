"""A book whose doubts are taken wider or narrower: the width of every hedge scaled, or that of some alone.

Experts are overconfident: of intervals meant to hold the truth nine times of ten, half or so do (Lichtenstein, Fischhoff &
Phillips 1982; Soll & Klayman 2004). What a factor f does, by the hedge's rule in ``priors.elicit``:

============ ==================================================================================
plain        half-width × f
relative     half-width × f, before several combine
odd          the upper end's distance from the mode × f; the lower end is a bound and stays
at_least     the distance from the excess's median to its 95 % quantile × f; the bound and the median stay
and_up       the same; also the upper end stays, since it names the number of digits
range        the spread about the middle × f
choices      the interval of the named values' cells stretched × f: neighbours join with the share it covers
window       the ends' distance from the mode, or the middle, × f
============ ==================================================================================

Then the quantity's limits cut as ever, so that bounds, shares and the orders that the speaker gave hold in every draw.

A prior that was typed rather than elicited is no hedge of the interview; asked to, it is widened by its family: the ends of a
PERT, a triangular or a uniform and the spread of a normal about the mode or middle, a lognormal's 95 % quantile about its
median as above, any other continuous law about its median. Chances (a Bernoulli, a hazard, a choice) are no widths and stay.
An order that stands in no limit but in where a typed prior ends (Q02.1: race.baidu_ratio below 1) may then be crossed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from priors.elicit import Combine, believed
from priors.families import Distribution, make
from priors.problems import listed, nearest
from priors.records import Hedge, Quantity, Records

if TYPE_CHECKING:
    from priors.books import Book

_WIDTH = {"plain": "half_width", "relative": "half_width"}
_FROM = {"odd": ("mode", "high"), "at_least": ("median", "p95"), "and_up": ("median", "p95")}


@dataclass(frozen=True)
class Widening:
    """What became of one quantity.

    Attributes
    ----------
    prior: the new prior, within the quantity's limits.
    cut: the share of the widened law that the limits cut away.
    """

    prior: Distribution
    cut: float


def hedge(of: Hedge, factor: float) -> Hedge:
    """A hedge with its width scaled."""
    numbers = dict(of.parameters)
    if of.rule in _WIDTH:
        numbers[_WIDTH[of.rule]] *= factor
    elif of.rule in _FROM:
        middle, end = _FROM[of.rule]
        numbers[end] = numbers[middle] + factor * (numbers[end] - numbers[middle])
    else:
        numbers["spread"] = numbers.get("spread", 1.0) * factor
    return replace(of, parameters=Records(numbers, "number"))


def hedges_in_use(book: Book) -> list[str]:
    """Names of the hedges that shape a prior of the book, in the order of its table."""
    used = {name for quantity in book.quantities.values() for name in quantity.hedges}
    return [name for name in book.hedges if name in used]


def widenings(
    book: Book, factor: float, hedges: Iterable[str] | None = None, *, assumptions: bool = False
) -> dict[str, Widening]:
    """The quantities whose priors change when hedges are scaled, by name.

    Parameters
    ----------
    factor: above 0; 1 changes nothing.
    hedges: names of those scaled; all unless given.
    assumptions: whether typed priors are scaled too.

    Raises
    ------
    ValueError: for a factor that is none, an unknown hedge (the nearest is told), or one that no quantity rests on.
    """
    if not (isinstance(factor, int | float) and 0 < factor < math.inf):
        raise ValueError(f"factor: found {factor!r}, expected a number above 0")
    used = hedges_in_use(book)
    names = used if hedges is None else list(hedges)
    for name in names:
        if name not in book.hedges:
            raise ValueError(
                f'no hedge "{name}" in the book{nearest(name, book.hedges) or f"; expected {listed(used)}"}'
            )
        if name not in used:
            raise ValueError(f'hedge "{name}": no quantity rests on it; expected {listed(used)}')
    if factor == 1:
        return {}
    table = {name: hedge(one, factor) if name in names else one for name, one in book.hedges.items()}
    found = {}
    for name, quantity in book.quantities.items():
        if not set(quantity.hedges).isdisjoint(names):
            law = _elicited(book, quantity, table)
        elif assumptions and not quantity.hedges:
            law = typed(quantity.prior, factor)
        else:
            continue
        made = _within(law, quantity.limits)
        if made.prior.spec() != quantity.prior.spec():
            found[name] = made
    return found


def widened(
    book: Book, factor: float, hedges: Iterable[str] | None = None, *, assumptions: bool = False
) -> dict[str, Any]:
    """The hedges and quantities of the book with widths scaled, as fields of a book; see :func:`widenings`."""
    names = hedges_in_use(book) if hedges is None else list(hedges)
    changed = widenings(book, factor, names, assumptions=assumptions)
    quantities = {
        name: replace(one, prior=changed[name].prior, stated=_stated(one, changed[name].prior))
        if name in changed
        else one
        for name, one in book.quantities.items()
    }
    table = {name: hedge(one, factor) if name in names and factor != 1 else one for name, one in book.hedges.items()}
    return {"quantities": Records(quantities, "quantity"), "hedges": Records(table, "hedge")}


def _elicited(book: Book, quantity: Quantity, table: Mapping[str, Hedge]) -> Distribution:
    words = [table[name] for name in quantity.hedges]
    return believed(quantity.derived_from, words, book.claims, table, cast(Combine, book.combine))[0]


def _within(law: Distribution, limits: tuple[float, float] | None) -> Widening:
    if limits is None:
        return Widening(law, 0.0)
    low, high = limits
    atoms = law.atoms()
    below = float(atoms[1][atoms[0] < low].sum()) if atoms is not None else float(law.cdf(low))
    cut = below + float(law.sf(high))
    return Widening(law.truncated(low, high), cut)


def _stated(quantity: Quantity, prior: Distribution) -> float:
    """The stated value, or the median where a narrower prior no longer has it."""
    low, high = prior.support
    return quantity.stated if low <= quantity.stated <= high else float(prior.ppf(0.5))


def typed(prior: Distribution, factor: float) -> Distribution:
    """A prior that no claim led to, its width scaled by its family; itself where it has none."""
    if prior.atoms() is not None:
        return prior
    spec = prior.spec()
    if "truncate" in spec:
        low, high = spec.pop("truncate")
        inner = make(spec)
        return typed(inner, factor).truncated(low, high)
    if spec["family"] == "lognormal" and "affine" not in spec:
        return _lognormal(prior, spec, factor)
    centre = float(spec["mode"]) if "mode" in spec and "affine" not in spec else float(prior.ppf(0.5))
    return prior.scaled(factor).shifted(centre * (1.0 - factor))


def _lognormal(prior: Distribution, spec: dict[str, Any], factor: float) -> Distribution:
    shift = float(spec.get("shift", 0.0))
    median, p95 = (float(np.asarray(prior.ppf(p))) - shift for p in (0.5, 0.95))
    return make({"family": "lognormal", "median": median, "p95": median + factor * (p95 - median), "shift": shift})
