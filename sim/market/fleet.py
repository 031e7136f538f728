"""What purchases add up to by quarter: fleet, compute, domestic share, servers, spend, and who has overtaken whom.

::

    fleet[b, a, q]  = stock + Σ_{s ≤ q} purchases[b, a, s]                          cards
    compute[b, q]   = Σ_a fleet · perf_a                                            A100, no interconnect factor
    domestic_share  = domestic cards / all cards delivered, 0 where none are; by buyer and over the market
    servers[b, q]   = Σ_a purchases / cards a server: 8, br100 4 (Q05.6)            not rounded
    spend[b, q]     = Σ_a purchases · price · 1e−6                                  bn RMB; prices in thousand RMB a card:
                      a800 price.a100, h800 price.h800, domestic price.domestic
    overtake[q]     = 1 where Baidu's compute exceeds ByteDance's, else 0           Q04.1 is the order at the start
"""

from __future__ import annotations

from typing import Any

from sim.kernels import lane_kernel
from sim.lanes import held, some, where
from sim.market.names import A800, BAIDU, BR100, BYTEDANCE, H800, MLU370, N_ACCELERATORS, N_BUYERS, ROW
from sim.market.rows import BOUGHT, COMPUTE, FLEET, HOME, PERF, SPENT
from sim.market.spans import AT, TOLD

PRICE_A100 = ROW["price.a100"]
PRICE_H800 = ROW["price.h800"]
PRICE_DOMESTIC = ROW["price.domestic"]

CARDS_A_SERVER = 8.0
CARDS_A_BR100_SERVER = 4.0
NEAR = 1e-4  # of another: closer than this, rounding to single precision could tell who is ahead


PURCHASES, HELD, COMPUTE_HELD, OVERTAKE = AT["purchases"], AT["fleet"], AT["compute"], AT["overtake"]
SHARE, MARKET_SHARE = AT["domestic_share"], AT["market_domestic_share"]
SERVERS, SPEND = AT["servers"], AT["spend"]
TOLD_PURCHASES, TOLD_FLEET = TOLD["purchases"], TOLD["fleet"]


@lane_kernel
def fleet(d: Any, s: Any, now: Any, told: int) -> None:
    """Add the quarter's purchases to FLEET, and tell both where they are ``told``; fill COMPUTE, A100."""
    for b in range(N_BUYERS):
        compute = held(0.0, s)
        for a in range(A800):  # V100 and A100 are held, but no longer bought
            compute += s[FLEET + b * N_ACCELERATORS + a] * s[PERF + a]
        for a in range(A800, N_ACCELERATORS):
            row = b * N_ACCELERATORS + a
            cards = s[FLEET + row] + s[BOUGHT + row]
            s[FLEET + row] = cards
            compute += cards * s[PERF + a]
        s[COMPUTE + b] = compute
        now[COMPUTE_HELD + b] = compute
    if told & TOLD_PURCHASES:
        for i in range(N_BUYERS * N_ACCELERATORS):
            now[PURCHASES + i] = s[BOUGHT + i]
    if told & TOLD_FLEET:
        for i in range(N_BUYERS * N_ACCELERATORS):
            now[HELD + i] = s[FLEET + i]
    now[OVERTAKE] = overtaken(d, s)


@lane_kernel
def overtaken(d: Any, s: Any) -> Any:
    """1 where Baidu's compute exceeds ByteDance's, else 0; decided in double precision where single cannot tell."""
    baidu, bytedance = s[COMPUTE + BAIDU], s[COMPUTE + BYTEDANCE]
    ahead = where(baidu > bytedance, held(1.0, s), 0.0)
    near = (baidu < bytedance * (1.0 + NEAR)) & (bytedance < baidu * (1.0 + NEAR))
    if some(near):
        ahead = where(near, where(compute_of(d, s, BAIDU) > compute_of(d, s, BYTEDANCE), held(1.0, s), 0.0), ahead)
    return ahead


@lane_kernel
def compute_of(d: Any, s: Any, b: int) -> Any:
    """Compute of buyer ``b`` in double precision."""
    total = s[FLEET + b * N_ACCELERATORS] * d[PERF]
    for a in range(1, N_ACCELERATORS):
        total += s[FLEET + b * N_ACCELERATORS + a] * d[PERF + a]
    return total


@lane_kernel
def buying(x: Any, s: Any, now: Any) -> None:
    """Tell domestic shares, by buyer and of the market, servers and spend; SPENT, bn RMB."""
    market_home, market_every = held(0.0, s), held(0.0, s)
    for b in range(N_BUYERS):
        first = BOUGHT + b * N_ACCELERATORS
        a800, h800, br100 = s[first + A800], s[first + H800], s[first + BR100]
        home = s[first + MLU370]
        for a in range(MLU370 + 1, N_ACCELERATORS):
            home += s[first + a]
        every = home + (a800 + h800)
        s[HOME + b] = home
        market_home += home
        market_every += every
        spent = 1e-6 * (a800 * x[PRICE_A100] + h800 * x[PRICE_H800] + home * x[PRICE_DOMESTIC])
        s[SPENT + b] = spent
        now[SPEND + b] = spent
        now[SHARE + b] = where(every > 0.0, home / every, 0.0)
        now[SERVERS + b] = (every - br100) * (1.0 / CARDS_A_SERVER) + br100 * (1.0 / CARDS_A_BR100_SERVER)
    now[MARKET_SHARE] = where(market_every > 0.0, market_home / market_every, 0.0)
