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
    return replace(model, outputs=[_output(o, kind, base) for o in model.outputs if o.headline], reads={}, same=None)


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

    Attributes
    ----------
    accumulators: for each kind of :data:`KINDS`, one a scenario, end to end.
    """

    def __init__(self, cells: np.ndarray, own: Sequence[np.ndarray], block: int) -> None:
        self._cells, self._own = cells, own
        every, rooms = np.ones(len(cells), np.bool_), [reduce.waiting_room(len(cells)) for _ in KINDS]
        self.accumulators = [reduce.Accumulator(len(cells), every, which, room) for room in rooms for which in own]
        self._base = np.empty((len(cells), block))
        self._rows = np.empty((len(cells), 0))

    def add(self, scenario: int, first: int, outputs: np.ndarray) -> None:
        """Take ``outputs``, [pieces, cells, width], of a scenario from draw ``first`` of the block on.

        The first scenario's of all the block come before another's, which :meth:`settle` ends.
        """
        draws = outputs.shape[0] * outputs.shape[2]
        base = self._base[:, first : first + draws]
        if self._rows.shape[1] != draws:
            self._rows = np.empty((len(self._cells), draws))
        mine = outputs[:, self._cells].transpose(1, 0, 2).reshape(len(self._cells), draws)
        if scenario == 0:
            base[:] = mine
        for kind, accumulator in enumerate(self._of(scenario)):
            _beside(mine, self._own[scenario], base, kind == 1, self._rows)
            accumulator.add(self._rows)

    def settle(self, scenario: int) -> None:
        """End the block of a scenario."""
        for accumulator in self._of(scenario):
            accumulator.settle()

    def _of(self, scenario: int) -> list[reduce.Accumulator]:
        return self.accumulators[scenario :: len(self._own)]


@bare_kernel
def _beside(mine: np.ndarray, which: np.ndarray, base: np.ndarray, ratio: bool, rows: np.ndarray) -> None:
    """Fill the rows ``which`` of ``rows``, [n, draws], with outcomes less the base's, or over it, in double."""
    for k in which:
        if ratio:
            for d in range(np.uint64(mine.shape[1])):
                rows[k, d] = np.float64(mine[k, d]) / base[k, d]
        else:
            for d in range(np.uint64(mine.shape[1])):
                rows[k, d] = np.float64(mine[k, d]) - base[k, d]
