"""What an answer rests on: the inputs that tell most of its spread in the kept draws, each with its claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.sample import rank_scores

if TYPE_CHECKING:
    import priors

DRAWS = 4_096
MOST = 4
LEAST = 0.01
CLASSES, DISTINCT = 8, 16


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
    found = shares(inputs, rank_scores(outcomes[:DRAWS].T))
    return tuple(_driver(inputs.names[j], share, book) for j, share in found)


class Sorted:
    """Classes of columns of draws, found once for each: most inputs are the same under most scenarios, draw by draw."""

    def __init__(self) -> None:
        self._seen: dict[bytes, np.ndarray] = {}

    def of(self, column: np.ndarray) -> np.ndarray:
        """:func:`classes` of ``column``, float64[draws]."""
        key = column.tobytes()
        if key not in self._seen:
            self._seen[key] = classes(column)
        return self._seen[key]


@dataclass(frozen=True, eq=False)
class Inputs:
    """The kept inputs of a scenario, made ready once for all its answers.

    Attributes
    ----------
    names: of the inputs.
    within: float32[classes, draws], 1 where a draw is in a class, each input's classes after the other's.
    first: int64[inputs], the first class of each.
    """

    names: tuple[str, ...]
    within: np.ndarray
    first: np.ndarray

    @classmethod
    def of(cls, kept: Mapping[str, np.ndarray], seen: Sorted | None = None) -> Inputs:
        """Of the kept inputs by name, float64[draws] each.

        Only the first 4,096 draws are read: a share is good to about 2 points in 100 then.
        """
        seen = seen or Sorted()
        codes = [seen.of(np.asarray(values[:DRAWS], dtype=float)) for values in kept.values()]
        many = [int(each.max(initial=0)) + 1 for each in codes]
        first = np.concatenate([[0], np.cumsum(many)[:-1]])
        within = np.zeros((sum(many), len(codes[0])), np.float32)
        for start, each in zip(first, codes, strict=True):
            within[start + each, np.arange(len(each))] = 1.0
        return cls(tuple(kept), within, first)


def classes(column: np.ndarray) -> np.ndarray:
    """The class, from 0 up, of each value: one for each of up to sixteen distinct values, else eight that are equally likely."""
    values, found = np.unique(column, return_inverse=True)
    if len(values) <= DISTINCT:
        return found
    count = np.bincount(found)
    middle = np.cumsum(count) - (count + 1) / 2.0  # mid-ranks from 0
    return np.unique((middle * CLASSES / len(column)).astype(np.int64)[found], return_inverse=True)[1]


def _driver(name: str, share: float, book: priors.Book | None) -> Driver:
    quantity = book.quantities[name] if book is not None and name in book.quantities else None
    if quantity is None:
        return Driver(name, (), "", share)
    # An assumption may name the claim it stands beside; it does not rest on it.
    claims = () if quantity.basis == "assumption" else tuple(quantity.claims)
    return Driver(name, claims, quantity.basis, share)


def shares(inputs: Inputs, outcomes: np.ndarray) -> list[tuple[int, float]]:
    """Inputs that tell most of the spread of the outcomes' ranks, and the shares of it that they tell.

    An input's share is the variance between its classes' means, less what noise alone would make of it: a first-order index
    of the ranks, whatever the shape. Of several outcomes the mean over those that vary counts. Each next input is taken
    for what it tells of what those before it left, so that one that is merely correlated with a driver does not pass for one;
    shares never add up to more than 1. ``outcomes`` are :func:`~sim.sample.rank_scores`, float64[cells, draws].
    """
    # In single precision, which tells shares to a thousandth of what noise does: most of the time goes into reading them.
    left = outcomes[np.any(outcomes != 0, axis=1)].astype(np.float32)
    size = inputs.within.sum(axis=1, dtype=np.float64)
    last = np.append(inputs.first[1:], len(size))
    found: list[tuple[int, float]] = []
    while len(left) and len(found) < MOST:
        sums = (inputs.within @ left.T).astype(np.float64)
        noise = (last - inputs.first - 1.0) / left.shape[1] * (left**2).sum(dtype=np.float64) / len(left)
        share = np.add.reduceat(sums**2 / size[:, None], inputs.first).mean(axis=1) - noise
        best = int(np.argmax(share))
        if share[best] < LEAST:
            break
        found.append((best, float(share[best])))
        own = slice(inputs.first[best], last[best])
        left = left - (sums[own] / size[own, None]).T.astype(np.float32) @ inputs.within[own]
    return found
