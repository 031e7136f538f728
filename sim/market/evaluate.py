"""The market model's kernel: a tile of inputs to a tile of outputs, chapter by chapter. Read this file first.

Draws are the inner index everywhere, so that LLVM works on eight at a time; nothing is drawn, labelled or summed here.
Results do not depend on the width of a tile, bit for bit, nor those of a quarter on how many quarters follow.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kernels import kernel
from sim.market import rows
from sim.market.appeal import appeal, weigh
from sim.market.cloud import cloud
from sim.market.domestic import domestic
from sim.market.export import export
from sim.market.fleet import accumulate, buying, computing
from sim.market.inference import cloud_ai, labs
from sim.market.names import N_ACCELERATORS, N_BUYERS, N_LABS, N_SPEEDS
from sim.market.optics import optics
from sim.market.plan import pilots, plan
from sim.market.race import race
from sim.market.spans import SPAN, WIDTH_QUARTERLY, WIDTH_TIMELESS, part
from sim.market.stock import stock
from sim.market.story import story
from sim.market.years import module_spend, sum_over, sum_quarters, year_ends

Tile = npt.NDArray[np.float64]

SCRATCH = rows.COUNT
PURCHASES, FLEET, COMPUTE = SPAN["purchases"], SPAN["fleet"], SPAN["compute"]
SHARE, MARKET_SHARE, UNMET = SPAN["domestic_share"], SPAN["market_domestic_share"], SPAN["unmet"]
SERVERS, SPEND, MODULES = SPAN["servers"], SPAN["spend"], SPAN["optical_modules"]
NEED, LOAD, AI_LOAD = SPAN["inference_need"], SPAN["inference_load"], SPAN["cloud_ai_load"]
REVENUE, OVERTAKE = SPAN["cloud_revenue"], SPAN["overtake"]
PARITY, FIRST, CHANGE = SPAN["parity_month"], SPAN["first_to_parity"], SPAN["cloud_purchase_change"]
PURCHASES_YEAR, BUYER_YEAR = SPAN["purchases_year"], SPAN["buyer_purchases_year"]
MARKET_YEAR, REVENUE_YEAR = SPAN["market_purchases_year"], SPAN["cloud_revenue_year"]
MODULES_YEAR, MARKET_MODULES_YEAR = SPAN["optical_modules_year"], SPAN["market_optical_modules_year"]
MODULE_SPEND_YEAR, SPEND_YEAR = SPAN["module_spend_year"], SPAN["spend_year"]
MARKET_SPEND_YEAR = SPAN["market_spend_year"]
COMPUTE_END, LOAD_END = SPAN["compute_year_end"], SPAN["inference_load_year_end"]


@kernel
def evaluate(inputs: Tile, outputs: Tile, quarters: int) -> None:
    """Fill ``outputs`` [cells, T] from ``inputs`` float64[94, T] over a horizon of ``quarters`` ≥ 1, T ≥ 1.

    ``outputs`` may be float64 or float32. Arithmetic is in double precision either way, and what the outputs hold is what
    later equations read; the months of parity, which decide much, are read in double.
    Rows of ``inputs`` follow ``names.INPUTS``; rows of ``outputs`` follow ``outputs.OUTPUTS``, each in C order of its dims.
    """
    quarterly = outputs[: WIDTH_QUARTERLY * quarters]
    rest = outputs[WIDTH_QUARTERLY * quarters :]
    timeless, yearly = rest[:WIDTH_TIMELESS], rest[WIDTH_TIMELESS:]
    purchasing(inputs, quarterly, timeless, quarters)
    consequences(inputs, quarterly, timeless, quarters)
    calendar(inputs, quarterly, yearly, quarters)


@story
def purchasing(x: Tile, quarterly: Tile, timeless: Tile, quarters: int) -> None:
    """From plans to deliveries to fleets: what is bought, quarter by quarter, and what it adds up to."""
    draws = x.shape[1]
    work = np.empty((SCRATCH, draws))
    activity = np.empty((max(quarters, 4), draws))
    planned = np.empty(((quarters + 3) // 4 * N_BUYERS, draws))
    piloted = np.empty((quarters, draws))
    purchases, fleet = part(quarterly, PURCHASES, quarters), part(quarterly, FLEET, quarters)
    cloud(x, activity, part(quarterly, REVENUE, quarters))
    stock(x, fleet, quarters)
    plan(x, planned, work, part(timeless, CHANGE, 1))
    pilots(x, piloted)
    appeal(x, work)
    purchases[:] = 0.0
    for q in range(quarters):
        export(x, work, planned, piloted, purchases, q)
        weigh(x, work, q)
        domestic(x, work, activity, purchases, part(quarterly, UNMET, quarters), q)
    accumulate(purchases, fleet, quarters)
    computing(work, fleet, part(quarterly, COMPUTE, quarters), part(quarterly, OVERTAKE, quarters))


@story
def consequences(x: Tile, quarterly: Tile, timeless: Tile, quarters: int) -> None:
    """What follows from purchases and fleets, in any order: shares, spend, optical modules, the race, inference."""
    purchases, fleet = part(quarterly, PURCHASES, quarters), part(quarterly, FLEET, quarters)
    compute = part(quarterly, COMPUTE, quarters)
    months = np.empty((N_LABS, x.shape[1]))
    share, market_share = part(quarterly, SHARE, quarters), part(quarterly, MARKET_SHARE, quarters)
    buying(x, purchases, part(quarterly, SERVERS, quarters), part(quarterly, SPEND, quarters), share, market_share)
    optics(x, purchases, part(quarterly, MODULES, quarters), quarters)
    race(x, months, part(timeless, PARITY, 1), part(timeless, FIRST, 1))
    labs(x, fleet, compute, months, part(quarterly, NEED, quarters), part(quarterly, LOAD, quarters))
    cloud_ai(x, compute, part(quarterly, AI_LOAD, quarters))


@story
def calendar(x: Tile, quarterly: Tile, yearly: Tile, quarters: int) -> None:
    """Every output by year, from those by quarter."""
    years = (quarters + 3) // 4
    purchases, modules = part(yearly, PURCHASES_YEAR, years), part(yearly, MODULES_YEAR, years)
    spend = part(yearly, SPEND_YEAR, years)
    by_quarter = part(quarterly, MODULES, quarters)
    sum_quarters(part(quarterly, PURCHASES, quarters), purchases, quarters)
    sum_quarters(by_quarter, modules, quarters)
    sum_quarters(part(quarterly, SPEND, quarters), spend, quarters)
    sum_quarters(part(quarterly, REVENUE, quarters), part(yearly, REVENUE_YEAR, years), quarters)
    sum_over(purchases, part(yearly, BUYER_YEAR, years), years)
    sum_over(purchases, part(yearly, MARKET_YEAR, years), N_ACCELERATORS * years)
    sum_over(modules, part(yearly, MARKET_MODULES_YEAR, years), N_SPEEDS * years)
    sum_over(spend, part(yearly, MARKET_SPEND_YEAR, years), years)
    module_spend(x, by_quarter, part(yearly, MODULE_SPEND_YEAR, years), quarters)
    year_ends(part(quarterly, COMPUTE, quarters), part(yearly, COMPUTE_END, years), quarters)
    year_ends(part(quarterly, LOAD, quarters), part(yearly, LOAD_END, years), quarters)
