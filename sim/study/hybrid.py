"""Two independent draws of all inputs, and draws made of both: some inputs of the one, the others of the other.

x is one draw of all inputs, of the built-in book what a run of the same seed draws. y_u is the inputs u drawn anew given
those of x that stay, so that (x_-u, y_u) has the law of x, correlated inputs by :mod:`sim.study.conditional`. With f the
model,

    ½ E(f(x) − f(x_-u, y_u))² = E Var(f | x_-u),

which all variance-based indices are made of (Saltelli, Comput. Phys. Commun. 145 (2002) 280; Kucherenko, Tarantola,
Annoni, Comput. Phys. Commun. 183 (2012) 937 for correlated inputs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim import draw
from sim.inputs import Dense
from sim.study.conditional import redrawn
from sim.study.orders import MOST

Masks = Callable[[int], Sequence[int]]
"""How many players share a block -> sets of them, as bits, that are drawn anew; none and all of them are always there."""


@dataclass(frozen=True)
class Knot:
    """A block of correlated inputs.

    Attributes
    ----------
    rows: the model's inputs in it that vary, in the block's order.
    block: their streams and correlations, together with members that do not vary.
    places: where in the block ``rows`` are.
    owners: the player that each of ``rows`` belongs to, as positions in ``players``.
    players: numbers of the players that have a part in it.
    """

    rows: tuple[int, ...]
    block: draw.Block
    places: tuple[int, ...]
    owners: tuple[int, ...]
    players: tuple[int, ...]

    def taken(self, mask: int) -> list[int]:
        """Which of ``rows`` (positions) belong to the players whose bits are in ``mask``."""
        return [i for i, owner in enumerate(self.owners) if mask >> owner & 1]


@dataclass(frozen=True)
class Drawn:
    """A tile of draws.

    Attributes
    ----------
    x, y: float64[inputs, T], the draws, and all inputs drawn anew.
    given: for each knot, by mask of its players, float64[members, T]: those of the mask drawn anew given the others,
        none and all of them, and what was asked for. Rows of other members are those of ``x``.
    """

    x: np.ndarray
    y: np.ndarray
    given: tuple[dict[int, np.ndarray], ...]


class Pair:
    """Fills :class:`Drawn`; made by :func:`pair`. Immutable, so any number of threads may share it."""

    def __init__(
        self, inputs: int, base: draw.Drawer, knots: Sequence[Knot], laws: Sequence[Mapping[int, draw.Drawer]]
    ) -> None:
        self.inputs, self._base, self._laws = inputs, base, laws
        self.knots = tuple(knots)

    def fill(self, first: int, draws: int) -> Drawn:
        """Draws ``first`` to ``first + draws``, both multiples of 16."""
        both = np.empty((2 * self.inputs, draws))
        self._base.fill(first, both)
        x, y = both[: self.inputs], both[self.inputs :]
        given = []
        for knot, laws in zip(self.knots, self._laws, strict=True):
            found = {0: x[list(knot.rows)], (1 << len(knot.players)) - 1: y[list(knot.rows)]}
            for mask, law in laws.items():
                taken = knot.taken(mask)
                fresh = np.empty((len(taken), draws))
                law.fill(first, fresh)
                found[mask] = x[list(knot.rows)]
                found[mask][taken] = fresh
            given.append(found)
        return Drawn(x, y, tuple(given))

    def swap(self, drawn: Drawn, players: Iterable[int], members: Sequence[Sequence[int]], out: np.ndarray) -> None:
        """Fill ``out``, float64[inputs, T], with ``x`` but for the inputs of ``players``, drawn anew.

        ``members`` are the inputs of each player.
        """
        out[:] = drawn.x
        chosen = set(players)
        for player in chosen:
            rows = list(members[player])
            out[rows] = drawn.y[rows]
        for knot, given in zip(self.knots, drawn.given, strict=True):
            mask = sum(1 << i for i, player in enumerate(knot.players) if player in chosen)
            out[list(knot.rows)] = given[mask]

    def swap_in(self, drawn: Drawn, player: int, members: Sequence[Sequence[int]], held: np.ndarray) -> list[int]:
        """Put the inputs of ``player``, drawn anew, into ``held``, which is ``x``; the rows that are another's now."""
        changed = list(members[player])
        held[changed] = drawn.y[changed]
        for knot, given in zip(self.knots, drawn.given, strict=True):
            if player in knot.players:
                held[list(knot.rows)] = given[1 << knot.players.index(player)]
                changed += knot.rows
        return changed


def pair(laid: Dense, streams: Iterable[int], players: Sequence[Sequence[int]], seed: int, masks: Masks) -> Pair:
    """Prepare two draws of the inputs of ``laid``'s first scenario.

    The book's n streams take Sobol's first n dimensions in their order, and its next n for the second draw: low
    dimensions are the best, and a design needs twice as many as a run. The built-in book's own numbers are 1 to n.

    Parameters
    ----------
    laid: one scenario, as the engine has it.
    streams: all of the book's.
    players: inputs by player, rows of the model; inputs that no player has stay as they are.
    seed: as of :func:`sim.run`.
    masks: sets of players that are drawn anew.

    Raises
    ------
    ValueError: if more than 62 players share a correlated block.
    """
    place = {stream: i for i, stream in enumerate(sorted(set(streams)), 1)}
    blocks = [replace(block, streams=tuple(place[s] for s in block.streams)) for block in laid.blocks]
    columns = [laid.columns[j] for j in laid.rows[0]]
    first = [column if column.shape is None else replace(column, stream=place[column.stream]) for column in columns]
    held = {row for player in players for row in player}
    second = [
        replace(column, stream=column.stream + len(place)) if row in held and column.shape is not None else column
        for row, column in enumerate(first)
    ]
    knots = [knot for block in blocks if (knot := _knot(block, first, players)) is not None]
    laws = [{mask: _law(knot, second, mask, seed) for mask in masks(len(knot.players))} for knot in knots]
    whole = [_redrawn(knot, second, -1) for knot in knots]
    drawer = draw.prepare([*first, *second], _with(blocks, whole), seed=seed, sampler=draw.Sobol())
    return Pair(len(first), drawer, knots, laws)


def _with(blocks: Sequence[draw.Block], anew: Sequence[draw.Block]) -> list[draw.Block]:
    """``anew``, and those of ``blocks`` that none of them holds."""
    held = {stream for block in anew for stream in block.streams}
    return [*anew, *(block for block in blocks if held.isdisjoint(block.streams))]


def _knot(block: draw.Block, columns: Sequence[draw.Column], players: Sequence[Sequence[int]]) -> Knot | None:
    """The block as the players share it; None where none of them has an input in it."""
    player_of = {row: number for number, rows in enumerate(players) for row in rows}
    row_of = {columns[row].stream: row for row in player_of if columns[row].shape is not None}
    places = tuple(i for i, stream in enumerate(block.streams) if stream in row_of)
    if not places:
        return None
    rows = tuple(row_of[block.streams[i]] for i in places)
    sharing = tuple(sorted({player_of[row] for row in rows}))
    if len(sharing) > MOST:
        raise ValueError(
            f"a correlated block of {len(rows)} inputs is shared by {len(sharing)} players, expected at most "
            f'{MOST}; ask for groups that hold more of it together, such as by="basis"'
        )
    owners = tuple(sharing.index(player_of[row]) for row in rows)
    return Knot(rows, block, places, owners, sharing)


def _law(knot: Knot, second: Sequence[draw.Column], mask: int, seed: int) -> draw.Drawer:
    """Draws of the knot's inputs in ``mask``, given its others."""
    fresh = [second[knot.rows[i]] for i in knot.taken(mask)]
    return draw.prepare(fresh, [_redrawn(knot, second, mask)], seed=seed, sampler=draw.Sobol())


def _redrawn(knot: Knot, second: Sequence[draw.Column], mask: int) -> draw.Block:
    """The knot's block with its inputs in ``mask`` once more, given its others."""
    taken = knot.taken(mask)
    given = [place for i, place in enumerate(knot.places) if i not in taken]
    drawn = [knot.places[i] for i in taken]
    return redrawn(knot.block, drawn, given, [second[knot.rows[i]].stream for i in taken])
