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

from typing import Any

from sim.kernels import lane_kernel
from sim.lanes import held, where
from sim.market.names import A800, BAIDU, H800, N_ACCELERATORS, N_BUYERS, ROW, TENCENT
from sim.market.plan import FIRM_ORDER, pilot_share
from sim.market.rows import BOUGHT, H_SHARE, LEFT, MIX, PILOT, PLANNED, SHORT

BAN = ROW["export.ban_quarter"]
LEAK = ROW["export.leak"]
PULL = ROW["export.pull_forward"]


@lane_kernel
def firm_order(s: Any) -> None:
    """Deliver Baidu's order of Q04.8, without pilots, whatever the ban."""
    s[BOUGHT + BAIDU * N_ACCELERATORS + A800] = FIRM_ORDER
    s[BOUGHT + BAIDU * N_ACCELERATORS + H800] = 0.0
    s[PILOT + BAIDU] = 0.0
    s[SHORT + BAIDU] = 0.0
    s[LEFT + BAIDU] = 0.0


@lane_kernel
def export(exact: Any, x: Any, d: Any, s: Any, q: int) -> None:
    """Deliver quarter ``q``: rows of BOUGHT for a800 and h800, cards; PILOT and SHORT of every buyer."""
    banned, last = q >= exact[BAN], q >= exact[BAN] - 1.0
    share = where(banned, x[LEAK], where(last, 1.0 + x[PULL], 1.0))
    withheld = where(banned, 1.0 - x[LEAK], 0.0)
    pulled = where(last, x[PULL], 0.0)
    piloted = held(pilot_share(exact, d), s)
    for b in range(N_BUYERS):
        if b == BAIDU and q == 0:
            firm_order(s)
        else:
            p = held(d[PLANNED + b] * 0.25, s)
            if b == BAIDU and q < 4:
                p = held((d[PLANNED + b] - FIRM_ORDER) * (1.0 / 3.0), s)
            pilot = piloted * p * (1.0 if BAIDU <= b <= TENCENT else 0.0)
            n = p - pilot  # loses nothing, as s is below 1
            ordered = n * s[MIX + b]
            gap = ordered * withheld
            left = where(banned, s[LEFT + b], pulled * ordered)
            met = where(gap < left, gap, left)
            delivered = n * share
            s[PILOT + b] = pilot
            s[LEFT + b] = left - met
            s[SHORT + b] = gap - met
            s[BOUGHT + b * N_ACCELERATORS + A800] = delivered * (1.0 - s[H_SHARE + b])
            s[BOUGHT + b * N_ACCELERATORS + H800] = delivered * s[H_SHARE + b]
