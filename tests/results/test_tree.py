"""The labelled tree: groups, dims, attributes and values that a user may rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

import sim
from sim.results import sketches
from sim.results import tree as tree_module
from sim.results.tree import build
from tests.results.made import DRAWS, MODEL, RUN, SCENARIOS, headline, make

GROUPS = {"mean", "sd", "min", "max", "quantile", "mcse", "mcse_quantile", "sketch", "nodes", "draws", "inputs"}


def test_the_groups_are_those_of_the_contract(tree):
    assert set(tree.children) == GROUPS
    assert set(make(draws=64, keep=None, nodes=False).tree.children) == GROUPS - {"draws", "inputs", "nodes"}


@pytest.mark.parametrize("group", sorted(GROUPS - {"sketch", "nodes", "inputs", "draws"}))
def test_every_output_is_a_variable_with_scenario_first_and_its_own_dims(tree, group):
    extra = ("quantile",) if "quantile" in group else ()
    for output in MODEL.outputs:
        assert tree[group][output.name].dims == ("scenario", *extra, *output.dims)


def test_cells_stand_where_their_labels_say(made, tree):
    sales = tree["mean"]["sales"].sel(scenario="停售", buyer="腾讯", quarter="2023Q2")
    assert float(sales) == pytest.approx(made.values[1, :, 3 + 3 + 1].mean(), rel=1e-14)
    draw = tree["draws"]["share"].sel(scenario="停售", quarter="2023Q3", draw=77)
    assert float(draw) == made.values[1, 77, 2]


def test_kept_draws_are_views_not_copies(made, tree):
    assert np.shares_memory(tree["draws"]["share"].values, made.kept.outputs["share"])
    assert np.shares_memory(tree["inputs"]["growth.cloud"].values, made.kept.inputs["growth.cloud"])


def test_every_variable_says_what_it_is(tree):
    for group in tree.subtree:
        for name, variable in group.to_dataset().data_vars.items():
            needed = {"units", "long_name", "description"}
            needed |= {"long_name_zh"} if group.name != "sketch" else set()
            assert needed <= set(variable.attrs), (group.path, name)
            assert all(variable.attrs[key] for key in needed)


def test_coordinates_carry_cf_attributes_and_dates(tree):
    assert tree["draws"]["draw"].attrs["standard_name"] == "realization"
    assert tree["mean"]["quarter"].attrs["long_name_zh"] == "季度"
    assert tree["mean"]["quarter_start"].values.tolist()[1] == "2023-04-01"
    assert "quarter_start" not in tree["inputs"].coords


def test_the_root_has_what_another_run_needs_and_no_more(tree):
    assert tree.attrs["seed"] == 0
    assert tree.attrs["draws"] == DRAWS
    assert tree.attrs["flag"] == 1
    assert "none" not in tree.attrs
    assert json.loads(tree.attrs["scenario_definitions"]) == RUN["scenario_definitions"]
    assert json.loads(tree.attrs["headline"]) == ["share", "first", "total"]
    assert not any(word in key.lower() for key in tree.attrs for word in ("time", "date", "host", "path", "user"))


def test_errors_say_what_they_were_estimated_from(tree):
    assert "replicates" in tree["mcse_quantile"]["share"].attrs["estimated_from"]
    assert "order statistics" in tree["mcse_quantile"]["sales"].attrs["estimated_from"]


def test_the_sketch_gives_back_what_went_in(made, tree):
    group = tree["sketch"].to_dataset()
    from sim import reduce

    for s in range(2):
        accumulator = reduce.Accumulator(MODEL.cells, headline())
        accumulator.add(np.ascontiguousarray(made.values[s].T))
        whole, back = reduce.combine([accumulator.sketch]), sketches.stored(group, s)
        for part in ("row_start", "key", "count", "headline", "on_edge"):
            np.testing.assert_array_equal(getattr(whole, part), getattr(back, part))


def test_an_output_is_found_in_the_sketch(made, tree):
    counts = sketches.counts_of(tree["sketch"].to_dataset(), "first", 1)
    assert counts.cells == 2
    assert counts.rows == 2 + 2 * 16
    assert counts.on_edge.all()
    ones = made.values[1, :, MODEL.slices()["first"]].sum(axis=0)
    np.testing.assert_array_equal(counts.count[1:4:2], ones)


def test_scenarios_and_results_must_pair_up(made):
    with pytest.raises(ValueError, match="found 0 results of 2 scenarios"):
        build(MODEL, SCENARIOS, [], RUN)


def test_names_that_were_kept_are_those_that_were_made(monkeypatch):
    """A tree whose names were unpickled is the one whose names were made, and neither knows of what becomes of the other."""
    monkeypatch.setattr(tree_module, "_named_before", {})
    first, second = make().tree, make().tree
    assert len(tree_module._named_before) == 1
    assert first.identical(second)
    assert list(first.children) == list(second.children)
    first["mean"]["share"].attrs["units"] = "USD"
    first["mean"]["share"].values[:] = 0.0
    first["mean"]["quarter"].attrs["long_name"] = "changed"
    assert second.identical(make().tree)
    assert not first.identical(second)


def test_names_are_kept_by_all_that_they_say(monkeypatch):
    monkeypatch.setattr(tree_module, "_named_before", {})
    others = [
        (MODEL, ("baseline", "other")),
        (replace(MODEL, coords={**MODEL.coords, "buyer": ["x", *MODEL.coords["buyer"][1:]]}), SCENARIOS),
        (replace(MODEL, outputs=[replace(MODEL.outputs[0], units="USD"), *MODEL.outputs[1:]]), SCENARIOS),
        (replace(MODEL, coord_attrs={"buyer": {"long_name": "who"}}), SCENARIOS),
    ]
    trees = [tree_module._named(model, list(scenarios)) for model, scenarios in [(MODEL, SCENARIOS), *others]]
    assert not any(a.identical(b) for i, a in enumerate(trees) for b in trees[:i])
    assert len(tree_module._named_before) == 4  # the last ones
    again = [tree_module._named(model, list(scenarios)) for model, scenarios in [*others, (MODEL, SCENARIOS)]]
    assert all(a.identical(b) for a, b in zip(again, [*trees[1:], trees[0]], strict=True))


def test_names_need_not_be_such_as_can_be_pickled(monkeypatch):
    monkeypatch.setattr(tree_module, "_named_before", {})
    expected = tree_module._named(MODEL, list(SCENARIOS))
    for odd in (
        replace(MODEL, coords=MappingProxyType(MODEL.coords)),
        replace(MODEL, coord_attrs=MappingProxyType({})),
    ):
        found = tree_module._named(odd, list(SCENARIOS))
        assert list(found.children) == list(expected.children)
        assert odd.coord_attrs != MODEL.coord_attrs or found.identical(expected)
    assert len(tree_module._named_before) == 1


def test_names_of_many_cells_are_not_kept(monkeypatch):
    monkeypatch.setattr(tree_module, "_named_before", {})
    monkeypatch.setattr(tree_module, "_CELLS_KEPT", 2 * MODEL.cells - 1)
    tree_module._named(MODEL, list(SCENARIOS))
    assert not tree_module._named_before


def test_the_front_door_does_not_meet_xarray():
    import subprocess
    import sys

    code = "import sys, sim; print('xarray' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
    assert sim
