"""From x to y, one player after the other drawn anew, each draw in an order of its own."""

from __future__ import annotations

import numpy as np

from sim.study.design import Design
from sim.study.hybrid import Drawn


class Walk:
    """A tile of draws on their way from x to y.

    Attributes
    ----------
    inputs: float64[inputs, T], where they are: at x until the first step, at y after the last.
    """

    def __init__(self, design: Design, drawn: Drawn) -> None:
        self._drawn = drawn
        self.inputs = np.array(drawn.x)
        self._at = np.arange(drawn.x.shape[1])
        widest = max(map(len, design.members))
        # Players of fewer inputs name their first again and again.
        self._rows = np.array([[*rows, *[rows[0]] * (widest - len(rows))] for rows in design.members])
        self._knots = [
            (np.array(knot.rows), _bits(knot.players, len(design.members)), *_table(given))
            for knot, given in zip(design.pair.knots, drawn.given, strict=True)
        ]
        self._masks = [np.zeros(len(self._at), np.int64) for _ in self._knots]

    def step(self, player: np.ndarray) -> None:
        """Draw the inputs of ``player``, int64[T], one for each draw, anew given those that still are at x."""
        rows, at = self._rows[player], self._at[:, None]
        self.inputs[rows, at] = self._drawn.y[rows, at]
        for (knot, bits, masks, table), mask in zip(self._knots, self._masks, strict=True):
            mask |= bits[player]
            at = np.flatnonzero(bits[player])
            # All of the block: a member drawn before is drawn anew given fewer now.
            self.inputs[knot[:, None], at] = table[np.searchsorted(masks, mask[at]), :, at].T


def _bits(sharing: tuple[int, ...], players: int) -> np.ndarray:
    """The bit of each player in a knot's masks, 0 for one without a part in it."""
    found = np.zeros(players, np.int64)
    found[list(sharing)] = 1 << np.arange(len(sharing))
    return found


def _table(given: dict[int, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Masks in ascending order, int64[masks], and the values by mask, float64[masks, members, T]."""
    masks = sorted(given)
    return np.array(masks, np.int64), np.stack([given[mask] for mask in masks])
