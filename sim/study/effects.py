"""Shapley effects: the variance of an answer split over players (inputs or groups), correlated or not, to the last bit.

With c(u) = E Var(f | x_-u), the cost of not knowing the players u, player j's effect is the mean of c(u + j) − c(u) over
all orders in which players may become unknown. Effects are never negative but for noise, and add up to Var f, however
players are correlated: what two of them share is split evenly between them. Of independent inputs an effect lies between
the first-order and the total index.

Up to :data:`FEW` players all sets u are run. More are taken in random orders, a new one for each draw: on the way from
f(x) to f(y), one player after the other drawn anew, each step is credited to its player.

Sources: Song, Nelson, Staum, "Shapley effects for global sensitivity analysis: theory and computation", SIAM/ASA JUQ 4
(2016) 1060; Goda, "A simple algorithm for global sensitivity analysis with Shapley effects", Reliab. Eng. Syst. Saf. 213
(2021) 107702, for the walk; Owen, Prieur, "On Shapley value for measuring importance of dependent inputs", SIAM/ASA JUQ 5
(2017) 986.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from sim.draw import REPLICATES
from sim.kernels import bare_kernel
from sim.results import estimate
from sim.results.estimate import Estimate
from sim.study import chunks
from sim.study.design import Design
from sim.study.lanesums import squares
from sim.study.orders import Orders, sets
from sim.study.walk import Walk

FIGURES = {"shapley": "Shapley effect, as a share of the variance"}
FEW = 4


def effects(
    design: Design,
    draws: int,
    seed: int,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> dict[str, Estimate]:
    """Each player's share of each cell's variance, [players, cells]; they add up to 1; NaN where the cell does not vary.

    Parameters
    ----------
    design: what is run.
    draws: a multiple of 16.
    seed: of the random orders.
    """
    players = len(design.members)
    job = _of_all_sets(design) if players <= FEW else _in_random_orders(design, seed)
    (found,) = chunks.total(job, draws, threads, progress)
    return {"shapley": estimate.ratio(found, found.sum(axis=0))}


def masks(members: Sequence[Sequence[int]], seed: int) -> Callable[[int], Sequence[int]]:
    """Which sets of a block's players :func:`effects` looks at, given how many share it."""
    if len(members) <= FEW:
        return lambda players: range(1, (1 << players) - 1)
    return lambda players: sets(players, seed)


def _of_all_sets(design: Design) -> Callable[[int, int], list[np.ndarray]]:
    """A job whose sums are effects, float64[players, cells, 16], up to a factor."""
    players, cells = len(design.members), len(design.rows)
    sets = range(1, 1 << players)

    def job(first: int, last: int) -> list[np.ndarray]:
        cost = np.zeros((1 << players, cells, REPLICATES))
        for drawn, room in design.tiles(first, last):
            x = room.of(drawn.x)
            for u in sets:
                squares(x, room.anew(drawn, [j for j in range(players) if u >> j & 1]), cost[u])
        return [np.stack([_value(cost, j, players) for j in range(players)])]

    return job


def _value(cost: np.ndarray, player: int, players: int) -> np.ndarray:
    """Shapley's value of ``player`` in the game ``cost``, [sets, …]."""
    found = np.zeros(cost.shape[1:])
    for u in range(len(cost)):
        if not u >> player & 1:
            size = u.bit_count()
            weight = math.factorial(size) * math.factorial(players - size - 1) / math.factorial(players)
            found += weight * (cost[u | 1 << player] - cost[u])
    return found


def _in_random_orders(design: Design, seed: int) -> Callable[[int, int], list[np.ndarray]]:
    players, cells = len(design.members), len(design.rows)
    orders = Orders(players, [knot.players for knot in design.pair.knots], seed)

    def job(first: int, last: int) -> list[np.ndarray]:
        found = np.zeros((cells, REPLICATES, players))
        start = first
        for drawn, room in design.tiles(first, last):
            x = before = room.of(drawn.x)
            walk = Walk(design, drawn)
            for player in orders.of(start, room.draws):
                walk.step(player)
                after = room.of(walk.inputs)
                credit(x, before, after, player, found)
                before = after
            start += room.draws
        return [np.ascontiguousarray(found.transpose(2, 0, 1))]

    return job


@bare_kernel
def credit(x: np.ndarray, before: np.ndarray, after: np.ndarray, player: np.ndarray, found: np.ndarray) -> None:
    """Add ½ (x − after)² − ½ (x − before)², [cells, T], to ``found`` [cells, 16, players], that of ``player`` [T]."""
    for c in range(x.shape[0]):
        for d in range(x.shape[1]):
            step = (x[c, d] - 0.5 * (before[c, d] + after[c, d])) * (before[c, d] - after[c, d])
            found[c, d % 16, player[d]] += step
