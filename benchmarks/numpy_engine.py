"""The market run in NumPy, two ways: in chunks with a sketch of every cell, and with all draws kept for np.quantile.

The chunked way is written for speed: a few cells at a time go through sums and sketch while they are in the cache, and
are binned by the top bits of a single-precision float (128 bins an octave, half of what suanli's promise of 0.2 % takes),
sixteen octaves under each cell's largest pilot value; what is less counts as zero.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from benchmarks.market_draws import Draws
from benchmarks.market_numpy import market

CHUNK = 1024
BINS = 2048
BLOCK = 16  # cells at a time
SHIFT = 16  # leaves 7 bits of mantissa
LEVELS = (0.05, 0.5, 0.95)
ORDERED = np.int32(0x7FFFFFFF)


class Sketch:
    """Counts by bin, and sums, of one output's cells.

    Attributes
    ----------
    base: int32[cells, 1], key of each cell's first bin; signed: whether any pilot value is negative.
    counts: int64[cells, BINS]; total, squares: float64[cells].
    """

    def __init__(self, pilot: np.ndarray) -> None:
        cells = len(pilot)
        self.signed = bool((pilot < 0.0).any())
        keys = self._keys(pilot)
        self.base = (keys.max(1) - (BINS - 64))[:, None].astype(np.int32)
        self.row = (np.arange(cells, dtype=np.int32) % BLOCK * BINS)[:, None]
        self.counts = np.zeros((cells, BINS), np.int64)
        self.total, self.squares = np.zeros(cells), np.zeros(cells)

    def _keys(self, values: np.ndarray) -> np.ndarray:
        """Whole numbers that sort as the values do, int32[cells, draws]."""
        bits = values.astype(np.float32).view(np.int32)
        if self.signed:
            bits ^= (bits >> 31) & ORDERED
        return np.right_shift(bits, SHIFT, out=bits)

    def add(self, values: np.ndarray) -> None:
        """Take float64[cells, draws]."""
        for first in range(0, len(values), BLOCK):
            cells = slice(first, first + BLOCK)
            part = values[cells]
            self.total[cells] += part.sum(1)
            self.squares[cells] += np.einsum("ij,ij->i", part, part)
            keys = self._keys(part)
            keys -= self.base[cells]
            np.clip(keys, 0, BINS - 1, out=keys)
            keys += self.row[cells]
            counts = self.counts[cells]
            counts += np.bincount(keys.ravel(), minlength=counts.size).reshape(counts.shape)

    def quantile(self, level: float) -> np.ndarray:
        """The quantile of each cell: its bin's lower edge, float64[cells]."""
        at = (self.counts.cumsum(1) >= level * self.counts.sum(1)[:, None]).argmax(1)
        bits = (at + self.base[:, 0]).astype(np.int32) << SHIFT
        if self.signed:
            bits ^= (bits >> 31) & ORDERED
        return np.where(at == 0, 0.0, bits.view(np.float32))


def flat(outputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Each output as [cells, draws]."""
    return {name: values.reshape(-1, values.shape[-1]) for name, values in outputs.items()}


def chunked(
    draws: Draws, count: int, seed: int = 0, chunk: int = CHUNK, names: Collection[str] | None = None
) -> dict[str, Any]:
    """Run ``count`` draws, a multiple of ``chunk``: name -> (mean, sd, quantiles), each [cells]; of some outputs if named."""
    rng = np.random.default_rng(seed)
    pilot = flat(market(draws(rng, 1024)))
    sketches = {name: Sketch(values) for name, values in pilot.items() if names is None or name in names}
    for _ in range(count // chunk):
        found = flat(market(draws(rng, chunk)))
        for name, sketch in sketches.items():
            sketch.add(found[name])
    figures = {}
    for name, sketch in sketches.items():
        mean = sketch.total / count
        sd = np.sqrt(np.maximum(sketch.squares / count - mean**2, 0.0))
        figures[name] = (mean, sd, *(sketch.quantile(level) for level in LEVELS))
    return figures


def kept(
    draws: Draws, count: int, seed: int = 0, chunk: int = CHUNK, names: Collection[str] | None = None
) -> dict[str, Any]:
    """The same from all draws, kept in memory: 20 KB a draw, less where only some outputs are."""
    rng = np.random.default_rng(seed)
    rooms: dict[str, np.ndarray] = {}
    for first in range(0, count, chunk):
        for name, values in flat(market(draws(rng, min(chunk, count - first)))).items():
            if names is not None and name not in names:
                continue
            if name not in rooms:
                rooms[name] = np.empty((len(values), count))
            rooms[name][:, first : first + values.shape[1]] = values
    return {name: (v.mean(1), v.std(1), *np.quantile(v, LEVELS, axis=1)) for name, v in rooms.items()}
