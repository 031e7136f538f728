"""What a move draws and evaluates in its shortened ways is, to the bit, what the engine draws and evaluates in full."""

from __future__ import annotations

import threading

import numpy as np

from sim import draw, inputs, market
from sim.live.crew import Crew
from sim.live.stage import BLOCK, SEED, Room
from sim.live.state import UNNAMED, State, scenario_of, with_scenarios
from sim.rooms import aligned

DRAWS = BLOCK + 528  # a whole block, and one cut short


def correlated(stage):
    """A pair of quantities that the model reads and that move together."""
    return next((a, b) for a, b, _ in stage.book.pairs() if {a, b} <= set(stage.model.inputs))


def states(stage):
    one, other = correlated(stage)
    touched = next(name for name in stage.book.scenarios["export_ban_2023q4"].changes)
    return {
        "a scenario as it is": State("export_ban_2023q4"),
        "one of a correlated pair, scaled": State.of("baseline", {one: "*1.1"}),
        "the other, wider, the first fixed": State.of(
            "baseline", {one: f"{stage.book.quantities[one].prior.mean():.6g}", other: "*0.9"}
        ),
        "what the scenario itself moves": State.of("export_ban_2023q4", {touched: "3", "growth.cloud": "0.4"}),
        "many at once": State.of("stated", {"growth.cloud": "width(0.5)", "perf.h800": "*1.2", "capacity.mlu": "*2"}),
    }


def in_full(stage, state, draws):
    """Inputs of the model, laid out as a run lays them out."""
    book = with_scenarios(stage.book, [scenario_of(state, stage.book, UNNAMED)])
    dense = inputs.dense(inputs.deck(book, [UNNAMED], stage.model), stage.model)
    found = np.empty((len(dense.columns), draws))
    draw.prepare(dense.columns, dense.blocks, seed=SEED, sampler=draw.Sobol()).fill(0, found)
    return np.ascontiguousarray(found[dense.rows[0]])


def test_what_was_moved_is_drawn_as_in_a_whole_layout(stage):
    for what, state in states(stage).items():
        plan = stage.plan(state)
        columns = np.empty((plan.columns, 4_096))
        plan.fill(0, columns)
        np.testing.assert_array_equal(columns[plan.which], in_full(stage, state, 4_096), err_msg=what)


def test_headline_outcomes_are_those_of_the_whole_market(stage):
    state = State.of("export_ban_2023q4", {"growth.cloud": "0.4"})
    whole = aligned((stage.model.cells, DRAWS), stage.model.dtype)
    market.evaluate(in_full(stage, state, DRAWS), whole, stage.quarters)
    found = np.empty((len(stage.cells), DRAWS), stage.model.dtype)

    def take(first, rows):
        found[:, first : first + rows.shape[1]] = rows

    Room(stage).outcomes(stage.plan(state), 0, DRAWS, take, bool)
    np.testing.assert_array_equal(found, whole[stage.cells])


def test_of_two_moves_at_once_the_first_is_answered_before_the_second_is_run():
    crew, order, gate = Crew(1, lambda: None), [], threading.Event()
    crew.submit(0, lambda room: gate.wait(10))
    one, other = crew.turn(), crew.turn()
    jobs = [
        turn.submit(urgency, lambda room, name=name: order.append(name))
        for turn, urgency, name in (
            (other, 0, "second's draws"),
            (one, 1, "first's sharpening"),
            (one, 0, "first's draws"),
            (other, 0, "second's words"),
            (one, 0, "first's words"),
        )
    ]
    gate.set()
    for job in jobs:
        job.result(10)
    assert order == ["first's draws", "first's words", "second's draws", "second's words", "first's sharpening"]
    crew.close()
