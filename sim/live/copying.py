"""The loops between what is drawn and what is summed up, each one call: no thread waits for another to let go of the GIL."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.kernels import bare_kernel, lane_kernel
from sim.lanes import WIDTH, rows, scratch, view
from sim.market.evaluate import N_INPUTS, buy, follow, start
from sim.market.rows import DOUBLES, SINGLES
from sim.market.spans import WIDTH_QUARTERLY, WIDTH_TIMELESS, WIDTH_YEARLY
from sim.market.years import end_year

_WIDTH = WIDTH_QUARTERLY + WIDTH_TIMELESS + WIDTH_YEARLY


class Places(NamedTuple):
    """Which of a quarter's, the timeless and a year's outcomes are wanted, and where their first ones go: int64[2, n] each.

    ``told``: the spared outputs among them, see :meth:`~sim.model.Model.told`.
    """

    quarterly: np.ndarray
    timeless: np.ndarray
    yearly: np.ndarray
    told: int


def places(cells: np.ndarray, quarters: int, told: int) -> Places:
    """Where ``cells`` of the market's come from, in their order; of an output, all quarters or years that it has.

    ``told``: the spared outputs among them.

    Raises
    ------
    ValueError: for cells that leave out a quarter or a year, or have them in another order.
    """
    years, start, found = (quarters + 3) // 4, 0, []
    rebuilt = np.full(len(cells), -1)
    for width, times in ((WIDTH_QUARTERLY, quarters), (WIDTH_TIMELESS, 1), (WIDTH_YEARLY, years)):
        stop = start + width * times
        first = np.flatnonzero((cells >= start) & (cells < stop) & ((cells - start) % times == 0))
        for k in range(times):
            rebuilt[np.minimum(first + k, len(cells) - 1)] = cells[first] + k
        found.append(np.stack([(cells[first] - start) // times, first]).astype(np.int64))
        start = stop
    if not np.array_equal(rebuilt, cells):
        raise ValueError("the cells leave out some quarters or years of an output; expected all, one after another")
    quarterly, timeless, yearly = found
    return Places(quarterly, timeless, yearly, told)


@bare_kernel
def evaluate_cells(columns: np.ndarray, which: np.ndarray, wanted: Places, found: np.ndarray, quarters: int) -> None:
    """Fill ``found`` [n, draws] with the market's outcomes that are ``wanted``, from columns of inputs.

    One call for a block of draws: one for each tile cost Python and the GIL as often. Outcomes of a quarter are written
    where those of the one before were, and the wanted are taken from there while they are in the first cache: 1,200 ns a
    draw of all 2,523 cells, then copied, are 1,030 here (Xeon, busy); the same bits.

    Parameters
    ----------
    columns: float64[columns, draws], a multiple of 16.
    which: column of each of the market's inputs.
    """
    for at in range(0, columns.shape[1], WIDTH):
        _sixteen(rows(columns, at), which, wanted, rows(found, at), quarters)


@lane_kernel
def _sixteen(columns: Any, which: Any, wanted: Any, found: Any, quarters: int) -> None:
    """As :func:`sim.market.evaluate.sixteen`, but for where outcomes go."""
    exact, x = scratch(N_INPUTS, columns), scratch(N_INPUTS, found)
    d, s, y = scratch(DOUBLES, columns), scratch(SINGLES, found), scratch(_WIDTH, found)
    for i in range(N_INPUTS):
        exact[i] = columns[which[i]]
        x[i] = exact[i]
    now, timeless = view(y, 0, 1), view(y, WIDTH_QUARTERLY, 1)
    year = view(y, WIDTH_QUARTERLY + WIDTH_TIMELESS, 1)
    start(exact, d, s, timeless)
    for k in range(wanted.timeless.shape[1]):
        found[wanted.timeless[1, k]] = timeless[wanted.timeless[0, k]]
    for q in range(quarters):
        buy(exact, x, d, s, now, q)
        follow(exact, x, d, s, now, wanted.told, q)
        for k in range(wanted.quarterly.shape[1]):
            found[wanted.quarterly[1, k] + q] = now[wanted.quarterly[0, k]]
        if q % 4 == 3 or q == quarters - 1:
            end_year(s, now, year, wanted.told)
            for k in range(wanted.yearly.shape[1]):
                found[wanted.yearly[1, k] + q // 4] = year[wanted.yearly[0, k]]


@bare_kernel
def subtract(mine: np.ndarray, first: int, base: np.ndarray, at: int, rows: np.ndarray) -> None:
    """Fill ``rows`` [n, draws] with ``mine`` less ``base`` in double, from row ``first`` of both and draw ``at`` of the base."""
    for i in range(rows.shape[0]):
        for d in range(rows.shape[1]):
            rows[i, d] = np.float64(mine[first + i, d]) - np.float64(base[first + i, at + d])
