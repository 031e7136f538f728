"""Tables of all kinds, as kernels read them: every column goes to the kernel of its table's kind."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.draw import bends, cubics, line, octaves, steps
from sim.draw.bends import Bends, fill_bends
from sim.draw.cubics import Cubics, fill_cubics
from sim.draw.line import Line, fill_line
from sim.draw.octaves import Octaves, fill_octaves
from sim.draw.pool import ROW, Filling, Pool
from sim.draw.steps import Steps, fill_steps
from sim.draw.tabulate import Table
from sim.kernels import bare_kernel

_OCTAVES, _STEPS, _LINE, _BENDS, _CUBICS = range(5)
_LAY: dict[type, tuple[int, Any]] = {
    Octaves: (_OCTAVES, octaves.lay),
    Steps: (_STEPS, steps.lay),
    Line: (_LINE, line.lay),
    Bends: (_BENDS, bends.lay),
    Cubics: (_CUBICS, cubics.lay),
}


class Flat(NamedTuple):
    """Several tables.

    rows: int64[tables, 6], the kind of each and what its kind's ``lay`` says. pool: what they are made of.
    """

    rows: np.ndarray
    pool: Pool


def flatten(tables: Sequence[Table]) -> Flat:
    """Put tables into one pool."""
    filling = Filling()
    rows = np.zeros((len(tables), ROW), np.int64)
    for row, table in zip(rows, tables, strict=True):
        kind, lay = _LAY[type(table)]
        found = [kind, *lay(table, filling)]
        row[: len(found)] = found
    return Flat(rows, filling.pool())


def digest(table: Table) -> str:
    """SHA-256 of what the table holds."""
    found = hashlib.sha256(type(table).__name__.encode())
    for part in vars(table).values():
        found.update(np.asarray(part).tobytes())
    return found.hexdigest()


@bare_kernel
def fill_values(
    flat: Flat, table: np.ndarray, row: np.ndarray, affine: np.ndarray, words: np.ndarray, values: np.ndarray, at: int
) -> None:
    """Turn words into values, column by column, from draw ``at`` on: loc + scale · quantile of (words + 1/2) / 2^32.

    Parameters
    ----------
    flat:
        The tables.
    table, row:
        int64[columns], the column's table, -1 for a fixed value, and its row of the words.
    affine:
        float64[columns, 2], loc and scale.
    words, values:
        uint32[streams, n], float64[columns, draws].
    """
    pool, stop = flat.pool, at + words.shape[1]
    for j in range(table.size):
        loc, scale = affine[j, 0], affine[j, 1]
        if table[j] < 0:
            for d in range(np.uint64(at), np.uint64(stop)):
                values[j, d] = loc
            continue
        its, some, to = flat.rows[table[j]], words[row[j]], values[j, at:stop]
        if its[0] == _OCTAVES:
            fill_octaves(pool, its, some, loc, scale, to)
        elif its[0] == _STEPS:
            fill_steps(pool, its, some, loc, scale, to)
        elif its[0] == _LINE:
            fill_line(pool, its, some, loc, scale, to)
        elif its[0] == _BENDS:
            fill_bends(pool, its, some, loc, scale, to)
        else:
            fill_cubics(pool, its, some, loc, scale, to)


def look_up(flat: Flat, table: int, words: np.ndarray, loc: float = 0.0, scale: float = 1.0) -> np.ndarray:
    """Values of the words, uint32[n], by one table: as a column draws them."""
    values = np.empty((1, len(words)))
    only = np.array([table]), np.zeros(1, np.int64), np.array([[loc, scale]], np.float64)
    fill_values(flat, *only, np.ascontiguousarray(words)[None], values, 0)
    return values[0]
