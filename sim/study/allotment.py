"""The gap allotted to the players of a game: over all subsets, or over orders drawn in pairs of reverses.

Where orders are drawn (Castro, Gómez and Tejada 2009), each comes with its reverse, which takes most of the noise out of
games without strong interactions (Mitchell, Cooper, Frank and Holmes 2022). The error then has two parts, added in
squares: the spread of the pairs, and that of the replicates of the draws.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.sample import standard_error
from sim.study import shapley
from sim.study.game import Game

RUNS = 1_024
"""About so many subsets are run where not all are."""
LARGEST = 6
"""Overrides whose interactions are told where not all subsets are run."""


@dataclass
class Allotment:
    """Values and errors over players and cells; ``interaction`` between the players ``between``."""

    share: np.ndarray
    share_mcse: np.ndarray
    ends: np.ndarray
    ends_each: np.ndarray
    interaction: np.ndarray
    interaction_mcse: np.ndarray
    between: list[int]
    method: str


def exact(game: Game, progress: Callable[[int], Any] | None) -> Allotment:
    """All subsets."""
    k = len(game.players)
    pooled, each = game.worth(range(1 << k), progress)
    return Allotment(
        shapley.values(pooled),
        standard_error(shapley.values(each)),
        pooled[[0, -1]],
        each[[0, -1]],
        shapley.interactions(pooled),
        standard_error(shapley.interactions(each)),
        list(range(k)),
        f"exact Shapley values, all {1 << k:,} subsets of {k} overrides; Shapley interaction index",
    )


def pairs_of(players: int, permutations: int | None) -> int:
    """How many pairs of orders are drawn."""
    return max(2, (RUNS // players if permutations is None else permutations) // 2)


def sampled(game: Game, permutations: int | None, progress: Callable[[int], Any] | None) -> Allotment:
    """Orders drawn in pairs, each with its reverse."""
    k = len(game.players)
    pairs = pairs_of(k, permutations)
    rng = np.random.default_rng(k)
    orders = np.array([order for _ in range(pairs) for order in _both(rng.permutation(k))])
    steps = [list(itertools.accumulate((1 << int(i) for i in order), initial=0)) for order in orders]
    wanted = list(dict.fromkeys(mask for row in steps for mask in row))
    pooled, each = game.worth(wanted, progress)
    at = {mask: n for n, mask in enumerate(wanted)}
    index = np.array([[at[mask] for mask in row] for row in steps])
    gains, gains_each = shapley.along(orders, pooled[index]), shapley.along(orders, each[index])
    share = gains.mean(axis=0)
    by_pair = gains.reshape(pairs, 2, *share.shape).mean(axis=1)
    error = np.hypot(np.std(by_pair, axis=0, ddof=1) / np.sqrt(pairs), standard_error(gains_each.mean(axis=0)))
    size = np.abs(share).max(axis=1)
    largest = sorted(np.argsort(-size, kind="stable")[:LARGEST].tolist())
    interaction, interaction_error = _second_differences(game, largest)
    ends = [at[0], at[(1 << k) - 1]]
    method = (
        f"Shapley values over {len(orders)} orders of {k} overrides, in pairs of reverses; interactions of the "
        f"{len(largest)} largest are second differences from the base"
    )
    return Allotment(share, error, pooled[ends], each[ends], interaction, interaction_error, largest, method)


def _both(order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return order, order[::-1]


def _second_differences(game: Game, players: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """v(ij) − v(i) − v(j) + v(∅) of all pairs of ``players``, and its error."""
    pairs = list(itertools.combinations(range(len(players)), 2))
    masks = [0, *(1 << p for p in players), *(1 << players[i] | 1 << players[j] for i, j in pairs)]
    pooled, each = game.worth(masks, None)
    shape = len(players), len(players), len(game.cells)
    found, error = np.zeros(shape), np.zeros(shape)
    for n, (i, j) in enumerate(pairs, 1 + len(players)):
        value, values = ((w[n] - w[1 + i]) - (w[1 + j] - w[0]) for w in (pooled, each))
        found[i, j] = found[j, i] = value
        error[i, j] = error[j, i] = standard_error(values)
    return found, error
