"""The race to GPT-3.5: when each lab reaches parity, and who is first.

::

    lag           alibaba race.alibaba_lag (Q01.3); the others race.<lab>_ratio · it        months from April 2023
    parity_month  = max(4 + lag, race.<lab>_release_month)                                  January 2023 is 1
    first_to_parity = 1 for the smallest, ties to the first in order, else 0

Baidu's ratio is below 1 (Q02.1, Q14.1), so Alibaba is first only where a scenario lets it, or by tie where a release
month later than Baidu's lag makes no difference between the two.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kernels import kernel
from sim.market.names import ROW

Tile = npt.NDArray[np.float64]

LAG = ROW["race.alibaba_lag"]
BAIDU_RATIO = ROW["race.baidu_ratio"]  # followed by ByteDance's and Tencent's
RELEASE = (
    ROW["race.alibaba_release_month"],
    ROW["race.baidu_release_month"],
    ROW["race.bytedance_release_month"],
    ROW["race.tencent_release_month"],
)
START_MONTH = 4.0  # April 2023, when the interview was given


@kernel
def race(x: Tile, months: Tile, parity: Tile, first: Tile) -> None:
    """Fill ``months`` and its copy ``parity`` [lab, T], and ``first`` [lab, T], 0 or 1.

    ``months`` is in double precision, whatever the outputs are in: what is decided by it, here and in
    :mod:`sim.market.inference`, is decided in double.
    """
    draws = x.shape[1]
    best, ratio = np.empty(draws), np.empty(draws)
    for d in range(draws):
        ratio[d] = 1.0  # Alibaba's own; the three others' follow it lab by lab
    for lab in range(parity.shape[0]):
        release = x[RELEASE[lab]]
        for d in range(draws):
            able = START_MONTH + ratio[d] * x[LAG, d]
            months[lab, d] = able if able > release[d] else release[d]
            parity[lab, d] = months[lab, d]
        ratio = x[BAIDU_RATIO + lab]  # of the next lab
    for d in range(draws):
        best[d] = months[0, d]
    for lab in range(1, parity.shape[0]):
        for d in range(draws):
            best[d] = months[lab, d] if months[lab, d] < best[d] else best[d]
    for lab in range(months.shape[0]):
        for d in range(draws):
            won = months[lab, d] == best[d]
            first[lab, d] = 1.0 if won else 0.0
            best[d] = -np.inf if won else best[d]
