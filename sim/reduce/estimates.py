"""From merged moments to mean, standard deviation and the mean's standard error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import kernel
from sim.reduce.node import Node, pair


class Moments(NamedTuple):
    """Figures of each cell over all its finite values; NaN where there are too few.

    Attributes
    ----------
    finite, nonfinite: int64[cells], how many values count, and how many were left out.
    mean, low, high: float64[cells].
    sd: float64[cells], with n − 1 in the denominator; infinite where it exceeds the largest double.
    mcse: float64[cells], standard error of the mean: the standard deviation of the replicates' means over √16. An
        interval around the mean takes Student's t with 15 degrees of freedom.
    replicate_mean: float64[cells, 16].
    """

    finite: np.ndarray
    nonfinite: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sd: np.ndarray
    mcse: np.ndarray
    replicate_mean: np.ndarray


def moments_of(node: Node) -> Moments:
    """Figures of a node; cells without any finite value get NaN."""
    cells = len(node.low)
    mean, m2, spread = np.empty(cells), np.empty(cells), np.empty(cells)
    _finish(node, mean, m2, spread)
    count, replicates = node.finite.sum(axis=1), (node.finite > 0).sum(axis=1)
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        sd = np.where(count > 1, np.sqrt(m2 / (count - 1.0)), np.nan)
        mcse = np.where(replicates > 1, np.sqrt(spread / (replicates - 1.0) / replicates), np.nan)
        return Moments(
            count,
            node.nonfinite.sum(axis=1),
            np.ldexp(np.where(count > 0, mean, np.nan), node.exponent),
            np.where(count > 0, node.low, np.nan),
            np.where(count > 0, node.high, np.nan),
            np.ldexp(sd, node.exponent),
            np.ldexp(mcse, node.exponent),
            np.ldexp(np.where(node.finite > 0, node.mean + node.rest, np.nan), node.exponent[:, None]),
        )


@kernel
def _finish(node: Node, mean: np.ndarray, m2: np.ndarray, spread: np.ndarray) -> None:
    """Merge the replicates of each cell by halves; ``spread`` is the squared deviations of the replicates' means."""
    cells, replicates = node.finite.shape
    count, means = np.empty(replicates, np.int64), np.empty(replicates)
    rests, squares = np.empty(replicates), np.empty(replicates)
    for c in range(cells):
        for r in range(replicates):
            count[r], means[r] = node.finite[c, r], node.mean[c, r]
            rests[r], squares[r] = node.rest[c, r], node.m2[c, r]
        half = replicates // 2
        while half:
            for r in range(half):
                s = r + half
                means[r], rests[r], squares[r] = pair(
                    (count[r], means[r], rests[r], squares[r]), (count[s], means[s], rests[s], squares[s])
                )
                count[r] += count[s]
            half //= 2
        mean[c], m2[c] = means[0] + rests[0], squares[0]
        spread[c] = _spread(node.finite[c], node.mean[c], node.rest[c], means[0], rests[0])


@kernel
def _spread(count: np.ndarray, mean: np.ndarray, rest: np.ndarray, centre: float, centre_rest: float) -> float:
    """Squared deviations of the non-empty replicates' means from their own plain mean."""
    filled, first, second = 0, 0.0, 0.0
    for r in range(len(count)):
        if count[r]:
            d = (mean[r] - centre) + (rest[r] - centre_rest)
            filled += 1
            first += d
            second += d * d
    return max(second - first * first / filled, 0.0) if filled else 0.0
