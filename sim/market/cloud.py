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

from typing import Any

from sim.kernels import lane_kernel
from sim.lanes import where
from sim.market.names import ROW
from sim.market.rows import ACTIVITY, ACTIVITY_ROOT, POWER, REVENUE, REVENUE_RATE, REVENUE_ROOT
from sim.market.spans import AT
from sim.vecmath import fourth_root

GROWTH = ROW["growth.cloud"]
BASE = ROW["growth.cloud_base"]
WHOLE = ROW["cloud.reading_whole"]
PERSISTENCE = ROW["growth.persistence"]
REVENUE_2022 = ROW["cloud.revenue_2022"]
CLOUD_REVENUE = AT["cloud_revenue"]


@lane_kernel
def first_year(root: Any) -> Any:
    """Σ_{s<4} E[s] or a[s], of the first year's fourth root of growth."""
    half = root * root
    return root + half + half * root + half * half


@lane_kernel
def start_cloud(x: Any, d: Any) -> None:
    """Put A and R at what they would be the quarter before the first, so that each quarter's step is the same."""
    whole = where(x[WHOLE] != 0.0, x[GROWTH], x[BASE])
    revenue_root, activity_root = fourth_root(1.0 + whole), fourth_root(1.0 + x[GROWTH])
    d[REVENUE_RATE] = whole
    d[REVENUE_ROOT] = revenue_root
    d[ACTIVITY_ROOT] = activity_root
    d[REVENUE] = x[REVENUE_2022] * (1.0 + whole) / first_year(revenue_root)
    d[ACTIVITY] = 4.0 / first_year(activity_root)


@lane_kernel
def cloud(x: Any, d: Any, now: Any, q: int) -> None:
    """Carry ACTIVITY and REVENUE to quarter ``q``, POWER being persistence^k."""
    if q > 0 and q % 4 == 0:
        d[REVENUE_RATE] *= x[PERSISTENCE]
        d[REVENUE_ROOT] = fourth_root(1.0 + d[REVENUE_RATE])
        d[ACTIVITY_ROOT] = fourth_root(1.0 + x[GROWTH] * d[POWER])
    d[ACTIVITY] *= d[ACTIVITY_ROOT]
    d[REVENUE] *= d[REVENUE_ROOT]
    now[CLOUD_REVENUE] = d[REVENUE]
