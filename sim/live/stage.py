"""What all pages of a server share: the book, the model, states laid out, and outcomes to compare with.

A move costs no set-up that an earlier one has paid for: kernels stay compiled, a state that comes again stays laid out, and
the headline outcomes of a state that is compared with are kept draw by draw, 38 MB each, so that a move runs one scenario,
not two.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

import priors
from sim import draw, inputs, market, reduce, tiles
from sim.live.copying import Wanted, evaluate_cells
from sim.live.state import UNNAMED, State, scenario_of, with_scenarios
from sim.model import Model
from sim.rooms import aligned

SEED = 0
KEPT = 65_536
FIRST = 4_096

STATE, BASE, DIFFERENCE = TRACKS = ("state", "base", "difference")
"""What is summed up: the state, what it is compared with, and the difference, of one output alone, which is on screen."""

# Draws that are drawn and summed up together: their inputs and headline outcomes, 1.4 KB a draw, stay in the second cache.
# The kernel gets a tile of them at a time, whose outcomes stay there too.
TILE, BLOCK = draw.REPLICATES, 1_024
_PLANS, _BASES = 64, 6

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Plan:
    """A state laid out.

    Attributes
    ----------
    drawers: each with the number of its columns, which lie one after the other.
    which: int64[inputs], the column of each of the model's inputs.
    """

    drawers: tuple[tuple[draw.Drawer, int], ...]
    which: np.ndarray

    @property
    def columns(self) -> int:
        """Number of columns of all drawers."""
        return sum(number for _, number in self.drawers)

    def fill(self, first: int, columns: np.ndarray) -> None:
        """Fill ``columns``, float64[columns, draws], from draw ``first`` on."""
        at = 0
        for drawer, number in self.drawers:
            drawer.fill(first, columns[at : at + number])
            at += number


@dataclass(frozen=True, eq=False)
class Root:
    """A scenario of the book laid out, which states on top of it share, and the correlated blocks of its streams."""

    plan: Plan
    blocks: tuple[draw.Block, ...]


@dataclass(frozen=True, eq=False)
class Base:
    """A state to compare with.

    Attributes
    ----------
    plan: the state laid out.
    outcomes: float32[cells, :data:`KEPT`], its headline outcomes, the first draws.
    summaries: what they come to, by the number of draws: :data:`FIRST` and :data:`KEPT`.
    """

    plan: Plan
    outcomes: np.ndarray
    summaries: Mapping[int, reduce.Summary]


class Recent(Generic[Value]):
    """The last few values made, by key; for any number of threads. Two that ask at once for the same may both make it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Any, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any, make: Callable[[], Value]) -> Value:
        """The value of ``key``, made now unless it is there."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made


class Stage:
    """The book and the model, made ready.

    Parameters
    ----------
    book: what is believed.
    quarters: the horizon.

    Attributes
    ----------
    model: the market; shown: the same with its headline outputs alone.
    cells: int64[headline cells], their places among the model's.
    outputs: places of each headline output's cells among these, by name.
    wanted: the same cells as the kernel needs them.
    """

    def __init__(self, book: priors.Book, quarters: int = 12) -> None:
        self.book = book
        self.quarters = quarters
        self.model = market.model(quarters)
        headline = [output for output in self.model.outputs if output.headline]
        slices = self.model.slices()
        self.cells = np.concatenate([np.arange(slices[o.name].start, slices[o.name].stop) for o in headline])
        self.shown: Model = self.model.only([output.name for output in headline])
        self.outputs: Mapping[str, slice] = self.shown.slices()
        told = self.shown.told(np.ones(len(self.cells), np.bool_))
        self.wanted = Wanted(np.array(self.model.block_places)[self.cells], told, quarters)
        self._row = {name: row for row, name in enumerate(self.model.inputs)}
        self._roots: Recent[Root] = Recent(_PLANS)
        self._plans: Recent[Plan] = Recent(_PLANS)
        self._bases: Recent[Base] = Recent(_BASES)

    def plan(self, state: State) -> Plan:
        """The state laid out.

        Raises
        ------
        Refused: for a state that the book cannot have.
        """
        return self._plans.get(state, lambda: self._laid_out(state))

    def base(self, state: State, make: Callable[[Plan], Base]) -> Base:
        """A state to compare with; ``make`` runs what is not there.

        Raises
        ------
        Refused: for a state that the book cannot have.
        """
        return self._bases.get(state, lambda: make(self.plan(state)))

    def _laid_out(self, state: State) -> Plan:
        """The state's scenario, and what was moved in columns of its own: 1 ms, where laying out all 91 takes 5."""
        book = with_scenarios(self.book, [scenario_of(state, self.book, UNNAMED)])
        root = self._roots.get(state.scenario, lambda: self._root(state.scenario))
        resolved, which, columns = book.resolve(UNNAMED), root.plan.which.copy(), list[draw.Column]()
        for name, _ in state.changes:
            if name in self._row:
                which[self._row[name]] = root.plan.columns + len(columns)
                columns.append(inputs.column(book.quantities[name].stream, resolved[name]))
        if not columns:
            return root.plan
        moved = draw.prepare(columns, root.blocks, seed=SEED, sampler=draw.Sobol())
        return Plan((*root.plan.drawers, (moved, len(columns))), which)

    def _root(self, scenario: str) -> Root:
        dense = inputs.dense(inputs.deck(self.book, [scenario], self.model), self.model)
        drawer = draw.prepare(dense.columns, dense.blocks, seed=SEED, sampler=draw.Sobol())
        return Root(Plan(((drawer, len(dense.columns)),), dense.rows[0]), dense.blocks)


class Room:
    """One thread's buffers: inputs and outcomes of a block, and codes that wait to be counted, of each of :data:`TRACKS`."""

    def __init__(self, stage: Stage) -> None:
        model = stage.model
        self.dtype = model.dtype
        self._wanted = stage.wanted
        outputs = aligned((TILE // draw.REPLICATES, model.height, draw.REPLICATES), model.dtype)
        self._tile = aligned((len(model.inputs), TILE), "float64"), outputs
        self._columns = aligned((2 * len(model.inputs), BLOCK), "float64")  # the scenario's, and all moved
        self._rows = aligned((len(stage.cells), BLOCK), model.dtype)
        self.waiting = {track: reduce.waiting_room(len(stage.cells)) for track in TRACKS}

    def outcomes(
        self, plan: Plan, first: int, last: int, take: Callable[[int, np.ndarray], Any], stopped: Callable[[], bool]
    ) -> None:
        """Run draws ``first`` to ``last`` of a plan; ``take`` gets each block's first draw and headline rows [cells, draws].

        They are a multiple of 16. The rows are the room's own, to be used up at once.

        Raises
        ------
        tiles.Stopped: as soon as ``stopped`` says so, looked at before each block, 1 ms.
        """
        for start in range(first, last, BLOCK):
            draws = min(BLOCK, last - start)
            columns, rows = self._columns[: plan.columns], self._rows
            if draws < BLOCK:
                columns, rows = (aligned((len(each), draws), each.dtype.name) for each in (columns, rows))
            if stopped():
                raise tiles.Stopped
            plan.fill(start, columns)
            evaluate_cells(columns, plan.which, self._tile, self._wanted, rows)
            take(start, rows)
