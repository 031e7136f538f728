"""Orders in which players become unknown: a random one for each draw, reversed in every second point.

Of players who share a block of correlated inputs, each set that an order passes takes a conditional law of its own, 2^k of
them for k players. Above :data:`EVERY` of them, who of them comes before whom is taken from a few orders that each replicate
has for its own: every order is as likely as before, and what so few of them leave to chance shows in the replicates' spread.

Source of reversed orders: Mitchell et al., "Sampling permutations for Shapley value estimation", JMLR 23 (2022).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

import priors
from sim import draw
from sim.draw import REPLICATES

EVERY, FEW = 8, 2
"""Players of a block of whom every set has its law; above, orders a replicate has, and as many reversed."""
MOST = 62


class Orders:
    """The orders of a study.

    Parameters
    ----------
    players: how many there are.
    shared: of each block, the players who share it.
    seed: of the study.
    """

    def __init__(self, players: int, shared: Iterable[tuple[int, ...]], seed: int) -> None:
        self._players = players
        uniform, loc, scale = priors.make({"family": "uniform", "low": 0.0, "high": 1.0}).standard()
        columns = [draw.Column(1 + j, uniform, loc, scale) for j in range(players)]
        self._keys = draw.prepare(columns, seed=seed, sampler=draw.Random())
        self._pools = [(np.array(block), pool(len(block), seed)) for block in shared if len(block) > EVERY]

    def of(self, first: int, draws: int) -> np.ndarray:
        """The players as they come, int64[players, T], of draws ``first`` on, whose points come in pairs."""
        keys = np.empty((self._players, draws))
        self._keys.fill(first, keys)
        for block, few in self._pools:
            rising = np.sort(keys[block], axis=0)
            for d in range(draws):
                point, replicate = divmod(first + d, REPLICATES)
                keys[block[few[replicate, point // 2 % FEW]], d] = rising[:, d]
        return orders(keys)


def orders(keys: np.ndarray) -> np.ndarray:
    """An order of the players for each draw, int64[players, T]: the order of its keys, reversed in every second point."""
    paired = keys.reshape(len(keys), -1, REPLICATES).copy()
    odd = paired[:, 1::2]
    odd[:] = -paired[:, : 2 * odd.shape[1] : 2]
    found: Any = np.argsort(paired.reshape(keys.shape), axis=0, kind="stable")
    return np.ascontiguousarray(found)


def pool(players: int, seed: int) -> np.ndarray:
    """The few orders of a block's players, int64[16, FEW, players]."""
    uniform, loc, scale = priors.make({"family": "uniform", "low": 0.0, "high": 1.0}).standard()
    columns = [draw.Column(1 + j, uniform, loc, scale) for j in range(players)]
    keys = np.empty((players, FEW * REPLICATES))
    draw.prepare(columns, seed=seed, sampler=draw.Random()).fill(0, keys)
    return np.argsort(keys.reshape(players, FEW, REPLICATES), axis=0, kind="stable").T


def sets(players: int, seed: int) -> list[int]:
    """The sets, as bits, of a block's players that orders pass on their way, but none and all of them; ascending."""
    if players <= EVERY:
        return list(range(1, (1 << players) - 1))
    found = set()
    for order in pool(players, seed).reshape(-1, players).tolist():
        for way in (order, order[::-1]):
            mask = 0
            for player in way[:-1]:
                mask |= 1 << player
                found.add(mask)
    return sorted(found)


def alone_and_others(players: int) -> list[int]:
    """The sets of one player, and of all but one; ascending."""
    whole = (1 << players) - 1
    return sorted({mask for i in range(players) for mask in (1 << i, whole ^ 1 << i)} - {0, whole})
