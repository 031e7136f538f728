"""Rows of a tile's scratch, ``float64[rows.COUNT, T]``: what one chapter leaves for the next.

One array with named rows, since Numba's compile time grows with every array that a function takes. Unless it says
otherwise, a block has a row for each buyer or each domestic chip, in the order of the index sets.
"""

from __future__ import annotations

from typing import Final

from sim.market.names import N_ACCELERATORS, N_BUYERS, N_DOMESTIC

# Set once for a tile.
PERF: Final = 0  # accelerator, A100 a card
H_SHARE: Final = PERF + N_ACCELERATORS  # buyer, share of H800 in NVIDIA purchases
VALUE: Final = H_SHARE + N_BUYERS  # chip, exp(sharpness · usable performance)
START: Final = VALUE + N_DOMESTIC  # chip, first quarter on sale
LISTED: Final = START + N_DOMESTIC  # chip, first quarter on the entity list
SUBSTITUTE: Final = LISTED + N_DOMESTIC  # chip, cards bought for each A100 of unmet need

# Carried from quarter to quarter.
LEFT: Final = SUBSTITUTE + N_DOMESTIC  # buyer, A100 pulled forward and not yet used up
CAPACITY_LEVEL: Final = LEFT + N_BUYERS  # (1 + capacity.growth)^q

# Of the quarter at hand.
PILOT: Final = CAPACITY_LEVEL + 1  # buyer, cards to pilots
SHORT: Final = PILOT + N_BUYERS  # buyer, A100 unmet before substitution, u
WEIGHT: Final = SHORT + N_BUYERS  # chip, appeal where eligible
FILLED_ALIBABA: Final = WEIGHT + N_DOMESTIC  # chip, share of appeal times fill, ω f, at the Alibabas
FILLED_OTHERS: Final = FILLED_ALIBABA + N_DOMESTIC  # the same at the other buyers
MARKET: Final = FILLED_OTHERS + N_DOMESTIC  # rows for the two groups of buyers, see domestic.py
COUNT: Final = MARKET + 10
