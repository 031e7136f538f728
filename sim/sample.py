"""What plain draws say: order statistics, mid-ranks, and the standard error that sixteen replicates show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

REPLICATES = 16
"""Draw d belongs to replicate d mod 16."""
LEVELS = (0.05, 0.5, 0.95)
"""Probabilities of the quantiles that are told unless others are asked for."""


def quantiles(values: np.ndarray, levels: float | Sequence[float] | np.ndarray, axis: int | None = None) -> np.ndarray:
    """Order statistics, as everywhere in the project: the least value that a share ``levels`` of all is not above."""
    return np.asarray(np.quantile(values, levels, axis=axis, method="inverted_cdf"))


def standard_error(replicates: np.ndarray | Sequence[np.ndarray], axis: int = -1) -> np.ndarray:
    """Standard error from the sixteen replicates along ``axis``; an interval takes Student's t with 15 degrees of freedom.

    NaN where one of them has no value.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.std(replicates, axis=axis, ddof=1) / np.sqrt(REPLICATES))


def mid_ranks(values: np.ndarray) -> np.ndarray:
    """Mid-rank of each of float64[n], doubled, less the mean of them all; values that are no number tie for the last."""
    order = np.argsort(values)
    ordered, length = values[order], len(values)
    below, above = ordered[:-1], ordered[1:]
    first = np.ones(length, np.bool_)  # whether a value is the first of those equal to it
    np.logical_or(above > below, np.isnan(above) & ~np.isnan(below), out=first[1:])
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], length)
    ranks = np.empty(length)
    ranks[order] = np.repeat(starts + ends - float(length), ends - starts)
    return ranks


def rank_scores(rows: np.ndarray) -> np.ndarray:
    """Mid-ranks of each row of float64[rows, n], centred and of unit length; zeros where a row does not vary."""
    centred = np.array([mid_ranks(row) for row in np.ascontiguousarray(rows)]).reshape(rows.shape)
    length = np.sqrt(np.einsum("ij,ij->i", centred, centred))
    return centred / np.where(length > 0, length, 1.0)[:, None]
