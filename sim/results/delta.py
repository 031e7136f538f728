"""Borgonovo's moment-independent delta from kept draws, with no further run.

    delta = ½ E ∫ |f(y) − f(y | x)| dy = sup over sets A of (x, y) of P(A) − P_x ⊗ P_y(A):

how far, between 0 and 1, knowing x moves the whole distribution of y, whatever its variance. It is the same for any
rising function of x and of y, so both are taken in equally likely classes.

The second form makes an estimate that noise cannot inflate: A is chosen on one half of the replicates, measured on each
of the other half, and the other way round. What A misses costs little, since it is missed where the densities hardly
differ; A is the sign of the difference in each pair of classes, of as many neighbours together as make it clear. The
estimate adds a third of what twice as many classes brought, the rest of a smooth density's loss.

The interval is wide on purpose: below stands the measured value, which is too small if anything, and above the plain sum
of absolute differences, which is too large, with what twice as many classes brought on top. Between, it holds delta in
at least 95 of 100 cases, also where densities jump; no estimate near 0 can do so without being wide. Where densities jump,
as a switch's do or at an arcsine law's end, the value itself stays too small: of Ishigami's second input, 0.425, it is 0.38 from
8,192 draws and 0.40 from 65,536. There the interval is what to read.

Sources: Borgonovo, Reliab. Eng. Syst. Saf. 92 (2007) 771; Plischke, Borgonovo, Smith, Eur. J. Oper. Res. 226 (2013) 536,
for given data; Scheffé's identity of total variation.
"""

from __future__ import annotations

import numpy as np

from sim.results.bins import codes
from sim.results.estimate import T_15, Estimate
from sim.results.kept import Kept
from sim.sample import REPLICATES, standard_error

WORDS = {"delta": "Borgonovo's delta"}
CLEAR = 2.5
"""Standard errors at which a difference has its sign for sure."""
PASSES = (0, 1, 2, 4, 8)
"""How often differences are averaged with their neighbours, until they are clear."""
SHARED = 1.28
"""√(1 + 2/π): the two halves' values move together where there is no effect, which their spread does not show."""
_HALVES = np.arange(REPLICATES) % 2 == 0


def delta(kept: Kept) -> dict[str, Estimate]:
    """Delta of each input on each cell, [inputs, cells]; NaN for a cell that does not vary or is not always a number."""
    most = 32 if kept.x.shape[1] >= 4_096 else 16
    columns = [codes(x, most) for x in kept.x]
    rows = [codes(y, most) for y in kept.y]
    known = np.isfinite(kept.y).all(axis=1)
    found = np.full((4, len(columns), len(rows)), np.nan)
    for i, (u, m) in enumerate(columns):
        for c, (v, k) in enumerate(rows):
            if k > 1 and known[c]:
                table = np.bincount((kept.replicate * m + u) * k + v, minlength=REPLICATES * m * k)
                found[:, i, c] = of_table(table.reshape(REPLICATES, m, k).astype(float))
    return {"delta": Estimate(*found)}


def of_table(table: np.ndarray) -> tuple[float, float, float, float]:
    """Value, standard error and interval from draws by replicate and pair of classes, float64[16, m, k]."""
    fine, coarse = measured(table), measured(merged(table))
    gain = fine - coarse
    each = fine + gain / 3.0
    spread = float(standard_error(each))
    value, reach = float(each.mean()), SHARED * T_15 * spread
    plain = 0.5 * float(np.abs(deviations(table.sum(axis=0))).sum())
    return value, spread, float(fine.mean()) - reach, max(plain, value) + abs(float(gain.mean())) + reach


def measured(table: np.ndarray) -> np.ndarray:
    """P(A) − P_x ⊗ P_y(A) in each replicate, with A from the other half of them, float64[16]."""
    each = deviations(table)
    found = np.empty(REPLICATES)
    for half in (_HALVES, ~_HALVES):
        sign = clear_sign(table[~half].sum(axis=0))
        found[half] = 0.5 * (sign * each[half]).sum(axis=(-2, -1))
    return found


def deviations(table: np.ndarray) -> np.ndarray:
    """Shares of draws in pairs of classes less those of independent ones, [..., m, k]; 0 where there are none."""
    draws = np.maximum(table.sum(axis=(-2, -1), keepdims=True), 1.0)
    share = table / draws
    return share - share.sum(axis=-1, keepdims=True) * share.sum(axis=-2, keepdims=True)


def clear_sign(table: np.ndarray) -> np.ndarray:
    """Sign of each pair's deviation, [m, k], averaged with neighbours as often as makes it clear."""
    draws = table.sum()
    noise = np.sqrt(np.outer(table.sum(axis=1), table.sum(axis=0)) / draws) / draws
    now = deviations(table)
    sign, open_ = np.zeros_like(now), np.ones(now.shape, bool)
    done = 0
    for passes in PASSES:
        for _ in range(passes - done):
            now = _averaged(_averaged(now, 0), 1)
        done = passes
        clear = open_ & (np.abs(now) > CLEAR * noise * _damping(passes))
        sign[clear] = np.sign(now[clear])
        open_ &= ~clear
    sign[open_] = np.sign(now[open_])
    return sign


def merged(table: np.ndarray) -> np.ndarray:
    """Neighbouring classes two and two together, [16, m, k]; not those of what has few values."""
    for axis in (1, 2):
        count = table.shape[axis]
        if count >= 8:
            table = np.add.reduceat(table, np.arange(0, count, 2), axis=axis)
    return table


def _averaged(values: np.ndarray, axis: int) -> np.ndarray:
    """Each value with a quarter of either neighbour; the edge is its own."""
    padded = np.pad(values, [(1, 1) if i == axis else (0, 0) for i in range(values.ndim)], mode="edge")
    n = values.shape[axis]
    left, middle, right = (padded.take(np.arange(s, s + n), axis=axis) for s in range(3))
    return (left + 2.0 * middle + right) / 4.0


def _damping(passes: int) -> float:
    """Standard deviation of independent noise of 1 once averaged so often in both directions."""
    weights = np.ones(1)
    for _ in range(passes):
        weights = np.convolve(weights, [0.25, 0.5, 0.25])
    return float((weights**2).sum())
