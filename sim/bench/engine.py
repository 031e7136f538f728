"""The whole market model: draws a second of one thread, and the floor that the bare pieces make for it."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

import priors
from sim import market
from sim.bench.timer import Timing
from sim.run import run

SHORT, LONGEST = 1 << 14, 1 << 24


def market_rate(*, threads: int = 1, rounds: int = 3, seconds: float = 0.5) -> Timing:
    """Draws a second of one scenario, every cell sketched and summed; what a run takes to start and to end left out.

    It is more draws over the time that they take more: CPU time on one thread, what a person waits on several.

    Parameters
    ----------
    threads: as of :func:`sim.run`.
    rounds: how often two runs are compared.
    seconds: at least how much longer the longer one takes.
    """
    book = priors.load()
    _run(book, SHORT, threads)  # compiles, and loads tables
    least, draws = _run(book, SHORT, threads), 2 * SHORT
    while draws < LONGEST and _run(book, draws, threads) - least < seconds:
        draws *= 2
    rates = []
    for _ in range(rounds):
        short, long = _run(book, SHORT, threads), _run(book, draws, threads)
        rates.append((draws - SHORT) / max(long - short, 1e-9))
    return Timing.of(rates)


def _run(book: priors.Book, draws: int, threads: int) -> float:
    """Seconds of a run; on one thread its CPU time."""
    clock = time.process_time if threads == 1 else time.perf_counter
    start = clock()
    run(book, draws=draws, threads=threads, keep="none")
    return clock() - start


def pieces() -> dict[str, int]:
    """How many of each bare piece a draw of the market model takes; cells that are always the same are reduced once."""
    model, resolved = market.model(), priors.load().resolve()
    varying = sum(resolved[name].support[0] < resolved[name].support[1] for name in model.inputs)
    same = np.arange(model.cells) if model.same is None else np.asarray(model.same)
    where = model.slices()
    headline = [same[where[output.name]] for output in model.outputs if output.headline]
    differ, again = len(np.unique(same)), len(np.unique(np.concatenate(headline)))
    return {
        "coordinate": varying,
        "variate.pert": varying,
        "cell": model.cells,
        "moments": differ,
        "sketch": differ + again,  # headline cells are counted once more, for each replicate
    }


def floor(bare_ns: Mapping[str, float]) -> float:
    """Draws a second if each piece took no more than its bare limit, ns by the figure's name."""
    return 1e9 / sum(count * bare_ns[name] for name, count in pieces().items())
