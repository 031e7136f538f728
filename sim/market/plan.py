"""What each buyer plans to buy of NVIDIA, by year and quarter, and how much of it goes to domestic pilots.

::

    P[b, 0]: cloud buy.alibaba_cloud_2023 (Q04.11); group that · buy.alibaba_group_ratio; baidu buy.baidu_2023 (Q04.9);
             bytedance, tencent buy.<b>_ratio · buy.baidu_2023; qihoo360 buy.qihoo360_2023 (Q12.1)        cards/yr
    P[b, k] = P[b, k−1] · (1 + g[k]) · spend.discipline                  the two Alibabas (Q04.6, Q09.1), compounding
    P[b, k] = P[b, k−1] · max(0, 1 + growth.<b> · persistence^(k−1))     the others: growth.<b> is 2024's rate
    p[b, q] = P[b, k] / 4; Baidu in year 0: the firm 24,000 A800 at q = 0 (Q04.8), then (P − 24,000) / 3 a quarter
    h[b]    = the buyer's share of H800 (Q04.12; group: the cloud's; qihoo360: 0); the firm order has none
    cloud_purchase_change = P[cloud, 0] / buy.alibaba_cloud_2022 − 1     below 0 in every draw (Q04.10, Q04.11)

    s[q]     = adopt.pilot_max / (1 + exp(−(q − adopt.pilot_mid) / 2))   baidu, bytedance, tencent; else 0
    pilot    = s · p cards to domestic chips, card for card;   n = (1 − s) · p to NVIDIA; s is 0 for the firm order
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kernels import bare_kernel, kernel
from sim.market.names import ALIBABA_CLOUD, ALIBABA_GROUP, BAIDU, BYTEDANCE, QIHOO360, ROW, TENCENT
from sim.market.rows import H_SHARE
from sim.market.story import story
from sim.vecmath import exp

Tile = npt.NDArray[np.float64]

CLOUD_2022 = ROW["buy.alibaba_cloud_2022"]
CLOUD_2023 = ROW["buy.alibaba_cloud_2023"]
CLOUD_H800 = ROW["buy.alibaba_cloud_h800_share"]
GROUP_RATIO = ROW["buy.alibaba_group_ratio"]
BAIDU_2023 = ROW["buy.baidu_2023"]
BYTEDANCE_RATIO = ROW["buy.bytedance_ratio"]
TENCENT_RATIO = ROW["buy.tencent_ratio"]
BAIDU_H800 = ROW["buy.baidu_h800_share"]
BYTEDANCE_H800 = ROW["buy.bytedance_h800_share"]
TENCENT_H800 = ROW["buy.tencent_h800_share"]
QIHOO360_2023 = ROW["buy.qihoo360_2023"]
GROWTH_CLOUD = ROW["growth.cloud"]
GROWTH_BAIDU = ROW["growth.baidu"]  # followed by ByteDance's, Tencent's and 360's
PERSISTENCE = ROW["growth.persistence"]
DISCIPLINE = ROW["spend.discipline"]
PILOT_MAX = ROW["adopt.pilot_max"]
PILOT_MID = ROW["adopt.pilot_mid"]

FIRM_ORDER = 24_000.0  # Q04.8: 3,000 servers of eight
PILOT_WIDTH = 2.0  # quarters


@story
def plan(x: Tile, planned: Tile, work: Tile, change: Tile) -> None:
    """Fill ``planned`` [year · 6 buyers, T] with P, cards/yr, the buyers' H800 shares, and ``change`` [1, T]."""
    draws = x.shape[1]
    for d in range(draws):
        planned[ALIBABA_CLOUD, d] = x[CLOUD_2023, d]
        planned[ALIBABA_GROUP, d] = x[CLOUD_2023, d] * x[GROUP_RATIO, d]
        planned[BAIDU, d] = x[BAIDU_2023, d]
        planned[BYTEDANCE, d] = x[BAIDU_2023, d] * x[BYTEDANCE_RATIO, d]
        planned[TENCENT, d] = x[BAIDU_2023, d] * x[TENCENT_RATIO, d]
        planned[QIHOO360, d] = x[QIHOO360_2023, d]
        change[0, d] = x[CLOUD_2023, d] / x[CLOUD_2022, d] - 1.0
    for d in range(draws):
        work[H_SHARE + ALIBABA_CLOUD, d] = x[CLOUD_H800, d]
        work[H_SHARE + ALIBABA_GROUP, d] = x[CLOUD_H800, d]
        work[H_SHARE + BAIDU, d] = x[BAIDU_H800, d]
        work[H_SHARE + BYTEDANCE, d] = x[BYTEDANCE_H800, d]
        work[H_SHARE + TENCENT, d] = x[TENCENT_H800, d]
        work[H_SHARE + QIHOO360, d] = 0.0
    later_years(x, planned)


@kernel
def later_years(x: Tile, planned: Tile) -> None:
    """Carry ``planned`` [year · 6 buyers, T] from its year 0 to every later year."""
    draws = x.shape[1]
    power = np.empty(draws)
    for d in range(draws):
        power[d] = 1.0
    for first in range(6, planned.shape[0], 6):
        # power is persistence^(k−1) here, since growth.<buyer> is 2024's rate, and persistence^k below: g[k] is 2023's.
        for b in range(BAIDU, QIHOO360 + 1):
            for d in range(draws):
                factor = 1.0 + x[GROWTH_BAIDU + b - BAIDU, d] * power[d]
                planned[first + b, d] = planned[first - 6 + b, d] * (factor if factor > 0.0 else 0.0)
        for d in range(draws):
            power[d] *= x[PERSISTENCE, d]
            factor = (1.0 + x[GROWTH_CLOUD, d] * power[d]) * x[DISCIPLINE, d]
            planned[first + ALIBABA_CLOUD, d] = planned[first - 6 + ALIBABA_CLOUD, d] * factor
            planned[first + ALIBABA_GROUP, d] = planned[first - 6 + ALIBABA_GROUP, d] * factor


@bare_kernel
def pilots(x: Tile, share: Tile) -> None:
    """Fill ``share`` [quarters, T] with s[q], the share of the plan that goes to domestic pilots."""
    for q in range(share.shape[0]):
        for d in range(x.shape[1]):
            share[q, d] = x[PILOT_MAX, d] / (1.0 + exp((x[PILOT_MID, d] - q) / PILOT_WIDTH))
