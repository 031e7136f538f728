"""Spearman's rank correlations from kept draws, and partial ones, which take out what other inputs explain.

    partial = −P_xy / √(P_xx P_yy),   P the inverse of the correlations of the ranks of all inputs and y.

The figure is that of all draws, its error the spread of the replicates' own, each with ranks of its own: ranks of y are
estimates too. Equal values share their mean rank. An input that does not vary has NaN, and so has a cell with a value that
is not a finite number.

Sources: Spearman, Am. J. Psychol. 15 (1904) 72; Iman, Conover, Technometrics 21 (1979) 311, for partial ones of ranks.
"""

from __future__ import annotations

import numpy as np

from sim.results import estimate
from sim.results.estimate import Estimate
from sim.results.kept import Kept
from sim.sample import REPLICATES, rank_scores

WORDS = {"spearman": "Spearman's rank correlation", "partial": "partial rank correlation"}
PER_INPUT = 8
"""Draws of a replicate, for each input, below which partial correlations say nothing."""


def rank_correlation(kept: Kept) -> dict[str, Estimate]:
    """Both of each input with each cell, [inputs, cells]."""
    whole = _of(kept.x, kept.y)
    each = np.stack([_of(kept.x[:, at], kept.y[:, at]) for at in _replicates(kept)], axis=-1)
    if kept.x.shape[1] < PER_INPUT * REPLICATES * len(kept.x):
        each[1] = np.nan
    spread = [estimate.mean(figures).mcse for figures in each]
    return {name: estimate.around(whole[i], spread[i]) for i, name in enumerate(WORDS)}


def _replicates(kept: Kept) -> list[np.ndarray]:
    return [np.flatnonzero(kept.replicate == r) for r in range(REPLICATES)]


def _of(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Plain and partial correlations of ranks, float64[2, inputs, cells]."""
    u, v = rank_scores(x), rank_scores(y)
    plain = u @ v.T
    still = ~u.any(axis=1)
    among = u @ u.T + np.diag(still.astype(float))
    with np.errstate(invalid="ignore", divide="ignore"):
        inverse = np.linalg.pinv(among, hermitian=True)
        slopes = inverse @ plain
        left = np.maximum(1.0 - np.einsum("ic,ic->c", slopes, plain), 0.0)
        partial = slopes / np.sqrt(left * np.diag(inverse)[:, None] + slopes**2)
    found = np.stack([plain, partial])
    found[:, still] = np.nan
    found[:, :, ~v.any(axis=1)] = np.nan
    found[:, :, ~np.isfinite(y).all(axis=1)] = np.nan  # what is no number has no rank
    return found
