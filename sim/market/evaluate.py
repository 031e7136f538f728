"""The market model's kernel: a tile of inputs to a tile of outputs, quarter by quarter. Read this file first.

Every chapter is written as for one draw and works on sixteen at a time, see :mod:`sim.lanes`. One pass over the quarters
fills everything while it is in the first cache; nothing is drawn, labelled or summed up here. Results do not depend on
the width of a tile, bit for bit, nor those of a quarter on how many quarters follow.

The chapters share the names of what they work on, all of them rows of sixteen draws:

====================  ==============================================================================================
``exact``             the inputs in double precision, rows by ``names.ROW``: for what decides and what powers carry on
``x``                 the same inputs in the precision of the outputs: for the bulk
``d``, ``s``          scratch in double precision and in that of the outputs, rows by ``rows.py``
``now``, ``year``     the outputs of the quarter or year at hand, rows by ``spans.AT``; ``timeless`` those without time
``q``                 the quarter, from 0
====================  ==============================================================================================

A chapter whose parameter ``x`` has no ``exact`` beside it may be given either.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.kernels import kernel, lane_kernel
from sim.lanes import WIDTH, block, rows, scratch, view
from sim.market.appeal import appeal, performance, weigh
from sim.market.cloud import cloud, start_cloud
from sim.market.domestic import domestic
from sim.market.export import export
from sim.market.fleet import buying, fleet
from sim.market.inference import inference, start_inference
from sim.market.names import A100, INPUTS, N_ACCELERATORS, N_BUYERS, V100
from sim.market.optics import optics, start_optics
from sim.market.plan import next_year, start_plan
from sim.market.race import race
from sim.market.rows import BOUGHT, CAPACITY_LEVEL, DOUBLES, LEFT, SINGLES
from sim.market.spans import WIDTH_QUARTERLY, WIDTH_TIMELESS, WIDTH_YEARLY
from sim.market.stock import stock
from sim.market.story import story
from sim.market.years import add_quarter, end_year, start_years
from sim.model import EVERY

Tile = npt.NDArray[np.float64]

N_INPUTS = len(INPUTS)


@kernel
def evaluate(inputs: Tile, outputs: Tile, quarters: int) -> None:
    """Fill ``outputs`` [cells, T] from ``inputs`` float64[94, T] over a horizon of ``quarters`` ≥ 1, T ≥ 1.

    ``outputs`` may be float64 or float32. In single precision the bulk of the arithmetic is so too, within 5e-6 of double
    (relative to the larger of the value and its cell's largest magnitude, as tests measure); what decides is in double.

    Fastest where T is a multiple of 16 and ``outputs`` begins on a line of the cache, 64 bytes: 750 ns a draw against
    1,000 where each write straddles two lines (Sapphire Rapids). A T of 128 costs a quarter more than 96 or 112, as a
    power of two has rows compete for the same places in the cache, and tiles of more than the second cache holds, at
    10 KB a draw, cost twice as much or more.

    Rows of ``inputs`` follow ``names.INPUTS``; rows of ``outputs`` follow ``outputs.OUTPUTS``, each in C order of its dims.
    """
    draws = inputs.shape[1]
    whole = draws // WIDTH * WIDTH
    for first in range(0, whole, WIDTH):
        sixteen(rows(inputs, first), rows(outputs, first), quarters, EVERY, False)
    if whole < draws:  # the last draw again and again, for want of others
        few_inputs, few_outputs = np.empty((inputs.shape[0], WIDTH)), np.empty((outputs.shape[0], WIDTH), outputs.dtype)
        for row in range(inputs.shape[0]):
            for lane in range(WIDTH):
                few_inputs[row, lane] = inputs[row, min(whole + lane, draws - 1)]
        sixteen(rows(few_inputs, 0), rows(few_outputs, 0), quarters, EVERY, False)
        for row in range(outputs.shape[0]):
            for lane in range(draws - whole):
                outputs[row, whole + lane] = few_outputs[row, lane]


@kernel
def evaluate_blocks(inputs: Tile, outputs: Tile, quarters: int, told: int) -> None:
    """The same into ``outputs`` [T / 16, cells, 16], rows in :func:`spans.order`, draw by draw the same bits.

    T is a multiple of 16. What is written draws after draws lies one behind the other: at 240 draws a tile, more than
    the second cache holds of it, 2,084 ns a draw into rows of a tile are 1,100 here (Emerald Rapids).

    ``told`` are the bits of ``spans.TOLD`` of outputs to fill beside those that are always filled: most of a draw's time
    goes into writing rows. What leads to them is computed all the same.
    """
    for at in range(outputs.shape[0]):
        sixteen(rows(inputs, WIDTH * at), block(outputs, at), quarters, told, True)


@lane_kernel
def sixteen(exact: Any, y: Any, quarters: int, told: int, together: bool) -> None:
    """Fill ``y``, rows of outputs, from ``exact``, rows of inputs, of sixteen draws.

    ``told`` are the outputs to fill; ``together`` is whether a quarter's rows, and a year's, lie one behind the other, or
    an output's.
    """
    d, s, x = scratch(DOUBLES, exact), scratch(SINGLES, y), scratch(N_INPUTS, y)
    for i in range(N_INPUTS):
        x[i] = exact[i]
    years = (quarters + 3) // 4
    start(exact, d, s, view(y, WIDTH_QUARTERLY * quarters, 1))
    yearly = WIDTH_QUARTERLY * quarters + WIDTH_TIMELESS
    for q in range(quarters):
        now = view(y, q * WIDTH_QUARTERLY, 1) if together else view(y, q, quarters)
        buy(exact, x, d, s, now, q)
        follow(exact, x, d, s, now, told, q)
        if q % 4 == 3 or q == quarters - 1:
            k = q // 4
            end_year(s, now, view(y, yearly + k * WIDTH_YEARLY, 1) if together else view(y, yearly + k, years), told)


@story
def start(exact: Any, d: Any, s: Any, timeless: Any) -> None:
    """Set all that is fixed over time or carried from quarter to quarter, and tell what has no time."""
    performance(exact, d, s)
    appeal(exact, d, s)
    stock(exact, s)
    start_plan(exact, d, s, timeless)
    start_cloud(exact, d)
    race(exact, d, timeless)
    start_optics(exact, d)
    start_inference(exact, d)
    start_years(exact, d)
    d[CAPACITY_LEVEL] = 1.0
    for b in range(N_BUYERS):
        s[LEFT + b] = 0.0
        s[BOUGHT + b * N_ACCELERATORS + V100] = 0.0
        s[BOUGHT + b * N_ACCELERATORS + A100] = 0.0


@story
def buy(exact: Any, x: Any, d: Any, s: Any, now: Any, q: int) -> None:
    """From plans to deliveries: what is bought in quarter ``q``."""
    if q > 0 and q % 4 == 0:
        next_year(exact, d)
    cloud(exact, d, now, q)
    export(exact, x, d, s, q)
    weigh(exact, d, q)
    domestic(exact, x, d, s, now, q)


@story
def follow(exact: Any, x: Any, d: Any, s: Any, now: Any, told: int, q: int) -> None:
    """What follows from the quarter's purchases: fleets, shares, spend, optical modules, inference, the year's sums."""
    fleet(d, s, now, told)
    buying(x, s, now)
    optics(x, d, s, now, told)
    inference(exact, x, d, s, now, q)
    add_quarter(x, d, s, q)
