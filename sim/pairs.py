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
from sim.model import Model, Output

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
    """One thread's room: rows of the block at hand, the first scenario's and another's, and what is made of them.

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
        self._cells = [cells[which] for which in own]
        self._rows = [np.stack([np.arange(len(which)), which]) for which in own]
        rooms = [reduce.waiting_room(len(cells)) for _ in KINDS]
        self.accumulators = [
            reduce.Accumulator(len(which), np.ones(len(which), np.bool_), room=room) for room in rooms for which in own
        ]
        self._base, self._other = (np.empty((len(cells), block), dtype) for _ in range(2))
        self._draws = 0

    def add(self, scenario: int, first: int, outputs: np.ndarray) -> None:
        """Take ``outputs``, [pieces, cells, width], of a scenario from draw ``first`` of the block on.

        The first scenario's of all the block come before another's, which :meth:`settle` ends.
        """
        self._draws = first + outputs.shape[0] * outputs.shape[2]
        _keep(outputs, self._cells[scenario], self._room(scenario), first)

    def settle(self, scenario: int) -> None:
        """End the block of a scenario."""
        for kind, accumulator in zip(KINDS, self.accumulators[scenario :: len(self._rows)], strict=True):
            rooms = self._room(scenario), self._base
            accumulator.add_beside(reduce.Beside(*rooms, self._rows[scenario], 0, self._draws, kind == RATIO))
            accumulator.settle()

    def _room(self, scenario: int) -> np.ndarray:
        return self._other if scenario else self._base


@bare_kernel
def _keep(outputs: np.ndarray, cells: np.ndarray, room: np.ndarray, first: int) -> None:
    """Copy the rows ``cells`` of a tile to ``room``, from draw ``first`` on."""
    draws = outputs.shape[0] * outputs.shape[2]
    for k in range(len(cells)):
        reduce.copy_row(outputs, cells[k], room[k, first : first + draws])
