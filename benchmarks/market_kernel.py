"""The market model's kernel alone: nanoseconds a draw by the width of the tile, and seconds to compile.

    python benchmarks/market_kernel.py
    python benchmarks/market_kernel.py --scenario export_ban_strong_domestic --compile

CPU time of this thread, the least of many short rounds, so that a busy machine distorts it little. What is worked on is a
scenario's draws; the outputs begin on a line of the cache and, in the last column, 16 bytes after one.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable

import numpy as np

import priors

WIDTHS = (16, 48, 96, 112, 128, 144, 256)
LINE = 64
ROUNDS = 60


def room(rows: int, draws: int, offset: int) -> np.ndarray:
    """float32[rows, draws] that begins ``offset`` bytes after a line of the cache."""
    count = rows * draws * 4
    raw = np.zeros(count + 2 * LINE, np.uint8)
    start = -raw.ctypes.data % LINE + offset
    return raw[start : start + count].view(np.float32).reshape(rows, draws)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", default="baseline")
    parser.add_argument("--compile", action="store_true", help="with an empty cache of kernels, and tell the seconds")
    wanted = parser.parse_args()
    if wanted.compile:
        os.environ["SUANLI_CACHE_DIR"] = tempfile.mkdtemp()
    from sim import draw, inputs, market  # only now, since the cache's folder is found at import

    model = market.model()
    laid = inputs.dense(inputs.deck(priors.load(), [wanted.scenario], model), model)
    drawer = draw.prepare(laid.columns, laid.blocks, seed=0, sampler=draw.Sobol())
    columns = np.empty((len(laid.columns), max(WIDTHS)))
    drawer.fill(0, columns)
    if wanted.compile:
        start = time.process_time()
        market.evaluate(np.ascontiguousarray(columns[laid.rows[0], :16]), room(model.cells, 16, 0), 12)
        print(f"compiled in {time.process_time() - start:.1f} s of CPU time")
    for width in WIDTHS:
        tile = np.ascontiguousarray(columns[laid.rows[0], :width])
        figures = [least(market.evaluate, tile, room(model.cells, width, offset)) for offset in (0, 16)]
        print(f"T = {width:4}: {figures[0]:6.0f} ns a draw, {figures[1]:6.0f} off the lines")


def least(kernel: Callable[..., None], tile: np.ndarray, outputs: np.ndarray) -> float:
    """Ns a draw of the fastest round."""
    kernel(tile, outputs, 12)
    found = []
    for _ in range(ROUNDS):
        start = time.thread_time_ns()
        for _ in range(4):
            kernel(tile, outputs, 12)
        found.append((time.thread_time_ns() - start) / 4 / tile.shape[1])
    return min(found)


if __name__ == "__main__":
    main()
