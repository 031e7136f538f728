"""How good the Sobol points in use are: the quality t of every pair of dimensions, from their matrices and by counting.

    python -m benchmarks.quality.nets              # the built-in book's dimensions, printed
    python -m benchmarks.quality.nets --write      # and kept in benchmarks/quality/nets.json

The first 2^m points of a pair are a (t, m, 2)-net if every box of volume 2^(t - m), 2^-i wide and 2^(t - m + i) high, holds 2^t
of them. t = 0 is the best there is; t = m says nothing more than that the points lie in the unit square. Scrambles keep t.
"""

from __future__ import annotations

import argparse
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

import priors
from sim.draw.directions import directions
from sim.draw.scheme import FIRST_PADDED
from sim.kernels import kernel

KEPT = Path(__file__).parent / "nets.json"
SIZES = (6, 8, 10, 12, 14, 16)
_WORST = 12


def in_use() -> dict[int, str]:
    """Dimensions of the built-in book that are Sobol's, with the quantity on each."""
    found = {quantity.stream: name for name, quantity in priors.load().quantities.items()}
    return {stream: found[stream] for stream in sorted(found) if stream < FIRST_PADDED}


def matrices(dimensions: list[int], m: int) -> np.ndarray:
    """Generator matrices, uint32[s, m]: bit k of row i is what bit k of an index adds to digit i of its point."""
    columns = directions(np.array(dimensions))[:, :m]
    rows = np.zeros((len(dimensions), m), np.uint32)
    for i in range(m):
        for k in range(m):
            rows[:, i] |= (columns[:, k] >> np.uint32(31 - i) & np.uint32(1)) << np.uint32(k)
    return rows


def qualities(rows: np.ndarray) -> np.ndarray:
    """T of each pair of dimensions, int64[s, s], of their matrices."""
    out = np.zeros((len(rows), len(rows)), np.int64)
    _qualities(rows, out)
    return out


def counted_quality(words: np.ndarray, m: int) -> int:
    """T of 2^m points of two dimensions, uint32[2, 2^m], by counting what lies in every box: the slow twin."""
    a, b = (row.astype(np.int64) for row in words)
    for t in range(m + 1):
        k = m - t
        boxes = ((a >> (32 - i)) << (k - i) | b >> (32 - k + i) for i in range(k + 1))
        if all((np.bincount(box, minlength=1 << k) == 1 << t).all() for box in boxes):
            return t
    raise AssertionError("a box of volume 1 holds all points")


@kernel
def _qualities(rows, out):
    """For each pair the smallest number of leading rows of both matrices that depend on one another gives t."""
    count, m = rows.shape
    basis = np.empty(32, np.uint32)
    for a in range(count):
        for b in range(a):
            strength = m
            for i in range(m + 1):
                basis[:] = 0
                for k in range(i):
                    _independent(basis, rows[a, k])
                j = 0
                while i + j < strength and _independent(basis, rows[b, j]):
                    j += 1
                strength = min(strength, i + j) if i + j < m else strength
            out[a, b] = out[b, a] = m - strength


@kernel
def _independent(basis, row):
    """Whether a row depends on none of the basis, which it then joins."""
    value = row
    for bit in range(31, -1, -1):
        if value >> np.uint32(bit) & np.uint32(1):
            if basis[bit] == 0:
                basis[bit] = value
                return True
            value ^= basis[bit]
    return False


def measured() -> dict[str, Any]:
    """How many pairs have which t, and the worst of them, at each size."""
    names = in_use()
    dimensions, found = list(names), {}
    for m in SIZES:
        t = qualities(matrices(dimensions, m))
        pairs = sorted(((int(t[i, j]), i, j) for i, j in combinations(range(len(dimensions)), 2)), reverse=True)
        found[str(1 << m)] = {
            "mean_t": round(float(np.mean([pair[0] for pair in pairs])), 3),
            "pairs_by_t": np.bincount([pair[0] for pair in pairs]).tolist(),
            "worst": [
                {
                    "t": worst,
                    "dimensions": [dimensions[i], dimensions[j]],
                    "inputs": [names[dimensions[i]], names[dimensions[j]]],
                }
                for worst, i, j in pairs[:_WORST]
            ],
        }
    return {"command": "python -m benchmarks.quality.nets --write", "dimensions": len(dimensions), "points": found}


def main() -> None:
    """Print the table, and keep it where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.nets", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="keep it in benchmarks/quality/nets.json")
    asked = parser.parse_args()
    found = measured()
    for points, row in found["points"].items():
        worst = row["worst"][0]
        print(
            f"{int(points):7,} points: mean t {row['mean_t']:.2f}, pairs by t {row['pairs_by_t']}; worst {worst['inputs']}"
        )
    if asked.write:
        KEPT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
