"""A draw rebuilt from its number is that draw, to the bit; its place among all is what the draws say."""

import numpy as np
import pytest

import sim
from sim.results import files
from sim.results.errors import ResultError
from sim.study.world import unusual
from tests.study import worlds


@pytest.fixture(scope="module")
def tree():
    return worlds.run(draws=4096, keep="all", seed=9)


@pytest.mark.parametrize("draw", [0, 15, 16, 1234, 4095])
def test_it_is_that_draw(tree, draw):
    found = sim.world(tree, draw, model=worlds.MODEL)
    for group, kept in (("outputs", "draws"), ("inputs", "inputs")):
        for name, values in tree[kept].to_dataset().isel(draw=draw).data_vars.items():
            np.testing.assert_array_equal(found[group].to_dataset()[name], values)
    assert (found.attrs["draw"], found.attrs["replicate"]) == (draw, draw % 16)


def test_places(tree):
    found = sim.world(tree, 77, model=worlds.MODEL)
    for name, kept in tree["draws"].to_dataset().data_vars.items():
        own = kept.isel(draw=77)
        place = (kept < own).mean("draw") + (kept == own).mean("draw") / 2
        np.testing.assert_allclose(found["output_place"].to_dataset()[name], place, atol=3e-3)
    for name, kept in tree["inputs"].to_dataset().data_vars.items():
        place = (kept < kept.isel(draw=77)).mean("draw")
        np.testing.assert_allclose(found["input_place"].to_dataset()[name], place, atol=0.02)


@pytest.mark.parametrize("scenario", worlds.NAMES)
@pytest.mark.parametrize("quantile", [0.01, 0.5, 0.99])
def test_nearest_to_a_quantile(tree, scenario, quantile):
    found = sim.world(tree, output="level", quantile=quantile, scenario=scenario, model=worlds.MODEL)
    draws = tree["draws"].to_dataset()["level"].sel(scenario=scenario).values
    distance = np.abs(draws - found.attrs["value"])
    assert found.attrs["draw"] == int(np.argmin(distance))
    assert float(found["output_place"]["level"].sel(scenario=scenario)) == pytest.approx(quantile, abs=2e-3)


def test_from_a_file_without_draws(tmp_path):
    files.write(worlds.run(draws=1024), tmp_path / "result.nc")
    found = sim.world(files.open(tmp_path / "result.nc"), 5, model=worlds.MODEL)
    kept = worlds.run(draws=1024, keep="all")
    np.testing.assert_array_equal(found["outputs"]["price"], kept["draws"]["price"].isel(draw=5))
    assert found["inputs"]["own.a"].attrs["units"] == "RMB"


def test_unusual():
    np.testing.assert_array_equal(unusual(np.array([0.001, 0.01, 0.02, 0.5, 0.985, 0.99, 1.0])), [1, 1, 0, 0, 0, 1, 1])


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((), {}, "found neither a draw nor"),
        ((), {"output": "level"}, "found neither a draw nor"),
        ((4096,), {}, "expected a number from 0 to 4,095"),
        ((-1,), {}, "expected a number from 0"),
        ((1,), {"output": "level"}, "expected one way"),
        ((), {"output": "levle", "quantile": 0.5}, 'no output "levle"; did you mean "level"?'),
        ((), {"output": "level", "quantile": 1.5}, "expected probabilities"),
        ((), {"output": "level", "quantile": 0.5, "scenario": "widr"}, 'did you mean "wider"'),
        ((), {"output": "level", "quantile": 0.5, "at": {"year": 1}}, 'no dimension "year"'),
    ],
)
def test_wrong_use_is_told(tree, arguments, options, message):
    with pytest.raises(ResultError) as caught:
        sim.world(tree, *arguments, model=worlds.MODEL, **options)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("names", [["shifted"], ["steadier", "wider"]], ids=" and ".join)
def test_scenarios_taken_out_of_a_result_are_themselves(tree, names):
    whole = sim.world(tree, 77, model=worlds.MODEL)
    found = sim.world(tree.sel(scenario=names), 77, model=worlds.MODEL)
    for group in ("inputs", "input_place", "outputs", "output_place"):
        assert found[group].to_dataset().identical(whole[group].to_dataset().sel(scenario=names)), group
    asked = {"output": "level", "quantile": 0.9, "scenario": names[-1], "model": worlds.MODEL}
    assert sim.world(tree.sel(scenario=names), **asked).attrs == sim.world(tree, **asked).attrs


def test_draws_under_a_condition_are_refused(tree):
    some, options = tree.sim.where("level > 0"), {"model": worlds.MODEL}
    asked = {
        "world": lambda: sim.world(some, 3, **options),
        "attribute": lambda: sim.attribute(some, "baseline", "wider", "level", **options),
    }
    for what, ask in asked.items():
        with pytest.raises(ResultError, match=f"{what}: found draws under a condition, expected a whole result"):
            ask()
