"""Every input has its slider, and every place on it is one that the book accepts."""

from __future__ import annotations

import pytest

from sim.live.catalogue import CHAPTERS, catalogue
from sim.live.state import State, checked


@pytest.fixture(scope="module")
def content(stage):
    return catalogue(stage)


def inputs(content):
    return [each for chapter in content["chapters"] for each in chapter["inputs"]]


def test_every_input_of_the_model_is_there_once(stage, content):
    assert sorted(each["name"] for each in inputs(content)) == sorted(stage.model.inputs)
    assert {chapter["name"] for chapter in content["chapters"]} == set(CHAPTERS)


def test_the_ends_and_the_middle_of_every_slider_can_be_had(stage, content):
    for each in inputs(content):
        low, high, step = each["low"], each["high"], each["step"]
        assert low < high, each["name"]
        assert 1 <= (high - low) / step <= 201, each["name"]
        middle = low + round((high - low) / step / 2) * step
        for value in (low, middle, high):
            checked(State.of("baseline", {each["name"]: repr(value)}), stage.book)
        for name in ("never", "width"):
            if each[name]:
                text = "never" if name == "never" else "width(0.125)"
                checked(State.of("baseline", {each["name"]: text}), stage.book)


def test_what_is_likely_lies_on_the_slider(content):
    for each in inputs(content):
        for value in (each["quantiles"][0], each["stated"]):
            if value is not None and not each["switch"]:
                assert each["low"] <= value <= each["high"], each["name"]


def test_outputs_have_as_many_labels_as_cells(stage, content):
    assert [output["name"] for output in content["outputs"]] == list(stage.outputs)
    for output in content["outputs"]:
        cells = 1
        for dim in output["dims"]:
            assert len(dim["labels"]) == len(dim["labels_zh"])
            cells *= len(dim["labels"])
        where = stage.outputs[output["name"]]
        assert (output["first"], cells) == (where.start, where.stop - where.start)


def test_scenarios_say_what_they_change(content):
    changes = {one["name"]: one["changes"] for one in content["scenarios"]}
    assert changes["baseline"] == []
    assert changes["export_ban_2023q4"] == ["export.ban_quarter"]
