"""The overrides between two scenarios as players of a game: what a subset of them is worth, run on the same draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import reduce
from sim.batch import Recalled
from sim.model import Model
from sim.study.cells import chosen
from sim.study.figures import Figure
from sim.study.stream import Stream

# Outcomes held at a time.
MEMORY = 256 << 20


@dataclass
class Game:
    """The overrides as players, and how to find what a coalition is worth.

    Attributes
    ----------
    overrides: positions of the inputs that differ; players: places among them of those that the output reads.
    """

    stream: Stream
    model: Model
    figure: Figure
    cells: np.ndarray
    kept: dict[str, list[Any]]
    output: str
    draws: int
    overrides: list[int]
    players: list[int]

    @classmethod
    def of(
        cls, run: Recalled, scenarios: tuple[str, str], where: tuple[str, Mapping[str, Any]], figure: Figure,
        draws: int, threads: int | None,
    ) -> Game:  # fmt: skip
        """The game of a run: base and scenario, output and labels, at most so many draws."""
        stream, model = Stream(run, threads), run.model
        cells, kept = chosen(model, *where)
        overrides = [int(j) for j in np.flatnonzero(stream.rows[0] != stream.rows[-1])]
        read = model.reads.get(where[0], model.inputs)
        players = [k for k, j in enumerate(overrides) if model.inputs[j] in read]
        draws = min(-(-draws // reduce.REPLICATES) * reduce.REPLICATES, stream.draws)
        return cls(stream, model, figure, cells, kept, where[0], draws, overrides, players)

    def worth(self, coalitions: Sequence[int], progress: Callable[[int], Any] | None) -> tuple[np.ndarray, np.ndarray]:
        """Figures of coalitions of players, given by their bits: float64[n, cells] and float64[n, cells, 16]."""
        room = len(self.cells) * self.draws * np.dtype(self.model.dtype).itemsize
        step = max(1, MEMORY // room)
        pooled, replicates = [], []
        for first in range(0, len(coalitions), step):
            part = coalitions[first : first + step]
            told = None if progress is None else (lambda done, f=first: progress(f * self.draws + done))
            values = self.stream.values(self._rows(part), self.cells, self.draws, told)
            for coalition in values:
                found = [self.figure.of(cell.astype(np.float64)) for cell in coalition]
                pooled.append([value for value, _ in found])
                replicates.append([each for _, each in found])
        return np.array(pooled), np.array(replicates)

    def _rows(self, coalitions: Sequence[int]) -> np.ndarray:
        rows = np.tile(self.stream.rows[0], (len(coalitions), 1))
        for k, player in enumerate(self.players):
            j = self.overrides[player]
            for row, coalition in zip(rows, coalitions, strict=True):
                if coalition >> k & 1:
                    row[j] = self.stream.rows[1][j]
        return rows
