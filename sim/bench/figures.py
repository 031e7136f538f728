"""The registry of kernel figures: what is timed, what is its bare limit, and how many pieces of work a call does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import priors
from sim import draw, market, reduce, tiles
from sim.bench import bare, inside
from sim.bench.inside import TILE
from sim.inputs import deck, dense
from sim.rooms import aligned
from sim.scalar import block_kernel, tile_kernel

DRAWS = 2048
STREAMS = 16
ROWS, LENGTH = 24, 19 * TILE  # values to reduce: as many of a cell as the engine counts in one go
COPIES = 40
WIDTH = draw.REPLICATES
SEED = 7
COUNTERS = 4096

# A prior of each family; ``benchmarks`` asks NumPy and SciPy for the same.
FAMILIES: dict[str, dict[str, Any]] = {
    "uniform": {"family": "uniform", "low": 2.0, "high": 5.0},
    "triangular": {"family": "triangular", "low": 1.0, "mode": 2.0, "high": 4.0},
    "normal": {"family": "normal", "mean": 0.4, "sd": 0.06},
    "truncated": {"family": "normal", "mean": 0.35, "sd": 0.25, "truncate": [-0.1, 0.9]},
    "lognormal": {"family": "lognormal", "median": 1000.0, "p95": 5000.0},
    "pert": {"family": "pert", "low": 1.0, "mode": 2.0, "high": 4.0},
    "beta": {"family": "beta", "a": 2.2, "b": 3.8},
    "gamma": {"family": "gamma", "shape": 2.5, "scale": 1.2},
    "metalog": {"family": "metalog", "quantiles": [[0.05, 1.0], [0.5, 2.0], [0.95, 5.0]], "low": 0.0},
    "empirical": {"family": "empirical", "values": [1.0, 2.0, 2.5, 4.0, 4.5, 6.0, 9.0], "interpolate": True},
    "bernoulli": {"family": "bernoulli", "p": 0.3},
    "choice": {"family": "choice", "values": [1.0, 2.0, 3.0, 5.0, 8.0], "probabilities": [0.1, 0.2, 0.3, 0.25, 0.15]},
    "hazard": {"family": "hazard", "rate": 0.08, "from": 2.0},
}


@dataclass(frozen=True)
class Trial:
    """Jobs made ready to be timed.

    Attributes
    ----------
    engine, bare: the engine's job and the least it could be.
    work: pieces that each of them does a call.
    less: a part of ``engine`` that is not the figure's, taken off round by round.
    """

    engine: Callable[[], Any]
    bare: Callable[[], Any]
    work: int
    less: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Figure:
    """One line of the table: ``what`` for people, and how to make its trial ready."""

    what: str
    trial: Callable[[], Trial]


def _words() -> Trial:
    source = draw.Random().prepare(np.arange(1, STREAMS + 1, dtype=np.uint32), SEED)
    out = np.empty((STREAMS, DRAWS), np.uint32)
    rows = np.empty((4, STREAMS * DRAWS // 4), np.uint32)
    return Trial(lambda: source.fill(0, out), lambda: bare.words(*rows), out.size)


def _coordinates() -> Trial:
    source = draw.Sobol().prepare(np.arange(1, STREAMS + 1, dtype=np.uint32), SEED)
    out = np.empty((STREAMS, DRAWS), np.uint32)
    flat = np.empty(out.size, np.uint32)
    add = np.arange(1, WIDTH + 1, dtype=np.uint32) * np.uint32(123_456_789)
    multiply = add | np.uint32(1)
    return Trial(lambda: source.fill(0, out), lambda: bare.coordinates(add, multiply, flat), out.size)


def _variate(spec: dict[str, Any]) -> Callable[[], Trial]:
    def trial() -> Trial:
        shape, loc, scale = priors.make(spec).standard()
        columns = [draw.Column(stream, shape, float(loc), float(scale)) for stream in range(1, STREAMS + 1)]
        drawer = draw.prepare(columns, seed=SEED, sampler=draw.Random())
        source = draw.Random().prepare(np.arange(1, STREAMS + 1, dtype=np.uint32), SEED)
        words, values = np.empty((STREAMS, DRAWS), np.uint32), np.empty((STREAMS, DRAWS))
        source.fill(0, words)
        flat, out = words.ravel(), np.empty(words.size)
        return Trial(
            lambda: drawer.fill(0, values),
            lambda: bare.cubics(flat, 1.0, 1e-10, 1e-20, 1e-30, out),
            values.size,
            less=lambda: source.fill(0, words),
        )

    return trial


def market_engine() -> tuple[tiles.Engine, np.ndarray]:
    """The baseline's engine as a run lays it out, and a tile of its inputs, float64[94, TILE]."""
    model = market.model()
    laid = dense(deck(priors.load(), ["baseline"], model), model)
    drawer = draw.prepare(laid.columns, laid.blocks, seed=SEED, sampler=draw.Sobol())
    columns, inputs = (aligned((n, TILE), "float64") for n in (len(laid.columns), len(model.inputs)))
    drawer.fill(0, columns)
    inputs[:] = columns[laid.rows[0]]
    none = np.zeros(model.cells, np.bool_)
    kernels = tile_kernel(model), block_kernel(model)
    return tiles.Engine(drawer, laid, model, kernels[0], none, TILE, blocks=kernels[1]), inputs


def _cells() -> Trial:
    engine, inputs = market_engine()
    outputs = aligned(engine.shape(TILE), engine.model.dtype)
    spare = aligned((engine.model.cells, TILE), engine.model.dtype)
    return Trial(lambda: engine.evaluate(inputs, outputs), lambda: bare.cells(inputs, 1.5, 2.5, spare), outputs.size)


def values() -> np.ndarray:
    """Rows of values to reduce, float32[ROWS, LENGTH]: normal and lognormal in turn."""
    z = np.random.default_rng(SEED).standard_normal((ROWS, LENGTH))
    z[::2] = np.exp(0.5 * z[::2])
    return z.astype(np.float32)


def _moments() -> Trial:
    rows = values()
    out = np.empty((ROWS, 4))
    return Trial(inside.Moments(rows), lambda: bare.moments(rows, out), rows.size)


def _places() -> tuple[np.ndarray, np.ndarray]:
    """Where the values of :func:`values` would be counted, 512 bins an octave, and counters that the rows share."""
    keys = (np.abs(values()).view(np.uint32) >> np.uint32(14)).astype(np.int64)
    places = np.clip(keys - keys.max(axis=1, keepdims=True) + COUNTERS - 1, 0, COUNTERS - 1)
    return places.astype(np.uint16).ravel(), np.zeros(COUNTERS, np.uint16)


def _counts() -> Trial:
    rows = values()
    places, counters = _places()
    return Trial(inside.Counts(rows), lambda: bare.increments(places, counters), rows.size)


def _reduction() -> Trial:
    rows = values()
    cells = ROWS * COPIES
    accumulator = reduce.Accumulator(cells)
    places, counters = _places()
    out = np.empty((ROWS, 4))
    # Tiles as the market's kernel leaves them, [pieces, cells, 16 draws], and nearly as many cells, for the caches.
    parts = np.tile(rows, (COPIES, 1)).reshape(cells, -1, TILE // WIDTH, WIDTH).transpose(1, 2, 0, 3)
    pieces = [np.ascontiguousarray(part) for part in parts]

    def engine() -> None:
        for piece in pieces:
            accumulator.add(piece)
        accumulator.settle()

    def least() -> None:
        for _ in range(COPIES):
            bare.moments(rows, out)
            bare.increments(places, counters)

    return Trial(engine, least, rows.size * COPIES)


FIGURES: dict[str, Figure] = {
    "word": Figure("random word, Philox", _words),
    "coordinate": Figure("Sobol coordinate", _coordinates),
    **{f"variate.{name}": Figure(f"{name} from a word", _variate(spec)) for name, spec in FAMILIES.items()},
    "cell": Figure("market model's cell", _cells),
    "moments": Figure("moments of a value", _moments),
    "sketch": Figure("sketch of a value", _counts),
    "reduction": Figure("both together", _reduction),
}
