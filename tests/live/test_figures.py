"""What the page is told is what ``sim.run`` finds, to the bit, of as many draws."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

import sim
from sim.live import figures
from sim.live.comparison import Comparison, base_of
from sim.live.crew import Crew
from sim.live.stage import FIRST, KEPT, Room
from sim.live.state import State, scenario_of, with_scenarios

MOVED = State.of("export_ban_2023q4", {"growth.cloud": "0.4", "capacity.mlu": "*3", "perf.h800": "width(0.5)"})
PAIRED = "market_optical_modules_year"


@pytest.fixture(scope="module")
def crew(stage):
    made = Crew(2, lambda: Room(stage))
    yield made
    made.close()


@pytest.fixture(scope="module")
def comparison(stage, crew):
    base = crew.submit(0, lambda room: base_of(stage.plan(State()), room)).result()
    return Comparison(stage, crew.turn(), (stage.plan(MOVED), base), PAIRED, threading.Event())


def run_to(comparison, draws):
    return comparison.end(draws, [job.result() for job in comparison.begin(draws, 0)])


def flat(stage, tree, group, scenario, name=None):
    names = [name] if name else list(stage.outputs)
    found = [np.asarray(tree[group].ds[each].sel(scenario=scenario).values) for each in names]
    if "quantile" in tree[group].ds.dims:
        return np.concatenate([values.reshape(len(values), -1) for values in found], axis=1)
    return np.concatenate([values.ravel() for values in found])


@pytest.mark.parametrize("draws", [FIRST, pytest.param(KEPT, marks=pytest.mark.slow), 2 * KEPT])
def test_figures_are_those_of_sim_run(stage, comparison, draws):
    found = run_to(comparison, draws)
    book = with_scenarios(stage.book, [scenario_of(MOVED, stage.book, "moved")])
    tree = sim.run(book, scenarios=["baseline", "moved"], draws=draws, keep="none", pairs=True)
    levels = tree["quantile"].ds["quantile"].values.tolist()
    mine = [levels.index(level) for level in figures.LEVELS]
    its_errors = [levels.index(level) for level in figures.ERROR_LEVELS]
    for told, scenario in ((figures.told(found.state), "moved"), (figures.told(found.base), "baseline")):
        np.testing.assert_array_equal(told.mean, flat(stage, tree, "mean", scenario))
        np.testing.assert_array_equal(told.mcse, flat(stage, tree, "mcse", scenario))
        np.testing.assert_array_equal(told.quantile, flat(stage, tree, "quantile", scenario)[mine])
        errors = flat(stage, tree, "mcse_quantile", scenario)[its_errors]
        if draws > KEPT or scenario == "baseline":
            np.testing.assert_array_equal(told.mcse_quantile, errors)
        else:  # binomial, wider: never much below that of the replicates, on the whole well above
            some = errors > 0
            assert np.median(told.mcse_quantile[some] / errors[some]) > 1
    difference = figures.told(found.difference)
    pairs = tree["difference"]
    np.testing.assert_array_equal(difference.mean, flat(stage, pairs, "mean", "moved", PAIRED))
    np.testing.assert_array_equal(difference.quantile, flat(stage, pairs, "quantile", "moved", PAIRED)[mine])


@pytest.mark.slow
def test_sharpening_on_equals_starting_at_the_end(stage, crew, comparison):
    on = run_to(comparison, 4 * KEPT)
    base = crew.submit(0, lambda room: base_of(stage.plan(State()), room)).result()
    at_once = run_to(Comparison(stage, crew.turn(), (stage.plan(MOVED), base), PAIRED, threading.Event()), 4 * KEPT)
    for side in ("state", "base", "difference"):
        one, other = (figures.told(getattr(each, side)) for each in (on, at_once))
        for name in ("mean", "mcse", "quantile", "mcse_quantile"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_told_as_json_to_six_digits(stage, crew):
    base = crew.submit(0, lambda room: base_of(stage.plan(State()), room)).result()
    found = run_to(Comparison(stage, crew.turn(), (stage.plan(MOVED), base), PAIRED, threading.Event()), FIRST)
    content = json.loads(figures.figures(found))
    whole = figures.told(found.state)
    assert content["draws"] == FIRST
    np.testing.assert_allclose(np.array(content["state"]["q"]), whole.quantile, rtol=5e-6)
    assert len(content["difference"]["m"]) == 9
    cell, figure = content["error_at"]
    assert 0 <= cell < len(whole.mean)
    assert 0 <= figure < 4
    assert 0 < content["error"] < 0.5
