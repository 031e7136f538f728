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

from typing import Any, Final

from sim.kernels import lane_kernel
from sim.lanes import held, where
from sim.market.names import (
    A800,
    ALIBABA_CLOUD,
    ALIBABA_GROUP,
    BAIDU,
    FIRST_DOMESTIC,
    H800,
    MLU370,
    MLU590,
    N_ACCELERATORS,
    N_BUYERS,
    N_DOMESTIC,
    PPU,
    ROW,
)
from sim.market.rows import (
    ACTIVITY,
    BOUGHT,
    CAPACITY_LEVEL,
    FILLED,
    FILLED_ALIBABA,
    FILLED_OTHERS,
    H_SHARE,
    MIX,
    PILOT,
    REFUSED,
    SHORT,
    START,
    SUBSTITUTE,
    WEIGHT,
)
from sim.market.spans import AT
from sim.market.story import story

# Groups of buyers: PPU is on offer to the Alibabas alone.
OURS: Final = 0
OTHERS: Final = 1

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
UNMET = AT["unmet"]
CHIP_PPU = PPU - FIRST_DOMESTIC
CHIP_MLU590 = MLU590 - FIRST_DOMESTIC


@lane_kernel
def of_buyers(s: Any, block: int, first: int, last: int) -> Any:
    """Sum a block of rows over buyers ``first`` to ``last``."""
    total = s[block + first]
    for b in range(first + 1, last + 1):
        total += s[block + b]
    return total


@lane_kernel
def fill(x: Any, d: Any, s: Any) -> None:
    """Meet each chip's demand from its capacity: FILLED rows by chip, and their sums and refusals by group."""
    our_pilots, their_pilots = of_buyers(s, PILOT, 0, ALIBABA_GROUP), of_buyers(s, PILOT, BAIDU, N_BUYERS - 1)
    our_shorts, their_shorts = of_buyers(s, SHORT, 0, ALIBABA_GROUP), of_buyers(s, SHORT, BAIDU, N_BUYERS - 1)
    others = d[WEIGHT] + d[WEIGHT + 1] + d[WEIGHT + 3] + d[WEIGHT + 4] + d[WEIGHT + 5]
    ours = others + d[WEIGHT + CHIP_PPU]
    our_part, their_part = where(ours > 0.0, 1.0 / ours, 0.0), where(others > 0.0, 1.0 / others, 0.0)
    our_filled, their_filled = held(0.0, s), held(0.0, s)
    our_refused, their_refused = held(where(ours > 0.0, 0.0, 1.0), s), held(where(others > 0.0, 0.0, 1.0), s)
    level = held(d[CAPACITY_LEVEL], s)
    for c in range(N_DOMESTIC):
        our_share = held(d[WEIGHT + c] * our_part, s)
        their_share = held(d[WEIGHT + c] * their_part, s) * (0.0 if c == CHIP_PPU else 1.0)
        cards = s[SUBSTITUTE + c]
        wanted = our_share * (our_pilots + cards * our_shorts) + their_share * (their_pilots + cards * their_shorts)
        supply = x[CAPACITY[c]] * level
        f = where(wanted > supply, supply / wanted, 1.0)
        s[FILLED_ALIBABA + c] = our_share * f
        s[FILLED_OTHERS + c] = their_share * f
        our_filled += our_share * f
        their_filled += their_share * f
        our_refused += our_share * (1.0 - f)
        their_refused += their_share * (1.0 - f)
    s[FILLED + OURS] = our_filled
    s[FILLED + OTHERS] = their_filled
    s[REFUSED + OURS] = our_refused
    s[REFUSED + OTHERS] = their_refused


@lane_kernel
def settle(exact: Any, x: Any, s: Any, now: Any, q: int) -> None:
    """Send refused pilots back to NVIDIA, a800 and h800 of BOUGHT, and tell what is left ``unmet``."""
    banned = q >= exact[BAN]
    back_share = where(banned, x[LEAK], 1.0)
    late_share = where(banned, 1.0 - x[LEAK], 0.0)
    for b in range(N_BUYERS):
        group = OURS if b <= ALIBABA_GROUP else OTHERS
        refused = s[PILOT + b] * s[REFUSED + group]
        back = back_share * refused
        s[BOUGHT + b * N_ACCELERATORS + A800] += back * (1.0 - s[H_SHARE + b])
        s[BOUGHT + b * N_ACCELERATORS + H800] += back * s[H_SHARE + b]
        short = s[SHORT + b]
        now[UNMET + b] = short - x[SUBSTITUTION] * short * s[FILLED + group] + late_share * refused * s[MIX + b]


@lane_kernel
def deliver(s: Any) -> None:
    """Fill the domestic chips' rows of BOUGHT, cards, the cloud's own streams aside."""
    for b in range(N_BUYERS):
        filled = FILLED_ALIBABA if b <= ALIBABA_GROUP else FILLED_OTHERS
        for c in range(N_DOMESTIC):
            wanted = s[PILOT + b] + s[SUBSTITUTE + c] * s[SHORT + b]
            s[BOUGHT + b * N_ACCELERATORS + FIRST_DOMESTIC + c] = s[filled + c] * wanted


@lane_kernel
def streams(x: Any, d: Any, s: Any, q: int) -> None:
    """Add the cloud's own PPU and MLU streams of quarter ``q`` to its rows of BOUGHT, cards."""
    at = BOUGHT + ALIBABA_CLOUD * N_ACCELERATORS
    stream = 0.25 * x[MLU_PER_YEAR] * d[ACTIVITY]
    mlu = stream if q < 4 else where(x[COMMERCIAL] != 0.0, stream, 0.0)
    ramp = (q - d[START + CHIP_MLU590] + 1.0) * 0.25
    newer = where(ramp < 0.0, 0.0, where(ramp < 1.0, ramp, 1.0))
    s[at + PPU] += 0.25 * x[PPU_PER_YEAR] * d[ACTIVITY]
    s[at + MLU370] += mlu * (1.0 - newer)
    s[at + MLU590] += mlu * newer


@story
def domestic(exact: Any, x: Any, d: Any, s: Any, now: Any, q: int) -> None:
    """All domestic purchases of quarter ``q``, and what NVIDIA gets back; WEIGHT and CAPACITY_LEVEL being set."""
    fill(x, d, s)
    settle(exact, x, s, now, q)
    deliver(s)
    streams(exact, d, s, q)
    d[CAPACITY_LEVEL] *= 1.0 + exact[CAPACITY_GROWTH]
