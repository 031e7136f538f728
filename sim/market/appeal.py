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

import math

import numpy as np
import numpy.typing as npt

from sim.kernels import bare_kernel
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
    N_DOMESTIC,
    PPU,
    ROW,
    V100,
)
from sim.market.rows import LISTED, PERF, START, SUBSTITUTE, VALUE, WEIGHT
from sim.market.story import story
from sim.vecmath import exp

Tile = npt.NDArray[np.float64]

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


@bare_kernel
def performance(x: Tile, work: Tile) -> None:
    """Fill the PERF rows, A100 a card."""
    for d in range(x.shape[1]):
        work[PERF + V100, d] = PERF_V100
        work[PERF + A100, d] = 1.0
        work[PERF + A800, d] = 1.0
        work[PERF + H800, d] = x[PERF_H800, d]
    for d in range(x.shape[1]):
        work[PERF + MLU370, d] = x[PERF_MLU370, d]
        work[PERF + MLU590, d] = x[PERF_MLU590, d]
        work[PERF + PPU, d] = x[PERF_PPU, d]
        work[PERF + ASCEND910, d] = x[PERF_MLU370, d] * (1.0 + x[PREMIUM, d])
        work[PERF + DCU, d] = x[PERF_DCU, d]
        work[PERF + BR100, d] = x[PERF_BR100, d]


@bare_kernel
def market_entry(x: Tile, work: Tile) -> None:
    """Fill START and LISTED, the quarters from which a chip is on sale and on the entity list; infinity is never."""
    for d in range(x.shape[1]):
        mlu590 = math.floor((x[MONTH_MLU590, d] - 1.0) / 3.0)
        br100 = math.floor((x[TAPEOUT_BR100, d] + x[LAG_BR100, d] - 1.0) / 3.0)
        work[START + CHIP + MLU370, d] = 0.0
        work[START + CHIP + MLU590, d] = mlu590 if x[COMES_MLU590, d] != 0.0 else np.inf
        work[START + CHIP + PPU, d] = 0.0
        work[START + CHIP + ASCEND910, d] = 0.0
        work[START + CHIP + DCU, d] = 0.0
        work[START + CHIP + BR100, d] = br100 if x[COMES_BR100, d] != 0.0 else np.inf
    for d in range(x.shape[1]):
        work[LISTED + CHIP + MLU370, d] = x[CAMBRICON, d]
        work[LISTED + CHIP + MLU590, d] = x[CAMBRICON, d]
        work[LISTED + CHIP + PPU, d] = np.inf
        work[LISTED + CHIP + ASCEND910, d] = 0.0
        work[LISTED + CHIP + DCU, d] = 0.0
        work[LISTED + CHIP + BR100, d] = x[BIREN, d]


@story
def appeal(x: Tile, work: Tile) -> None:
    """Fill all that is fixed over time: PERF, START, LISTED, VALUE and SUBSTITUTE (cards for each A100 unmet)."""
    performance(x, work)
    market_entry(x, work)
    for c in range(N_DOMESTIC):
        easy = c in (CHIP + DCU, CHIP + PPU)
        for d in range(x.shape[1]):
            perf = work[PERF + FIRST_DOMESTIC + c, d]
            friction = x[FRICTION, d] if easy else x[FRICTION, d] + x[EXTRA, d]
            usable = perf * x[INTERCONNECT, d] if c == CHIP + BR100 else perf
            work[VALUE + c, d] = exp(x[SHARPNESS, d] * usable * (1.0 - friction))
            work[SUBSTITUTE + c, d] = x[SUBSTITUTION, d] / perf


@bare_kernel
def weigh(x: Tile, work: Tile, q: int) -> None:
    """Fill WEIGHT for quarter ``q``, eligibility aside."""
    weights = work[WEIGHT : WEIGHT + N_DOMESTIC]
    for c in range(weights.shape[0]):
        for d in range(x.shape[1]):
            open_share = 1.0 - x[PENALTY, d] if q >= work[LISTED + c, d] else 1.0
            weights[c, d] = work[VALUE + c, d] * open_share if q >= work[START + c, d] else 0.0
