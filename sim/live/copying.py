"""Small copies between what the engine's kernels take and give, which NumPy would make in several steps each."""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel


@bare_kernel
def take_columns(columns: np.ndarray, at: int, which: np.ndarray, inputs: np.ndarray) -> None:
    """Fill ``inputs`` [inputs, T] with columns ``which`` of ``columns`` [columns, draws], draws ``at`` to ``at`` + T."""
    for j in range(inputs.shape[0]):
        column = which[j]
        for d in range(inputs.shape[1]):
            inputs[j, d] = columns[column, at + d]


@bare_kernel
def take_cells(outputs: np.ndarray, cells: np.ndarray, rows: np.ndarray, at: int) -> None:
    """Fill ``rows`` [n, draws], from draw ``at`` on, with ``cells`` of ``outputs`` [pieces, cells, 16]."""
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
