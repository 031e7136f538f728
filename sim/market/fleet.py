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

import numpy as np
import numpy.typing as npt

from sim.kernels import bare_kernel, kernel
from sim.market.names import A800, BAIDU, BR100, BYTEDANCE, H800, MLU370, N_ACCELERATORS, ROW
from sim.market.rows import PERF

Tile = npt.NDArray[np.float64]

PRICE_A100 = ROW["price.a100"]
PRICE_H800 = ROW["price.h800"]
PRICE_DOMESTIC = ROW["price.domestic"]

CARDS_A_SERVER = 8.0
CARDS_A_BR100_SERVER = 4.0


@bare_kernel
def accumulate(purchases: Tile, fleet: Tile, quarters: int) -> None:
    """Turn the stock in quarter 0 of ``fleet`` into the fleet of every quarter, both [buyer · accelerator · quarter, T]."""
    draws = fleet.shape[1]
    for first in range(0, fleet.shape[0], quarters):
        for d in range(draws):
            fleet[first, d] += purchases[first, d]
        for row in range(first + 1, first + quarters):
            for d in range(draws):
                fleet[row, d] = fleet[row - 1, d] + purchases[row, d]


@kernel
def computing(work: Tile, fleet: Tile, compute: Tile, overtake: Tile) -> None:
    """Fill ``compute`` [buyer · quarter, T], A100, and ``overtake`` [quarter, T], 0 or 1, decided in double precision."""
    draws = compute.shape[1]
    quarters = overtake.shape[0]
    # Counted from the shapes: LLVM would write a loop of fixed length out tenfold, and take its time over it.
    buyers = compute.shape[0] // quarters
    accelerators = fleet.shape[0] // compute.shape[0]
    total = np.empty((buyers, draws))
    for q in range(quarters):
        for b in range(buyers):
            for d in range(draws):
                total[b, d] = 0.0
            for a in range(accelerators):
                cards = fleet[(b * accelerators + a) * quarters + q]
                for d in range(draws):
                    total[b, d] += cards[d] * work[PERF + a, d]
            for d in range(draws):
                compute[b * quarters + q, d] = total[b, d]
        for d in range(draws):
            overtake[q, d] = 1.0 if total[BAIDU, d] > total[BYTEDANCE, d] else 0.0


@kernel
def buying(x: Tile, purchases: Tile, servers: Tile, spend: Tile, share: Tile, market_share: Tile) -> None:
    """Fill ``servers``, ``spend`` and the domestic ``share`` [buyer · quarter, T], and ``market_share`` [quarter, T]."""
    draws = x.shape[1]
    quarters = market_share.shape[0]
    market = np.empty((2, draws))
    accelerators = purchases.shape[0] // share.shape[0]
    for q in range(quarters):
        market[:] = 0.0
        for b in range(share.shape[0] // quarters):
            first = b * N_ACCELERATORS * quarters + q
            a800 = purchases[first + A800 * quarters]
            h800 = purchases[first + H800 * quarters]
            br100 = purchases[first + BR100 * quarters]
            chips = servers[b * quarters + q]  # domestic cards, until servers take the row
            chips[:] = 0.0
            for a in range(MLU370, accelerators):
                row = purchases[first + a * quarters]
                for d in range(draws):
                    chips[d] += row[d]
            for d in range(draws):
                home, abroad = chips[d], a800[d] + h800[d]
                every = home + abroad
                market[0, d] += home
                market[1, d] += every
                share[b * quarters + q, d] = home / every if every > 0.0 else 0.0
                spend[b * quarters + q, d] = 1e-6 * (
                    a800[d] * x[PRICE_A100, d] + h800[d] * x[PRICE_H800, d] + home * x[PRICE_DOMESTIC, d]
                )
                chips[d] = (every - br100[d]) / CARDS_A_SERVER + br100[d] / CARDS_A_BR100_SERVER
        for d in range(draws):
            market_share[q, d] = market[0, d] / market[1, d] if market[1, d] > 0.0 else 0.0
