"""Prepare once, fill many: from columns, correlated blocks, a seed and a sampler to tiles of inputs."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sim.draw.cache import table_of
from sim.draw.copula import Block, Mixer, mix, mixer, scratch
from sim.draw.samplers import Sampler, Source, write_words
from sim.draw.scheme import REPLICATES, SCHEME, key_of
from sim.draw.table import Flat, digest, fill_values, flatten
from sim.kernels import bare_kernel

# Words that are made at a time: at least, at most.
_LEAST, _MOST = 256, 1024


@dataclass(frozen=True)
class Column:
    """One row of a tile: loc + scale · quantile of the stream's uniform.

    Attributes
    ----------
    stream: stream number, from 1 up; not read where ``shape`` is None.
    shape: a distribution with ``ppf``, ``isf``, ``support``, or None: every draw is ``loc``.
    """

    stream: int
    shape: Any
    loc: float = 0.0
    scale: float = 1.0


class Drawer:
    """Fills tiles of draws; made by :func:`prepare`. Immutable, so any number of threads may share it.

    Attributes
    ----------
    limit: greatest number of draws.
    table_digest: SHA-256 over the scheme number and the tables used.
    """

    def __init__(self, plan: _Plan, limit: int, table_digest: str) -> None:
        self._plan = plan
        self.limit = limit
        self.table_digest = table_digest

    def fill(self, first: int, values: np.ndarray) -> None:
        """Fill ``values``, float64[columns, T], with the draws ``first`` to ``first`` + T.

        Raises
        ------
        ValueError
            If ``first`` or T is not a multiple of 16, the tile goes beyond ``limit``, or ``values`` has another shape.
        """
        plan, tile = self._plan, values.shape[-1]
        if values.shape != (len(plan.table), tile) or values.dtype != np.float64:
            raise ValueError(
                f"values: found {values.dtype}{list(values.shape)}, expected float64[{len(plan.table)}, T]"
            )
        if first % REPLICATES or tile % REPLICATES or not 0 <= first <= self.limit - tile:
            raise ValueError(
                f"draws {first} to {first + tile}: a tile starts and ends on a multiple of {REPLICATES}, within the "
                f"sampler's {self.limit:,} draws"
            )
        words = np.empty((plan.streams, _stretch(tile)), np.uint32)
        tables = plan.flat, plan.table, plan.row, plan.affine
        _fill(plan.source.tables, plan.mixer, *tables, first, words, scratch(plan.mixer), values)


@cache
def _stretch(tile: int) -> int:
    """How many draws' words are made at a time, an equal part of a tile, so that they stay in the nearest caches."""
    equal = [tile // parts for parts in range(1, tile // _LEAST + 1) if tile % (parts * REPLICATES) == 0]
    return min(equal, key=lambda size: (size > _MOST, abs(size - _MOST)), default=max(tile, REPLICATES))


@bare_kernel
def _fill(
    source: Any,
    mixer: Any,
    flat: Flat,
    table: np.ndarray,
    row: np.ndarray,
    affine: np.ndarray,
    first: int,
    words: np.ndarray,
    z: np.ndarray,
    values: np.ndarray,
) -> None:
    """Fill ``values`` with the draws from ``first`` on, as many at a time as ``words``, uint32[streams, n], have room for."""
    for at in range(0, values.shape[1], words.shape[1]):
        write_words(source, first + at, words)
        if mixer is not None:
            mix(mixer, words, z)
        fill_values(flat, table, row, affine, words, values, at)


@dataclass(frozen=True, eq=False)
class _Plan:
    """flat, table, row, affine: as :func:`~sim.draw.table.fill_values` has them."""

    source: Source
    streams: int
    mixer: Mixer | None
    flat: Flat
    table: np.ndarray
    row: np.ndarray
    affine: np.ndarray


def prepare(columns: Sequence[Column], blocks: Sequence[Block] = (), *, seed: int, sampler: Sampler) -> Drawer:
    """Prepare to fill tiles of ``columns``.

    Draw d of a column is a pure function of seed, scheme number, sampler, d, the column itself and, if its stream is in
    a block, the block's members before it: not of the other columns, their order, or the tiles.

    Parameters
    ----------
    columns:
        Rows of the tiles, in order.
    blocks:
        Correlated streams, each stream in one block at most; a block without a column is passed over.
    seed:
        0 <= seed < 2**64.
    sampler:
        ``Sobol()`` or ``Random()``.

    Raises
    ------
    ValueError
        For a seed, stream, block or distribution that cannot be used; says which and what would do.
    """
    key_of(seed)
    wanted = {column.stream for column in columns if column.shape is not None}
    blocks = [block for block in blocks if wanted & set(block.streams)]
    wanted |= {stream for block in blocks for stream in block.streams}
    streams = sorted(wanted)
    for stream in streams:
        if not 1 <= stream < 1 << 32:
            raise ValueError(f"stream {stream}: expected a whole number from 1 to 2**32 - 1")
    for column in columns:
        if not (math.isfinite(column.loc) and math.isfinite(column.scale)):
            raise ValueError(
                f"stream {column.stream}: found loc {column.loc}, scale {column.scale}, expected finite numbers"
            )
    row_of = {stream: row for row, stream in enumerate(streams)}
    shapes = dict.fromkeys(column.shape for column in columns if column.shape is not None)
    tables = {shape: table_of(shape) for shape in shapes}
    number = {shape: i for i, shape in enumerate(tables)}
    flat = flatten(list(tables.values()))
    mixed = mixer(blocks, row_of)
    digests = {digest(table) for table in tables.values()}
    plan = _Plan(
        sampler.prepare(np.array(streams, np.uint32), seed),
        len(streams),
        mixed,
        flat,
        np.array([number.get(column.shape, -1) for column in columns], np.int64),
        np.array([row_of.get(column.stream, 0) for column in columns], np.int64),
        np.array([(column.loc, column.scale) for column in columns], np.float64).reshape(-1, 2),
    )
    scheme = "\n".join([f"scheme {SCHEME}", *sorted(digests)])
    return Drawer(plan, sampler.limit, hashlib.sha256(scheme.encode()).hexdigest())
