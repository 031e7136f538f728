"""Domestic chips: performance, when they come to market, friction, listing, and so their appeal to each buyer.

::

    perf       mlu370, mlu590, ppu, dcu, br100, h800: their inputs (Q05.2 and assumptions), A100 a card;
               v100 0.4; a100, a800 1; ascend910 = perf.mlu370 · (1 + perf.ascend_premium)          (Q10.2)
    from       mlu370, ppu, ascend910, dcu 0; mlu590 floor((mlu590_month − 1) / 3) if it comes (Q05.4);
               br100 floor((br100_tapeout_month + br100_lag − 1) / 3) if it comes (Q05.5)            quarter
    friction   dcu, ppu friction.dcu; the others friction.dcu + friction.mlu_extra                   (Q11.1)
    listed     dcu, ascend910 always; mlu370, mlu590 from entity.cambricon_quarter; br100 from
               entity.biren_quarter; ppu never                                                      (Q06.1)
    eligible   ppu for the two Alibabas alone, the rest for all
    w[b, c, q] = available · eligible · exp(sharpness · perf · interconnect · (1 − friction)) · (1 − penalty · listed)
    ω[b, c, q] = w / Σ_c w

Interconnect is perf.br100_interconnect for br100 (four cards a bridge, Q05.6), 1 for the rest. Q10.2's order (Ascend 910
above MLU370) holds by the premium's sign, Q11.1's (Hygon nearer to CUDA than Cambricon) by friction.mlu_extra's.

w differs between buyers by the PPU alone, so kernels hold one set of weights and two sums of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import lane_kernel
from sim.lanes import floor, where
from sim.market.names import (
    A100,
    A800,
    ASCEND910,
    BR100,
    DCU,
    FIRST_DOMESTIC,
    H800,
    MLU370,
    MLU590,
    N_ACCELERATORS,
    N_DOMESTIC,
    PPU,
    ROW,
    V100,
)
from sim.market.rows import LISTED, PERF, START, SUBSTITUTE, VALUE, WEIGHT
from sim.vecmath import exp

PERF_MLU370 = ROW["perf.mlu370"]
PREMIUM = ROW["perf.ascend_premium"]
PERF_H800 = ROW["perf.h800"]
PERF_MLU590 = ROW["perf.mlu590"]
PERF_PPU = ROW["perf.ppu"]
PERF_DCU = ROW["perf.dcu"]
PERF_BR100 = ROW["perf.br100"]
INTERCONNECT = ROW["perf.br100_interconnect"]
COMES_MLU590 = ROW["avail.mlu590"]
COMES_BR100 = ROW["avail.br100"]
MONTH_MLU590 = ROW["avail.mlu590_month"]
TAPEOUT_BR100 = ROW["avail.br100_tapeout_month"]
LAG_BR100 = ROW["avail.br100_lag"]
FRICTION = ROW["friction.dcu"]
EXTRA = ROW["friction.mlu_extra"]
CAMBRICON = ROW["entity.cambricon_quarter"]
BIREN = ROW["entity.biren_quarter"]
PENALTY = ROW["entity.penalty"]
SHARPNESS = ROW["adopt.sharpness"]
SUBSTITUTION = ROW["adopt.substitution"]

PERF_V100 = 0.4
CHIP = -FIRST_DOMESTIC  # CHIP + accelerator is a domestic chip's place among the six


@lane_kernel
def performance(x: Any, d: Any, s: Any) -> None:
    """Fill PERF, A100 a card."""
    d[PERF + V100] = PERF_V100
    d[PERF + A100] = 1.0
    d[PERF + A800] = 1.0
    d[PERF + H800] = x[PERF_H800]
    d[PERF + MLU370] = x[PERF_MLU370]
    d[PERF + MLU590] = x[PERF_MLU590]
    d[PERF + PPU] = x[PERF_PPU]
    d[PERF + ASCEND910] = x[PERF_MLU370] * (1.0 + x[PREMIUM])
    d[PERF + DCU] = x[PERF_DCU]
    d[PERF + BR100] = x[PERF_BR100]
    for a in range(N_ACCELERATORS):
        s[PERF + a] = d[PERF + a]


@lane_kernel
def market_entry(x: Any, d: Any) -> None:
    """Fill START and LISTED, the quarters from which a chip is on sale and on the entity list; infinity is never."""
    mlu590 = floor((x[MONTH_MLU590] - 1.0) / 3.0)
    br100 = floor((x[TAPEOUT_BR100] + x[LAG_BR100] - 1.0) / 3.0)
    d[START + CHIP + MLU370] = 0.0
    d[START + CHIP + MLU590] = where(x[COMES_MLU590] != 0.0, mlu590, np.inf)
    d[START + CHIP + PPU] = 0.0
    d[START + CHIP + ASCEND910] = 0.0
    d[START + CHIP + DCU] = 0.0
    d[START + CHIP + BR100] = where(x[COMES_BR100] != 0.0, br100, np.inf)
    d[LISTED + CHIP + MLU370] = x[CAMBRICON]
    d[LISTED + CHIP + MLU590] = x[CAMBRICON]
    d[LISTED + CHIP + PPU] = np.inf
    d[LISTED + CHIP + ASCEND910] = 0.0
    d[LISTED + CHIP + DCU] = 0.0
    d[LISTED + CHIP + BR100] = x[BIREN]


@lane_kernel
def appeal(x: Any, d: Any, s: Any) -> None:
    """Fill all that is fixed over time: START, LISTED, VALUE and SUBSTITUTE (cards for each A100 unmet); PERF is set."""
    market_entry(x, d)
    for c in range(N_DOMESTIC):
        perf = d[PERF + FIRST_DOMESTIC + c]
        friction = x[FRICTION] if c in (CHIP + DCU, CHIP + PPU) else x[FRICTION] + x[EXTRA]
        usable = perf * x[INTERCONNECT] if c == CHIP + BR100 else perf
        d[VALUE + c] = exp(x[SHARPNESS] * usable * (1.0 - friction))
        s[SUBSTITUTE + c] = x[SUBSTITUTION] / perf


@lane_kernel
def weigh(x: Any, d: Any, q: int) -> None:
    """Fill WEIGHT for quarter ``q``, eligibility aside."""
    listed = 1.0 - x[PENALTY]
    for c in range(N_DOMESTIC):
        weight = where(q >= d[LISTED + c], d[VALUE + c] * listed, d[VALUE + c])
        d[WEIGHT + c] = where(q >= d[START + c], weight, 0.0)
