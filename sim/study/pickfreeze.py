"""Sums that first-order and total indices are made of: the model at x, at y, and with some inputs of x drawn anew.

For each player g one run with g drawn anew, H = f(x_-g, y_g), which shares y_g with f(y) and all else with f(x): the
design of Saltelli et al., Comput. Phys. Commun. 181 (2010) 259. Main effects are taken off first, as far as a fit knows them:
:mod:`sim.study.main_effects`. A player that is correlated with others shares no y_g with f(y), since it was drawn given
the others of x; it takes a second run, with all others drawn anew given its x_g, and nothing is taken off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.draw import REPLICATES
from sim.study import chunks
from sim.study.curves import Curves
from sim.study.design import Design, Room
from sim.study.hybrid import Drawn, Pair
from sim.study.lanesums import Fit, Tile, known, moved_all, moved_alone, powers, products, split
from sim.study.main_effects import fitted


@dataclass(frozen=True)
class Sums:
    """Means over each replicate's draws, of f for correlated players, of the rest r for others.

    Attributes
    ----------
    tied: bool[players], which are correlated with others.
    plain, rest: float64[2, 2, cells, 16], of f and of r, and of their squares, at x and at y.
    known: float64[players, cells, 16], what is known of the numerators without r alone; 0 for correlated players.
    known_of_all: float64[cells, 16], and of the variance.
    shared: float64[players, 2, cells, 16], of a (h − b) and (a − h)², where a and h share the player's inputs alone, and
        h has all the others from b.
    moved: float64[players, cells, 16], of (f(x) − h)², where the player's inputs alone were drawn anew.
    left: float64[players, cells, 16], of f(x) (h − f(y)) with the same h, which shares all but the player's inputs with
        x and those with y; NaN of a player correlated with others, whose h shares nothing with y.
    """

    tied: np.ndarray
    plain: np.ndarray
    rest: np.ndarray
    known: np.ndarray
    known_of_all: np.ndarray
    shared: np.ndarray
    moved: np.ndarray
    left: np.ndarray


def sums(
    design: Design, draws: int, threads: int | None = None, progress: Callable[[int], object] | None = None
) -> Sums:
    """Run the design on ``draws`` draws, a multiple of 16."""
    players, cells = len(design.members), len(design.rows)
    tied = sorted(tied_players(design.pair))
    free = [player for player in range(players) if player not in tied]
    groups = [*([player] for player in free), *([tied] if tied else [])]
    main = fitted(design, groups, draws, threads)
    fit = Fit(main.mean, main.weights, main.active, main.curves.spans)

    def job(first: int, last: int) -> list[np.ndarray]:
        plain, rest = np.zeros((2, 2, 2, cells, REPLICATES))
        of_groups = np.zeros((len(groups), cells, REPLICATES))
        shared = np.zeros((players, 2, cells, REPLICATES))
        moved, left = np.zeros((2, players, cells, REPLICATES))
        left[tied] = np.nan
        for drawn, room in design.tiles(first, last):
            tile = _taken_apart(room, drawn, main.curves, fit, (plain, rest, of_groups))
            held = room.outputs, design.rows, design.centre
            for group, player in enumerate(free):
                room.one_anew(drawn, player)
                seen = *held, design.read[player]
                moved_all(tile, seen, fit, group, moved[player], shared[player], left[player])
            for player in tied:
                room.one_anew(drawn, player)
                moved_alone(tile.x, *held, design.read[player], moved[player])
            for player in tied:
                others = room.anew(drawn, [other for other in range(players) if other != player])
                products(tile.x, tile.y, others, shared[player])
        return [plain, rest, of_groups, shared, moved, left]

    points = draws // REPLICATES
    plain, rest, of_groups, *each = (part / points for part in chunks.total(job, draws, threads, progress))
    of_players = np.zeros((players, cells, REPLICATES))
    of_players[free] = of_groups[: len(free)] / 2.0
    return Sums(np.isin(np.arange(players), tied), plain, rest, of_players, of_groups.sum(axis=0) / 2.0, *each)


def _taken_apart(room: Room, drawn: Drawn, curves: Curves, fit: Fit, sums: tuple[np.ndarray, ...]) -> Tile:
    """Run the model at y and at x, where the room is left, and add what both tell by themselves."""
    plain, rest, of_groups = sums
    found = []
    for side, inputs in ((1, drawn.y), (0, drawn.x)):
        values, curved = room.of(inputs), curves.at(inputs)
        powers(values, plain[side])
        less = values.copy()
        split(fit, curved, less)
        powers(less, rest[side])
        known(fit, curved, less, of_groups)
        found.append((values, less, curved))
    return Tile(*(part for y, x in zip(*found, strict=True) for part in (x, y)))


def tied_players(pair: Pair) -> set[int]:
    """Players with an input that is correlated with one of another player."""
    return {player for knot in pair.knots if len(knot.players) > 1 for player in knot.players}
