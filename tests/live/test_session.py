"""The newest move wins: the older one is let go of at once, and nothing of it is told any more."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time

import pytest

from sim.live.comparison import Comparison, base_of
from sim.live.crew import Crew
from sim.live.session import STEPS, Move, Session
from sim.live.stage import KEPT, Room
from sim.live.state import State, View
from sim.tiles import Stopped

SHOW = "market_domestic_share"


@pytest.fixture(scope="module")
def crew(stage):
    made = Crew(2, lambda: Room(stage))
    made.submit(0, lambda room: stage.base(State(), lambda plan: base_of(plan, room))).result()
    yield made
    made.close()


def move(number, **changes):
    return Move(
        number, View(State.of("baseline", {name.replace("__", "."): text for name, text in changes.items()})), SHOW
    )


def answers(stage, crew, moves, steps, wait):
    """Moves, each after a pause, then a wait; what was sent, decoded."""
    sent = []

    async def send(text):
        sent.append(json.loads(text))

    async def play():
        session = Session(stage, crew, send, steps)
        for pause, each in moves:
            await asyncio.sleep(pause)
            session.move(each)
        end = time.monotonic() + 60
        while not wait(sent) and time.monotonic() < end:
            await asyncio.sleep(0.005)
        session.rest()

    asyncio.run(play())
    return sent


def test_steps_double_to_four_million():
    assert STEPS[:3] == (65_536, 131_072, 262_144)
    assert STEPS[-1] == 4_194_304
    assert all(b == 2 * a for a, b in itertools.pairwise(STEPS))


def test_a_resting_hand_is_answered_by_more_and_more_draws(stage, crew):
    steps = (4_096, *STEPS[:2])
    sent = answers(stage, crew, [(0, move(5, growth__cloud="0.4"))], steps, lambda sent: len(sent) == 3)
    assert [answer["draws"] for answer in sent] == list(steps)
    assert [answer["done"] for answer in sent] == [False, False, True]
    assert {answer["move"] for answer in sent} == {5}
    assert sent[0]["error"] > sent[2]["error"]


def test_a_slow_machine_is_answered_by_few_draws_first(stage, crew, monkeypatch):
    sent = answers(stage, crew, [(0, move(1))], STEPS[:1], lambda sent: sent)
    assert [answer["draws"] for answer in sent] == [65_536]
    monkeypatch.setattr("sim.live.session.SLOW", 0.0)
    sent = answers(stage, crew, [(0, move(1))], STEPS[:2], lambda sent: sent and sent[-1]["done"])
    assert [answer["draws"] for answer in sent] == [4_096, 65_536, 131_072]


def test_a_newer_move_silences_the_older(stage, crew):
    moves = [
        (0, move(1, growth__cloud="0.3")),
        (0.03, move(2, growth__cloud="0.35")),
        (0.0, move(3, growth__cloud="0.4")),
    ]
    steps = (4_096, 1 << 18)
    sent = answers(stage, crew, moves, steps, lambda sent: sent and sent[-1]["done"])
    numbers = [answer["move"] for answer in sent]
    assert numbers == sorted(numbers)
    assert numbers[-2:] == [3, 3]
    assert [answer["move"] for answer in sent if answer["done"]] == [3]


def test_nothing_is_sharpened_while_another_page_waits_for_its_first_answer(stage, crew):
    crew.awaited += 1  # another page's
    sent = answers(stage, crew, [(0, move(1, growth__cloud="0.45"))], STEPS[:2], held(1.0))
    assert [answer["draws"] for answer in sent] == [65_536]
    crew.awaited -= 1
    sent = answers(stage, crew, [(0, move(1, growth__cloud="0.45"))], STEPS[:2], lambda sent: sent and sent[-1]["done"])
    assert [answer["draws"] for answer in sent] == [65_536, 131_072]
    assert crew.awaited == 0


def test_whatever_comes_of_a_move_nobody_waits_for_it_any_more(stage, crew):
    moves = [(0, move(1, growth__cloud="-2")), (0.05, move(2, growth__cloud="0.3")), (0.01, move(3))]
    answers(stage, crew, moves, STEPS[:1], lambda sent: sent and sent[-1].get("done"))
    end = time.monotonic() + 10
    while crew.awaited and time.monotonic() < end:
        time.sleep(0.01)
    assert crew.awaited == 0


def held(seconds):
    """Waits so long after the first answer."""
    since = []

    def wait(sent):
        if sent and not since:
            since.append(time.monotonic())
        return bool(since) and time.monotonic() > since[0] + seconds

    return wait


def test_stopping_ends_the_run_within_tiles(stage, crew):
    stop = threading.Event()
    base = stage.base(State(), lambda plan: None)
    run = Comparison(stage, crew.turn(), (stage.plan(State.of("stated")), base), SHOW, stop)
    jobs = run.begin(16 * KEPT, 0)
    time.sleep(0.02)
    stop.set()
    start = time.monotonic()
    ends = [job.exception() for job in jobs]
    assert time.monotonic() - start < 2.0, "64 leaves of 50 ms each would take longer"
    assert isinstance(ends[-1], Stopped)


def test_what_the_book_cannot_have_is_told_to_the_page(stage, crew):
    sent = answers(stage, crew, [(0, move(1, growth__cloud="-2"))], STEPS, lambda sent: sent)
    assert sent[0]["quantity"] == "growth.cloud"
    assert "expected a value within the limits" in sent[0]["refused"]


def test_the_crew_takes_the_urgent_first():
    crew, order, gate = Crew(1, lambda: None), [], threading.Event()
    crew.submit(0, lambda room: gate.wait(10))
    jobs = [crew.submit(urgency, lambda room, u=urgency: order.append(u)) for urgency in (3, 1, 2, 0)]
    gate.set()
    for job in jobs:
        job.result(10)
    assert order == [0, 1, 2, 3]
    crew.close()
    with pytest.raises(RuntimeError, match="gone home"):
        crew.submit(0, lambda room: None)


def test_a_failure_of_one_job_harms_no_other():
    crew = Crew(1, lambda: None)
    failed = crew.submit(0, lambda room: 1 / 0)
    assert isinstance(failed.exception(10), ZeroDivisionError)
    assert crew.submit(0, lambda room: 7).result(10) == 7
    crew.close()
