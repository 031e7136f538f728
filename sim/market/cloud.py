"""Alibaba Cloud's growth: its revenue by quarter, and the index of its AI computing (Q04.6).

::

    g[k] = growth.cloud · growth.persistence^k                     AI computing's growth in year k, 1/yr
    r[k] = (growth.cloud if cloud.reading_whole else growth.cloud_base) · growth.persistence^k
    E[q] = Π_{s ≤ q} (1 + r[s // 4])^¼                             the whole cloud's level
    R[q] = cloud.revenue_2022 · (1 + r[0]) · E[q] / Σ_{s<4} E[s]   bn RMB in the quarter
    a[q] = Π_{s ≤ q} (1 + g[s // 4])^¼
    A[q] = 4 a[q] / Σ_{s<4} a[s]                                   1 on average over 2023

The page writes the product as exp of a sum of logarithms; it is the same number, by square roots alone. A horizon under
four quarters still sums over all four, so that a shorter run is the prefix of a longer one. Needs 1 + g, 1 + r ≥ 0.

Q04.6 says 30–50 %: read as the whole cloud's revenue (the baseline) or as its AI computing alone (``cloud_ai_only``).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kernels import kernel
from sim.market.names import ROW
from sim.market.story import story
from sim.vecmath import fourth_root

Tile = npt.NDArray[np.float64]
Row = npt.NDArray[np.float64]

GROWTH = ROW["growth.cloud"]
BASE = ROW["growth.cloud_base"]
WHOLE = ROW["cloud.reading_whole"]
PERSISTENCE = ROW["growth.persistence"]
REVENUE_2022 = ROW["cloud.revenue_2022"]


@kernel
def levels(rate: Row, persistence: Row, level: Tile) -> None:
    """Fill ``level`` [max(quarters, 4), T] with E or a, before scaling, from the first year's ``rate`` [T]."""
    draws = rate.size
    of_year = np.empty(draws)
    for d in range(draws):
        of_year[d] = rate[d]
        level[0, d] = fourth_root(1.0 + rate[d])
    for q in range(1, level.shape[0]):
        if q % 4 == 0:
            for d in range(draws):
                of_year[d] *= persistence[d]
        for d in range(draws):
            level[q, d] = level[q - 1, d] * fourth_root(1.0 + of_year[d])


@kernel
def earn(x: Tile, rate: Row, level: Tile, revenue: Tile) -> None:
    """Scale ``level`` to ``revenue`` [quarters, T], bn RMB."""
    draws = x.shape[1]
    scale = np.empty(draws)
    for d in range(draws):
        total = level[0, d] + level[1, d] + level[2, d] + level[3, d]
        scale[d] = x[REVENUE_2022, d] * (1.0 + rate[d]) / total
    for q in range(revenue.shape[0]):
        for d in range(draws):
            revenue[q, d] = level[q, d] * scale[d]


@kernel
def average_one(level: Tile) -> None:
    """Scale ``level`` [max(quarters, 4), T] in place to average 1 over 2023."""
    draws = level.shape[1]
    scale = np.empty(draws)
    for d in range(draws):
        scale[d] = 4.0 / (level[0, d] + level[1, d] + level[2, d] + level[3, d])
    for q in range(level.shape[0]):
        for d in range(draws):
            level[q, d] *= scale[d]


@story
def cloud(x: Tile, activity: Tile, revenue: Tile) -> None:
    """Fill ``activity`` [max(quarters, 4), T] with A[q] and ``revenue`` [quarters, T] with R[q], bn RMB."""
    rate = np.empty(x.shape[1])
    for d in range(x.shape[1]):
        rate[d] = x[GROWTH, d] if x[WHOLE, d] != 0.0 else x[BASE, d]
    levels(rate, x[PERSISTENCE], activity)
    earn(x, rate, activity, revenue)
    levels(x[GROWTH], x[PERSISTENCE], activity)
    average_one(activity)
