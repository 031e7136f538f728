"""The moments of a block of draws, and how two neighbouring blocks become one.

Means are kept as an unevaluated sum of two doubles, so that merging many blocks costs no digit, and the difference of
two means is exact where it is squared (Chan, Golub and LeVeque 1983; error-free sums by Knuth's TwoSum).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.kernels import bare_kernel
from sim.reduce.lanes import LANES


class Node(NamedTuple):
    """Moments of a block of draws, for each cell and replicate.

    Attributes
    ----------
    finite: int64[cells, 16], number of finite values.
    mean, rest: float64[cells, 16]; the mean is ``(mean + rest) · 2^exponent``, 0 where there is none.
    m2: float64[cells, 16]; the sum of squared deviations from the mean is ``m2 · 4^exponent``.
    exponent: int32[cells], 0 but for cells of extreme size.
    low, high: float64[cells], extremes of the finite values; +inf and -inf where there is none.
    nonfinite: int64[cells, 16], values left out because they were NaN or infinite.
    """

    finite: np.ndarray
    mean: np.ndarray
    rest: np.ndarray
    m2: np.ndarray
    exponent: np.ndarray
    low: np.ndarray
    high: np.ndarray
    nonfinite: np.ndarray


def gather(base: Sequence[Node], own: Sequence[Node], first: np.ndarray, source: np.ndarray) -> tuple[Node, ...]:
    """Nodes of all cells: cell c from place ``source[c]`` of ``own``, or ``first[c]`` of ``base`` where that is -1."""
    mine = np.flatnonzero(source >= 0)
    found = []
    for theirs, ours in zip(base, own, strict=True):
        fields = [field[first] for field in theirs]
        for field, values in zip(fields, ours, strict=True):
            field[mine] = values[source[mine]]
        found.append(Node(*fields))
    return tuple(found)


def stack(blocks: int, cells: int) -> Node:
    """Room for the moments of so many blocks of draws: every array has one axis more in front."""
    each, cell = (blocks, cells, LANES), (blocks, cells)
    mean, rest, m2, low, high = (np.empty(shape) for shape in (each, each, each, cell, cell))
    finite, nonfinite = (np.empty(each, np.int64) for _ in range(2))
    return Node(finite, mean, rest, m2, np.empty(cell, np.int32), low, high, nonfinite)


def merge(a: Node, b: Node) -> Node:
    """Moments of ``a``'s draws followed by ``b``'s; exact in count and extremes, about 1e-16 in mean and m2."""
    out = Node(*(np.empty_like(field) for field in a))
    _merge(a, b, out)
    return out


def only(nodes: Node) -> Node:
    """The first block of :func:`stack`: the same memory."""
    return Node(*(field[0] for field in nodes))


def merged(nodes: Node) -> Node:
    """All 2^k blocks of :func:`stack` as one: each is merged with its neighbour, then those, and so on."""
    _fold(nodes, len(nodes.low))
    return Node(*(field[0].copy() for field in nodes))


@bare_kernel
def _fold(nodes: Node, count: int) -> None:
    step = 1
    while step < count:
        for i in range(0, count, 2 * step):
            _merge(_block(nodes, i), _block(nodes, i + step), _block(nodes, i))
        step *= 2


@bare_kernel
def _block(nodes: Node, i: int) -> Any:
    """One block of :func:`stack`, the same memory; no kernel that counts references may call it."""
    mean, rest, m2, counts = nodes.mean[i], nodes.rest[i], nodes.m2[i], (nodes.finite[i], nodes.nonfinite[i])
    return Node(counts[0], mean, rest, m2, nodes.exponent[i], nodes.low[i], nodes.high[i], counts[1])


@bare_kernel
def _merge(a: Node, b: Node, out: Node) -> None:
    """Merge into ``out``, which may be ``a``."""
    cells, replicates = a.finite.shape
    for c in range(cells):
        exponent = max(a.exponent[c], b.exponent[c])
        # Powers of two, so that bringing both to one exponent rounds nothing that matters beside the larger.
        unit_a, unit_b = 2.0 ** (a.exponent[c] - exponent), 2.0 ** (b.exponent[c] - exponent)
        out.exponent[c] = exponent
        out.low[c] = min(a.low[c], b.low[c])
        out.high[c] = max(a.high[c], b.high[c])
        for r in range(replicates):
            out.nonfinite[c, r] = a.nonfinite[c, r] + b.nonfinite[c, r]
            out.mean[c, r], out.rest[c, r], out.m2[c, r] = pair(
                (a.finite[c, r], a.mean[c, r] * unit_a, a.rest[c, r] * unit_a, a.m2[c, r] * unit_a * unit_a),
                (b.finite[c, r], b.mean[c, r] * unit_b, b.rest[c, r] * unit_b, b.m2[c, r] * unit_b * unit_b),
            )
            out.finite[c, r] = a.finite[c, r] + b.finite[c, r]


@bare_kernel
def pair(a: tuple[int, float, float, float], b: tuple[int, float, float, float]) -> tuple[float, float, float]:
    """Mean, rest and m2 of two blocks, each given as (count, mean, rest, m2)."""
    if b[0] == 0:
        return a[1], a[2], a[3]
    if a[0] == 0:
        return b[1], b[2], b[3]
    delta, rest = two_sum(b[1], -a[1])
    delta += rest + (b[2] - a[2])
    weight = b[0] / (a[0] + b[0])
    mean, rest = two_sum(a[1], delta * weight)
    mean, rest = two_sum(mean, rest + a[2])
    return mean, rest, a[3] + b[3] + delta * delta * (a[0] * weight)


@bare_kernel
def two_sum(a: float, b: float) -> tuple[float, float]:
    """Add exactly: ``a + b`` rounded, and what the rounding left out."""
    s = a + b
    part = s - a
    return s, (a - (s - part)) + (b - part)
