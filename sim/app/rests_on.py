"""What an answer rests on: the inputs that it moves with most in the kept draws, each with its claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

    import priors

DRAWS = 4_096
MOST = 4
LEAST = 0.01
TINY = 1e-6


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


def drivers(inputs: xr.Dataset, outcomes: np.ndarray, book: priors.Book | None) -> tuple[Driver, ...]:
    """At most four inputs that ``outcomes``, float64[draws, cells], move with most, the greatest first.

    ``inputs`` are the kept ones, a variable each along ``draw``. Only the first 4,096 draws are read: a share is good
    to about 2 points in 100 then. Inputs that ``book`` does not know are called by name alone.
    """
    names = [str(name) for name in inputs.data_vars]
    sampled = np.column_stack([np.asarray(inputs[name].values[:DRAWS], dtype=float) for name in names])
    return tuple(_driver(names[j], share, book) for j, share in shares(sampled, outcomes[:DRAWS]))


def _driver(name: str, share: float, book: priors.Book | None) -> Driver:
    quantity = book.quantities[name] if book is not None and name in book.quantities else None
    if quantity is None:
        return Driver(name, (), "", share)
    # An assumption may name the claim it stands beside; it does not rest on it.
    claims = () if quantity.basis == "assumption" else tuple(quantity.claims)
    return Driver(name, claims, quantity.basis, share)


def shares(inputs: np.ndarray, outcomes: np.ndarray) -> list[tuple[int, float]]:
    """Columns of ``inputs`` with the greatest squared Spearman correlations with ``outcomes``, and these shares.

    Of several columns of ``outcomes`` the mean over those that vary counts. Each next input is taken for what it adds
    to those before it, so that one that is merely correlated with a driver does not pass for one; among independent
    inputs that changes nothing but noise, and shares never add up to more than 1.
    """
    x, y = _scores(inputs), _scores(outcomes)
    y = y[:, np.any(y != 0, axis=0)]
    found: list[tuple[int, float]] = []
    while y.shape[1] and len(found) < MOST:
        share = ((x.T @ y) ** 2).mean(axis=1)
        best = int(np.argmax(share))
        if share[best] < LEAST:
            break
        found.append((best, float(share[best])))
        x = _without(x, x[:, best])
    return found


def _without(scores: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """What of each column is not along ``taken``, of unit length again; zeros where nothing is left."""
    rest = scores - np.outer(taken, taken @ scores)
    length = np.sqrt((rest**2).sum(axis=0))
    return np.where(length > TINY, rest / np.where(length > TINY, length, 1.0), 0.0)


def _scores(columns: np.ndarray) -> np.ndarray:
    """Mid-ranks of each column, centred and of unit length; zeros where a column does not vary."""
    scores = np.empty(columns.shape)
    for j, column in enumerate(columns.T):
        ordered = np.sort(column)
        rank = np.searchsorted(ordered, column, "left") + np.searchsorted(ordered, column, "right")
        centred = rank - rank.mean()
        length = np.sqrt(centred @ centred)
        scores[:, j] = centred / length if length > 0 else 0.0
    return scores
