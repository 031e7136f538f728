"""Numbers of many tables in a few arrays, since every array that a call passes costs it half a microsecond."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Pool(NamedTuple):
    """What tables are made of, end to end, by type; a table's *row* says where its parts begin."""

    floats: np.ndarray
    doubles: np.ndarray
    ints: np.ndarray
    longs: np.ndarray


_TYPES = {np.dtype(dtype): i for i, dtype in enumerate((np.float32, np.float64, np.uint32, np.uint64))}
ROW = 6
"""Numbers in a row: the kind of table, and what its kind says of it."""


class Filling:
    """A pool that is being filled."""

    def __init__(self) -> None:
        self._parts: list[list[np.ndarray]] = [[] for _ in _TYPES]
        self._sizes = [0] * len(_TYPES)

    def put(self, part: Any) -> int:
        """Put a float32, float64, uint32 or uint64 array in; where it begins."""
        flat = np.ravel(part)
        at = _TYPES[flat.dtype]
        begin = self._sizes[at]
        self._parts[at].append(flat)
        self._sizes[at] += flat.size
        return begin

    def pool(self) -> Pool:
        """All that was put in."""
        return Pool(*(np.concatenate([np.zeros(0, dtype), *self._parts[i]]) for dtype, i in _TYPES.items()))
