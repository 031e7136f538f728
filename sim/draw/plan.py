"""One tile of inputs: words of every stream once, correlated where they are, then each column through its table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draw.cache import table_of
from sim.draw.copula import Block, UnitNormal, factor_of, lower_half, mix
from sim.draw.samplers import Sampler
from sim.draw.scheme import REPLICATES, SCHEME
from sim.draw.table import Flat, flatten, look_up
from sim.kernels import kernel


@dataclass(frozen=True)
class Column:
    """One distinct input of a batch: ``loc + scale · shape``, drawn by its stream.

    ``shape`` None is an input fixed at ``loc``, which needs no stream.
    """

    stream: int
    shape: Any
    loc: float
    scale: float


@dataclass(frozen=True, eq=False)
class _Tied:
    """A block laid out: rows of its members among the words, rising by stream, and their Cholesky factor."""

    rows: np.ndarray
    factor: np.ndarray


class Drawer:
    """Fills tiles of inputs. Made by :func:`prepare`; safe to use from several threads.

    Attributes
    ----------
    limit: greatest number of draws.
    table_digest: SHA-256 over the scheme's number and every table in use.
    """

    def __init__(self, columns: Sequence[Column], blocks: Sequence[Block], seed: int, sampler: Sampler) -> None:
        drawn = {column.stream for column in columns if column.shape is not None}
        blocks = [block for block in blocks if drawn & set(block.streams)]
        streams = sorted(drawn | {stream for block in blocks for stream in block.streams})
        row = {stream: i for i, stream in enumerate(streams)}
        shapes = list({column.shape: None for column in columns if column.shape is not None})
        tables = [table_of(shape) for shape in (UnitNormal(), *shapes)]
        number = {shape: i for i, shape in enumerate(shapes, 1)}
        self.limit = sampler.limit
        self.table_digest = _digest([table.digest for table in tables[1:]])
        self._source = sampler.prepare(np.array(streams, np.uint32), seed)
        self._flat = flatten(tables)
        self._cdf = lower_half()
        self._tied = [_Tied(np.array([row[s] for s in block.streams]), factor_of(block)) for block in blocks]
        self._table = np.array([0 if c.shape is None else number[c.shape] for c in columns], np.int64)
        self._row = np.array([-1 if c.shape is None else row[c.stream] for c in columns], np.int64)
        self._place = np.array([[c.loc, c.scale] for c in columns], np.float64).reshape(-1, 2)
        self._streams = len(streams)

    def fill(self, first: int, values: np.ndarray) -> None:
        """Write draws ``first`` … of every column.

        Parameters
        ----------
        first: a multiple of 16.
        values: float64[columns, n], n a multiple of 16; row c is column c.

        Raises
        ------
        ValueError: if ``first`` or n is no multiple of 16, or the draws go beyond :attr:`limit`.
        """
        n = values.shape[1]
        if first % REPLICATES or n % REPLICATES or first < 0:
            raise ValueError(f"a tile begins and ends on a multiple of {REPLICATES} draws, not at {first} with {n}")
        if first + n > self.limit:
            raise ValueError(f"draws up to {first + n} were asked for, there are {self.limit}")
        words = np.empty((self._streams, n), np.uint32)
        self._source.fill(first, words)
        for tied in self._tied:
            mix(self._flat, 0, self._cdf, tied.factor, tied.rows, words)
        _fill(self._flat, self._table, self._row, self._place, words, values)


def prepare(columns: Sequence[Column], blocks: Sequence[Block], *, seed: int, sampler: Sampler) -> Drawer:
    """Lay out the tables, streams and blocks of ``columns`` once, to fill many tiles.

    Parameters
    ----------
    columns: what each row of a tile is.
    blocks: correlated blocks; one that holds no column's stream is passed over.
    seed: 0 ≤ seed < 2^64.
    sampler: :class:`Sobol` or :class:`Random`.

    Raises
    ------
    ValueError: for a stream that the sampler does not have, a shape that cannot be tabled, or a matrix that is not
        positive definite.
    """
    return Drawer(columns, blocks, seed, sampler)


def _digest(tables: Sequence[str]) -> str:
    return hashlib.sha256("\n".join([f"scheme {SCHEME}", *sorted(tables)]).encode()).hexdigest()


@kernel
def _fill(
    flat: Flat, table: np.ndarray, row: np.ndarray, place: np.ndarray, words: np.ndarray, values: np.ndarray
) -> None:
    for c in range(len(row)):
        if row[c] < 0:
            values[c, :] = place[c, 0]
        else:
            look_up(flat, table[c], words[row[c]], place[c, 0], place[c, 1], values[c])
