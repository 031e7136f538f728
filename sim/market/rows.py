"""Rows of the two scratches of sixteen draws: what one chapter, or one quarter, leaves for the next.

``d`` is in double precision, for what decides and what powers carry on; ``s`` is in the precision of the outputs, for
the bulk. Unless it says otherwise, a block has a row for each buyer or each domestic chip, in the order of the index sets.
"""

from __future__ import annotations

from typing import Final

from sim.market.names import N_ACCELERATORS, N_BUYERS, N_DOMESTIC, N_LABS, N_SPEEDS

# In both, set once.
PERF: Final = 0  # accelerator, A100 a card

# Of ``d``. Set once:
VALUE: Final = PERF + N_ACCELERATORS  # chip, exp(sharpness · usable performance)
START: Final = VALUE + N_DOMESTIC  # chip, first quarter on sale
LISTED: Final = START + N_DOMESTIC  # chip, first quarter on the entity list
PARITY: Final = LISTED + N_DOMESTIC  # lab, quarter of parity
RELEASE: Final = PARITY + N_LABS  # lab, quarter of release
EXPONENT: Final = RELEASE + N_LABS  # ε of the reference architecture
DRIFT_ROOT: Final = EXPONENT + 1  # (1 + optics.own_drift)^¼
GAIN_ROOT: Final = DRIFT_ROOT + 1  # (1 + infer.efficiency_gain)^−¼
EROSION_ROOT: Final = GAIN_ROOT + 1  # (1 − price.module_erosion)^¼
# … carried from year to year:
PLANNED: Final = EROSION_ROOT + 1  # buyer, P, cards/yr
POWER: Final = PLANNED + N_BUYERS  # persistence^k
ACTIVITY_ROOT: Final = POWER + 1  # (1 + g[k])^¼
REVENUE_ROOT: Final = ACTIVITY_ROOT + 1  # (1 + r[k])^¼
REVENUE_RATE: Final = REVENUE_ROOT + 1  # r[k]
# … carried from quarter to quarter:
ACTIVITY: Final = REVENUE_RATE + 1  # A[q]
REVENUE: Final = ACTIVITY + 1  # R[q], bn RMB
PILOT_ODDS: Final = REVENUE + 1  # exp(−(q − adopt.pilot_mid) / 2)
CAPACITY_LEVEL: Final = PILOT_ODDS + 1  # (1 + capacity.growth)^q
DRIFT: Final = CAPACITY_LEVEL + 1  # (1 + optics.own_drift)^(q/4)
GAIN: Final = DRIFT + 1  # (1 + infer.efficiency_gain)^(−q/4)
EROSION: Final = GAIN + 1  # (1 − price.module_erosion)^(q/4), million USD a USD
ANSWERS: Final = EROSION + 1  # lab, answers a day from parity on
SERVERS_H800: Final = ANSWERS + N_LABS  # buyer, servers of H800 bought since q = 0
REFERENCE: Final = SERVERS_H800 + N_BUYERS  # buyer, modules that these need in the reference architecture
# … of the quarter at hand:
WEIGHT: Final = REFERENCE + N_BUYERS  # chip, appeal where eligible
DOUBLES: Final = WEIGHT + N_DOMESTIC

# Of ``s``. Set once:
H_SHARE: Final = PERF + N_ACCELERATORS  # buyer, share of H800 in NVIDIA purchases
MIX: Final = H_SHARE + N_BUYERS  # buyer, A100 a card of its NVIDIA purchases
SUBSTITUTE: Final = MIX + N_BUYERS  # chip, cards bought for each A100 of unmet need
# … carried from quarter to quarter:
LEFT: Final = SUBSTITUTE + N_DOMESTIC  # buyer, A100 pulled forward and not yet used up
FLEET: Final = LEFT + N_BUYERS  # buyer · accelerator, cards held
# … of the quarter at hand:
PILOT: Final = FLEET + N_BUYERS * N_ACCELERATORS  # buyer, cards to pilots
SHORT: Final = PILOT + N_BUYERS  # buyer, A100 unmet before substitution, u
FILLED_ALIBABA: Final = SHORT + N_BUYERS  # chip, share of appeal times fill, ω f, at the Alibabas
FILLED_OTHERS: Final = FILLED_ALIBABA + N_DOMESTIC  # the same at the other buyers
FILLED: Final = FILLED_OTHERS + N_DOMESTIC  # group of buyers (the Alibabas, the others), Σ_c ω f
REFUSED: Final = FILLED + 2  # group of buyers, Σ_c ω (1 − f)
HOME: Final = REFUSED + 2  # buyer, domestic cards delivered
COMPUTE: Final = HOME + N_BUYERS  # buyer, A100
# … flows of the quarter, and in the same order OF_YEAR rows on their sums over the year so far:
FLOWS: Final = COMPUTE + N_BUYERS
BOUGHT: Final = FLOWS  # buyer · accelerator, cards delivered
SPENT: Final = BOUGHT + N_BUYERS * N_ACCELERATORS  # buyer, bn RMB
MODULES: Final = SPENT + N_BUYERS  # buyer · speed, new optical modules
MODULE_SPENT: Final = MODULES + N_BUYERS * N_SPEEDS  # speed, million USD
EARNED: Final = MODULE_SPENT + N_SPEEDS  # the cloud's revenue, bn RMB
OF_YEAR: Final = EARNED + 1 - FLOWS
SINGLES: Final = FLOWS + 2 * OF_YEAR
