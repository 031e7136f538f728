"""A job over chunks of draws on some threads, its sums added up in the order of the chunks: bits without threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.threads import available_cores, in_order

CHUNK = 480
TILE = 96
"""Draws whose sums run in one go, and that the model works on at a time: both part of what fixes the bits.

The market's outcomes of 96 draws fit into the second cache, and no row begins where another one of it does, as those of a
power of two would. A tile has an even number of points, which random orders pair.
"""


def total(
    job: Callable[[int, int], Sequence[np.ndarray]],
    draws: int,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> list[np.ndarray]:
    """Sums over all chunks of the arrays that ``job(first, last)`` returns for the draws ``first`` to ``last``.

    Parameters
    ----------
    job: called in several threads at once.
    draws: how many in all, a multiple of 16.
    threads: all cores that this process may use unless given.
    progress: told the number of draws done so far, in this thread.
    """
    starts = range(0, draws, CHUNK)
    workers = min(threads or available_cores(), len(starts))
    found: list[np.ndarray] = []
    with ThreadPoolExecutor(workers, thread_name_prefix="suanli") as pool:
        try:
            done = in_order(pool, lambda first: job(first, min(first + CHUNK, draws)), starts, 2 * workers)
            for first, parts in zip(starts, done, strict=True):
                if found:
                    for sums, part in zip(found, parts, strict=True):
                        sums += part
                else:
                    found = list(parts)
                if progress:
                    progress(min(first + CHUNK, draws))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found
