"""What an answer rests on: the inputs that it moves with most in the kept draws, each with its claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import priors

DRAWS = 4_096
MOST = 4
LEAST = 0.01
TINY = 1e-12


@dataclass(frozen=True)
class Driver:
    """An input, its claims and basis, and its share of the answer's spread: see :func:`shares`."""

    name: str
    claims: tuple[str, ...]
    basis: str
    share: float

    def told(self) -> str:
        """As it stands beneath a table: ``Q04.9 buy.baidu_2023 31 %``, or the name marked as assumed."""
        mark = {"assumption": " (assumed)", "mixed": " (in part assumed)"}.get(self.basis, "")
        return " ".join([", ".join(self.claims), self.name + mark, f"{100 * self.share:.0f} %"]).strip()


def drivers(inputs: Inputs, outcomes: np.ndarray, book: priors.Book | None) -> tuple[Driver, ...]:
    """At most four inputs that ``outcomes``, float64[draws, cells], move with most, the greatest first.

    Inputs that ``book`` does not know are called by name alone.
    """
    found = shares(inputs.scores, scores(outcomes[:DRAWS]))
    return tuple(_driver(inputs.names[j], share, book) for j, share in found)


@dataclass(frozen=True, eq=False)
class Inputs:
    """The kept inputs of a scenario, made ready once for all its answers.

    Attributes
    ----------
    names: of the inputs.
    scores: of the inputs, see :func:`scores`.
    """

    names: tuple[str, ...]
    scores: np.ndarray

    @classmethod
    def of(cls, kept: Mapping[str, np.ndarray]) -> Inputs:
        """Of the kept inputs by name, float64[draws] each.

        Only the first 4,096 draws are read: a share is good to about 2 points in 100 then.
        """
        sampled = [np.asarray(values[:DRAWS], dtype=float) for values in kept.values()]
        return cls(tuple(kept), scores(np.column_stack(sampled)))


def _driver(name: str, share: float, book: priors.Book | None) -> Driver:
    quantity = book.quantities[name] if book is not None and name in book.quantities else None
    if quantity is None:
        return Driver(name, (), "", share)
    # An assumption may name the claim it stands beside; it does not rest on it.
    claims = () if quantity.basis == "assumption" else tuple(quantity.claims)
    return Driver(name, claims, quantity.basis, share)


def shares(inputs: np.ndarray, outcomes: np.ndarray) -> list[tuple[int, float]]:
    """Inputs with the greatest squared Spearman correlations with the outcomes, and these shares.

    Of several outcomes the mean over those that vary counts. Each next input is taken for what it adds to those before
    it, so that one that is merely correlated with a driver does not pass for one; among independent inputs that changes
    nothing but noise, and shares never add up to more than 1. Both arguments are :func:`scores`.
    """
    shared = inputs @ outcomes[np.any(outcomes != 0, axis=1)].T
    left = np.einsum("ij,ij->i", inputs, inputs)  # squared length of what those taken leave of each input
    taken = np.empty((0, inputs.shape[1]))
    found: list[tuple[int, float]] = []
    while shared.shape[1] and len(found) < MOST:
        unit = np.where(left > TINY, 1.0 / np.sqrt(np.where(left > TINY, left, 1.0)), 0.0)
        share = ((shared * unit[:, None]) ** 2).mean(axis=1)
        best = int(np.argmax(share))
        if share[best] < LEAST:
            break
        found.append((best, float(share[best])))
        own = (inputs[best] - (taken @ inputs[best]) @ taken) * unit[best]
        along = inputs @ own
        shared -= np.outer(along, shared[best] * unit[best])
        left -= along**2
        taken = np.vstack([taken, own])
    return found


def scores(columns: np.ndarray) -> np.ndarray:
    """Mid-ranks of each column of float64[draws, n], centred and of unit length, as float64[n, draws].

    Zeros where a column does not vary.
    """
    centred = np.array([_mid_ranks(column) for column in np.ascontiguousarray(columns.T)]).reshape(columns.shape[::-1])
    length = np.sqrt(np.einsum("ij,ij->i", centred, centred))
    return centred / np.where(length > 0, length, 1.0)[:, None]


def _mid_ranks(column: np.ndarray) -> np.ndarray:
    """Mid-rank of each value, doubled, less the mean of them all; values that are no number tie for the last."""
    order = np.argsort(column)
    ordered, length = column[order], len(column)
    below, above = ordered[:-1], ordered[1:]
    first = np.ones(length, np.bool_)  # whether a value is the first of those equal to it
    np.logical_or(above > below, np.isnan(above) & ~np.isnan(below), out=first[1:])
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], length)
    ranks = np.empty(length)
    ranks[order] = np.repeat(starts + ends - float(length), ends - starts)
    return ranks
