"""The draws of a run once more, under any choice of inputs, for a few cells: what a question needs that sums do not tell.

Inputs are drawn as :func:`sim.run` draws them, tile by tile, so that draw d here is draw d there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sim import draw
from sim.batch import SAMPLERS, Recalled
from sim.inputs import dense
from sim.scalar import tile_kernel
from sim.threads import available_cores

# The market's outcomes of 64 draws lie in the second cache: 0.9 µs a draw, 2.6 µs at 256.
TILE = 64
_BLOCK = 1024


class Stream:
    """A run's draws: columns of all its scenarios, and the model's kernel on any of them.

    Parameters
    ----------
    run: what is drawn, of which model, with which seed and sampler.
    threads: all cores that this process may use unless given.

    Attributes
    ----------
    rows: int64[scenarios, inputs], the column that each of the model's inputs is under each scenario of the deck.
    draws: draws of the run.
    """

    def __init__(self, run: Recalled, threads: int | None = None) -> None:
        laid = dense(run.deck, run.model)
        self.model, self.rows, self.draws = run.model, laid.rows, run.settings.draws
        self._places = np.array(run.model.places)
        self._columns = len(laid.columns)
        self._threads = threads or available_cores()
        self._drawer = draw.prepare(
            laid.columns, laid.blocks, seed=run.settings.seed, sampler=SAMPLERS[run.settings.sampler]
        )
        self._call = tile_kernel(run.model)

    def one(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Draw ``number`` whole, under each scenario: float64[scenarios, inputs] and float64[scenarios, cells]."""
        first, at = number // draw.REPLICATES * draw.REPLICATES, number % draw.REPLICATES
        columns = np.empty((self._columns, draw.REPLICATES))
        self._drawer.fill(first, columns)
        inputs, outputs = [], []
        for rows in self.rows:
            tile = columns[rows]
            found = np.empty((self.model.height, draw.REPLICATES), self.model.dtype)
            self._call(tile, found)
            inputs.append(tile[:, at])
            outputs.append(found[self._places, at].astype(float))
        return np.array(inputs), np.array(outputs)

    def values(
        self, rows: np.ndarray, cells: np.ndarray, draws: int, progress: Callable[[int], Any] | None = None
    ) -> np.ndarray:
        """Outcomes of the first ``draws`` draws: [choices, cells, draws] in the model's precision.

        Parameters
        ----------
        rows: int64[choices, inputs], for each choice the column of each input.
        cells: int64[c], the cells asked for.
        draws: a multiple of 16.
        progress: told how many draws of all choices are done, in threads of their own.
        """
        found = np.empty((len(rows), len(cells), draws), self.model.dtype)
        places = self._places[cells]
        local = threading.local()

        def block(first: int) -> None:
            columns, inputs, outputs = self._rooms(local, min(_BLOCK, draws - first))
            self._drawer.fill(first, columns)
            for start in range(0, columns.shape[1], TILE):
                part = columns[:, start : start + TILE]
                count = part.shape[1]
                if count < TILE:  # kernels are compiled for rows one after the other
                    inputs, outputs = (np.empty((len(room), count), room.dtype) for room in (inputs, outputs))
                for k, chosen in enumerate(rows):
                    np.take(part, chosen, axis=0, out=inputs, mode="clip")
                    self._call(inputs, outputs)
                    found[k, :, first + start : first + start + count] = outputs[places]

        with ThreadPoolExecutor(self._threads, thread_name_prefix="suanli") as pool:
            done = 0
            for first, _ in zip(range(0, draws, _BLOCK), pool.map(block, range(0, draws, _BLOCK)), strict=True):
                done += (min(first + _BLOCK, draws) - first) * len(rows)
                if progress:
                    progress(done)
        return found

    def _rooms(self, local: Any, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One thread's columns of ``count`` draws, and inputs and outputs of a tile."""
        if getattr(local, "count", 0) != count:
            local.count = count
            local.rooms = (
                np.empty((self._columns, count)),
                np.empty((len(self.model.inputs), TILE)),
                np.empty((self.model.height, TILE), self.model.dtype),
            )
        return local.rooms
