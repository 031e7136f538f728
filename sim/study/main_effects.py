"""An answer taken apart: curves of single inputs, which are known well, and the rest, which sampling has to tell.

M(x) = Σ_g m_g(x_g) is fitted to f by least squares on the design's own draws, f = M + r. Where inputs are independent of
each other group by group, with any M,

    Var E(f | x_g) = E m_g² + 2 E m_g r + Var E(r | x_g),     E Var(f | x_-g) = E m_g² + 2 E m_g r + E Var(r | x_-g),
    Var f          = Σ_g (E m_g² + 2 E m_g r) + Var r,

so that pick-freeze has to tell the last terms alone. No draw meets an M that it was fitted to: replicates are in
:data:`FOLDS` sets, and each has the fit of the others (cross-fitting), so that these hold in expectation at any size. Curves of
an input that does not stand out from noise are left out, so that what does nothing keeps an index of exactly nothing.

Source: Owen, *Monte Carlo theory, methods and examples* (2013), section 8.9, for regression on functions of known mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.draw import REPLICATES
from sim.study import chunks
from sim.study.curves import Curves, curves
from sim.study.design import PILOT, Design

FOLDS = 4
ENOUGH = 4_096
"""Draws of x and of y, of the design's first, that M is fitted to at most."""
RIDGE = 0.1
"""Of as many draws as there are features: what coefficients are held down by."""
CLEAR = 8.0
"""How many times what noise alone would explain a group has to explain,"""
LEAST = 1e-4
"""and what share of the variance."""


@dataclass(frozen=True)
class MainEffects:
    """M, for each replicate its own.

    Attributes
    ----------
    curves: what m_g are made of, of mean 0 over all draws.
    mean: float64[cells], of f over all draws, beyond the design's centre.
    weights: float64[cells, features, 16].
    active: bool[cells, groups], whether m_g is anything but zero.
    """

    curves: Curves
    mean: np.ndarray
    weights: np.ndarray
    active: np.ndarray


def fitted(design: Design, groups: Sequence[Sequence[int]], draws: int, threads: int | None = None) -> MainEffects:
    """Fit M to the first of ``draws`` draws of x and of y.

    Parameters
    ----------
    groups: players of each group, independent of those of other groups.
    """
    members = [[row for player in group for row in design.members[player]] for group in groups]
    reads = np.zeros((len(design.rows), len(groups)), np.bool_)
    for number, group in enumerate(groups):
        reads[np.concatenate([design.read[player] for player in group]), number] = True
    draws = min(draws, ENOUGH)
    pilot = design.pair.fill(0, min(PILOT, draws))
    made = curves(np.concatenate([pilot.x, pilot.y], axis=1), members, len(design.rows), draws)
    cells, size = len(design.rows), made.size

    def job(first: int, last: int) -> list[np.ndarray]:
        """Sums over draws, by fold: of products of features (and 1) with one another, and with values; f² of all."""
        features, values = np.ones((2, size + 1, last - first)), np.empty((2, cells, last - first))
        at = 0
        for drawn, room in design.tiles(first, last):
            here = slice(at, at + room.draws)
            for side, inputs in enumerate((drawn.x, drawn.y)):
                features[side, :-1, here] = made.at(inputs)
                values[side, :, here] = room.of(inputs)
            at += room.draws
        gram, load = np.zeros((FOLDS, size + 1, size + 1)), np.zeros((FOLDS, size + 1, cells))
        for side in range(2):
            for fold in range(FOLDS):
                some = np.ascontiguousarray(features[side, :, fold::FOLDS])
                gram[fold] += some @ some.T
                load[fold] += some @ values[side, :, fold::FOLDS].T
        return [gram, load, (values**2).sum(axis=(0, 2)), (values[0] != values[1]).sum(axis=1)]

    with np.errstate(invalid="ignore", over="ignore"):
        gram, load, square, apart = chunks.total(job, draws, threads)
        return _solved(made, gram, load, square, reads & (apart > 0)[:, None])


def _solved(made: Curves, gram: np.ndarray, load: np.ndarray, square: np.ndarray, reads: np.ndarray) -> MainEffects:
    """M from the folds' sums; ``square``, float64[cells], of f² over all draws; ``reads``, bool[cells, groups]."""
    size, cells = made.size, load.shape[2]
    draws = gram[:, -1, -1].sum()
    mean = load[:, -1].sum(axis=0) / draws
    if not size:
        return MainEffects(made, mean, np.zeros((cells, 0, REPLICATES)), np.zeros((cells, len(made.spans)), np.bool_))
    off = gram[:, -1, :-1].sum(axis=0) / draws
    total = square / draws - mean**2
    weights, active = np.zeros((cells, size, REPLICATES)), np.zeros((cells, len(made.spans)), np.bool_)
    for fold in range(FOLDS):
        others = [each for each in range(FOLDS) if each != fold]
        n = gram[others, -1, -1].sum()
        # Centred by the means of all draws, as the curves will be.
        inner = gram[others].sum(axis=0)
        cross, single = inner[:-1, :-1], inner[-1, :-1]
        cross = cross - np.outer(off, single) - np.outer(single, off) + n * np.outer(off, off)
        outer = load[others].sum(axis=0)
        right = outer[:-1] - np.outer(off, outer[-1]) - np.outer(single - n * off, mean)
        beta = np.linalg.solve(cross + RIDGE * size * np.eye(size), right)
        left = np.maximum(total - (beta * (2.0 * right - cross @ beta)).sum(axis=0) / n, 0.0)
        for group, (start, stop) in enumerate(made.spans):
            own = beta[start:stop]
            explained = (own * (cross[start:stop, start:stop] @ own)).sum(axis=0) / n
            clear = reads[:, group] & (explained > np.maximum(CLEAR * (stop - start) * left / n, LEAST * total))
            weights[:, start:stop, fold::FOLDS] = np.where(clear, own, 0.0).T[:, :, None]
            active[:, group] |= clear
    return MainEffects(made.less(off).only(np.asarray(active.any(axis=0))), mean, weights, active)
