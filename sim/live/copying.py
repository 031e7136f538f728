"""The loops between what is drawn and what is summed up, each one call: no thread waits for another to let go of the GIL."""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel
from sim.market.evaluate import evaluate_blocks


@bare_kernel
def evaluate_cells(
    columns: np.ndarray,
    which: np.ndarray,
    room: tuple[np.ndarray, np.ndarray],
    cells: np.ndarray,
    rows: np.ndarray,
    quarters: int,
    told: int,
) -> None:
    """Fill ``rows`` [n, draws] with ``cells`` of the market's outcomes, tile by tile.

    One call for a block of draws. Three for each tile cost Python and the GIL as often: 65,536 draws took 98 ms of one
    thread's time, and take 79 (on a busy machine), with 96 times fewer hand-overs between threads.

    Parameters
    ----------
    columns: float64[columns, draws], a whole number of tiles.
    which: column of each of the market's inputs.
    room: inputs [inputs, T] and outputs [T / 16, cells, 16] of a tile.
    told: the outputs that the cells are of, see :meth:`~sim.model.Model.told`.
    """
    inputs, outputs = room
    tile = inputs.shape[1]
    for at in range(0, columns.shape[1], tile):
        for j in range(inputs.shape[0]):
            column = which[j]
            for d in range(tile):
                inputs[j, d] = columns[column, at + d]
        evaluate_blocks(inputs, outputs, quarters, told)
        for i in range(cells.size):
            cell = cells[i]
            for piece in range(outputs.shape[0]):
                for lane in range(16):
                    rows[i, at + 16 * piece + lane] = outputs[piece, cell, lane]


@bare_kernel
def subtract(mine: np.ndarray, first: int, base: np.ndarray, at: int, rows: np.ndarray) -> None:
    """Fill ``rows`` [n, draws] with ``mine`` less ``base`` in double, from row ``first`` of both and draw ``at`` of the base."""
    for i in range(rows.shape[0]):
        for d in range(rows.shape[1]):
            rows[i, d] = np.float64(mine[first + i, d]) - np.float64(base[first + i, at + d])
