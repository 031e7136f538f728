"""Values to reduce: one cell of every awkward kind, and the slow way to reduce them."""

from __future__ import annotations

import math

import numpy as np

from sim import reduce

LEAF = 4096


def awkward(draws: int, seed: int = 0) -> dict[str, np.ndarray]:
    """One row of ``draws`` values of each kind."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(draws)
    rows = {
        "lognormal": np.exp(z),
        "wide lognormal": np.exp(6 * z),
        "normal": z,
        "narrow": 1e9 + z,
        "negative": -np.exp(0.3 * z),
        "mixed sign, zero inflated": np.where(rng.random(draws) < 0.4, 0.0, 1e3 * z),
        "zero": np.zeros(draws),
        "negative zero": np.where(z > 0, 0.0, -0.0),
        "constant": np.full(draws, 0.1),
        "negative constant": np.full(draws, -1e9 / 3),
        "flag": (z > 1.0).astype(float),
        "integers": rng.integers(-3, 12, draws).astype(float),
        "never": np.where(rng.random(draws) < 0.3, 9999.0, rng.integers(0, 12, draws)),
        "uniform": rng.random(draws),
        "cauchy": np.tan(np.pi * (rng.random(draws) - 0.5)),
        "pareto": rng.random(draws) ** -0.8,
        "huge": 1e300 * np.exp(0.2 * z),
        "tiny": 1e-300 * z,
        "largest and smallest": np.where(z > 0, np.finfo(float).max, np.finfo(float).tiny),
        "from tiny to huge": 10.0 ** np.linspace(-305, 305, draws),
        "outlier first": np.concatenate([[1e6], z[1:]]),
        "bins' edges": np.ldexp(rng.integers(512, 1024, draws).astype(float), rng.integers(-20, 20, draws)),
        "bins' ends": np.nextafter(np.ldexp(rng.integers(513, 1025, draws) / 512.0, -3), 0.0),
    }
    return {name: np.ascontiguousarray(row, dtype=np.float64) for name, row in rows.items()}


def reduced(
    values: np.ndarray,
    headline: np.ndarray | None = None,
    *,
    tile: int = 256,
    threads: int = 1,
    first: reduce.Summary | None = None,
    start: int = 0,
) -> reduce.Summary:
    """``values`` from column ``start`` on through accumulators and a tree, as an engine with ``threads`` would."""
    crew = [reduce.Accumulator(len(values), headline) for _ in range(threads)]
    tree = first.tree() if first else reduce.Tree()
    for leaf, at in enumerate(range(start, values.shape[1], LEAF), start // LEAF):
        accumulator, end = crew[leaf % threads], min(at + LEAF, values.shape[1])
        for column in range(at, end, tile):
            accumulator.add(np.ascontiguousarray(values[:, column : min(column + tile, end)]))
        tree.add(leaf, accumulator.leaf_done())
    return reduce.summarise(tree, [a.sketch for a in crew], first.counts if first else None)


def exact_mean(row: np.ndarray) -> float:
    return math.fsum(row / len(row)) if np.abs(row).max() > 1e290 else math.fsum(row) / len(row)


def exact_sd(row: np.ndarray) -> float:
    """With n - 1, by correctly rounded sums of scaled deviations."""
    unit = 2.0 ** -math.frexp(float(np.abs(row).max()) or 1.0)[1] if np.abs(row).max() > 1e-290 else 2.0**990
    scaled = row * unit
    centre = math.fsum(scaled) / len(row)
    low = math.fsum(scaled - centre) / len(row)
    return math.sqrt(math.fsum((scaled - centre - low) ** 2) / (len(row) - 1)) / unit


def same_counts(a: reduce.Counts, b: reduce.Counts) -> bool:
    parts = ("row_start", "key", "count", "headline", "on_edge")
    return all(
        getattr(a, p).tobytes() == getattr(b, p).tobytes() and getattr(a, p).dtype == getattr(b, p).dtype for p in parts
    )


def same_node(a: reduce.Node, b: reduce.Node) -> bool:
    return all(x.tobytes() == y.tobytes() and x.dtype == y.dtype for x, y in zip(a, b, strict=True))


def same_summary(a: reduce.Summary, b: reduce.Summary) -> bool:
    nodes = len(a.nodes) == len(b.nodes) and all(same_node(x, y) for x, y in zip(a.nodes, b.nodes, strict=True))
    moments = all(x.tobytes() == y.tobytes() for x, y in zip(a.moments, b.moments, strict=True))
    return nodes and moments and a.leaves == b.leaves and same_counts(a.counts, b.counts)
