"""Where the hash that shuffles a user's own streams falls short of true nested shuffles: pairs of streams, box by box.

    python -m benchmarks.quality.strata --seeds 400             # printed
    python -m benchmarks.quality.strata --seeds 400 --write     # and kept in benchmarks/quality/strata.json

Of each pair of streams, in each replicate, the chi-square of the first n points over 8 by 8 boxes. Where shuffles were nested
and uniform, one in a thousand pairs would be beyond the limit, which is found from shuffles that draw a bit for each node of
their trees. Two shuffles that are alike fill few boxes; the errors of what both inputs do together are then larger or smaller
in that replicate than they should be, and right on average.
"""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from sim.draw.samplers import Sobol
from sim.draw.scheme import FIRST_PADDED, REPLICATES

KEPT = Path(__file__).parent / "strata.json"
SIZES = (64, 256, 1_024, 4_096)
STREAMS = np.array([FIRST_PADDED, 1_001, 9_876, 20_000], np.uint32)
_BOXES, _BITS = 8, 3
_IDEAL = 20_000


def statistics(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Chi-square over 8 by 8 boxes of each of k samples of n points, given the boxes' numbers int[k, n] along each side."""
    k, n = a.shape
    boxes = (np.arange(k)[:, None] * _BOXES + a) * _BOXES + b
    counts = np.bincount(boxes.ravel(), minlength=k * _BOXES**2).reshape(k, -1)
    expected = n / _BOXES**2
    return ((counts - expected) ** 2).sum(axis=1) / expected


def of_engine(seeds: int, n: int) -> np.ndarray:
    """Statistics of neighbouring streams in every replicate under seeds 0, 1 and so on."""
    found = []
    for seed in range(seeds):
        words = np.empty((len(STREAMS), n * REPLICATES), np.uint32)
        Sobol().prepare(STREAMS, seed).fill(0, words)
        sides = (words >> np.uint32(32 - _BITS)).astype(np.int64).reshape(len(STREAMS), n, REPLICATES)
        found += [statistics(a.T, b.T) for a, b in pairwise(sides)]
    return np.concatenate(found)


def of_true_shuffles(count: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """The same of van der Corput's points in shuffles that draw a bit for each node."""
    a, b = (_sides(count, n, rng) for _ in range(2))
    return statistics(a, b)


def _sides(count: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """Leading three digits of van der Corput's points 0 to n, their indices shuffled from the highest bit down."""
    bits, rows = n.bit_length() - 1, np.arange(count)[:, None]
    index, shuffled = np.arange(n)[None], np.zeros((count, n), np.int64)
    for level in range(bits):
        flips = rng.integers(0, 2, (count, 1 << level))
        prefix = index >> (bits - level)
        bit = index >> (bits - 1 - level) & 1
        shuffled = shuffled << 1 | (bit ^ flips[rows, prefix])
    # Boxes by the last three bits of the index, in reverse; a scramble of the digits only renames them.
    return (shuffled & 1) << 2 | (shuffled & 2) | (shuffled & 4) >> 2


def measured(seeds: int) -> dict[str, Any]:
    """By number of points: the limit, how many pairs lie beyond it, and means, of the engine's and of true shuffles."""
    rng, found = np.random.default_rng(0), {}
    for n in SIZES:
        ideal, ours = of_true_shuffles(_IDEAL, n, rng), of_engine(seeds, n)
        limit = float(np.quantile(ideal, 0.999))
        found[str(n)] = {
            "pairs": len(ours),
            "limit_one_in_1000": round(limit, 1),
            "share_beyond": round(float((ours > limit).mean()), 5),
            "mean": round(float(ours.mean()), 2),
            "mean_of_true_shuffles": round(float(ideal.mean()), 2),
        }
    return {"command": f"python -m benchmarks.quality.strata --seeds {seeds} --write", "points": found}


def main() -> None:
    """Print the table, and keep it where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.strata", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--write", action="store_true", help="keep it in benchmarks/quality/strata.json")
    asked = parser.parse_args()
    found = measured(asked.seeds)
    for points, row in found["points"].items():
        print(f"{int(points):6,} points: {row}")
    if asked.write:
        KEPT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
