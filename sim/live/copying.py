"""The loops between what is drawn and what is summed up, each one call: no thread waits for another to let go of the GIL."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel
from sim.market.evaluate import evaluate_blocks


class Wanted(NamedTuple):
    """What is asked of the market over ``quarters``: ``rows``, int64[n], of its blocks, and the spared outputs among them.

    ``told``: see :meth:`~sim.model.Model.told`.
    """

    rows: np.ndarray
    told: int
    quarters: int


@bare_kernel
def evaluate_cells(
    columns: np.ndarray, which: np.ndarray, room: tuple[np.ndarray, np.ndarray], wanted: Wanted, found: np.ndarray
) -> None:
    """Fill ``found`` [n, draws] with the market's outcomes that are ``wanted``, from columns of inputs.

    One call for a block of draws: one for each tile cost Python and the GIL as often.

    Parameters
    ----------
    columns: float64[columns, draws], a whole number of tiles.
    which: column of each of the market's inputs.
    room: inputs [inputs, T] and outputs [T / 16, rows, 16] of a tile.
    """
    inputs, outputs = room
    tile = inputs.shape[1]
    for at in range(0, columns.shape[1], tile):
        for j in range(inputs.shape[0]):
            for d in range(tile):
                inputs[j, d] = columns[which[j], at + d]
        evaluate_blocks(inputs, outputs, wanted.quarters, wanted.told)
        for i in range(wanted.rows.size):
            for piece in range(outputs.shape[0]):
                for lane in range(16):
                    found[i, at + 16 * piece + lane] = outputs[piece, wanted.rows[i], lane]


@bare_kernel
def subtract(mine: np.ndarray, first: int, base: np.ndarray, at: int, rows: np.ndarray) -> None:
    """Fill ``rows`` [n, draws] with ``mine`` less ``base`` in double, from row ``first`` of both and draw ``at`` of the base."""
    for i in range(rows.shape[0]):
        for d in range(rows.shape[1]):
            rows[i, d] = np.float64(mine[first + i, d]) - np.float64(base[first + i, at + d])
