"""Paired differences and ratios: each scenario's outcomes beside the first scenario's, draw by draw.

Scenarios share their draws, so what changes between two of them is known far better than either by itself. Differences
and ratios are rows like any other to what reduces them; cells that a scenario leaves alone are told once, by the first
scenario beside itself: a difference of zero, a ratio of one (none where the outcome is zero).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim import reduce
from sim.kernels import bare_kernel
from sim.lanes import WIDTH, double, lanes_at, put
from sim.model import Model, Output
from sim.reduce.take import copy_row, step_of

DIFFERENCE, RATIO = "difference", "ratio"
KINDS = (DIFFERENCE, RATIO)


def labelled(model: Model, kind: str, base: str) -> Model:
    """The model's headline outputs as differences from, or ratios to, what they are under the scenario ``base``."""
    outputs = [_output(o, kind, base) for o in model.outputs if o.headline]
    return replace(model, outputs=outputs, filled=(), order=None, spared=(), reads={}, same=None, proportional={})


def _output(output: Output, kind: str, base: str) -> Output:
    name, name_zh = output.long_name or output.name, output.long_name_zh or output.long_name or output.name
    if kind == DIFFERENCE:
        words = f"{name}: difference from {base}", f"{name_zh}：与 {base} 之差"
    else:
        words = f"{name}: ratio to {base}", f"{name_zh}：与 {base} 之比"
    about = f"draw by draw; {output.description}" if output.description else "draw by draw"
    units = output.units if kind == DIFFERENCE else "1"
    return replace(output, units=units, long_name=words[0], long_name_zh=words[1], description=about)


class Pairs:
    """One thread's room: the first scenario's rows of the block at hand, and accumulators of what others are beside them.

    Parameters
    ----------
    cells: int64[n], ascending, the cells to pair.
    own: for each scenario, those cells that are its own, as places in ``cells``; the first has all.
    block: draws that scenarios are run over in turn, at most.
    dtype: of outcomes.

    Attributes
    ----------
    accumulators: for each kind of :data:`KINDS`, one a scenario, end to end.
    """

    def __init__(self, cells: np.ndarray, own: Sequence[np.ndarray], block: int, dtype: str) -> None:
        self._cells = cells
        self._where = [np.stack([cells[which], which]) for which in own]
        rooms = [reduce.waiting_room(len(cells)) for _ in KINDS]
        self.accumulators = [
            reduce.Accumulator(len(which), np.ones(len(which), np.bool_), room=room) for room in rooms for which in own
        ]
        self._base = np.empty((len(cells), block), dtype)
        self._row = np.empty(0, dtype)
        self._rows = np.empty((len(KINDS), 0, 0))

    def add(self, scenario: int, first: int, outputs: np.ndarray) -> None:
        """Take ``outputs``, [pieces, cells, width], of a scenario from draw ``first`` of the block on.

        The first scenario's of all the block come before another's, which :meth:`settle` ends.
        """
        where, draws = self._where[scenario], outputs.shape[0] * outputs.shape[2]
        if len(self._row) != draws:
            self._row = np.empty(draws, outputs.dtype)
            self._rows = np.empty((len(KINDS), len(self._cells), draws))
        if scenario == 0:
            _keep(outputs, self._cells, self._base, first, self._row)
        _beside(outputs, where, self._base, first, self._rows)
        for rows, accumulator in zip(self._rows, self._of(scenario), strict=True):
            accumulator.add(rows[: where.shape[1]])

    def settle(self, scenario: int) -> None:
        """End the block of a scenario."""
        for accumulator in self._of(scenario):
            accumulator.settle()

    def _of(self, scenario: int) -> list[reduce.Accumulator]:
        return self.accumulators[scenario :: len(self._where)]


@bare_kernel
def _keep(outputs: np.ndarray, cells: np.ndarray, base: np.ndarray, first: int, row: np.ndarray) -> None:
    """Copy the rows ``cells`` of a tile to ``base``, from draw ``first`` on."""
    for k in range(len(cells)):
        copy_row(outputs, cells[k], row)
        for d in range(np.uint64(len(row))):
            base[k, np.uint64(first) + d] = row[d]


@bare_kernel
def _beside(outputs: np.ndarray, where: np.ndarray, base: np.ndarray, first: int, rows: np.ndarray) -> None:
    """Fill ``rows``, float64[2, n, draws], with outcomes less the base's, and over them.

    ``where``, int64[2, n], are the outcomes' cells and the rows of ``base`` beside them.
    """
    width, draws = np.uint64(outputs.shape[2]), np.uint64(rows.shape[2])
    step = np.uint64(step_of(outputs))
    ratios = np.uint64(rows.shape[1]) * draws
    for k in range(where.shape[1]):
        mine, other = np.uint64(where[0, k]) * width, np.uint64(where[1, k] * base.shape[1] + first)
        row = np.uint64(k) * draws
        for p in range(draws // np.uint64(WIDTH)):
            x = double(lanes_at(outputs, mine + p * step))
            y = double(lanes_at(base, other + p * np.uint64(WIDTH)))
            put(rows, row + p * np.uint64(WIDTH), x - y)
            put(rows, ratios + row + p * np.uint64(WIDTH), x / y)
