"""Cards held before the first quarter: A100 and V100 (Q04.1–Q04.5, Q08.2).

::

    A100:  cloud     = stock.total / stock.group_multiple
           group     = stock.total − cloud                       the group without the cloud
           bytedance = stock.total · stock.ratio_bytedance
           baidu     = bytedance · stock.ratio_baidu
           tencent   = baidu · stock.ratio_tencent;   qihoo360 = 0
    V100:  cloud     = stock.v100_alibaba / stock.group_multiple; group the rest; elsewhere 0

How three claims are made one: Q04.3 (at least 100,000 altogether), Q04.4 (the group about five times the cloud) and Q04.2
(at least ten thousand at the cloud) cannot be drawn apart from one another. The total is drawn above its bound, the cloud
is the total over the multiple, and the multiple's support (1, 10) keeps the cloud above 100,000 / 10 = 10,000. "The
group" of Q04.4 is the whole, cloud included: 20,000 · 5 = 100,000 at the stated values.

The order of Q04.1 (Alibaba > ByteDance > Baidu > Tencent) holds by construction: each is a share below 1 of the one above.
"""

from __future__ import annotations

from typing import Any

from sim.kernels import lane_kernel
from sim.market.names import (
    A100,
    ALIBABA_CLOUD,
    ALIBABA_GROUP,
    BAIDU,
    BYTEDANCE,
    N_ACCELERATORS,
    N_BUYERS,
    ROW,
    TENCENT,
    V100,
)
from sim.market.rows import FLEET

TOTAL = ROW["stock.total"]
MULTIPLE = ROW["stock.group_multiple"]
RATIO_BYTEDANCE = ROW["stock.ratio_bytedance"]
RATIO_BAIDU = ROW["stock.ratio_baidu"]
RATIO_TENCENT = ROW["stock.ratio_tencent"]
V100_ALIBABA = ROW["stock.v100_alibaba"]


@lane_kernel
def stock(x: Any, s: Any) -> None:
    """Fill FLEET, cards, with what is held before the first quarter."""
    for i in range(N_BUYERS * N_ACCELERATORS):
        s[FLEET + i] = 0.0
    a100, v100 = FLEET + A100, FLEET + V100
    cloud = x[TOTAL] / x[MULTIPLE]
    bytedance = x[TOTAL] * x[RATIO_BYTEDANCE]
    baidu = bytedance * x[RATIO_BAIDU]
    s[a100 + ALIBABA_CLOUD * N_ACCELERATORS] = cloud
    s[a100 + ALIBABA_GROUP * N_ACCELERATORS] = x[TOTAL] - cloud
    s[a100 + BYTEDANCE * N_ACCELERATORS] = bytedance
    s[a100 + BAIDU * N_ACCELERATORS] = baidu
    s[a100 + TENCENT * N_ACCELERATORS] = baidu * x[RATIO_TENCENT]
    older = x[V100_ALIBABA] / x[MULTIPLE]
    s[v100 + ALIBABA_CLOUD * N_ACCELERATORS] = older
    s[v100 + ALIBABA_GROUP * N_ACCELERATORS] = x[V100_ALIBABA] - older
