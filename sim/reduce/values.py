"""Where the values of a tile come from: an array, or two rows each, of which they are made as they are taken.

Kernels read either sixteen at a time, by the functions here. An array is [1, cells, draws] or [draws / 16, cells, 16].
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import overload

from sim.kernels import inlined_kernel
from sim.lanes import double, lanes_at, put
from sim.reduce.lanes import LANES
from sim.reduce.prefetch import prefetch


class Beside(NamedTuple):
    """Outcomes less those of a base, or over them, in double precision: of singles a difference is exact then, nearly always.

    Attributes
    ----------
    outcomes, base: [any, room], rows of the same draws.
    rows: int64[2, cells], of each cell the row of the outcomes and that of the base.
    first, draws: which draws of the room; multiples of 16.
    ratio: whether values are ratios; differences otherwise.
    """

    outcomes: np.ndarray
    base: np.ndarray
    rows: np.ndarray
    first: int
    draws: int
    ratio: bool

    @property
    def same(self) -> bool:
        """Whether a base stands beside itself."""
        return self.outcomes is self.base

    @property
    def constant(self) -> float:
        """What a base beside itself comes to, wherever it is a number."""
        return 1.0 if self.ratio else 0.0


@inlined_kernel
def step_of(values: np.ndarray) -> int:
    """How far sixteen values of a cell lie from its next sixteen in [1, cells, draws] or [draws / 16, cells, 16]."""
    step: int = values.shape[1] * LANES if values.shape[2] == LANES else LANES
    return step


@inlined_kernel
def place_of(values: np.ndarray, c: int, p: int) -> Any:
    """Number of the first of a cell's sixteen values of point ``p``."""
    return np.uint64(c * values.shape[2]) + np.uint64(p) * np.uint64(step_of(values))


def kind_of(values: Any) -> Any:
    """Numba's type of the numbers that values of Numba's type ``values`` are."""
    return values.dtype if isinstance(values, types.Array) else types.float64


def lanes_of(values: Any, c: int, p: int) -> Any:
    """Values of cell ``c`` of point ``p``, lanes."""
    raise NotImplementedError  # kernels see either kind's own


@overload(lanes_of, inline="always")
def _lanes_of(values, c, p):  # type: ignore[no-untyped-def]  # Numba wants the same signature
    if isinstance(values, types.Array):
        return lambda values, c, p: lanes_at(values, place_of(values, c, p))

    def beside(values, c, p):  # type: ignore[no-untyped-def]
        at = np.uint64(values.first) + np.uint64(p) * np.uint64(LANES)
        x = double(lanes_at(values.outcomes, np.uint64(values.rows[0, c] * values.outcomes.shape[1]) + at))
        y = double(lanes_at(values.base, np.uint64(values.rows[1, c] * values.base.shape[1]) + at))
        return x / y if values.ratio else x - y

    return beside


def ask_for(values: Any, c: int, p: int) -> None:
    """Have the memory that :func:`lanes_of` will read brought to the cache."""
    raise NotImplementedError


@overload(ask_for, inline="always")
def _ask_for(values, c, p):  # type: ignore[no-untyped-def]
    if isinstance(values, types.Array):
        return lambda values, c, p: prefetch(values, place_of(values, c, p))
    return lambda values, c, p: None  # long rows, which the machine foresees


@inlined_kernel
def copy_row(values: Any, c: int, row: np.ndarray) -> None:
    """Bring a cell's values together in ``row``, [draws]."""
    for p in range(np.uint64(len(row) // LANES)):
        put(row, p * np.uint64(LANES), lanes_of(values, c, p))
