"""Export control: what NVIDIA delivers of each quarter's order, and the need that a ban leaves unmet.

::

    T        = export.ban_quarter                                   9,999 is never
    share[q] = 1 for q < T − 1;  1 + pull_forward at T − 1;  leak from T on.  Baidu's firm order: 1, whatever T
    h800     = n · h · share;   a800 = n · (1 − h) · share          cards delivered
    mix      = h · perf.h800 + 1 − h                                A100 a card
    gap[q]   = n · (1 − leak) · mix from T on, 0 for the firm order, A100
    left     = pull_forward · n[T−1] · mix[T−1]                     what was pulled forward; 0 for the firm order
    met      = min(gap, left), which uses ``left`` up;   u = gap − met

T = Q still pulls forward into the last quarter, T > Q never shows, T = 0 leaks throughout. The comparisons are
``q < T − 1`` and ``q < T``, so a T between two quarters bans from the next whole one. All of it is assumption, but for
the firm order (Q04.8): the interview was given before any further control was announced.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kernels import bare_kernel
from sim.market.names import A800, BAIDU, H800, N_ACCELERATORS, N_BUYERS, ROW, TENCENT
from sim.market.plan import FIRM_ORDER
from sim.market.rows import H_SHARE, LEFT, PERF, PILOT, SHORT

Tile = npt.NDArray[np.float64]

BAN = ROW["export.ban_quarter"]
LEAK = ROW["export.leak"]
PULL = ROW["export.pull_forward"]


@bare_kernel
def export(x: Tile, work: Tile, planned: Tile, share: Tile, purchases: Tile, q: int) -> None:
    """Deliver quarter ``q``: its rows of ``purchases`` for a800 and h800, cards; PILOT and SHORT of every buyer.

    ``planned`` [year · 6 buyers, T] cards/yr, ``share`` [quarters, T] the pilots' share of the plan.
    """
    quarters = share.shape[0]
    for b in range(N_BUYERS):
        firm = b == BAIDU and q == 0
        piloting = 1.0 if BAIDU <= b <= TENCENT and not firm else 0.0
        before, parts = 0.0, 4.0
        if b == BAIDU and q < 4:
            before, parts = FIRM_ORDER, 3.0
        yearly = planned[q // 4 * N_BUYERS + b]
        a800 = purchases[(b * N_ACCELERATORS + A800) * quarters + q]
        h800 = purchases[(b * N_ACCELERATORS + H800) * quarters + q]
        for d in range(x.shape[1]):
            p = FIRM_ORDER if firm else (yearly[d] - before) / parts
            pilot = piloting * share[q, d] * p
            work[PILOT + b, d] = pilot
            # Without a firm order n is (1 − s) p: the difference loses nothing, as s is below 1.
            n = p - pilot
            h = 0.0 if firm else work[H_SHARE + b, d]
            a800[d] = n * (1.0 - h)
            h800[d] = n * h
        if firm:
            for d in range(x.shape[1]):
                work[SHORT + b, d] = 0.0
                work[LEFT + b, d] = 0.0
        else:
            control(x, work, a800, h800, b, q)


@bare_kernel
def control(x: Tile, work: Tile, a800: Tile, h800: Tile, b: int, q: int) -> None:
    """Turn buyer ``b``'s orders of quarter ``q``, rows ``a800`` and ``h800`` [T], into deliveries; SHORT and LEFT."""
    for d in range(x.shape[1]):
        ban, leak, pull = x[BAN, d], x[LEAK, d], x[PULL, d]
        ordered = a800[d] + h800[d] * work[PERF + H800, d]  # A100: n · mix
        banned, last = q >= ban, q >= ban - 1.0
        share = leak if banned else (1.0 + pull if last else 1.0)
        a800[d] *= share
        h800[d] *= share
        gap = ordered * (1.0 - leak) if banned else 0.0
        carried = 0.0 if q == 0 else work[LEFT + b, d]
        left = carried if banned else (pull * ordered if last else 0.0)
        met = gap if gap < left else left
        work[LEFT + b, d] = left - met
        work[SHORT + b, d] = gap - met
