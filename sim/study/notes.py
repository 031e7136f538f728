"""What is noted of a function of x while a walk passes by, point after point: what a verdict of dominance looks at.

The function is known in each of the 16 replicates; at a point its mean over them, the mean's error and t are looked at.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels import bare_kernel

TAIL = 0.01
"""Shares up to here, and from 1 less this on, are tails, of which no sample shows much."""

# What is noted of a function at the points of a set, float64[11]: its least and greatest mean over the replicates, each
# with its standard error and place, the least and greatest t of all points and of those where a replicate is not zero.
COUNT, LOWEST, LOWEST_ERROR, LOWEST_AT, HIGHEST, HIGHEST_ERROR, HIGHEST_AT = range(7)
LEAST_T, MOST_T, LEAST_T_CHANGED, MOST_T_CHANGED = range(7, 11)
NOTES = 11
# The sets of points, and the functions: the gap, and its integral up to there.
EVERY, BETWEEN_TAILS, IN_TAILS = range(3)
FIRST, SECOND = range(2)


@bare_kernel
def empty(notes: np.ndarray) -> None:
    """Note that no point has been passed."""
    for f in range(notes.shape[0]):
        for s in range(notes.shape[1]):
            notes[f, s, COUNT] = 0.0
            notes[f, s, LOWEST], notes[f, s, HIGHEST] = np.inf, -np.inf
            notes[f, s, LEAST_T], notes[f, s, MOST_T] = np.inf, -np.inf
            notes[f, s, LEAST_T_CHANGED], notes[f, s, MOST_T_CHANGED] = np.inf, -np.inf


@bare_kernel
def judge(each: np.ndarray, share: float, at: float, notes: np.ndarray, function: int) -> None:
    """Note a function's values in the replicates at a point, up to which ``share`` of both distributions lies."""
    if notes.shape[0] == 0:
        return
    n, mean, square, changed = len(each), 0.0, 0.0, False
    for r in range(n):
        mean += each[r]
        changed |= each[r] != 0.0
    mean /= n
    for r in range(n):
        square += (each[r] - mean) * (each[r] - mean)
    error = math.sqrt(square / (n - 1) / n)
    t = 0.0
    if mean != 0.0:
        t = mean / error if error > 0.0 else math.copysign(np.inf, mean)
    _note(notes[function, EVERY], mean, error, at, t, changed)
    inside = TAIL <= share <= 1.0 - TAIL
    _note(notes[function, BETWEEN_TAILS if inside else IN_TAILS], mean, error, at, t, changed)


@bare_kernel
def _note(notes: np.ndarray, mean: float, error: float, at: float, t: float, changed: bool) -> None:
    notes[COUNT] += 1.0
    if mean < notes[LOWEST]:
        notes[LOWEST], notes[LOWEST_ERROR], notes[LOWEST_AT] = mean, error, at
    if mean > notes[HIGHEST]:
        notes[HIGHEST], notes[HIGHEST_ERROR], notes[HIGHEST_AT] = mean, error, at
    notes[LEAST_T], notes[MOST_T] = min(notes[LEAST_T], t), max(notes[MOST_T], t)
    if changed:
        notes[LEAST_T_CHANGED] = min(notes[LEAST_T_CHANGED], t)
        notes[MOST_T_CHANGED] = max(notes[MOST_T_CHANGED], t)
