"""Two distributions of each cell on one grid: one walk through the bins of both, which distances and verdicts come from.

Counts lie in bins of 0.2 % of the value, those of single replicates in bins four times as wide. At the ends of bins the
two cumulative distributions are known exactly; inside they are taken to rise evenly, as everywhere else in the project.
The *gap* is F_base − F_other: where it is above zero, the other has fewer values up to there. A *stretch* is a bin, or
what lies between two.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce import REPLICATES, Counts
from sim.reduce.bins import lower_edge, next_key
from sim.study.notes import FIRST, NOTES, SECOND, empty, judge

# What is noted of all draws together.
KS, KS_AT, KS_NEXT = range(3)


class Walked(NamedTuple):
    """What is found of each of n cells; all zero where both hold the same counts, NaN where one holds none.

    Attributes
    ----------
    same: bool[n], whether all rows of the cell hold the same counts in both: mostly one that the scenario leaves alone.
    furthest: float64[n, 3], of all draws: the largest magnitude of the gap, where, and where the next bin begins.
    area: float64[n, 2, 2], of all draws, and of the mean of replicates: Σ |area| and Σ area under the gap.
    signed, total: float64[n, 16], area under each replicate's gap, counted with the sign of the mean's, and plainly.
    notes: float64[n, 2, 3, 11], by function and set of points.
    """

    same: np.ndarray
    furthest: np.ndarray
    area: np.ndarray
    signed: np.ndarray
    total: np.ndarray
    notes: np.ndarray


class View(NamedTuple):
    """Counts as a kernel gets them, with each cell's first row of replicates."""

    row_start: np.ndarray
    key: np.ndarray
    held: np.ndarray
    replicates: np.ndarray


def walked(other: Counts, base: Counts, low: np.ndarray, high: np.ndarray) -> Walked:
    """Walk through two counts of the same cells, all counted by replicate; ``low`` and ``high`` are both's extremes."""
    cells = base.cells
    found = Walked(
        np.zeros(cells, np.bool_), np.zeros((cells, 3)), np.zeros((cells, 2, 2)),
        np.zeros((cells, REPLICATES)), np.zeros((cells, REPLICATES)), np.zeros((cells, 2, 3, NOTES)),
    )  # fmt: skip
    views = [View(c.row_start, c.key, c.count, np.ascontiguousarray(c.replicates()[:, 0])) for c in (other, base)]
    limits = np.stack([low, high, other.on_edge & base.on_edge], axis=1).astype(np.float64)
    _walk_all(*views, limits, found)
    return found


@kernel
def _walk_all(other: View, base: View, limits: np.ndarray, found: Walked) -> None:
    none = np.zeros((0, 3, NOTES))
    for c in range(len(found.same)):
        both = other.replicates[c], base.replicates[c]
        found.same[c] = _same(other, base, c, c, 1) and _same(other, base, both[0], both[1], REPLICATES)
        if found.same[c]:
            continue
        ignored = np.zeros(1), np.zeros(1)
        _walk(other, base, (c, c), limits[c], (found.furthest[c], found.area[c, 0], *ignored, none))
        rows = found.signed[c], found.total[c]
        _walk(other, base, both, limits[c], (np.zeros(3), found.area[c, 1], *rows, found.notes[c]))


@bare_kernel
def _same(a: View, b: View, row_a: int, row_b: int, rows: int) -> bool:
    """Whether ``rows`` rows from those on hold the same."""
    for row in range(rows):
        at, other = a.row_start[row_a + row], b.row_start[row_b + row]
        entries = a.row_start[row_a + row + 1] - at
        if b.row_start[row_b + row + 1] - other != entries:
            return False
        for i in range(entries):
            if a.key[at + i] != b.key[other + i] or a.held[at + i] != b.held[other + i]:
                return False
    return True


@kernel
def _walk(
    other: View,
    base: View,
    first: tuple[int, int],
    limits: np.ndarray,
    to: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """Walk through rows of both from ``first`` on, as many as ``signed`` is long: all draws, or 16 replicates."""
    furthest, area, signed, total, notes = to
    n = len(signed)
    cursors, draws = np.empty((3, 2, n), np.int64), np.zeros((2, n))
    _start(other, first[0], cursors[:, 0], draws[0])
    _start(base, first[1], cursors[:, 1], draws[1])
    gap, level = np.zeros(n), np.zeros(n)
    share, end, fresh = 0.0, 0.0, True
    if draws.min() == 0:
        furthest[:], area[:], signed[:], total[:], notes[:] = np.nan, np.nan, np.nan, np.nan, np.nan
        return
    empty(notes)
    key = min(_next(other, cursors[:, 0]), _next(base, cursors[:, 1]))
    while key != _LAST:
        low, high = _ends(key, n > 1, limits)
        if not fresh:
            _stretch(max(low - end, 0.0), gap, area, signed, total)
            judge(total, share, low, notes, SECOND)
            if furthest[KS_AT] == end:
                furthest[KS_NEXT] = low
        level[:] = gap / 2.0
        _take(other, key, cursors[:, 0])
        _take(base, key, cursors[:, 1])
        share = 0.0
        for r in range(n):
            up, up_base = cursors[2, 0, r] / draws[0, r], cursors[2, 1, r] / draws[1, r]
            gap[r] = up_base - up
            share += (up + up_base) / (2 * n)
            level[r] += gap[r] / 2.0
        _stretch(high - low, level, area, signed, total)
        judge(gap, share, high, notes, FIRST)
        judge(total, share, high, notes, SECOND)
        if fresh or abs(gap[0]) > furthest[KS]:
            furthest[KS], furthest[KS_AT], furthest[KS_NEXT] = abs(gap[0]), high, high
        end, fresh = high, False
        key = min(_next(other, cursors[:, 0]), _next(base, cursors[:, 1]))


_LAST = np.iinfo(np.int64).max


@bare_kernel
def _start(view: View, first: int, cursors: np.ndarray, draws: np.ndarray) -> None:
    """Set the cursors of rows, int64[3, n], to where they start, where they stop, and no draws so far."""
    for r in range(len(draws)):
        cursors[0, r], cursors[1, r], cursors[2, r] = view.row_start[first + r], view.row_start[first + r + 1], 0
        for i in range(cursors[0, r], cursors[1, r]):
            draws[r] += view.held[i]


@bare_kernel
def _next(view: View, cursors: np.ndarray) -> int:
    """The least bin that none of the rows has passed; :data:`_LAST` at their end."""
    key = _LAST
    for r in range(cursors.shape[1]):
        if cursors[0, r] < cursors[1, r]:
            key = min(key, int(view.key[cursors[0, r]]))
    return key


@bare_kernel
def _take(view: View, key: int, cursors: np.ndarray) -> None:
    """Pass the bin ``key`` in all rows that have it."""
    for r in range(cursors.shape[1]):
        at = cursors[0, r]
        if at < cursors[1, r] and view.key[at] == key:
            cursors[2, r] += view.held[at]
            cursors[0, r] = at + 1


@bare_kernel
def _ends(key: int, wide: bool, limits: np.ndarray) -> tuple[float, float]:
    """Lower and upper end of a bin, between the extremes; both the smallest magnitude where values are single points."""
    low = high = 0.0
    if key != 0:
        near = lower_edge(key)
        far = near if limits[2] else lower_edge(next_key(key, wide))
        low, high = (near, far) if key > 0 else (-far, -near)
    return min(max(low, limits[0]), limits[1]), min(max(high, limits[0]), limits[1])


@bare_kernel
def _stretch(length: float, level: np.ndarray, area: np.ndarray, signed: np.ndarray, total: np.ndarray) -> None:
    """Add what lies under the gap's mean ``level`` along a stretch."""
    mean = 0.0
    for r in range(len(level)):
        mean += level[r] * length
    mean /= len(level)
    area[0] += abs(mean)
    area[1] += mean
    sign = (mean > 0.0) - (mean < 0.0)
    for r in range(len(level)):
        signed[r] += sign * level[r] * length
        total[r] += level[r] * length
