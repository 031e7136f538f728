"""A model under one scenario as a study runs it: tiles of two draws of its inputs, and the cells that are asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.draw import REPLICATES
from sim.inputs import Deck, dense
from sim.kernels import bare_kernel
from sim.model import Model
from sim.rooms import aligned
from sim.scalar import block_kernel, tile_kernel
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
    model: what is run; ``kernel`` is its kernel, and fills [pieces, rows, width]: blocks of 16 draws, or one tile.
    rows: int64[cells], rows of what the kernel fills that are asked about.
    read: for each player int64[n], the cells that its inputs may change.
    centre: float64[cells], about the cells' means, subtracted before anything is squared.
    """

    pair: Pair
    members: tuple[tuple[int, ...], ...]
    model: Model
    kernel: Callable[[np.ndarray, np.ndarray], Any]
    rows: np.ndarray
    read: tuple[np.ndarray, ...]
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
        held = tuple(map(tuple, members))
        bare = cls(
            two,
            held,
            model,
            _kernel(model, cells),
            np.array(model.block_places)[cells],
            _read(model, cells, held),
            np.zeros(len(cells)),
        )
        room = Room(bare, PILOT)
        with np.errstate(invalid="ignore", over="ignore"):
            centre = room.of(two.fill(0, PILOT).x).mean(axis=1)
        return replace(bare, centre=np.where(np.isfinite(centre), centre, 0.0))

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
    """One thread's buffers for tiles of ``draws`` draws.

    Attributes
    ----------
    draws: how many, a multiple of 16.
    outputs: what the kernel filled last, [pieces, rows, width], draw after draw in pieces of ``width``.
    """

    def __init__(self, design: Design, draws: int) -> None:
        self._design, self.draws = design, draws
        width = draws if design.model.blocks is None else REPLICATES
        self._inputs = aligned((design.pair.inputs, draws), "float64")
        self.outputs = aligned((draws // width, design.model.height, width), design.model.dtype)

    def of(self, inputs: np.ndarray) -> np.ndarray:
        """The model's centred values at ``inputs``, float64[cells, T], an array of its own."""
        self._inputs[:] = inputs
        return self._run()

    def anew(self, drawn: Drawn, players: Iterable[int]) -> np.ndarray:
        """f(x_-u, y_u), centred, float64[cells, T], an array of its own; u are the inputs of ``players``."""
        self._design.pair.swap(drawn, players, self._design.members, self._inputs)
        return self._run()

    def one_anew(self, drawn: Drawn, player: int) -> None:
        """Fill ``outputs`` with f(x_-g, y_g), g the inputs of ``player``; the inputs looked at before are ``drawn.x``."""
        changed = self._design.pair.swap_in(drawn, player, self._design.members, self._inputs)
        self._design.kernel(self._inputs, self.outputs)
        self._inputs[changed] = drawn.x[changed]

    def _run(self) -> np.ndarray:
        design = self._design
        design.kernel(self._inputs, self.outputs)
        values = np.empty((len(design.rows), self.draws))
        centred(self.outputs, design.rows, design.centre, values)
        return values


@bare_kernel
def centred(outputs: np.ndarray, rows: np.ndarray, centre: np.ndarray, values: np.ndarray) -> None:
    """Fill ``values``, float64[cells, T], with the ``rows`` of ``outputs``, less their centres."""
    width = np.uint64(outputs.shape[2])
    for c in range(len(rows)):
        for piece in range(np.uint64(outputs.shape[0])):
            for d in range(width):
                values[c, piece * width + d] = np.float64(outputs[piece, rows[c], d]) - centre[c]


def _kernel(model: Model, cells: np.ndarray) -> Callable[[np.ndarray, np.ndarray], Any]:
    """The model's kernel for outputs [pieces, rows, width], by blocks where it has such; ``cells`` alone need be right."""
    call = block_kernel(model)
    if call is not None:
        wanted = np.zeros(model.cells, np.bool_)
        wanted[cells] = True
        told = model.told(wanted)
        return lambda inputs, outputs: call(inputs, outputs, told)
    rows = tile_kernel(model)
    return lambda inputs, outputs: rows(inputs, outputs[0])


def _read(model: Model, cells: np.ndarray, members: Sequence[Sequence[int]]) -> tuple[np.ndarray, ...]:
    """For each player, which of ``cells`` follow from one of its inputs, as the model tells, int64[n]."""
    row = {name: i for i, name in enumerate(model.inputs)}
    table = np.zeros((len(model.inputs), model.cells), np.bool_)
    for name, where in model.slices().items():
        table[[row[each] for each in model.reads.get(name, model.inputs)], where] = True
    return tuple(np.flatnonzero(table[list(rows)][:, cells].any(axis=0)) for rows in members)
