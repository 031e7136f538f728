"""Shapley values and interactions of a game given by the worth of its coalitions.

The value of player i is the mean, over all orders in which players join, of what the worth gains when i does:
φ_i = Σ_S |S|! (k − |S| − 1)! / k! · (v(S ∪ i) − v(S)), over the coalitions S without i (Shapley 1953). Values add up to
v(all) − v(none), and a player who changes no worth gets zero exactly. The interaction of i and j is the mean of their
second differences, I_ij = Σ_S |S|! (k − |S| − 2)! / (k − 1)! · (v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S)) (Grabisch and
Roubens 1999): what both together bring beyond what each brings. Coalitions are numbered by the bits of their members.
"""

from __future__ import annotations

import itertools
import math

import numpy as np


def values(worth: np.ndarray) -> np.ndarray:
    """Shapley values, float64[k, …], of the worth of all 2^k coalitions, float64[2^k, …]."""
    players = _players(worth)
    gain = worth - worth[0]
    found = np.zeros((players, *worth.shape[1:]))
    coalitions = np.arange(len(worth))
    weights = _weights(coalitions, players, 1)
    for i in range(players):
        without = coalitions[coalitions & (1 << i) == 0]
        found[i] = _sum(weights[without], gain[without | (1 << i)] - gain[without])
    return found


def interactions(worth: np.ndarray) -> np.ndarray:
    """Interactions of all pairs, float64[k, k, …], symmetric, zero on the diagonal."""
    players = _players(worth)
    found = np.zeros((players, players, *worth.shape[1:]))
    coalitions = np.arange(len(worth))
    weights = _weights(coalitions, players, 2)
    for i, j in itertools.combinations(range(players), 2):
        a, b = 1 << i, 1 << j
        without = coalitions[coalitions & (a | b) == 0]
        second = (worth[without | a | b] - worth[without | a]) - (worth[without | b] - worth[without])
        found[i, j] = found[j, i] = _sum(weights[without], second)
    return found


def _players(worth: np.ndarray) -> int:
    players = len(worth).bit_length() - 1
    if len(worth) != 1 << players:
        raise ValueError(f"worth: found {len(worth)} coalitions, expected 2^k of them")
    return players


def _weights(coalitions: np.ndarray, players: int, joining: int) -> np.ndarray:
    """Chance that a coalition is what ``joining`` players, as one, find before them."""
    sizes, others = np.bitwise_count(coalitions), players - joining
    table = [
        math.factorial(s) * math.factorial(others - s) / math.factorial(others + 1) if s <= others else 0.0
        for s in range(players + 1)
    ]
    return np.array(table)[sizes]


def _sum(weights: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """Σ weights · terms over axis 0, each sum rounded once."""
    products = weights.reshape(-1, *(1 for _ in terms.shape[1:])) * terms
    flat = products.reshape(len(products), -1)
    return np.array([math.fsum(column) for column in flat.T.tolist()]).reshape(terms.shape[1:])


def along(orders: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """What each player gains in each of some orders, float64[orders, k, …].

    Parameters
    ----------
    orders: int64[orders, k], the players as they join.
    worth: float64[orders, k + 1, …], the worth before the first joins, and after each.
    """
    gains = np.diff(worth, axis=1)
    found = np.empty_like(gains)
    for order, row, gain in zip(orders, found, gains, strict=True):
        row[order] = gain
    return found
