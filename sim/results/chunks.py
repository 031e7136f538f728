"""How the arrays of a Zarr store are cut into chunks, such that what one process writes of the draws is whole chunks."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

DRAW = "draw"
_BYTES, _ITEM = 4 << 20, 8
_LEAST, _MOST = 1 << 16, 1 << 19


def region(draws: int) -> int:
    """Of so many kept draws, how many are written by one process at least: a power of two, which no chunk crosses."""
    return min(max(_floor(draws // 16), _LEAST), _MOST)


def chunks(dims: Sequence[Hashable], shape: Sequence[int]) -> tuple[int, ...]:
    """Whole trailing dimensions as far as they go into 4 MiB, then a part of the next, then one of each.

    Along the draws a chunk has a power of two of them, or all.
    """
    found: list[int] = []
    for dim, length in zip(reversed(dims), reversed(shape), strict=True):
        room = max(1, _BYTES // _ITEM // math.prod(found))
        part = min(_floor(room), region(length)) if dim == DRAW else room
        found.append(max(1, min(length, part)))
    return tuple(reversed(found))


def _floor(n: int) -> int:
    return 1 << max(n.bit_length() - 1, 0)
