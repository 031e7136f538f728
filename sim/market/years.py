"""Sums over a year's quarters and values at its end: outputs of their own, as a quantile of a sum is no sum of quantiles.

::

    purchases_year, optical_modules_year, spend_year, cloud_revenue_year     Σ over the year's quarters
    buyer_purchases_year, market_purchases_year                              … and over accelerators, or over buyers
    market_optical_modules_year, market_spend_year                           … and over buyers
    module_spend_year = Σ modules · price.module_<speed> · (1 − price.module_erosion)^(q/4) · 1e−6      million USD
    compute_year_end, inference_load_year_end                                at the year's last quarter within the horizon

A last year cut short by the horizon is summed as far as it goes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kernels import bare_kernel, kernel
from sim.market.names import N_SPEEDS, ROW
from sim.vecmath import fourth_root

Tile = npt.NDArray[np.float64]

MODULE_PRICE = ROW["price.module_100"]  # followed by 200's and 400's
EROSION = ROW["price.module_erosion"]


@bare_kernel
def sum_quarters(by_quarter: Tile, by_year: Tile, quarters: int) -> None:
    """Sum ``by_quarter`` [any · quarter, T] into ``by_year`` [any · year, T]."""
    draws = by_year.shape[1]
    years = (quarters + 3) // 4
    for row in range(by_year.shape[0]):
        first = row // years * quarters + row % years * 4
        total = by_year[row]
        if row % years * 4 + 4 <= quarters:
            for d in range(draws):
                total[d] = (
                    by_quarter[first, d]
                    + by_quarter[first + 1, d]
                    + by_quarter[first + 2, d]
                    + by_quarter[first + 3, d]
                )
        else:
            for d in range(draws):
                total[d] = by_quarter[first, d]
            for q in range(1, quarters % 4):
                for d in range(draws):
                    total[d] += by_quarter[first + q, d]


@bare_kernel
def sum_over(rows: Tile, sums: Tile, inner: int) -> None:
    """Sum the middle axis of ``rows`` [outer · any · inner, T] into ``sums`` [outer · inner, T]."""
    outer = sums.shape[0] // inner
    middle = rows.shape[0] // sums.shape[0]
    for o in range(outer):
        for i in range(inner):
            total = sums[o * inner + i]
            for d in range(total.size):
                total[d] = 0.0
            for m in range(middle):
                row = rows[(o * middle + m) * inner + i]
                for d in range(total.size):
                    total[d] += row[d]


@bare_kernel
def year_ends(by_quarter: Tile, by_year: Tile, quarters: int) -> None:
    """Copy the last quarter of each year within the horizon, [any · quarter, T] to [any · year, T]."""
    years = (quarters + 3) // 4
    for row in range(by_year.shape[0]):
        last = by_quarter[row // years * quarters + min(row % years * 4 + 3, quarters - 1)]
        for d in range(by_year.shape[1]):
            by_year[row, d] = last[d]


@kernel
def module_spend(x: Tile, modules: Tile, spend: Tile, quarters: int) -> None:
    """Fill ``spend`` [speed · year, T], million USD, from ``modules`` [buyer · speed · quarter, T]."""
    draws = x.shape[1]
    years = (quarters + 3) // 4
    level, bought = np.empty(draws), np.empty(draws)
    spend[:] = 0.0
    buyers = modules.shape[0] // (N_SPEEDS * quarters)
    for d in range(draws):
        level[d] = 1e-6
    for q in range(quarters):
        for speed in range(N_SPEEDS):
            bought[:] = 0.0
            for b in range(buyers):
                row = modules[(b * N_SPEEDS + speed) * quarters + q]
                for d in range(draws):
                    bought[d] += row[d]
            for d in range(draws):
                spend[speed * years + q // 4, d] += bought[d] * x[MODULE_PRICE + speed, d] * level[d]
        for d in range(draws):
            level[d] *= fourth_root(1.0 - x[EROSION, d])
