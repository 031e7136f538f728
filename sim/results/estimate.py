"""An estimate with its error: what sixteen replicates say together, and how far they are apart.

Every interval takes Student's t with 15 degrees of freedom. Plain arrays; the replicates are the last axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.sample import REPLICATES, standard_error

T_15 = 2.131449545559323
"""97.5 % quantile of Student's t with 15 degrees of freedom."""


@dataclass(frozen=True)
class Estimate:
    """A figure of each cell.

    Attributes
    ----------
    value, mcse: the figure and its Monte Carlo standard error.
    lower, upper: 95 % interval.
    """

    value: np.ndarray
    mcse: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def around(value: np.ndarray, mcse: np.ndarray, slack: np.ndarray | float = 0.0) -> Estimate:
    """``value`` ± t · ``mcse``, and ``slack`` more to either side for an error that no replicate shows."""
    reach = T_15 * mcse + slack
    return Estimate(value, mcse, value - reach, value + reach)


def ratio(top: np.ndarray, bottom: np.ndarray) -> Estimate:
    """Ratio of two means, each given by its replicates, [..., 16]; NaN where the lower one is 0.

    The error is that of the linearised ratio (Cochran, *Sampling Techniques*, 3rd ed. 1977, section 6.4), which counts
    how the two vary together.
    """
    below = bottom.mean(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        value = top.mean(axis=-1) / below
        left = (top - value[..., None] * bottom) / below[..., None]
        mcse = np.sqrt((left**2).sum(axis=-1) / (REPLICATES * (REPLICATES - 1.0)))
    return around(value, mcse)


def mean(replicates: np.ndarray) -> Estimate:
    """Mean of the replicates' own figures, [..., 16]."""
    with np.errstate(invalid="ignore", over="ignore"):
        return around(replicates.mean(axis=-1), standard_error(replicates))


def jackknife(whole: np.ndarray, without: np.ndarray) -> Estimate:
    """Of a figure of all replicates, and of all but one, [..., 16]: bias of order 1/R taken out.

    Source: Quenouille, Biometrika 43 (1956) 353; Tukey, Ann. Math. Stat. 29 (1958) 614.
    """
    return mean(REPLICATES * whole[..., None] - (REPLICATES - 1.0) * without)
