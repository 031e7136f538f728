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


@dataclass(frozen=True)
class Driver:
    """An input, its claims and basis, and its share: the square of its rank correlation with the answer."""

    name: str
    claims: tuple[str, ...]
    basis: str
    share: float

    def told(self) -> str:
        """As it stands beneath a table: ``Q04.9 buy.baidu_2023 31 %``, or the name marked as assumed."""
        mark = {"assumption": " (assumed)", "mixed": " (in part assumed)"}.get(self.basis, "")
        return " ".join([", ".join(self.claims), self.name + mark, f"{100 * self.share:.0f} %"]).strip()


def drivers(inputs: xr.Dataset, outcomes: np.ndarray, book: priors.Book | None) -> tuple[Driver, ...]:
    """At most four inputs with the greatest squared Spearman correlation with ``outcomes``, the greatest first.

    ``inputs`` are the kept ones, a variable each along ``draw``; ``outcomes`` is float64[draws, cells], and of several
    cells the mean of the squared correlations counts, over those that vary. Only the first 4,096 draws are read:
    a share is good to about 2 points in 100 then. Inputs that ``book`` does not know are called by name alone.
    """
    names = [str(name) for name in inputs.data_vars]
    sampled = np.column_stack([np.asarray(inputs[name].values[:DRAWS], dtype=float) for name in names])
    shares = squared_rank_correlation(sampled, outcomes[:DRAWS])
    order = sorted(range(len(names)), key=lambda j: (-shares[j], names[j]))[:MOST]
    return tuple(_driver(names[j], float(shares[j]), book) for j in order if shares[j] >= LEAST)


def _driver(name: str, share: float, book: priors.Book | None) -> Driver:
    quantity = book.quantities[name] if book is not None and name in book.quantities else None
    if quantity is None:
        return Driver(name, (), "", share)
    # An assumption may name the claim it stands beside; it does not rest on it.
    claims = () if quantity.basis == "assumption" else tuple(quantity.claims)
    return Driver(name, claims, quantity.basis, share)


def squared_rank_correlation(inputs: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
    """Squared Spearman correlation of each column of ``inputs``, its mean over those of ``outcomes`` that vary."""
    x, y = _scores(inputs), _scores(outcomes)
    varying = np.any(y != 0, axis=0)
    if not varying.any():
        return np.zeros(inputs.shape[1])
    return np.asarray(((x.T @ y[:, varying]) ** 2).mean(axis=1))


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
