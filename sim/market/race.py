"""The race to GPT-3.5: when each lab reaches parity, and who is first.

::

    lag           alibaba race.alibaba_lag (Q01.3); the others race.<lab>_ratio · it        months from April 2023
    parity_month  = max(4 + lag, race.<lab>_release_month)                                  January 2023 is 1
    first_to_parity = 1 for the smallest, ties to the first in order, else 0

Baidu's ratio is below 1 (Q02.1, Q14.1), so Alibaba is first only where a scenario lets it, or by tie where a release
month later than Baidu's lag makes no difference between the two.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import lane_kernel
from sim.lanes import floor, held, where
from sim.market.names import N_LABS, ROW
from sim.market.rows import PARITY, RELEASE
from sim.market.spans import AT

LAG = ROW["race.alibaba_lag"]
BAIDU_RATIO = ROW["race.baidu_ratio"]  # followed by ByteDance's and Tencent's
RELEASE_MONTH = (
    ROW["race.alibaba_release_month"],
    ROW["race.baidu_release_month"],
    ROW["race.bytedance_release_month"],
    ROW["race.tencent_release_month"],
)
START_MONTH = 4.0  # April 2023, when the interview was given


PARITY_MONTH, FIRST = AT["parity_month"], AT["first_to_parity"]


@lane_kernel
def race(x: Any, d: Any, timeless: Any) -> None:
    """Tell the months of parity and who is first, 0 or 1; fill PARITY and RELEASE, quarters."""
    best = held(np.inf, d)
    for lab in range(N_LABS):
        lag = x[LAG] if lab == 0 else x[BAIDU_RATIO + lab - 1] * x[LAG]
        able, release = START_MONTH + lag, x[RELEASE_MONTH[lab]]
        month = where(able > release, able, release)
        timeless[PARITY_MONTH + lab] = month
        d[PARITY + lab] = month
        d[RELEASE + lab] = floor((release - 1.0) / 3.0)
        best = where(month < best, month, best)
    for lab in range(N_LABS):
        month = d[PARITY + lab]
        won = month == best
        timeless[FIRST + lab] = where(won, 1.0, 0.0)
        best = where(won, -np.inf, best)
        d[PARITY + lab] = floor((month - 1.0) / 3.0)
