"""Which rows of the outputs always repeat another row, or are always zero: what is summed up need not be summed twice.

Told from the equations: nobody buys A100 or V100 any more, the PPU is on offer to the Alibabas alone, 360 takes no H800
and no reference architecture, the firm order of Q04.8 is A800 alone. What sums the same terms in the same order is the
same, so a fleet without a stock is at first what was bought, and at the year's end the year's purchases.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from sim.market.names import (
    A100,
    A800,
    ALIBABA_CLOUD,
    ALIBABA_GROUP,
    BAIDU,
    H800,
    N_ACCELERATORS,
    PPU,
    QIHOO360,
    SPEED_100,
    SPEED_200,
    SPEED_400,
    V100,
)
from sim.market.outputs import OUTPUTS
from sim.market.spans import SIZES

Rows = npt.NDArray[np.int64]

ZERO = -1


def copies(quarters: int) -> Rows:
    """For each row of the outputs over ``quarters``, the first row that has the same bits in every draw.

    Returns
    -------
    int64[cells]: a row's own number where it repeats none before it, :data:`ZERO` where it is 0 in every draw.
    """
    same, of = _rows(quarters)
    _always_zero(of)
    _sums(of, quarters)
    last = [min(4 * k + 3, quarters - 1) for k in range((quarters + 3) // 4)]
    of["compute_year_end"][:] = of["compute"][:, last]
    of["inference_load_year_end"][:] = of["inference_load"][:, last]
    return same


def _rows(quarters: int) -> tuple[Rows, dict[str, Rows]]:
    """All rows' numbers, int64[cells], and views of them by output, each of its own shape."""
    sizes = SIZES | {"quarter": quarters, "year": (quarters + 3) // 4}
    shapes = {output.name: tuple(sizes[dim] for dim in output.dims) for output in OUTPUTS}
    same = np.arange(sum(math.prod(shape) for shape in shapes.values()))
    found, start = {}, 0
    for name, shape in shapes.items():
        stop = start + math.prod(shape)
        found[name] = same[start:stop].reshape(shape)
        start = stop
    return same, found


def _always_zero(of: dict[str, Rows]) -> None:
    purchases, modules = of["purchases"], of["optical_modules"]
    purchases[:, [V100, A100]] = ZERO
    purchases[BAIDU:, PPU] = ZERO
    purchases[QIHOO360, H800] = ZERO
    purchases[BAIDU, [a for a in range(N_ACCELERATORS) if a != A800], 0] = ZERO  # the firm order
    of["domestic_share"][BAIDU, 0] = of["unmet"][BAIDU, 0] = ZERO
    modules[BAIDU, [SPEED_100, SPEED_400], 0] = ZERO
    modules[:BAIDU, SPEED_200] = ZERO
    modules[QIHOO360, SPEED_400] = ZERO


def _has_stock(b: int, a: int) -> bool:
    return (a == A100 and b != QIHOO360) or (a == V100 and b in (ALIBABA_CLOUD, ALIBABA_GROUP))


def _sums(of: dict[str, Rows], quarters: int) -> None:
    """Fleets and sums over years, buyers and accelerators: each is told by its terms that are not zero."""
    known: dict[tuple[int, ...], int] = {}

    def put(total: Rows, at: tuple[int, ...], terms: Iterable[int]) -> None:
        """Let ``total[at]`` be the sum of ``terms``, rows in the order in which they are added."""
        some = tuple(int(term) for term in terms if term != ZERO)
        total[at] = known.setdefault(some, int(total[at])) if len(some) > 1 else (some or (ZERO,))[0]

    purchases, fleet = of["purchases"], of["fleet"]
    for b, a, q in np.ndindex(fleet.shape):
        before = fleet[b, a, 0] if _has_stock(b, a) else purchases[b, a, 0]
        put(fleet, (b, a, q), (before, *purchases[b, a, 1 : q + 1]))
    for name in ("purchases", "optical_modules", "spend", "cloud_revenue"):
        by_year = of[f"{name}_year"]
        for *which, k in np.ndindex(by_year.shape):
            put(by_year, (*which, k), of[name][(*which, slice(4 * k, 4 * k + 4))])
    for name in ("purchases", "optical_modules", "spend"):
        by_year, market = of[f"{name}_year"], of[f"market_{name}_year"]
        for at in np.ndindex(market.shape):
            put(market, at, by_year[(slice(None), *at)])
    for b, k in np.ndindex(of["buyer_purchases_year"].shape):
        put(of["buyer_purchases_year"], (b, k), of["purchases_year"][b, :, k])
