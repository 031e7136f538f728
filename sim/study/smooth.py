"""Conditional means of outcomes given inputs, by penalised regression, each replicate predicted from the other fifteen.

One input is smoothed by cubic P-splines on its normal scores (Eilers & Marx 1996, Statistical Science 11: 89–121), or by the
means of its values where it has few; several together by the sum of such curves and by products of them and of the normal
scores, an expansion of low rank. The penalty, and with it the smoothness, is what predicts best across replicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from sim.sample import REPLICATES, mid_ranks

KNOTS, GROUPS, LEAST_SHARE = 24, 64, 0.004
PENALTIES = 10.0 ** np.arange(-4.0, 4.5, 1.0)
RIDGE = 1e-6
CURVES, CROSSED, SQUARED = 8, 12, 6


@dataclass(frozen=True, eq=False)
class Block:
    """Columns of a regression and how they are smoothed.

    Attributes
    ----------
    columns: float64[draws, k].
    penalty: float64[k, k], of the coefficients.
    """

    columns: np.ndarray
    penalty: np.ndarray


def curve(values: np.ndarray, knots: int = KNOTS) -> Block | None:
    """The columns for a curve over one input, float64[draws]; None for one that does not vary."""
    distinct, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    if len(distinct) < 2:
        return None
    if len(distinct) <= max(GROUPS, len(values) // 8):
        return _steps(index, counts)
    return _spline(scores(values), knots)


def scores(values: np.ndarray) -> np.ndarray:
    """Normal scores of the mid-ranks: standard normal for an input without ties."""
    return np.asarray(ndtri((mid_ranks(values) + len(values)) / (2.0 * len(values))))


def _steps(index: np.ndarray, counts: np.ndarray) -> Block:
    """One column for each value; neighbours are taken together until each group has its share of the draws."""
    least = max(LEAST_SHARE * len(index), 2.0)
    group, filled = np.zeros(len(counts), np.int64), 0.0
    for i in range(1, len(counts)):
        filled += counts[i - 1]
        full = filled >= least and counts[i:].sum() >= least
        group[i] = group[i - 1] + full
        filled = 0.0 if full else filled
    columns = np.zeros((len(index), group[-1] + 1))
    columns[np.arange(len(index)), group[index]] = 1.0
    return Block(columns, np.eye(columns.shape[1]))


def _spline(z: np.ndarray, knots: int) -> Block:
    """Cubic B-splines at equal distances over ``z``, smoothed towards a line in it."""
    low, high = z.min(), z.max()
    t = (z - low) / (high - low) * knots
    left = np.minimum(t.astype(np.int64), knots - 1)
    u = t - left
    weights = ((1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3)
    columns = np.zeros((len(z), knots + 3))
    rows = np.arange(len(z))
    for k, weight in enumerate(weights):
        columns[rows, left + k] = weight / 6.0
    bends = np.diff(np.eye(knots + 3), n=2, axis=0)
    return Block(columns, bends.T @ bends)


def predicted(blocks: Sequence[Block], outcomes: np.ndarray) -> np.ndarray:
    """The conditional mean of ``outcomes``, float64[draws, m], by draw, each replicate from a fit to the others.

    The number of draws is a multiple of 16, draw d being of replicate d mod 16.
    """
    columns = np.column_stack([np.ones(len(outcomes)), *(block.columns for block in blocks)])
    penalty = np.zeros((columns.shape[1], columns.shape[1]))
    at = 1
    for block in blocks:
        to = at + len(block.penalty)
        penalty[at:to, at:to] = block.penalty
        at = to
    centre = outcomes.mean(axis=0)
    gram, right, squares = _products(columns, outcomes - centre)
    ridge = RIDGE * np.diag(np.r_[0.0, np.diagonal(gram.sum(axis=0))[1:] + 1e-300])
    found = np.empty_like(outcomes)
    scale = len(outcomes) / max(len(penalty) - 1, 1)
    for j in range(outcomes.shape[1]):
        best = _best(gram, right[..., j], squares[:, j], penalty * scale, ridge)
        for r in range(REPLICATES):
            fitted = np.linalg.solve(
                gram.sum(axis=0) - gram[r] + best * scale * penalty + ridge, _others(right[..., j], r)
            )
            found[r::REPLICATES, j] = columns[r::REPLICATES] @ fitted + centre[j]
    return found


def _others(parts: np.ndarray, r: int) -> np.ndarray:
    return np.asarray(parts.sum(axis=0) - parts[r])


def _products(columns: np.ndarray, outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X'X, X'y and y'y of each replicate."""
    xs = [np.ascontiguousarray(columns[r::REPLICATES]) for r in range(REPLICATES)]
    ys = [np.ascontiguousarray(outcomes[r::REPLICATES]) for r in range(REPLICATES)]
    gram = np.stack([x.T @ x for x in xs])
    right = np.stack([x.T @ y for x, y in zip(xs, ys, strict=True)])
    return gram, right, np.stack([(y**2).sum(axis=0) for y in ys])


def _best(
    gram: np.ndarray, right: np.ndarray, squares: np.ndarray, penalty: np.ndarray, ridge: np.ndarray, folds: int = 4
) -> float:
    """The penalty with the least squared error in quarters of the replicates that the fit has not seen."""
    parts = [slice(k, None, folds) for k in range(folds)]
    errors = np.zeros(len(PENALTIES))
    for part in parts:
        unseen, towards, own = gram[part].sum(axis=0), right[part].sum(axis=0), squares[part].sum()
        seen, along = gram.sum(axis=0) - unseen, right.sum(axis=0) - towards
        for i, factor in enumerate(PENALTIES):
            fitted = np.linalg.solve(seen + factor * penalty + ridge, along)
            errors[i] += own - 2.0 * fitted @ towards + fitted @ unseen @ fitted
    return float(PENALTIES[np.argmin(errors)])


def together(inputs: Sequence[np.ndarray], outcomes: np.ndarray, curves: Sequence[np.ndarray]) -> np.ndarray:
    """The conditional mean of each outcome given several inputs at once, as :func:`predicted`.

    Parameters
    ----------
    inputs: float64[draws] each, of which every one varies.
    outcomes: float64[draws, m].
    curves: of each input, the means given it alone, float64[draws, m].
    """
    found = np.empty_like(outcomes)
    marks = [scores(values) for values in inputs]
    for j in range(outcomes.shape[1]):
        own = [_unit(each[:, j]) for each in curves]
        order = sorted(range(len(inputs)), key=lambda i: -float(curves[i][:, j].var()))
        blocks = [block for i in order[:CURVES] if (block := curve(inputs[i], KNOTS // 2)) is not None]
        single = [own[i] for i in order[CURVES:]]
        crossed = _crossed([own[i] for i in order[:CROSSED]], [marks[i] for i in order[:SQUARED]])
        more = np.column_stack([*single, *crossed]) if single or crossed else np.empty((len(outcomes), 0))
        found[:, j] = predicted([*blocks, Block(more, RIDGE * np.eye(more.shape[1]))], outcomes[:, j : j + 1])[:, 0]
    return found


def _crossed(own: Sequence[np.ndarray], marks: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Products of pairs of inputs: of their own curves, and of the first ones' also with scores z and z² − 1."""
    found = [own[i] * own[k] for i in range(len(own)) for k in range(i) if i >= len(marks)]
    features = [(curve, _unit(z), _unit(z**2)) for curve, z in zip(own[: len(marks)], marks, strict=True)]
    return found + [a * b for i, one in enumerate(features) for other in features[:i] for a in one for b in other]


def _unit(column: np.ndarray) -> np.ndarray:
    spread = float(column.std())
    return (column - column.mean()) / spread if spread > 0 else np.zeros_like(column)
