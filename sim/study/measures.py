"""What one scenario is beside another, measure by measure: arrays over an output's cells, each with its standard error.

Paired measures come from the sums of differences and ratios, draw by draw; the others from both distributions. Errors are
the spread of the 16 replicates, each replicate of the one scenario with the same of the other: where these share their
draws, what both have in common cancels; where they do not, both errors add, as they should.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim import reduce
from sim.kernels import bare_kernel
from sim.results.chance import FEW, T_15
from sim.sample import standard_error
from sim.study.distances import distances
from sim.study.dominance import verdicts
from sim.study.sides import Side, beyond, identical
from sim.study.steps import walked

Arrays = dict[str, np.ndarray]
OUTPUT, PURE = "of the output", "1"

# Name -> unit and label; <name>_mcse is its standard error.
MEASURES: Mapping[str, tuple[str, str]] = {
    "difference_mean": (OUTPUT, "mean of the difference"),
    "difference_sd": (OUTPUT, "standard deviation of the difference"),
    "difference_quantile": (OUTPUT, "quantile of the difference"),
    "ratio_mean": (PURE, "mean of the ratio"),
    "ratio_sd": (PURE, "standard deviation of the ratio"),
    "ratio_quantile": (PURE, "quantile of the ratio"),
    "ratio_undefined": (PURE, "share of draws without a ratio, as where the base is zero"),
    "chance_greater": (PURE, "chance of being greater than under the base"),
    "chance_greater_lower": (PURE, "lower end of its 95 % interval"),
    "chance_greater_upper": (PURE, "upper end of its 95 % interval"),
    "chance_less": (PURE, "chance of being less than under the base"),
    "chance_less_lower": (PURE, "lower end of its 95 % interval"),
    "chance_less_upper": (PURE, "upper end of its 95 % interval"),
    "pairing_factor": (PURE, "times that pairing divides the variance of a difference of independent draws by"),
    "quantile_shift": (OUTPUT, "difference of the quantiles"),
    "wasserstein": (OUTPUT, "Wasserstein's first distance"),
    "ks": (PURE, "Kolmogorov and Smirnov's distance"),
    "ks_at": (OUTPUT, "where the cumulative distributions are furthest apart"),
    "first_order": (PURE, "first-order stochastic dominance over the base"),
    "first_order_margin": (PURE, "smallest F_base - F between the tails; above 0 where it dominates"),
    "first_order_margin_at": (OUTPUT, "where F_base - F is smallest"),
    "first_order_reverse": (PURE, "smallest F - F_base between the tails; above 0 where the base dominates"),
    "first_order_reverse_at": (OUTPUT, "where F - F_base is smallest"),
    "second_order": (PURE, "second-order stochastic dominance over the base"),
    "second_order_margin": (OUTPUT, "smallest integral of F_base - F between the tails; above 0 where it dominates"),
    "second_order_margin_at": (OUTPUT, "where the integral of F_base - F is smallest"),
    "second_order_reverse": (
        OUTPUT,
        "smallest integral of F - F_base between the tails; above 0 where the base dominates",
    ),
    "second_order_reverse_at": (OUTPUT, "where the integral of F - F_base is smallest"),
}


def paired(own: Side, base: Side, difference: Side, ratio: Side, levels: np.ndarray) -> Arrays:
    """Measures of the difference and the ratio, draw by draw, of one output: float64[cells] or [cells, levels]."""
    found = _moments("difference", difference, levels) | _moments("ratio", ratio, levels)
    draws = difference.counts.totals()[: difference.counts.cells]
    found["ratio_undefined"] = ratio.undefined
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = (own.sd**2 + base.sd**2) / difference.sd**2
        each = np.log((own.replicate_variance + base.replicate_variance) / difference.replicate_variance)
        found["pairing_factor"], found["pairing_factor_mcse"] = factor, factor * standard_error(each)
    above, below = signs(difference.counts)
    rows = difference.counts.replicates()
    for name, shares in (("chance_greater", above), ("chance_less", below)):
        found[name], found[f"{name}_mcse"] = shares[: len(rows)], standard_error(shares[rows])
        found[f"{name}_lower"], found[f"{name}_upper"] = _interval(found[name], found[f"{name}_mcse"], draws)
    return found


def marginal(own: Side, base: Side, levels: np.ndarray) -> Arrays:
    """Measures of two distributions, however their draws go together."""
    shift = own.replicate_mean - base.replicate_mean
    found = {"difference_mean": own.mean - base.mean, "difference_mean_mcse": standard_error(shift)}
    (a, a_each), (b, b_each) = (each.quantiles(levels) for each in (own, base))
    found["quantile_shift"], found["quantile_shift_mcse"] = a - b, standard_error(np.moveaxis(a_each - b_each, 1, -1))
    both = walked(own.counts, base.counts, np.fmin(own.low, base.low), np.fmax(own.high, base.high))
    hidden = both.same & ~identical(own, base)  # what differs, differs within bins
    both.same[hidden], both.notes[hidden] = False, np.nan
    return found | distances(own, base, both) | verdicts(both, beyond(own, base))


def signs(counts: reduce.Counts) -> tuple[np.ndarray, np.ndarray]:
    """Share of each row's values that are above zero, and below, float64[rows] each; exact, as zero and signs are."""
    above, below = np.zeros(counts.rows), np.zeros(counts.rows)
    _signs(counts.row_start, counts.key, counts.count, above, below)
    return above, below


@bare_kernel
def _signs(row_start: np.ndarray, key: np.ndarray, count: np.ndarray, above: np.ndarray, below: np.ndarray) -> None:
    for row in range(len(above)):
        total, positive, negative = 0, 0, 0
        for i in range(row_start[row], row_start[row + 1]):
            total += count[i]
            positive += count[i] if key[i] > 0 else 0
            negative += count[i] if key[i] < 0 else 0
        above[row], below[row] = positive / total, negative / total  # NaN where a row holds nothing


def _interval(share: np.ndarray, error: np.ndarray, draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of a chance: by its error, or Clopper and Pearson's where fewer than ten draws hit or miss.

    NaN where no draw tells of it.
    """
    hits, n = np.nan_to_num(share * draws).round(), np.maximum(draws, 1)
    few = (hits < FEW) | (draws - hits < FEW)
    low, high = reduce.chance_bounds(np.minimum(hits, n), n)
    t, none = T_15 * error, np.isnan(share)
    lower, upper = np.where(few, low, np.maximum(share - t, 0.0)), np.where(few, high, np.minimum(share + t, 1.0))
    return np.where(none, np.nan, lower), np.where(none, np.nan, upper)


def _moments(name: str, of: Side, levels: np.ndarray) -> Arrays:
    """Mean, standard deviation and quantiles with their errors."""
    quantile, each = of.quantiles(levels)
    return {
        f"{name}_mean": of.mean,
        f"{name}_mean_mcse": standard_error(of.replicate_mean),
        f"{name}_sd": of.sd,
        f"{name}_sd_mcse": standard_error(np.sqrt(of.replicate_variance)),
        f"{name}_quantile": quantile,
        f"{name}_quantile_mcse": standard_error(np.moveaxis(each, 1, -1)),
    }
