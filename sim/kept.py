"""Draws kept one by one: inputs and outcomes of the first of them, as tiles come by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.inputs import Dense
from sim.model import Model


@dataclass
class Kept:
    """Draws kept one by one, filled in place as their tiles come by; shared by all threads, each writing its own part.

    Attributes
    ----------
    draws: how many of the first draws are kept.
    columns: float64[columns, draws], what was drawn; ``rows`` of :class:`~sim.inputs.Dense` tell whose input is which.
    outputs: by name, the output's rows of what is filled, and where they go, [scenarios, draws, cells] in the model's
        precision.
    """

    draws: int
    columns: np.ndarray
    outputs: dict[str, tuple[np.ndarray, np.ndarray]]

    @classmethod
    def of(cls, model: Model, dense: Dense, draws: int, names: Sequence[str]) -> Kept:
        """Room for the first ``draws`` draws of the outputs ``names``, and of all inputs."""
        rooms, places = {}, np.array(model.block_places)
        for name, cells in model.slices().items():
            if name in names:
                rows = places[cells]
                rooms[name] = (rows, np.empty((len(dense.rows), draws, len(rows)), model.dtype))
        return cls(draws, np.empty((len(dense.columns) if draws else 0, draws)), rooms)

    def trim(self, draws: int) -> None:
        """Let go of the room for more than ``draws`` draws: that was all."""
        if draws < self.draws:
            self.draws, self.columns = draws, self.columns[:, :draws]
            self.outputs = {name: (cells, room[:, :draws]) for name, (cells, room) in self.outputs.items()}

    def put_columns(self, first: int, columns: np.ndarray) -> None:
        """Keep what of ``columns``, float64[columns, n], is among the first draws."""
        count = min(self.draws - first, columns.shape[1])
        if count > 0:
            self.columns[:, first : first + count] = columns[:, :count]

    def put_outputs(self, scenario: int, first: int, outputs: np.ndarray) -> None:
        """Keep what of ``outputs``, [pieces, cells, width], is among the first draws."""
        pieces, _, width = outputs.shape
        for piece in range(min(pieces, -(-(self.draws - first) // width))):
            at = first + piece * width
            count = min(self.draws - at, width)
            for cells, room in self.outputs.values():
                room[scenario, at : at + count] = outputs[piece, cells, :count].T
