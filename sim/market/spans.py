"""Where each output's cells lie among the kernel's rows, for any horizon.

The rows are three blocks: by quarter, without time, by year. Within its block an output starts at a fixed multiple of
the number of quarters (or 1, or years), which follows from the listing in ``outputs.py`` and is written nowhere else.

What is run by blocks of sixteen draws has a quarter's rows one behind the other instead, and a year's, in the order in
which they are written: 1,310 -> 1,110 ns a draw (Emerald Rapids, tiles of 208 draws).
"""

from __future__ import annotations

import math

import numpy as np

from sim.market.names import N_ACCELERATORS, N_BUYERS, N_LABS, N_SPEEDS
from sim.market.outputs import QUARTERLY, TIMELESS, YEARLY

SIZES = {"buyer": N_BUYERS, "accelerator": N_ACCELERATORS, "speed": N_SPEEDS, "lab": N_LABS, "quarter": 1, "year": 1}


def _spans() -> dict[str, tuple[int, int]]:
    found = {}
    for block in (QUARTERLY, TIMELESS, YEARLY):
        start = 0
        for output in block:
            stop = start + math.prod(SIZES[dim] for dim in output.dims)
            found[output.name] = (start, stop)
            start = stop
    return found


# name -> (start, stop) of its cells within its block, in units of quarters, 1 or years.
SPAN = _spans()
AT = {name: start for name, (start, _) in SPAN.items()}
WIDTH_QUARTERLY = SPAN[QUARTERLY[-1].name][1]
WIDTH_TIMELESS = SPAN[TIMELESS[-1].name][1]
WIDTH_YEARLY = SPAN[YEARLY[-1].name][1]

SPARED = ("purchases", "fleet", "optical_modules", "purchases_year", "optical_modules_year")
"""Outputs of three quarters of all rows, none of them a headline: not written where nobody reads them."""
TOLD = {name: 1 << i for i, name in enumerate(SPARED)}


def order(quarters: int) -> list[int]:
    """For each row of the outputs over ``quarters``, its row where each quarter's, and each year's, lie together."""
    years = (quarters + 3) // 4
    found, start = [], 0
    for width, times in ((WIDTH_QUARTERLY, quarters), (WIDTH_TIMELESS, 1), (WIDTH_YEARLY, years)):
        together = start + np.arange(width * times).reshape(times, width)
        found.append(together.T.ravel())
        start += width * times
    return np.concatenate(found).tolist()
