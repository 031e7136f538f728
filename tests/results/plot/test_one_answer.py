"""Dotplots, cumulative distributions and ridges of one answer."""

from __future__ import annotations

import itertools
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Ellipse

from sim.results import plot
from sim.results.errors import ResultError
from sim.results.plot.dotplot import stacked

ONE = ("market_domestic_share", {"quarter": "2024Q4"})


def dots_of(ax):
    return [each for each in ax.patches if isinstance(each, Ellipse)]


@pytest.mark.parametrize("dots", [20, 50])
def test_dots_stand_at_exact_quantiles(tree, dots):
    ax = plot.dotplot(tree, *ONE, dots=dots)
    levels = (np.arange(dots) + 0.5) / dots
    exact = tree.sim.quantile(levels, ONE[0]).sel(scenario="baseline", quarter="2024Q4").values
    np.testing.assert_array_equal([dot.center[0] for dot in dots_of(ax)], exact)


def test_dots_are_round_touch_no_other_and_stay_within(tree):
    ax = plot.dotplot(tree, *ONE, dots=50)
    ax.figure.draw_without_rendering()
    boxes = [dot.get_window_extent() for dot in dots_of(ax)]
    assert all(box.width == pytest.approx(box.height, rel=0.02) for box in boxes)
    centres = np.array([[(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2] for box in boxes])
    nearest = min(np.hypot(*(a - b)) for a, b in itertools.combinations(centres, 2))
    assert nearest >= 0.999 * boxes[0].width
    assert max(box.y1 for box in boxes) <= ax.bbox.y1
    assert min(box.x0 for box in boxes) >= ax.bbox.x0


def test_dots_tell_what_one_is_worth(tree):
    assert "each dot: 5 of 100" in plot.dotplot(tree, *ONE).get_xlabel()
    assert "each dot: 2 of 100" in plot.dotplot(tree, *ONE, dots=50).get_xlabel()
    with pytest.raises(ResultError, match="dots: found 1, expected at least 2"):
        plot.dotplot(tree, *ONE, dots=1)


def test_an_answer_without_doubt_is_one_column(tree):
    dots = dots_of(plot.dotplot(tree, ONE[0], {**ONE[1], "scenario": "stated"}))
    assert len({dot.center[0] for dot in dots}) == 1
    assert len({dot.center[1] for dot in dots}) == 20


@given(st.lists(st.floats(0, 10), min_size=1, max_size=40), st.floats(0.01, 3))
def test_stacks_have_no_overlap_and_no_holes(values, diameter):
    x = np.sort(np.array(values))
    rows = stacked(x, diameter)
    for row in range(rows.max() + 1):
        within = x[rows == row]
        assert len(within)
        assert (np.diff(within) >= diameter * (1 - 1e-12)).all()
    for k, row in enumerate(rows):  # each lies as low as those before it let it
        for lower in range(row):
            before = x[:k][rows[:k] == lower]
            assert x[k] - before[-1] < diameter


def test_a_cdf_goes_through_the_quantiles_and_marks_three(tree):
    ax = plot.cdf(tree, *ONE)
    line = ax.lines[0]
    exact = tree.sim.quantile(np.asarray(line.get_ydata()), ONE[0]).sel(scenario="baseline", quarter="2024Q4")
    np.testing.assert_array_equal(line.get_xdata(), exact.values)
    assert (np.diff(line.get_xdata()) >= 0).all()
    assert [float(each.get_ydata()[0]) for each in ax.lines[1:]] == [0.05, 0.5, 0.95]
    assert ax.get_xlabel() == "Domestic share of the market"
    assert ax.get_ylabel() == "Chance of at most so much"


def test_cdfs_of_several_scenarios_have_a_legend(tree):
    ax = plot.cdf(tree, *ONE, scenarios=["baseline", "export_ban_2023q4"])
    assert [each.get_text() for each in ax.get_legend().get_texts()] == ["baseline", "export ban 2023q4"]


def test_a_ridge_has_a_line_a_scenario_from_the_top(tree):
    ax = plot.ridge(tree, *ONE, scenarios=["export_ban_2023q4", "baseline"])
    assert [each.get_text() for each in ax.get_yticklabels()] == ["export ban 2023q4", "baseline"]
    assert list(ax.get_yticks()) == [1, 0]
    medians = {line.get_ydata()[0]: line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"}
    stored = tree.sim.quantile(0.5, ONE[0]).sel(quarter="2024Q4")
    assert medians[1] == stored.sel(scenario="export_ban_2023q4")
    assert medians[0] == stored.sel(scenario="baseline")
    with pytest.raises(ResultError, match="expected them in scenarios"):
        plot.ridge(tree, ONE[0], {**ONE[1], "scenario": "baseline"})


@pytest.mark.parametrize("picture", [plot.dotplot, plot.cdf, plot.ridge])
def test_a_dimension_left_open_is_refused(tree, picture):
    with pytest.raises(ResultError, match="found quarter left open, expected every dimension named; give quarter"):
        picture(tree, "market_domestic_share")


def test_shares_up_to_all_are_told_in_percent_though_the_axis_goes_on(tree, monkeypatch):
    """The margin of the axis, beyond 1, once made them pure numbers: 0.8 where other pictures say 80 %."""
    beyond = -0.02, 1.03
    for name in ("shapes", "overlay"):
        monkeypatch.setattr(sys.modules[f"sim.results.plot.{name}"], "range_of", lambda spreads: beyond)
    pair = ("baseline", "export_ban_2023q4")
    axes = [plot.ridge(tree, *ONE), *plot.overlay(tree, ONE[0], pair, ONE[1]).get_axes()]
    told = [ax.xaxis.get_major_formatter()(0.5, 0) for ax in axes]
    assert told == ["50 %", "50 %", "50"]
    assert axes[2].get_xlabel().endswith("(percentage points)")


def test_the_label_of_a_ridge_ends_within_the_figure(tree):
    label = "Market's optical modules in the year (modules)"
    told = tree["mean"]["market_purchases_year"].assign_attrs(long_name=label)
    named = tree.copy()
    named["mean"] = named["mean"].to_dataset().assign(market_purchases_year=told)
    at = {"accelerator": "h800", "year": 2024}
    ax = plot.ridge(named, "market_purchases_year", at, ax=plot.figure(4.6, 3).add_subplot())
    ax.figure.draw_without_rendering()
    assert label.split()[0] in ax.get_xlabel()
    assert ax.xaxis.label.get_window_extent().x1 <= ax.figure.bbox.x1
