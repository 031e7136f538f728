"""A model under one scenario as a study runs it: tiles of two draws of its inputs, and the cells that are asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.inputs import Deck, dense
from sim.model import Model
from sim.scalar import tile_kernel
from sim.study.chunks import TILE
from sim.study.hybrid import Drawn, Masks, Pair, pair

PILOT = 1_024


@dataclass(frozen=True)
class Design:
    """What is run, made ready once by :meth:`of` and shared by all threads.

    Attributes
    ----------
    pair: two draws of the inputs.
    members: inputs of each player, rows of the model.
    model: what is run; ``kernel`` is its kernel, tile by tile.
    cells: int64[cells], those asked about.
    centre: float64[cells], about their means, subtracted before anything is squared.
    """

    pair: Pair
    members: tuple[tuple[int, ...], ...]
    model: Model
    kernel: Callable[[np.ndarray, np.ndarray], Any]
    cells: np.ndarray
    centre: np.ndarray

    @classmethod
    def of(
        cls, plan: tuple[Deck, Model], cells: np.ndarray, members: Sequence[Sequence[int]], seed: int, masks: Masks
    ) -> Design:
        """Get ready to run a model under the only scenario of a deck.

        Parameters
        ----------
        cells: int64[cells], those asked about.
        members: inputs of each player, rows of the model.
        seed: as of :func:`sim.run`; the first draws are those of a run.
        masks: sets of the players who share a correlated block that are drawn anew, given how many they are.
        """
        deck, model = plan
        two = pair(dense(deck, model), deck.streams.values(), members, seed, masks)
        bare = cls(two, tuple(map(tuple, members)), model, tile_kernel(model), cells, np.zeros(len(cells)))
        room = Room(bare, PILOT)
        with np.errstate(invalid="ignore", over="ignore"):
            centre = room.first(two.fill(0, PILOT)).mean(axis=1)
        return cls(two, bare.members, model, bare.kernel, cells, np.where(np.isfinite(centre), centre, 0.0))

    def tiles(self, first: int, last: int) -> Iterator[tuple[Drawn, Room]]:
        """The draws ``first`` to ``last``, tile by tile, each with a room to run the model in."""
        room = Room(self, min(TILE, last - first))
        while first < last:
            draws = min(TILE, last - first)
            if draws != room.draws:
                room = Room(self, draws)
            yield self.pair.fill(first, draws), room
            first += draws


class Room:
    """One thread's buffers for tiles of ``draws`` draws; arrays that methods return are overwritten by the next call."""

    def __init__(self, design: Design, draws: int) -> None:
        self._world, self.draws = design, draws
        self._places = np.array(design.model.places)[design.cells]
        self._inputs = np.empty((design.pair.inputs, draws))
        self._outputs = np.empty((design.model.height, draws), design.model.dtype)

    def first(self, drawn: Drawn) -> np.ndarray:
        """f(x), centred, float64[cells, T]: an array of its own."""
        return self.of(drawn.x)

    def anew(self, drawn: Drawn, players: Iterable[int]) -> np.ndarray:
        """f(x_-u, y_u), centred, float64[cells, T], an array of its own; u are the inputs of ``players``."""
        self._world.pair.swap(drawn, players, self._world.members, self._inputs)
        return self.of(self._inputs)

    def of(self, inputs: np.ndarray) -> np.ndarray:
        """The model's centred values at ``inputs``, float64[cells, T], an array of its own."""
        design = self._world
        design.kernel(np.ascontiguousarray(inputs), self._outputs)
        return self._outputs[self._places] - design.centre[:, None]
