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

from typing import Any

from sim.kernels import lane_kernel
from sim.lanes import held
from sim.market.names import N_ACCELERATORS, N_BUYERS, N_LABS, N_SPEEDS, ROW
from sim.market.rows import (
    BOUGHT,
    COMPUTE,
    EARNED,
    EROSION,
    EROSION_ROOT,
    FLOWS,
    MODULE_SPENT,
    MODULES,
    OF_YEAR,
    REVENUE,
    SPENT,
)
from sim.market.spans import AT, TOLD
from sim.vecmath import fourth_root

MODULE_PRICE = ROW["price.module_100"]  # followed by 200's and 400's
MODULE_EROSION = ROW["price.module_erosion"]
LOAD = AT["inference_load"]
PURCHASES, BUYER, MARKET = AT["purchases_year"], AT["buyer_purchases_year"], AT["market_purchases_year"]
OPTICAL, MARKET_OPTICAL = AT["optical_modules_year"], AT["market_optical_modules_year"]
MODULE_SPEND = AT["module_spend_year"]
SPEND, MARKET_SPEND, CLOUD_REVENUE = AT["spend_year"], AT["market_spend_year"], AT["cloud_revenue_year"]
TOLD_PURCHASES, TOLD_OPTICAL = TOLD["purchases_year"], TOLD["optical_modules_year"]
COMPUTE_END, LOAD_END = AT["compute_year_end"], AT["inference_load_year_end"]


@lane_kernel
def start_years(x: Any, d: Any) -> None:
    """Set the price level of modules at q = 0, in million USD a USD."""
    d[EROSION] = 1e-6
    d[EROSION_ROOT] = fourth_root(1.0 - x[MODULE_EROSION])


@lane_kernel
def add_quarter(x: Any, d: Any, s: Any, q: int) -> None:
    """Add the quarter's flows to the year's sums, its revenue and spend on modules first made flows."""
    level = held(d[EROSION], s)
    for speed in range(N_SPEEDS):
        new = sum_over(s, MODULES + speed, N_BUYERS, N_SPEEDS)
        s[MODULE_SPENT + speed] = new * x[MODULE_PRICE + speed] * level
    s[EARNED] = d[REVENUE]
    if q % 4 == 0:
        for i in range(FLOWS, FLOWS + OF_YEAR):
            s[i + OF_YEAR] = s[i]
    else:
        for i in range(FLOWS, FLOWS + OF_YEAR):
            s[i + OF_YEAR] += s[i]
    d[EROSION] *= d[EROSION_ROOT]


@lane_kernel
def sum_over(s: Any, first: int, count: int, step: int) -> Any:
    """Sum ``count`` rows, each ``step`` after the one before."""
    total = s[first]
    for i in range(1, count):
        total += s[first + i * step]
    return total


@lane_kernel
def tell(s: Any, first: int, count: int, year: Any, at: int) -> None:
    """Tell a block of ``count`` rows."""
    for i in range(count):
        year[at + i] = s[first + i]


@lane_kernel
def end_year(s: Any, now: Any, year: Any, told: int) -> None:
    """Tell the outputs by year, those that may be spared where they are ``told``; ``now`` is the year's last quarter."""
    bought, modules = BOUGHT + OF_YEAR, MODULES + OF_YEAR
    if told & TOLD_PURCHASES:
        tell(s, bought, N_BUYERS * N_ACCELERATORS, year, PURCHASES)
    if told & TOLD_OPTICAL:
        tell(s, modules, N_BUYERS * N_SPEEDS, year, OPTICAL)
    tell(s, SPENT + OF_YEAR, N_BUYERS, year, SPEND)
    tell(s, MODULE_SPENT + OF_YEAR, N_SPEEDS, year, MODULE_SPEND)
    tell(s, EARNED + OF_YEAR, 1, year, CLOUD_REVENUE)
    tell(s, COMPUTE, N_BUYERS, year, COMPUTE_END)
    year[MARKET_SPEND] = sum_over(s, SPENT + OF_YEAR, N_BUYERS, 1)
    for b in range(N_BUYERS):
        year[BUYER + b] = sum_over(s, bought + b * N_ACCELERATORS, N_ACCELERATORS, 1)
    for a in range(N_ACCELERATORS):
        year[MARKET + a] = sum_over(s, bought + a, N_BUYERS, N_ACCELERATORS)
    for speed in range(N_SPEEDS):
        year[MARKET_OPTICAL + speed] = sum_over(s, modules + speed, N_BUYERS, N_SPEEDS)
    for lab in range(N_LABS):
        year[LOAD_END + lab] = now[LOAD + lab]
