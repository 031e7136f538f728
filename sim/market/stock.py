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

import numpy as np
import numpy.typing as npt

from sim.kernels import bare_kernel
from sim.market.names import (
    A100,
    ALIBABA_CLOUD,
    ALIBABA_GROUP,
    BAIDU,
    BYTEDANCE,
    N_ACCELERATORS,
    N_BUYERS,
    QIHOO360,
    ROW,
    TENCENT,
    V100,
)

Tile = npt.NDArray[np.float64]

TOTAL = ROW["stock.total"]
MULTIPLE = ROW["stock.group_multiple"]
RATIO_BYTEDANCE = ROW["stock.ratio_bytedance"]
RATIO_BAIDU = ROW["stock.ratio_baidu"]
RATIO_TENCENT = ROW["stock.ratio_tencent"]
V100_ALIBABA = ROW["stock.v100_alibaba"]


@bare_kernel
def stock(x: Tile, fleet: Tile, quarters: int) -> None:
    """Put the stock into quarter 0 of ``fleet`` [buyer · accelerator · quarter, T], cards; every accelerator's row."""
    for b in range(N_BUYERS):
        for a in range(N_ACCELERATORS):
            for d in range(x.shape[1]):
                fleet[(b * N_ACCELERATORS + a) * quarters, d] = 0.0
    at = N_ACCELERATORS * quarters
    a100 = fleet[A100 * quarters :]
    v100 = fleet[V100 * quarters :]
    for d in range(x.shape[1]):
        cloud = x[TOTAL, d] / x[MULTIPLE, d]
        bytedance = x[TOTAL, d] * x[RATIO_BYTEDANCE, d]
        baidu = bytedance * x[RATIO_BAIDU, d]
        a100[ALIBABA_CLOUD * at, d] = cloud
        a100[ALIBABA_GROUP * at, d] = x[TOTAL, d] - cloud
        a100[BYTEDANCE * at, d] = bytedance
        a100[BAIDU * at, d] = baidu
        a100[TENCENT * at, d] = baidu * x[RATIO_TENCENT, d]
        a100[QIHOO360 * at, d] = 0.0
        v100[ALIBABA_CLOUD * at, d] = x[V100_ALIBABA, d] / x[MULTIPLE, d]
        v100[ALIBABA_GROUP * at, d] = x[V100_ALIBABA, d] - x[V100_ALIBABA, d] / x[MULTIPLE, d]
