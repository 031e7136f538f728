"""Sums that first-order and total indices are made of: the model at x, at y, and with some inputs of x drawn anew.

For each player g one run with g drawn anew, H = f(x_-g, y_g), which shares y_g with f(y) and all else with f(x): the
design of Saltelli et al., Comput. Phys. Commun. 181 (2010) 259. A player that is correlated with others shares no y_g
with f(y), since it was drawn given the others of x; it takes a second run, with all others drawn anew given its x_g.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.draw import REPLICATES
from sim.kernels import bare_kernel
from sim.study import chunks
from sim.study.design import Design
from sim.study.hybrid import Pair


@dataclass(frozen=True)
class Sums:
    """Means over each replicate's draws, of centred values.

    Attributes
    ----------
    first, second: float64[2, cells, 16], of f and f², at x and at y.
    shared: float64[players, 2, cells, 16], of a (h − b) and (a − h)², where a and h share the player's inputs alone, and
        h has all the others from b.
    moved: float64[players, cells, 16], of (f(x) − h)², where the player's inputs alone were drawn anew.
    left: float64[players, cells, 16], of f(x) (h − f(y)) with the same h, which shares all but the player's inputs with
        x and those with y; NaN of a player correlated with others, whose h shares nothing with y.
    """

    first: np.ndarray
    second: np.ndarray
    shared: np.ndarray
    moved: np.ndarray
    left: np.ndarray


def sums(
    design: Design, draws: int, threads: int | None = None, progress: Callable[[int], object] | None = None
) -> Sums:
    """Run the design on ``draws`` draws, a multiple of 16."""
    players, cells = len(design.members), len(design.cells)
    tied = tied_players(design.pair)

    def job(first: int, last: int) -> list[np.ndarray]:
        plain = np.zeros((2, 2, cells, REPLICATES))
        shared = np.zeros((players, 2, cells, REPLICATES))
        moved, left = np.zeros((2, players, cells, REPLICATES))
        for drawn, room in design.tiles(first, last):
            x, y = room.of(drawn.x), room.of(drawn.y)
            powers(x, plain[0])
            powers(y, plain[1])
            for player in range(players):
                h = room.anew(drawn, [player])
                squares(x, h, moved[player])
                if player in tied:
                    left[player] = np.nan
                    h = room.anew(drawn, [other for other in range(players) if other != player])
                    products(x, y, h, shared[player])
                else:
                    products(y, x, h, shared[player])
                    differences(x, y, h, left[player])
        return [plain, shared, moved, left]

    points = draws // REPLICATES
    plain, shared, moved, left = (each / points for each in chunks.total(job, draws, threads, progress))
    return Sums(plain[0], plain[1], shared, moved, left)


def tied_players(pair: Pair) -> set[int]:
    """Players with an input that is correlated with one of another player."""
    return {player for knot in pair.knots if len(knot.players) > 1 for player in knot.players}


@bare_kernel
def powers(values: np.ndarray, out: np.ndarray) -> None:
    """Add values and squares, [cells, T], to ``out`` [2, cells, 16], draw d to replicate d mod 16."""
    for c in range(values.shape[0]):
        for first in range(0, values.shape[1], 16):
            for r in range(16):
                out[0, c, r] += values[c, first + r]
                out[1, c, r] += values[c, first + r] * values[c, first + r]


@bare_kernel
def squares(a: np.ndarray, h: np.ndarray, out: np.ndarray) -> None:
    """Add (a − h)² to ``out`` [cells, 16]."""
    for c in range(a.shape[0]):
        for first in range(0, a.shape[1], 16):
            for r in range(16):
                step = a[c, first + r] - h[c, first + r]
                out[c, r] += step * step


@bare_kernel
def products(a: np.ndarray, b: np.ndarray, h: np.ndarray, out: np.ndarray) -> None:
    """Add a (h − b) and (a − h)² to ``out`` [2, cells, 16]."""
    for c in range(a.shape[0]):
        for first in range(0, a.shape[1], 16):
            for r in range(16):
                i = first + r
                step = a[c, i] - h[c, i]
                out[0, c, r] += a[c, i] * (h[c, i] - b[c, i])
                out[1, c, r] += step * step


@bare_kernel
def differences(a: np.ndarray, b: np.ndarray, h: np.ndarray, out: np.ndarray) -> None:
    """Add a (h − b) to ``out`` [cells, 16]."""
    for c in range(a.shape[0]):
        for first in range(0, a.shape[1], 16):
            for r in range(16):
                i = first + r
                out[c, r] += a[c, i] * (h[c, i] - b[c, i])
