"""Models whose indices are known in closed form, each with its book."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

import priors
import sim

UNIFORM = {"family": "uniform"}


@dataclass(frozen=True)
class Case:
    """A model of one output, and the truth: float64[inputs] by figure."""

    book: priors.Book
    model: sim.Model
    truth: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def inputs(self) -> int:
        return len(self.model.inputs)


def names(n: int) -> list[str]:
    return [f"x.{i}" for i in range(n)]


def book(laws: Sequence[dict], pairs: Sequence[tuple[int, int, float]] = (), bases: Sequence[str] | None = None):
    """Inputs x.0, x.1, … on streams 1, 2, …; ``pairs`` name normal correlations."""
    bases = bases or ["assumption"] * len(laws)
    quantities = [
        priors.quantity(
            name,
            priors.make(law),
            unit="1",
            basis=basis,
            rationale="a test",
            claims=() if basis == "assumption" else ("Q1",),
            stream=stream,
        )
        for stream, (name, law, basis) in enumerate(zip(names(len(laws)), laws, bases, strict=True), 1000)
    ]
    correlations = [
        priors.correlation(f"x.{i}", f"x.{j}", spearman=6 / math.pi * math.asin(r / 2), rationale="a test")
        for i, j, r in pairs
    ]
    claims = [priors.Claim("Q1", "a test", ("prior",))]
    return priors.book(quantities=quantities, correlations=correlations, claims=claims)


def model(n: int, function: Callable[[np.ndarray], np.ndarray]) -> sim.Model:
    return sim.Model(names(n), [sim.Output("y")], lambda x, y: np.copyto(y, function(x)[None]))


def ishigami(a: float = 7.0, b: float = 0.1) -> Case:
    """Ishigami, Homma (1990)."""

    def f(x):
        return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])

    v1 = 0.5 * (1 + b * math.pi**4 / 5) ** 2
    v2 = a**2 / 8
    v13 = b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    truth = {
        "first": np.array([v1, v2, 0]) / v,
        "total": np.array([v1 + v13, v2, v13]) / v,
        "shapley": np.array([v1 + v13 / 2, v2, v13 / 2]) / v,
    }
    law = UNIFORM | {"low": -math.pi, "high": math.pi}
    return Case(book([law] * 3), model(3, f), truth)


def g(a: Sequence[float]) -> Case:
    """Sobol's product of |4 x − 2| + a over 1 + a."""
    a = np.asarray(a, float)
    n = len(a)

    def f(x):
        return np.prod((np.abs(4 * x - 2) + a[:, None]) / (1 + a[:, None]), axis=0)

    part = 1 / 3 / (1 + a) ** 2
    v = np.prod(1 + part) - 1
    closed = {u: np.prod(1 + part[list(u)]) - 1 for k in range(n + 1) for u in itertools.combinations(range(n), k)}
    truth = {"first": part / v, "total": part / (1 + part) * (1 + v) / v, "shapley": shapley(closed, n) / v}
    return Case(book([UNIFORM | {"low": 0.0, "high": 1.0}] * n), model(n, f), truth)


def linear(
    weights: Sequence[float], pairs: Sequence[tuple[int, int, float]], groups: Sequence[Sequence[int]] | None = None
) -> Case:
    """Σ w x of unit normals with correlations; effects by input, or by group. Owen, Prieur (2017), section 4."""
    w = np.asarray(weights, float)
    n = len(w)
    sigma = np.eye(n)
    for i, j, r in pairs:
        sigma[i, j] = sigma[j, i] = r
    v = w @ sigma @ w
    players = [list(group) for group in groups] if groups else [[i] for i in range(n)]
    k = len(players)
    cost = {}
    for size in range(k + 1):
        for u in itertools.combinations(range(k), size):
            drawn = sorted(i for player in u for i in players[player])
            given = [i for i in range(n) if i not in drawn]
            left = sigma[np.ix_(drawn, drawn)] - sigma[np.ix_(drawn, given)] @ np.linalg.solve(
                sigma[np.ix_(given, given)], sigma[np.ix_(given, drawn)]
            )
            cost[u] = w[drawn] @ left @ w[drawn]
    every = tuple(range(k))
    truth = {
        "first": np.array([1 - cost[tuple(p for p in every if p != j)] / v for j in every]),
        "total": np.array([cost[(j,)] / v for j in every]),
        "shapley": shapley(cost, k) / v,
    }
    law = {"family": "normal", "mean": 0.0, "sd": 1.0}
    return Case(book([law] * n, pairs), model(n, lambda x: sum(a * row for a, row in zip(w, x, strict=True))), truth)


def shapley(value: dict[tuple[int, ...], float], n: int) -> np.ndarray:
    """Shapley's value by all orders: slow, and nothing of the package in it."""
    found = np.zeros(n)
    for order in itertools.permutations(range(n)):
        for place, player in enumerate(order):
            found[player] += value[tuple(sorted(order[: place + 1]))] - value[tuple(sorted(order[:place]))]
    return found / math.factorial(n)
