"""Stochastic dominance of one distribution over another, larger being better, with the evidence for the verdict.

First order: F_base(x) ≥ F_other(x) for all x; whoever prefers more prefers the other. Second order: the integral of
F_base − F_other up to x is at least zero for all x; whoever also dislikes risk prefers the other (Hadar and Russell 1969).

No sample shows dominance over a whole line, since nothing is known of the ends. Following Davidson and Duclos (2013) it
is shown where it can be, between the points up to which 1 % and 99 % of both distributions lie: the other *dominates* if the
difference is above zero at every point there, each by a one-sided test at 5 % (an intersection-union test, which needs
no correction), or zero in every replicate alike, and at no point outside below zero by the same test. *Neither*
dominates if it is above zero at one point and below at another, each by a test at 5 % shared out among all points
(Bonferroni; Barrett and Donald 2003 test the same null). All else is *not decided* at this number of draws.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.sides import standard_error
from sim.study.steps import Steps

DOMINATES, DOMINATED, NEITHER, UNDECIDED, SAME = "dominates", "is dominated", "neither", "not decided", "the same"
LEVEL, TAIL = 0.05, 0.01


class Verdict(NamedTuple):
    """Verdict on one cell, and its evidence.

    Attributes
    ----------
    word: :data:`DOMINATES` and so on, said of the other scenario.
    margin, margin_mcse, margin_at: the smallest difference in favour of the other between the tails, its standard error,
        and where; above zero where it dominates.
    reverse, reverse_mcse, reverse_at: the same in favour of the base.
    """

    word: str
    margin: float
    margin_mcse: float
    margin_at: float
    reverse: float
    reverse_mcse: float
    reverse_at: float


EQUAL = Verdict(SAME, 0.0, 0.0, np.nan, 0.0, 0.0, np.nan)


def first_order(replicates: Steps) -> Verdict:
    """Verdict on F_base − F_other, from the steps of each replicate; margins are shares."""
    return _verdict(replicates.share, replicates.high, replicates.gap)


def second_order(replicates: Steps) -> Verdict:
    """Verdict on the integral of F_base − F_other; margins are in the output's unit."""
    length, level = replicates.stretches
    share, ends = np.empty_like(length), np.empty_like(length)
    # The integral changes between bins too: it is looked at where each begins and ends.
    share[::2], share[1::2] = replicates.share, replicates.share[:-1]
    ends[::2], ends[1::2] = replicates.high, replicates.low[1:]
    return _verdict(share, ends, np.cumsum(length * level, axis=1))


def _verdict(share: np.ndarray, ends: np.ndarray, each: np.ndarray) -> Verdict:
    """Verdict on a function at the points ``ends``, up to which ``share`` lies, for each replicate, float64[16, n]."""
    mean, error = each.mean(axis=0), standard_error(each.T)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(error > 0.0, mean / error, np.sign(mean) * np.inf)
    t = np.where(mean == 0.0, 0.0, t)
    same = ~np.any(each, axis=0)
    inside = (share >= TAIL) & (share <= 1.0 - TAIL)
    if not inside.any():
        inside = np.ones_like(inside)
    lowest, highest = (int(np.flatnonzero(inside)[pick(mean[inside])]) for pick in (np.argmin, np.argmax))
    evidence = (float(mean[lowest]), float(error[lowest]), float(ends[lowest]))
    against = (float(-mean[highest]), float(error[highest]), float(ends[highest]))
    return Verdict(_word(t, same, inside), *evidence, *against)


def _word(t: np.ndarray, same: np.ndarray, inside: np.ndarray) -> str:
    if same.all():
        return SAME
    each, shared = _critical(1.0 - LEVEL), _critical(1.0 - LEVEL / len(t) / 2.0)
    for word, signed in ((DOMINATES, t), (DOMINATED, -t)):
        above = signed[inside] > each
        if above.any() and np.all(same[inside] | above) and np.all(signed[~inside] > -each):
            return word
    return NEITHER if t.max() > shared and t.min() < -shared else UNDECIDED


def _critical(probability: float) -> float:
    """Quantile of Student's t with 15 degrees of freedom."""
    from scipy.special import stdtrit  # 0.1 s, which no other command needs

    return float(stdtrit(15, probability))
