"""One page's side of the server: the newest move wins, and is answered again and again, each time by more draws."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sim.live import figures
from sim.live.comparison import Comparison, Leaf, base_of
from sim.live.crew import Crew, Turn
from sim.live.stage import FIRST, KEPT, Room, Stage
from sim.live.state import Refused, View
from sim.tiles import Stopped

MOST = 1 << 22
STEPS = tuple(KEPT << k for k in range((MOST // KEPT).bit_length()))
"""Numbers of draws that a move is answered by: 65,536 and on, doubling, to 4,194,304."""

SLOW = 1.0
"""Seconds that the answer before took to 65,536 draws, from which on 4,096 are told first: a slow machine, or a busy one."""

PAUSE = 0.15
"""Seconds that the crew leaves to the page, to draw what it was told, and to a hand that is moving on, before it sharpens."""

T = TypeVar("T")


async def warm(stage: Stage, crew: Crew[Room]) -> None:
    """Answer a first move to nobody: what is compiled or loaded once is so before anyone waits for it."""

    async def nobody(text: str) -> None:
        """Take no notice."""

    session = Session(stage, crew, nobody, STEPS[:1])
    session.move(Move(0, View(), next(iter(stage.outputs))))
    await session.done()


@dataclass(frozen=True)
class Move:
    """What a page asks for: its number, which answers carry, the view, and the output whose difference is on screen."""

    number: int
    view: View
    paired: str


class Session:
    """Answers the moves of one page.

    Parameters
    ----------
    stage, crew: shared by all pages.
    send: takes an answer's text; awaited, so that a page that does not read is not written to without end.
    steps: numbers of draws, :data:`STEPS` unless given.
    """

    def __init__(
        self,
        stage: Stage,
        crew: Crew[Room],
        send: Callable[[str], Awaitable[Any]],
        steps: tuple[int, ...] = STEPS,
    ) -> None:
        self._stage, self._crew, self._send, self._steps = stage, crew, send, steps
        self._stop, self._took = threading.Event(), 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    def move(self, move: Move) -> None:
        """Answer a move from now on; the one before is let go of."""
        self.rest()
        self._stop = threading.Event()
        task = asyncio.ensure_future(self._answered(move, self._stop))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def rest(self) -> None:
        """Let go of what is under way."""
        self._stop.set()

    async def done(self) -> None:
        """Wait until nothing is under way."""
        await asyncio.gather(*self._tasks)

    async def _answered(self, move: Move, stop: threading.Event) -> None:
        first = _Awaited(self._crew)
        try:
            await self._sharpened(move, stop, first)
        except Stopped:
            return
        except Refused as error:
            await self._tell(stop, {"move": move.number, "refused": str(error), "quantity": error.quantity})
        except Exception as error:
            if not stop.is_set():
                await self._tell(stop, {"move": move.number, "failed": f"{type(error).__name__}: {error}"[:300]})
        finally:
            first.over()

    async def _sharpened(self, move: Move, stop: threading.Event, first: _Awaited) -> None:
        """Answer by each of the steps in turn; up to :data:`KEPT` they are begun together, as a few draws keep few busy."""
        start, turn = time.perf_counter(), self._crew.turn()
        few, many = await _done(turn.submit(0, partial(self._laid_out, move, stop, turn)))
        steps = self._steps if self._took < SLOW else (FIRST, *(step for step in self._steps if step > FIRST))
        runs = [few if draws < KEPT else many for draws in steps]
        begun = {draws: run.begin(draws, 0) for draws, run in zip(steps, runs, strict=True) if draws <= KEPT}
        for draws, run in zip(steps, runs, strict=True):
            if stop.is_set():
                return
            urgency = self._urgency(draws)
            jobs = begun.pop(draws, None) or run.begin(draws, urgency)
            leaves = await asyncio.gather(*map(_done, jobs))
            text = await _done(turn.submit(urgency, partial(self._worded, move, run, draws, leaves, start)))
            if draws == KEPT:
                self._took = time.perf_counter() - start
            if stop.is_set():
                return
            await self._send(text)
            if draws == KEPT and draws != steps[-1]:
                first.over()
                await asyncio.sleep(PAUSE)
                while self._crew.awaited and not stop.is_set():
                    await asyncio.sleep(PAUSE / 4)

    @staticmethod
    def _urgency(draws: int) -> int:
        """0 up to :data:`KEPT` draws, whichever pages are told fewer first; then one more at each doubling."""
        return (-(-draws // KEPT) - 1).bit_length()

    def _laid_out(
        self, move: Move, stop: threading.Event, turn: Turn[Room], room: Room
    ) -> tuple[Comparison, Comparison]:
        stage, view = self._stage, move.view
        if stop.is_set():
            raise Stopped
        base = stage.base(view.against, lambda plan: base_of(plan, room))
        sides = stage.plan(view.state), base
        few, many = (Comparison(stage, turn, sides, move.paired, stop) for _ in range(2))
        return few, many

    def _worded(
        self, move: Move, comparison: Comparison, draws: int, leaves: list[Leaf], start: float, room: Room
    ) -> str:
        found = figures.figures(comparison.end(draws, leaves))
        seconds = round(time.perf_counter() - start, 4)
        return figures.together({"move": move.number, "seconds": seconds, "done": draws >= self._steps[-1]}, found)

    async def _tell(self, stop: threading.Event, content: dict[str, Any]) -> None:
        if not stop.is_set():
            await self._send(figures.encoded(content))


class _Awaited:
    """A first answer that a page waits for; others' sharpening waits for it to be over."""

    def __init__(self, crew: Crew[Room]) -> None:
        self._crew, self._over = crew, False
        crew.awaited += 1

    def over(self) -> None:
        """It was sent, or there is none."""
        if not self._over:
            self._over = True
            self._crew.awaited -= 1


async def _done(job: Future[T]) -> T:
    """What a job of the crew comes to."""
    return await asyncio.wrap_future(job)
