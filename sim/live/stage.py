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
from sim.inputs import Dense
from sim.live.copying import evaluate_cells
from sim.live.state import UNNAMED, State, scenario_of, with_scenarios
from sim.model import Model

SEED = 0
KEPT = 65_536
FIRST = 4_096

STATE, BASE, DIFFERENCE = TRACKS = ("state", "base", "difference")
"""What is summed up: the state, what it is compared with, and the difference, of one output alone, which is on screen."""

# Draws that the kernel gets at a time: all its outcomes, 10 KB a draw, stay in the second cache, where the engine's 432
# draws do not, 900 ns a draw against 3,000 (Emerald Rapids). Blocks of draws are drawn, and summed up, together.
TILE, BLOCK = 64, 2_048
_PLANS, _BASES = 64, 6

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Plan:
    """A state laid out: its inputs' drawer, and which of what it draws each of the model's inputs is."""

    drawer: draw.Drawer
    dense: Dense


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
        book = with_scenarios(self.book, [scenario_of(state, self.book, UNNAMED)])
        dense = inputs.dense(inputs.deck(book, [UNNAMED], self.model), self.model)
        return Plan(draw.prepare(dense.columns, dense.blocks, seed=SEED, sampler=draw.Sobol()), dense)


class Room:
    """One thread's buffers: inputs and outcomes of a tile, and codes that wait to be counted, of each of :data:`TRACKS`."""

    def __init__(self, stage: Stage) -> None:
        model = stage.model
        self.dtype = model.dtype
        self._cells, self._quarters = np.array(model.block_places)[stage.cells], stage.quarters
        self._told = stage.shown.told(np.ones(stage.shown.cells, np.bool_))
        outputs = tiles.aligned((TILE // draw.REPLICATES, model.cells, draw.REPLICATES), model.dtype)
        self._tile = tiles.aligned((len(model.inputs), TILE), "float64"), outputs
        self._rows = tiles.aligned((len(stage.cells), BLOCK), model.dtype)
        self.waiting = {track: reduce.waiting_room(len(stage.cells)) for track in TRACKS}

    def outcomes(
        self, plan: Plan, first: int, last: int, take: Callable[[int, np.ndarray], Any], stopped: Callable[[], bool]
    ) -> None:
        """Run draws ``first`` to ``last`` of a plan; ``take`` gets each block's first draw and headline rows [cells, draws].

        They are a multiple of :data:`TILE`. The rows are the room's own, to be used up at once.

        Raises
        ------
        tiles.Stopped: as soon as ``stopped`` says so, looked at before each block, 3 ms.
        ValueError: for another number of draws.
        """
        if (last - first) % TILE:
            raise ValueError(f"found {last - first} draws, expected a multiple of {TILE}")
        for start in range(first, last, BLOCK):
            draws = min(BLOCK, last - start)
            columns = tiles.aligned((len(plan.dense.columns), draws), "float64")
            if stopped():
                raise tiles.Stopped
            plan.drawer.fill(start, columns)
            rows = self._rows if draws == BLOCK else tiles.aligned((len(self._cells), draws), self._rows.dtype.name)
            evaluate_cells(columns, plan.dense.rows[0], self._tile, self._cells, rows, self._quarters, self._told)
            take(start, rows)
