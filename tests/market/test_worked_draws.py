"""The three draws that were worked by hand: kernel and twin, every output of every draw."""

import json
from pathlib import Path

import numpy as np
import pytest

from sim import market
from tests.market import cases, twin

WORKED = json.loads((Path(__file__).parents[1] / "data" / "worked_draws.json").read_text())["draws"]


def distance(found, expected) -> float:
    """Largest difference relative to the expected value, or absolute where that is 0."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert found.shape == expected.shape
    return float(np.max(np.abs(found - expected) / np.where(expected == 0, 1, np.abs(expected))))


@pytest.mark.parametrize("draw", WORKED, ids=lambda draw: draw["name"])
def test_kernel_gives_the_worked_outputs(draw):
    found = cases.run([draw["inputs"]])
    assert found.keys() == draw["outputs"].keys()
    for name, expected in draw["outputs"].items():
        assert distance(found[name][..., 0], expected) < 1e-12, name


@pytest.mark.parametrize("draw", WORKED, ids=lambda draw: draw["name"])
def test_twin_gives_the_worked_outputs(draw):
    found = twin.run(draw["inputs"])
    assert found.keys() == draw["outputs"].keys()
    for name, expected in draw["outputs"].items():
        assert distance(found[name], expected) < 1e-12, name


def test_inputs_are_those_of_the_worked_draws():
    assert set(market.INPUTS) == set(WORKED[0]["inputs"]) == set(cases.STATED)
    assert len(market.INPUTS) == len(set(market.INPUTS)) == 94
