"""Rank correlations: which inputs hang together, whether their matrix is one, and the nearest that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
MOST_IN_A_BLOCK = 256
_MOST_REPAIRED = 64
LEAST_EIGENVALUE = 1e-8
"""Below it the Cholesky factor of a block loses its digits, so the matrix counts as not positive definite."""
_STEPS = 1_000


def pearson(spearman: Matrix) -> Matrix:
    """The correlation of a Gaussian copula that has this Spearman correlation: 2 sin(π ρ / 6). Source: Kruskal 1958."""
    found: Matrix = 2.0 * np.sin(np.pi * spearman / 6.0)
    np.fill_diagonal(found, 1.0)
    return found


def spearman(pearson: Matrix) -> Matrix:
    """The inverse of :func:`pearson`."""
    found: Matrix = 6.0 / np.pi * np.arcsin(np.clip(pearson, -1.0, 1.0) / 2.0)
    np.fill_diagonal(found, 1.0)
    return found


def positive_definite(matrix: Matrix) -> bool:
    """Whether the Gaussian matrix of a Spearman matrix is safely positive definite."""
    return bool(np.linalg.eigvalsh(pearson(matrix))[0] >= LEAST_EIGENVALUE)


def blocks(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Names that hang together by pairs, each block in the order of first mention."""
    block_of: dict[str, list[str]] = {}
    for a, b in pairs:
        left, right = block_of.setdefault(a, [a]), block_of.setdefault(b, [b])
        if left is not right:
            left += right
            block_of.update(dict.fromkeys(right, left))
    return list({id(block): block for block in block_of.values()}.values())


def matrix(names: Sequence[str], rho: Mapping[frozenset[str], float]) -> Matrix:
    """Spearman's matrix over the names, 0 for a pair without a correlation."""
    found = np.eye(len(names))
    place = {name: i for i, name in enumerate(names)}
    for pair, value in rho.items():
        if pair <= place.keys():
            i, j = (place[name] for name in pair)
            found[i, j] = found[j, i] = value
    return found


def nearest_valid(wanted: Matrix) -> Matrix | None:
    """The valid Spearman matrix nearest to one that is none, to three decimals; None for a block over 64 names.

    Nearest in the Frobenius norm of the Gaussian matrices, among those with least eigenvalue 0.001, by alternating
    projections with Dykstra's correction. Should rounding undo it, all correlations shrink until it does not.
    Source: Higham, Computing the nearest correlation matrix, IMA J. Numer. Anal. 22 (2002), algorithm 3.3.
    """
    if len(wanted) > _MOST_REPAIRED:
        return None
    y = pearson(wanted)
    correction = np.zeros_like(y)
    for _ in range(_STEPS):
        r = y - correction
        values, vectors = np.linalg.eigh(r)
        x = (vectors * np.maximum(values, 1e-3)) @ vectors.T
        correction = x - r
        before, y = y, x.copy()
        np.fill_diagonal(y, 1.0)
        if np.max(np.abs(y - before)) < 1e-9:
            break
    found = spearman((y + y.T) / 2.0)
    rounded = np.round(found, 3) + 0.0
    while not positive_definite(rounded):
        found = found * 0.99
        np.fill_diagonal(found, 1.0)
        rounded = np.round(found, 3) + 0.0
    return rounded


def written(names: Sequence[str], found: Matrix) -> str:
    """A matrix as a message shows it: a row a line, indented."""
    width = max(map(len, names))
    return "\n".join(
        f"    {name:<{width}} " + "".join(f"{x:8.3f}" for x in row) for name, row in zip(names, found, strict=True)
    )
