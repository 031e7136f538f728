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
from sim.lanes import spread, where
from sim.market.names import N_LABS, ROW
from sim.market.rows import MONTHS
from sim.market.spans import AT

LAG = ROW["race.alibaba_lag"]
BAIDU_RATIO = ROW["race.baidu_ratio"]  # followed by ByteDance's and Tencent's
RELEASE = (
    ROW["race.alibaba_release_month"],
    ROW["race.baidu_release_month"],
    ROW["race.bytedance_release_month"],
    ROW["race.tencent_release_month"],
)
START_MONTH = 4.0  # April 2023, when the interview was given


PARITY, FIRST = AT["parity_month"], AT["first_to_parity"]


@lane_kernel
def race(x: Any, s: Any, timeless: Any) -> None:
    """Fill MONTHS, and tell them and who is first, 0 or 1."""
    best = spread(np.inf)
    for lab in range(N_LABS):
        lag = x[LAG] if lab == 0 else x[BAIDU_RATIO + lab - 1] * x[LAG]
        able, release = START_MONTH + lag, x[RELEASE[lab]]
        month = where(able > release, able, release)
        s[MONTHS + lab] = month
        timeless[PARITY + lab] = month
        best = where(month < best, month, best)
    for lab in range(N_LABS):
        won = s[MONTHS + lab] == best
        timeless[FIRST + lab] = where(won, spread(1.0), 0.0)
        best = where(won, -np.inf, best)
