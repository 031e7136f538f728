"""Domestic purchases: pilots and substitution within capacity, what capacity refuses, and the cloud's own streams.

::

    wanted[b, c] = ω · (pilot + adopt.substitution · u / perf_c)                       cards
    K[c, q]      = capacity · (1 + capacity.growth)^q; capacity.mlu for both MLU chips, each with its own K
    f[c]         = min(1, K / Σ_b wanted), 1 where nothing is wanted;  wanted · f is delivered
    e[b]         = Σ_c ω · pilot · (1 − f)                             pilot cards refused, which go back to NVIDIA:
                   all before T, leak · e from T on; h of them as H800, 1 − h as A800
    unmet[b, q]  = u − Σ_c ω · substitution · u · f + (1 − leak) · e · mix (the last from T on)         A100

    at alibaba_cloud on top, outside capacity, untouched by listing (Q04.13, Q05.1, Q05.3, Q05.8):
    ppu          + buy.ppu_per_year / 4 · A[q]
    MLU stream   = buy.mlu370_per_year / 4 · A[q] in year 0, after it only if adopt.commercial (Q04.14); of it the share
                   min(1, (q − q590 + 1) / 4) from mlu590's first quarter q590 on is mlu590, the rest mlu370

The page leaves one case open: where no chip has any appeal to a buyer (Σ_c w = 0, which needs entity.penalty = 1 and so
never happens under the built-in priors), ω is 0 for each and the whole pilot counts as refused, so that no card is lost.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from sim.kernels import bare_kernel
from sim.market.names import (
    A800,
    ALIBABA_CLOUD,
    ALIBABA_GROUP,
    FIRST_DOMESTIC,
    H800,
    MLU370,
    MLU590,
    N_ACCELERATORS,
    N_BUYERS,
    N_DOMESTIC,
    PPU,
    QIHOO360,
    ROW,
)
from sim.market.rows import (
    CAPACITY_LEVEL,
    FILLED_ALIBABA,
    FILLED_OTHERS,
    H_SHARE,
    MARKET,
    PERF,
    PILOT,
    SHORT,
    START,
    SUBSTITUTE,
    WEIGHT,
)
from sim.market.story import story

Tile = npt.NDArray[np.float64]

# Rows of MARKET: for each of the two groups of buyers (PPU is on offer to the Alibabas alone) …
INVERSE: Final = MARKET  # 1 / Σ_c w
PILOTS: Final = MARKET + 2  # Σ_b pilot, cards
SHORTS: Final = MARKET + 4  # Σ_b u, A100
FILLED: Final = MARKET + 6  # Σ_c ω f
REFUSED: Final = MARKET + 8  # Σ_c ω (1 − f)
# … the Alibabas first, the others next.
OURS, OTHERS = 0, 1

CAPACITY_GROWTH = ROW["capacity.growth"]
CAPACITY_MLU = ROW["capacity.mlu"]
CAPACITY = (
    CAPACITY_MLU,
    CAPACITY_MLU,
    ROW["capacity.ppu"],
    ROW["capacity.ascend"],
    ROW["capacity.dcu"],
    ROW["capacity.br"],
)
SUBSTITUTION = ROW["adopt.substitution"]
COMMERCIAL = ROW["adopt.commercial"]
PPU_PER_YEAR = ROW["buy.ppu_per_year"]
MLU_PER_YEAR = ROW["buy.mlu370_per_year"]
BAN = ROW["export.ban_quarter"]
LEAK = ROW["export.leak"]
CHIP_PPU = PPU - FIRST_DOMESTIC
CHIP_MLU590 = MLU590 - FIRST_DOMESTIC


@bare_kernel
def gather(x: Tile, work: Tile, q: int) -> None:
    """Sum weights over chips, and pilots and needs over buyers, for each of the two groups; step capacity's level."""
    for d in range(x.shape[1]):
        pilots = work[PILOT + 2, d] + work[PILOT + 3, d] + work[PILOT + 4, d] + work[PILOT + QIHOO360, d]
        shorts = work[SHORT + 2, d] + work[SHORT + 3, d] + work[SHORT + 4, d] + work[SHORT + QIHOO360, d]
        work[PILOTS + OTHERS, d] = pilots
        work[SHORTS + OTHERS, d] = shorts
        work[PILOTS + OURS, d] = work[PILOT + ALIBABA_CLOUD, d] + work[PILOT + ALIBABA_GROUP, d]
        work[SHORTS + OURS, d] = work[SHORT + ALIBABA_CLOUD, d] + work[SHORT + ALIBABA_GROUP, d]
    for d in range(x.shape[1]):
        others = work[WEIGHT, d] + work[WEIGHT + 1, d] + work[WEIGHT + 3, d] + work[WEIGHT + 4, d] + work[WEIGHT + 5, d]
        ours = others + work[WEIGHT + CHIP_PPU, d]
        work[INVERSE + OURS, d] = 1.0 / ours if ours > 0.0 else 0.0
        work[INVERSE + OTHERS, d] = 1.0 / others if others > 0.0 else 0.0
        work[REFUSED + OURS, d] = 0.0 if ours > 0.0 else 1.0
        work[REFUSED + OTHERS, d] = 0.0 if others > 0.0 else 1.0
        work[FILLED + OURS, d] = 0.0
        work[FILLED + OTHERS, d] = 0.0
        work[CAPACITY_LEVEL, d] = 1.0 if q == 0 else work[CAPACITY_LEVEL, d] * (1.0 + x[CAPACITY_GROWTH, d])


@bare_kernel
def fill(x: Tile, work: Tile) -> None:
    """Meet each chip's demand from its capacity: FILLED rows by chip, and their sums and refusals by group."""
    for c in range(N_DOMESTIC):
        capacity = x[CAPACITY[c]]
        to_others = 0.0 if c == CHIP_PPU else 1.0
        for d in range(x.shape[1]):
            ours = work[WEIGHT + c, d] * work[INVERSE + OURS, d]
            others = work[WEIGHT + c, d] * work[INVERSE + OTHERS, d] * to_others
            cards = work[SUBSTITUTE + c, d]
            wanted = ours * (work[PILOTS + OURS, d] + cards * work[SHORTS + OURS, d])
            wanted += others * (work[PILOTS + OTHERS, d] + cards * work[SHORTS + OTHERS, d])
            supply = capacity[d] * work[CAPACITY_LEVEL, d]
            f = supply / wanted if wanted > supply else 1.0
            work[FILLED_ALIBABA + c, d] = ours * f
            work[FILLED_OTHERS + c, d] = others * f
            work[FILLED + OURS, d] += ours * f
            work[FILLED + OTHERS, d] += others * f
            work[REFUSED + OURS, d] += ours * (1.0 - f)
            work[REFUSED + OTHERS, d] += others * (1.0 - f)


@bare_kernel
def deliver(work: Tile, purchases: Tile, q: int, quarters: int) -> None:
    """Write the domestic chips' rows of ``purchases`` in quarter ``q``, cards, the cloud's own streams aside."""
    substitutes = work[SUBSTITUTE : SUBSTITUTE + N_DOMESTIC]
    for b in range(purchases.shape[0] // (N_ACCELERATORS * quarters)):
        filled = FILLED_ALIBABA if b <= ALIBABA_GROUP else FILLED_OTHERS
        for c in range(substitutes.shape[0]):
            row = purchases[(b * N_ACCELERATORS + FIRST_DOMESTIC + c) * quarters + q]
            for d in range(work.shape[1]):
                row[d] = work[filled + c, d] * (work[PILOT + b, d] + substitutes[c, d] * work[SHORT + b, d])


@bare_kernel
def settle(x: Tile, work: Tile, purchases: Tile, unmet: Tile, q: int, quarters: int) -> None:
    """Send refused pilots back to NVIDIA (a800 and h800 of ``purchases``), and write ``unmet`` [buyer · quarter, T]."""
    for b in range(N_BUYERS):
        group = OURS if b <= ALIBABA_GROUP else OTHERS
        a800 = purchases[(b * N_ACCELERATORS + A800) * quarters + q]
        h800 = purchases[(b * N_ACCELERATORS + H800) * quarters + q]
        remains = unmet[b * quarters + q]
        for d in range(x.shape[1]):
            banned, leak, h = q >= x[BAN, d], x[LEAK, d], work[H_SHARE + b, d]
            refused = work[PILOT + b, d] * work[REFUSED + group, d]
            mix = h * work[PERF + H800, d] + 1.0 - h
            back = leak * refused if banned else refused
            a800[d] += back * (1.0 - h)
            h800[d] += back * h
            late = (1.0 - leak) * refused * mix if banned else 0.0
            short = work[SHORT + b, d]
            remains[d] = short - x[SUBSTITUTION, d] * short * work[FILLED + group, d] + late


@bare_kernel
def streams(x: Tile, work: Tile, activity: Tile, purchases: Tile, q: int, quarters: int) -> None:
    """Add the cloud's own PPU and MLU streams of quarter ``q`` to its rows of ``purchases``, cards."""
    at = ALIBABA_CLOUD * N_ACCELERATORS
    ppu = purchases[(at + PPU) * quarters + q]
    mlu370 = purchases[(at + MLU370) * quarters + q]
    mlu590 = purchases[(at + MLU590) * quarters + q]
    for d in range(x.shape[1]):
        lasting = q < 4 or x[COMMERCIAL, d] != 0.0
        mlu = x[MLU_PER_YEAR, d] / 4.0 * activity[q, d] if lasting else 0.0
        ramp = (q - work[START + CHIP_MLU590, d] + 1.0) / 4.0
        newer = 0.0 if ramp < 0.0 else (ramp if ramp < 1.0 else 1.0)
        ppu[d] += x[PPU_PER_YEAR, d] / 4.0 * activity[q, d]
        mlu370[d] += mlu * (1.0 - newer)
        mlu590[d] += mlu * newer


@story
def domestic(x: Tile, work: Tile, activity: Tile, purchases: Tile, unmet: Tile, q: int) -> None:
    """All domestic purchases of quarter ``q``; ``purchases`` [buyer · accelerator · quarter, T], WEIGHT being set."""
    quarters = unmet.shape[0] // N_BUYERS
    gather(x, work, q)
    fill(x, work)
    deliver(work, purchases, q, quarters)
    settle(x, work, purchases, unmet, q, quarters)
    streams(x, work, activity, purchases, q, quarters)
