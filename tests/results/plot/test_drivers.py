"""Tornado, Sobol' bars, waterfall and shares: what bars add up to, and whose they are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_hex

from sim.results import plot
from sim.results.errors import ResultError
from sim.results.plot import colours

ONE = ("market_domestic_share", {"quarter": "2024Q4"})


def bars(ax):
    return [each for container in ax.containers for each in container]


def test_a_tornado_starts_at_the_mean_and_reaches_the_ends(made, tree):
    ax = plot.tornado(tree, *ONE)
    draws = made.cells("market_domestic_share")[0][:, -1]
    found = tree.sim.tornado("market_domestic_share").sel(scenario="baseline", quarter="2024Q4")["mean"]
    assert ax.get_yticklabels()[0].get_text() == "Half of the pilots"
    low, high = bars(ax)[:2]
    ends = found.sel(input="adopt.pilot_mid")
    assert low.get_x() + low.get_width() == pytest.approx(float(ends.sel(end="low")))
    assert high.get_x() + high.get_width() == pytest.approx(float(ends.sel(end="high")))
    assert low.get_x() == pytest.approx(draws.mean())
    widths = [abs(b.get_width() - a.get_width()) for a, b in zip(bars(ax)[::2], bars(ax)[1::2], strict=True)]
    assert widths == sorted(widths, reverse=True)
    assert to_hex(high.get_facecolor()) == colours.FIXED["basis"]["assumption"]
    assert len(bars(plot.tornado(tree, *ONE, rows=1))) == 2


def test_a_tornado_without_kept_draws_says_what_to_do(tree):
    with pytest.raises(ResultError, match='no draws of it were kept; run again with keep="all"'):
        plot.tornado(tree, "market_spend_year", {"year": 2024})


def sensitivity(figure: str = "shapley") -> xr.Dataset:
    share = np.array([[0.5, 0.3], [0.3, 0.5], [0.15, 0.12], [0.05, 0.08]]) * (1.0 if figure == "shapley" else 0.8)
    coords = {"input": ["adopt.pilot_mid", "export.ban_quarter", "growth.cloud", "price.h800"], "year": [2023, 2024]}
    made = {figure: (("input", "year"), share), f"{figure}_mcse": (("input", "year"), np.full((4, 2), 0.004))}
    return xr.Dataset(made, coords, {"long_name": "Domestic share", "long_name_zh": "国产化率", "units": "1"})


def test_bars_of_shares_over_time_add_up_to_one(book):
    ax = plot.sobol_over_time(sensitivity(), book=book, rows=2)
    heights = np.array([[bar.get_height() for bar in container] for container in ax.containers])
    np.testing.assert_allclose(heights, [[0.5, 0.3], [0.3, 0.5], [0.2, 0.2]])
    labels = [each.get_text() for each in ax.get_legend().get_texts()]
    assert labels[0] == "all others"
    assert labels[1].replace("\n", " ") == book.quantities["export.ban_quarter"].label
    assert "standard errors up to 0.4 %" in ax.get_xlabel()


def test_first_order_indices_leave_what_inputs_do_together(book):
    ax = plot.sobol_over_time(sensitivity("first"), book=book)
    heights = np.array([[bar.get_height() for bar in container] for container in ax.containers])
    np.testing.assert_allclose(heights.sum(axis=0), 1.0)
    np.testing.assert_allclose(heights[-1], 0.2)
    assert ax.get_legend().get_texts()[0].get_text() == "inputs together"
    with pytest.raises(ResultError, match="expected first or shapley by one of input"):
        plot.sobol_over_time(sensitivity("other"))


def attribution() -> xr.Dataset:
    names = ["adopt.substitution", "export.ban_quarter", "capacity.mlu"]
    share, error = np.array([9_000.0, -31_000.0, 4_000.0]), np.array([100.0, 400.0, 90.0])
    made = {
        "share": ("override", share),
        "share_mcse": ("override", error),
        "gap": ((), share.sum()),
        "gap_mcse": ((), 120.0),
        "base_value": ((), 60_000.0),
        "value": ((), 60_000.0 + share.sum()),
    }
    about = {
        "base": "baseline",
        "scenario": "export_ban_strong_domestic",
        "output": "market_purchases_year",
        "of": "mean",
    }
    found = xr.Dataset(made, {"override": names}, about)
    for name in found:
        found[name].attrs["units"] = "card"
    return found


@pytest.mark.parametrize("rows", [1, 2, 10])
def test_a_waterfall_adds_up_to_the_gap(rows, book):
    found = attribution()
    ax = plot.waterfall(found, book=book, rows=rows)
    start, end, *steps = bars(ax)
    assert start.get_width() == 60_000
    assert end.get_width() == float(found["value"])
    assert sum(bar.get_width() for bar in steps) == pytest.approx(float(found["gap"]))
    at = start.get_width()
    for bar in steps:  # each starts where the one before ended
        assert bar.get_x() == pytest.approx(at)
        at += bar.get_width()
    assert at == pytest.approx(end.get_width())
    assert len(steps) == min(rows + 1, 3)


def test_a_waterfall_is_labelled_from_the_book(book):
    labels = [each.get_text() for each in plot.waterfall(attribution(), book=book).get_yticklabels()]
    assert labels[0] == "Baseline"
    assert labels[1].replace("\n", " ") == book.quantities["export.ban_quarter"].label
    assert plot.waterfall(attribution()).get_yticklabels()[1].get_text() == "export.ban_quarter"
    ups = {to_hex(bar.get_facecolor()) for bar in bars(plot.waterfall(attribution()))[2:] if bar.get_width() > 0}
    assert ups == {colours.UP}


def test_a_waterfall_of_shares_tells_changes_in_points_and_leaves_its_ticks_apart():
    """Changes of a share are no shares; five percentages once ran into one another beneath so narrow an axis."""
    found = attribution() / 100_000.0
    for name in found:
        found[name].attrs["units"] = "1"
    ax = plot.waterfall(found.assign_attrs(attribution().attrs), lang="en")
    told = [each.get_text() for each in ax.texts]
    assert told[:3] == ["60 %", "42 %", "−31 ± 0.4 points"]
    ax.figure.draw_without_rendering()
    low, high = ax.get_xlim()
    shown = [each for each in ax.get_xticklabels() if low <= each.get_position()[0] <= high]
    boxes = [each.get_window_extent() for each in shown]
    assert len(boxes) >= 2
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes))


def test_shares_stack_to_all_of_the_mean(made, tree):
    ax = plot.shares(tree, "market_purchases_year")
    heights = np.array([[bar.get_height() for bar in container] for container in ax.containers])
    mean = made.cells("market_purchases_year")[0].mean(axis=0).reshape(4, 2)
    np.testing.assert_allclose(heights, mean / mean.sum(axis=0))
    np.testing.assert_allclose(heights.sum(axis=0), 1.0)
    assert [each.get_text() for each in ax.get_legend().get_texts()] == ["Ascend 910", "MLU370", "H800", "A800"]


def test_domestic_shares_are_of_the_domestic_ones(made, tree):
    ax = plot.shares(tree, "market_purchases_year", {"scenario": "export_ban_2023q4"}, by="domestic")
    mean = made.cells("market_purchases_year")[1].mean(axis=0).reshape(4, 2)
    domestic = [bar.get_height() for bar in ax.containers[1]]
    np.testing.assert_allclose(domestic, mean[2:].sum(axis=0) / mean.sum(axis=0))
    with pytest.raises(ResultError, match='no dimension "accelerator"; expected one of buyer, year'):
        plot.shares(tree, "buyer_purchases_year")
    with pytest.raises(ResultError, match="no dimension"):
        plot.shares(tree, "buyer_purchases_year", by="domestic")
