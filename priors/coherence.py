"""How the stated claims fit one another, and where each sits within its own prior; needs no run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from priors.families import Distribution
from priors.figures import figure
from priors.records import Quantity, Relation

if TYPE_CHECKING:
    from priors.books import Book

AGREES, WITHIN, DIFFERS = "agrees", "within tolerance", "differs"
Flag = Literal["", "floor", "tail", "off the mode"]
LOW, HIGH, FAR = 0.05, 0.95, 0.25
_EXACT = 1e-9
_BOUNDS = ("odd", "at_least", "and_up")


@dataclass(frozen=True)
class Tie:
    """What claims say together.

    Attributes
    ----------
    stated, follows: the two sides, in the same unit.
    gap: stated − follows.
    verdict: agrees, within tolerance or differs.
    """

    relation: Relation
    stated: float
    follows: float
    gap: float
    verdict: str


@dataclass(frozen=True)
class Place:
    """Where a claim's figure sits within the prior that it led to.

    Attributes
    ----------
    stated: the figure, in the quantity's unit.
    percentile: the chance that the prior gives to values below it, and half of that at it.
    mode: the prior's likeliest value.
    flag: ``floor`` where the figure is a bound by its own hedge, ``tail`` outside of 5 to 95 %, ``off the mode`` further from
        the mode than a quarter of that range; else empty.
    """

    quantity: Quantity
    stated: float
    percentile: float
    mode: float
    flag: Flag


@dataclass(frozen=True)
class Coherence:
    """What :func:`check_coherence` finds."""

    ties: tuple[Tie, ...]
    places: tuple[Place, ...]


def check_coherence(book: Book) -> Coherence:
    """Hold the stated claims of a book against one another, and each against its own prior."""
    return Coherence(tuple(_ties(book)), tuple(_places(book)))


def _ties(book: Book) -> Iterator[Tie]:
    for relation in book.relations.values():
        if relation.follows:
            stated, follows = (figure(text, book.claims).stated for text in (relation.stated, relation.follows))
            yield Tie(relation, stated, follows, stated - follows, compared(stated, follows, relation))


def compared(stated: float, follows: float, relation: Relation) -> str:
    """Whether ``stated sign follows`` holds: to the last digits, within the tolerance, or not."""
    size = max(abs(stated), abs(follows))
    short = {"=": abs(stated - follows), "<=": stated - follows, ">=": follows - stated}[relation.sign]
    if short <= _EXACT * size:
        return AGREES
    return WITHIN if short <= relation.within * abs(follows) else DIFFERS


def _places(book: Book) -> Iterator[Place]:
    for quantity in book.quantities.values():
        if not quantity.hedges:
            continue
        stated = figure(quantity.derived_from, book.claims).stated
        percentile, mode = percentile_of(quantity.prior, stated), mode_of(quantity.prior)
        low, high = (float(quantity.prior.ppf(p)) for p in (LOW, HIGH))
        flag: Flag = ""
        if any(book.hedges[word].rule in _BOUNDS for word in quantity.hedges):
            flag = "floor"
        elif not LOW <= percentile <= HIGH:
            flag = "tail"
        elif quantity.prior.atoms() is None and abs(stated - mode) > FAR * (high - low):
            flag = "off the mode"
        yield Place(quantity, stated, percentile, mode, flag)


def percentile_of(prior: Distribution, x: float) -> float:
    """The chance below x and half of that at x."""
    atoms = prior.atoms()
    if atoms is None:
        return float(prior.cdf(x))
    values, chances = atoms
    return float(chances[values < x].sum() + 0.5 * chances[values == x].sum())


def mode_of(prior: Distribution) -> float:
    """The likeliest value: the middle of the densest 1/500 of the chance, or of all that are as dense to within 1/1,000.

    Of a discrete law its largest atom.
    """
    atoms = prior.atoms()
    if atoms is not None:
        return float(atoms[0][np.argmax(atoms[1])])
    edges = prior.ppf(np.linspace(0.0, 1.0, 2_001))
    widths = edges[4:] - edges[:-4]
    widths[~np.isfinite(widths)] = math.inf
    densest = np.flatnonzero(widths <= widths.min() * 1.001)
    return float(((edges[densest] + edges[densest + 4]) / 2.0).mean())
