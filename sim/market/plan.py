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

from typing import Any

from sim.kernels import lane_kernel
from sim.lanes import where
from sim.market.names import ALIBABA_CLOUD, ALIBABA_GROUP, BAIDU, BYTEDANCE, H800, N_BUYERS, QIHOO360, ROW, TENCENT
from sim.market.rows import H_SHARE, MIX, PERF, PILOT_ODDS, PLANNED, POWER
from sim.market.spans import AT
from sim.vecmath import exp

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
PILOT_STEP = 0.6065306597126334  # exp(−1 / PILOT_WIDTH), written out as no C library is asked for bits
CHANGE = AT["cloud_purchase_change"]


@lane_kernel
def start_plan(x: Any, d: Any, s: Any, timeless: Any) -> None:
    """Fill PLANNED with year 0, H_SHARE and MIX (PERF being set), and PILOT_ODDS at q = 0."""
    d[PLANNED + ALIBABA_CLOUD] = x[CLOUD_2023]
    d[PLANNED + ALIBABA_GROUP] = x[CLOUD_2023] * x[GROUP_RATIO]
    d[PLANNED + BAIDU] = x[BAIDU_2023]
    d[PLANNED + BYTEDANCE] = x[BAIDU_2023] * x[BYTEDANCE_RATIO]
    d[PLANNED + TENCENT] = x[BAIDU_2023] * x[TENCENT_RATIO]
    d[PLANNED + QIHOO360] = x[QIHOO360_2023]
    s[H_SHARE + ALIBABA_CLOUD] = x[CLOUD_H800]
    s[H_SHARE + ALIBABA_GROUP] = x[CLOUD_H800]
    s[H_SHARE + BAIDU] = x[BAIDU_H800]
    s[H_SHARE + BYTEDANCE] = x[BYTEDANCE_H800]
    s[H_SHARE + TENCENT] = x[TENCENT_H800]
    s[H_SHARE + QIHOO360] = 0.0
    for b in range(N_BUYERS):
        s[MIX + b] = s[H_SHARE + b] * d[PERF + H800] + 1.0 - s[H_SHARE + b]
    d[POWER] = 1.0
    d[PILOT_ODDS] = exp(x[PILOT_MID] / PILOT_WIDTH)
    timeless[CHANGE] = x[CLOUD_2023] / x[CLOUD_2022] - 1.0


@lane_kernel
def next_year(x: Any, d: Any) -> None:
    """Carry PLANNED and POWER to the year after."""
    # POWER is persistence^(k−1) first, since growth.<buyer> is 2024's rate, and persistence^k below: g[k] is 2023's.
    for b in range(BAIDU, QIHOO360 + 1):
        factor = 1.0 + x[GROWTH_BAIDU + b - BAIDU] * d[POWER]
        d[PLANNED + b] *= where(factor > 0.0, factor, 0.0)
    d[POWER] *= x[PERSISTENCE]
    factor = (1.0 + x[GROWTH_CLOUD] * d[POWER]) * x[DISCIPLINE]
    d[PLANNED + ALIBABA_CLOUD] *= factor
    d[PLANNED + ALIBABA_GROUP] *= factor


@lane_kernel
def pilot_share(x: Any, d: Any) -> Any:
    """s[q], the share of the plan that goes to domestic pilots; PILOT_ODDS go on to the next quarter."""
    share = x[PILOT_MAX] / (1.0 + d[PILOT_ODDS])
    d[PILOT_ODDS] *= PILOT_STEP
    return share
