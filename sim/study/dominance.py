"""Stochastic dominance of one distribution over another, larger being better, with the evidence for the verdict.

First order: F_base(x) ≥ F_other(x) for all x; whoever prefers more prefers the other. Second order: the integral of
F_base − F_other up to x is at least zero for all x; whoever also dislikes risk prefers the other (Hadar and Russell 1969).

No sample shows dominance over a whole line, since nothing is known of the ends. Following Davidson and Duclos (2013) it
is shown where it can be, between the points up to which 1 % and 99 % of both distributions lie: the other *dominates* if the
difference is above zero at every point there, each by a one-sided test at 5 % (an intersection-union test, which needs
no correction), or zero in every replicate alike, and at no point outside below zero by the same test. *Neither*
dominates if it is above zero at one point and below at another, each by a test at 5 % shared out among all points
(Bonferroni; Barrett and Donald 2003 test the same null). All else is *not decided* at this number of draws, and so is what
differs within bins alone, but where every value of the one is above every one of the other.
"""

from __future__ import annotations

import numpy as np

from sim.study import notes
from sim.study.steps import Walked

DOMINATES, DOMINATED, NEITHER, UNDECIDED, SAME = "dominates", "is dominated", "neither", "not decided", "the same"
LEVEL = 0.05
ORDERS = {"first_order": notes.FIRST, "second_order": notes.SECOND}


def verdicts(walked: Walked, beyond: np.ndarray) -> dict[str, np.ndarray]:
    """Verdict of either order on each cell, said of the other scenario, and the evidence for it.

    ``beyond``, int64[cells], is 1 where all of the other's values are above the base's, -1 where all are below.

    Returns
    -------
    dict
        for each of :data:`ORDERS` the word, str[cells], and float64[cells]: ``<order>_margin``, the smallest difference in
        favour of the other between the tails, with ``…_mcse`` and where, ``…_at``; above zero where it dominates, NaN where
        all differences lie within bins.
        ``<order>_reverse`` is the same in favour of the base. Of first order margins are shares, of second order in the
        output's unit.
    """
    found: dict[str, np.ndarray] = {}
    for order, function in ORDERS.items():
        every, between, tails = (walked.notes[:, function, points] for points in range(3))
        lone = between[:, notes.COUNT] == 0.0  # every point is in a tail: all are looked at
        inside, outside = np.where(lone[:, None], every, between), np.where(lone[:, None], _NOWHERE, tails)
        words = _words(every, inside, outside)
        found[order] = np.select([walked.same, beyond > 0, beyond < 0], [SAME, DOMINATES, DOMINATED], words)
        for name, sign, columns in (
            ("margin", 1.0, (notes.LOWEST, notes.LOWEST_ERROR, notes.LOWEST_AT)),
            ("reverse", -1.0, (notes.HIGHEST, notes.HIGHEST_ERROR, notes.HIGHEST_AT)),
        ):
            value, error, at = (inside[:, column] for column in columns)
            found[f"{order}_{name}"] = np.where(walked.same, 0.0, sign * value)
            found[f"{order}_{name}_mcse"] = np.where(walked.same, 0.0, error)
            found[f"{order}_{name}_at"] = np.where(walked.same, np.nan, at)
    return found


# Of no point there is no t.
_NOWHERE = np.zeros(notes.NOTES)
_NOWHERE[[notes.LEAST_T, notes.MOST_T]] = np.inf, -np.inf


def _words(every: np.ndarray, inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Verdicts from the notes of all points, those between the tails and those outside, float64[cells, 11] each."""
    critical = _critical(1.0 - LEVEL)
    shared = _critical(1.0 - LEVEL / np.maximum(every[:, notes.COUNT], 1.0) / 2.0)
    crossed = (every[:, notes.MOST_T] > shared) & (every[:, notes.LEAST_T] < -shared)
    above = (
        (inside[:, notes.MOST_T] > critical)
        & (inside[:, notes.LEAST_T_CHANGED] > critical)
        & (outside[:, notes.LEAST_T] > -critical)
    )
    below = (
        (inside[:, notes.LEAST_T] < -critical)
        & (inside[:, notes.MOST_T_CHANGED] < -critical)
        & (outside[:, notes.MOST_T] < critical)
    )
    unchanged = every[:, notes.LEAST_T_CHANGED] > every[:, notes.MOST_T_CHANGED]  # no point noted: inf and -inf
    return np.select([unchanged, above, below, crossed], [SAME, DOMINATES, DOMINATED, NEITHER], UNDECIDED)


def _critical(probability: float | np.ndarray) -> np.ndarray:
    """Quantiles of Student's t with 15 degrees of freedom."""
    from scipy.special import stdtrit  # 0.1 s, which no other command needs

    return np.asarray(stdtrit(15, probability))
