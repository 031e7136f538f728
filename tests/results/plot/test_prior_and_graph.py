"""A prior beside its claims, and the model as a graph: both tell what the book and the model hold, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.patches import PathPatch, Rectangle

from sim import market
from sim.results import plot
from sim.results.errors import ResultError
from sim.results.plot import colours
from sim.results.plot.network import EVERYTHING, network


def test_a_prior_is_its_density_with_the_claim_the_hedge_and_the_stated_value(book):
    ax = plot.prior(book, "growth.cloud")
    title = ax.get_title("left").replace("\n", " ")
    claim = book.claims["Q04.6"]
    assert title == f"Q04.6: {claim.text} [hedges: range]"
    assert ax.get_xlabel() == "Alibaba Cloud's growth in 2023 (a year)"
    x, y = ax.lines[0].get_data()
    law = book.quantities["growth.cloud"].prior
    exact = np.gradient(law.cdf(x), x)
    np.testing.assert_allclose(y[5:-5], exact[5:-5], rtol=2e-3, atol=1e-3)
    stated = next(line for line in ax.lines if str(line.get_label()).startswith("as stated"))
    assert list(stated.get_xdata()) == [0.4, 0.4]
    assert stated.get_label() == "as stated: 40 %"
    foot = ax.lines[1]
    np.testing.assert_allclose(foot.get_xdata(), law.ppf([0.05, 0.95]))
    assert foot.get_color() == colours.FIXED["basis"]["claim"]


def test_a_discrete_prior_is_bars_that_add_up(book):
    ax = plot.prior(book, "export.ban_quarter", scenario="export_ban_2023q4")
    own, under = ax.containers[:2]
    assert sum(bar.get_height() for bar in own) == pytest.approx(1.0)
    assert [bar.get_height() for bar in under][:3] == [0.0, 1.0, 0.0]
    ticks = [each.get_text() for each in ax.get_xticklabels()]
    assert ticks[:3] == ["Q3\n2023", "Q4", "Q1\n2024"]
    assert ticks[-1] == "later\nor never"
    assert "No claim: our own assumption." in ax.get_title("left").replace("\n", " ")
    assert own[0].get_height() == pytest.approx(0.08)


def test_a_prior_fixed_by_a_scenario_is_a_line_beside_the_density(book):
    changed = book.with_set("mine", ["growth.cloud=0.2"])
    ax = plot.prior(changed, "growth.cloud", scenario="mine")
    labels = [each.get_text() for each in ax.get_legend().get_texts()]
    assert labels[:2] == ["from a claim", "under growth.cloud=0.2"]
    (line,) = [each for each in ax.collections if each.get_label() == labels[1]]
    assert line.get_segments()[0][0][0] == 0.2


@pytest.mark.parametrize(
    ("name", "scenario", "says"),
    [("growth.clod", None, 'did you mean "growth.cloud"?'), ("growth.cloud", "bse", 'no scenario "bse"')],
)
def test_a_name_that_is_not_in_the_book_is_answered_with_the_nearest(book, name, scenario, says):
    with pytest.raises(ResultError) as caught:
        plot.prior(book, name, scenario=scenario)
    assert says in str(caught.value)


def test_every_prior_of_the_book_can_be_drawn(book):
    for name in list(book.quantities)[::9]:
        ax = plot.prior(book, name)
        assert len(ax.get_title("left")) > 20, name


def test_a_network_has_the_edges_of_the_book_and_the_model(book):
    model = market.model()
    found = network(book, model, EVERYTHING, "en")
    resting = {
        (claim, name)
        for name in model.inputs
        for claim in book.quantities[name].claims
        if book.quantities[name].basis != "assumption"
    }
    read = {(name, output.name) for output in model.outputs for name in model.reads[output.name]}
    assert set(found.edges) == resting | read
    assert len(found.edges) == len(set(found.edges))
    assert {node.key for node in found.inputs} == set(model.inputs)


def test_an_assumption_does_not_rest_on_the_claim_that_it_stands_beside(book):
    name = "race.baidu_release_month"
    beside = replace(book.quantities[name], claims=("Q02.1",))
    assert beside.basis == "assumption"
    other = SimpleNamespace(claims=book.claims, quantities={**book.quantities, name: beside})
    found = network(other, market.model(), "race", "en")
    assert ("Q02.1", name) not in found.edges
    assert ("Q02.1", "race.baidu_ratio") in found.edges


def test_what_is_behind_an_output_has_chapters_of_assumptions(book):
    model = market.model()
    found = network(book, model, "market_domestic_share", "en")
    told = {node.key: node for node in found.inputs}
    assert "export" in told
    assert "export.ban_quarter" not in told
    assert told["export"].label == "export: 3 assumed"
    assert [node.key for node in found.outputs] == ["market_domestic_share"]
    claimed = {name for name in model.reads["market_domestic_share"] if book.quantities[name].basis == "claim"}
    assert claimed <= set(told)
    # Each input there leads to the output, and every claim to an input.
    assert {left for left, right in found.edges if right == "market_domestic_share"} == set(told)
    assert {node.key for node in found.claims} == {left for left, right in found.edges if right in told}


def test_what_follows_from_a_chapter(book):
    model = market.model()
    found = network(book, model, "race", "en")
    assert {node.key for node in found.inputs} == {name for name in model.inputs if name.startswith("race.")}
    outputs = {node.key for node in found.outputs}
    assert "parity_month" in outputs
    assert "market_domestic_share" not in outputs
    with pytest.raises(ResultError, match='no output, or chapter of inputs, "rce"; did you mean "race"'):
        network(book, model, "rce", "en")


def test_a_graph_draws_a_box_a_node_and_a_curve_an_edge(book):
    found = network(book, market.model(), "race", "en")
    ax = plot.graph(book, market.model(), "race")
    boxes = [each for each in ax.patches if isinstance(each, Rectangle)]
    curves = [each for each in ax.patches if isinstance(each, PathPatch)]
    assert len(boxes) == len(found.claims) + len(found.inputs) + len(found.outputs)
    assert len(curves) == len(found.edges)
    ax.figure.draw_without_rendering()
    texts = [each for each in ax.texts if each.get_fontweight() != "bold"]
    for box, text in zip(boxes, texts, strict=True):  # no text runs out of its box
        assert text.get_window_extent().x1 <= box.get_window_extent().x1
