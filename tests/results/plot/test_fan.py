"""Fans and overlays: every line goes through the result's own quantiles."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex

from sim.results import plot
from sim.results.errors import ResultError
from sim.results.plot import colours
from sim.results.plot.spread import OfDraws, density, difference
from tests.results.plot.fabricate import QUARTERS


def polygon(artist):
    """Lower and upper edge of a filled band, float64[n] each."""
    points = artist.get_paths()[0].vertices
    x = np.unique(points[:, 0])
    ends = [(points[points[:, 0] == each, 1].min(), points[points[:, 0] == each, 1].max()) for each in x]
    return np.array(ends).T


def bands_of(ax):
    return [each for each in ax.collections if isinstance(each, PolyCollection)]


def test_a_fan_goes_through_the_quantiles_of_the_result(tree):
    ax = plot.fan(tree, "market_domestic_share")
    stored = tree["quantile"]["market_domestic_share"].sel(scenario="baseline")
    outer, inner = bands_of(ax)
    for band, ends in ((outer, (0.05, 0.95)), (inner, (0.25, 0.75))):
        for edge, level in zip(polygon(band), ends, strict=True):
            np.testing.assert_array_equal(edge, stored.sel(quantile=level).values)
    median = next(line for line in ax.lines if line.get_label() == "median")
    np.testing.assert_array_equal(median.get_ydata(), stored.sel(quantile=0.5).values)


def test_the_stated_scenario_is_drawn_where_there_is_one(tree):
    stated = {line.get_label(): line for line in plot.fan(tree, "market_domestic_share").lines}["as stated"]
    there = tree["quantile"]["market_domestic_share"].sel(scenario="stated", quantile=0.5)
    np.testing.assert_array_equal(stated.get_ydata(), there.values)
    own = plot.fan(tree, "market_domestic_share", stated=there * 2)
    line = next(each for each in own.lines if each.get_label() == "as stated")
    np.testing.assert_array_equal(line.get_ydata(), 2 * there.values)
    itself = plot.fan(tree, "market_domestic_share", {"scenario": "stated"})
    assert "as stated" not in [each.get_label() for each in itself.lines]
    with pytest.raises(ResultError, match="expected one value for each quarter, 8"):
        plot.fan(tree, "market_domestic_share", stated=there[:3])


def test_monte_carlo_error_is_drawn_where_an_eye_can_see_it(tree):
    assert not plot.fan(tree, "market_domestic_share").containers  # of 4,096 draws: a thousandth of the height
    few = tree.sim.where("buy.baidu_2023 < 1000")  # 200 draws
    (bars,) = plot.fan(few, "market_domestic_share").containers[:1]
    assert "Monte Carlo" in bars.get_label() or len(plot.fan(few, "market_domestic_share").containers) == 3
    error = few.sim.quantile_mcse(0.95, "market_domestic_share").isel(scenario=0).values
    top = plot.fan(few, "market_domestic_share").containers[-1][2][0].get_segments()
    heights = np.array([segment[1, 1] - segment[0, 1] for segment in top])
    np.testing.assert_allclose(heights, 2 * 2.131449545559323 * error)


def test_time_stands_on_the_axis_and_units_on_the_other(tree):
    ax = plot.fan(tree, "market_domestic_share")
    assert [each.get_text() for each in ax.get_xticklabels()][:5] == ["Q1\n2023", "Q2", "Q3", "Q4", "Q1\n2024"]
    assert ax.get_xlabel() == "Quarter"
    assert ax.get_ylabel() == "Domestic share of the market"
    assert ax.yaxis.get_major_formatter()(0.2) == "20 %"
    cards = plot.fan(tree, "buyer_purchases_year", {"buyer": "baidu", "scenario": "export_ban_2023q4"})
    assert cards.get_ylabel() == "Cards bought in the year (cards)"
    assert cards.yaxis.get_major_formatter()(40_000) == "40,000"
    assert cards.get_title("left") == "export ban 2023q4 · Baidu"


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (
            {},
            "found buyer, year left open, expected one dimension left open, such as quarter; give buyer, one of baidu",
        ),
        ({"buyer": "baidoo"}, 'no buyer "baidoo"; did you mean "baidu"?'),
        ({"buyr": "baidu"}, 'no dimension "buyr"; did you mean "buyer"?'),
        ({"buyer": "baidu", "year": 2023}, "found every dimension named, expected one dimension left open"),
    ],
)
def test_wrong_places_are_answered_in_a_line(tree, at, says):
    with pytest.raises(ResultError) as caught:
        plot.fan(tree, "buyer_purchases_year", at)
    assert says in str(caught.value)


def test_an_unknown_output_is_answered_with_the_nearest(tree):
    with pytest.raises(ResultError, match='did you mean "market_domestic_share"'):
        plot.fan(tree, "market_domestic_shares")


def test_an_overlay_has_both_fans_and_the_paired_difference(made, tree):
    scenarios = ("baseline", "export_ban_2023q4")
    figure = plot.overlay(tree, "market_domestic_share", scenarios)
    above, beneath = figure.get_axes()
    for band, scenario in zip(bands_of(above), scenarios, strict=True):
        assert to_hex(band.get_facecolor()[0]) == colours.of("scenario", scenario)
        stored = tree["quantile"]["market_domestic_share"].sel(scenario=scenario)
        np.testing.assert_array_equal(polygon(band)[1], stored.sel(quantile=0.95).values)
    stored = tree["difference"]["quantile"]["market_domestic_share"].sel(scenario=scenarios[1])
    np.testing.assert_array_equal(polygon(bands_of(beneath)[0])[0], stored.sel(quantile=0.05).values)
    # It is the quantile of the difference, not the difference of quantiles.
    draws = made.cells("market_domestic_share")
    exact = np.quantile(draws[1] - draws[0], 0.95, axis=0, method="inverted_cdf")
    np.testing.assert_allclose(polygon(bands_of(beneath)[0])[1], exact, rtol=2e-3)
    assert beneath.get_ylabel().replace("\n", " ") == "Difference (percentage points)"


def test_a_difference_from_another_base_comes_from_kept_draws(made, tree):
    from sim.results.plot.place import row

    places = [row(tree, "market_domestic_share", {"scenario": s}) for s in ("export_ban_2023q4", "baseline")]
    found = difference(tree, "market_domestic_share", *places)
    assert isinstance(found, OfDraws)
    draws = made.cells("market_domestic_share")
    exact = np.quantile(draws[0] - draws[1], [0.05, 0.5], axis=0, method="inverted_cdf")
    np.testing.assert_array_equal(found.quantile(np.array([0.05, 0.5])), exact)
    with pytest.raises(ResultError, match="neither differences nor kept draws"):
        plot.overlay(tree, "market_spend_year", ("export_ban_2023q4", "baseline"))


def test_an_overlay_of_one_answer_has_densities(tree):
    figure = plot.overlay(tree, "market_domestic_share", ("baseline", "export_ban_2023q4"), {"quarter": "2024Q4"})
    above, beneath = figure.get_axes()
    assert above.get_xlabel() == "Domestic share of the market"
    assert beneath.get_xlabel() == "Domestic share of the market: difference (percentage points)"
    for ax in (above, beneath):
        assert not ax.get_yticks().size
    with pytest.raises(ResultError, match="expected two scenarios"):
        plot.overlay(tree, "market_domestic_share", ("baseline", "baseline"))


def test_a_density_has_all_the_draws_in_it():
    rng = np.random.default_rng(3)
    draws = OfDraws(np.maximum(rng.normal(size=(4_096, 1)), 0.0))  # half of them at nothing
    x, y = density(draws, 0.0, 5.0)
    assert y.sum() * (x[1] - x[0]) == pytest.approx(1.0, abs=1e-3)
    assert y[0] == y.max()
    x, y = density(OfDraws(rng.uniform(size=(65_536, 1))), 0.0, 1.0)
    np.testing.assert_allclose(y, 1.0, atol=0.12)


def test_a_fan_of_a_conditioned_result_is_of_its_draws(made, tree):
    some = tree.sim.where("adopt.pilot_mid > 4")
    ax = plot.fan(some, "market_domestic_share")
    held = made.cells("market_domestic_share")[0][np.asarray(tree["inputs"]["adopt.pilot_mid"][0]) > 4]
    exact = np.quantile(held, 0.95, axis=0, method="inverted_cdf")
    np.testing.assert_allclose(polygon(bands_of(ax)[0])[1], exact)


def test_the_pointer_finds_the_figures_of_each_quarter(tree):
    svg = plot.svg(plot.fan(tree, "market_domestic_share").figure)
    stored = tree["quantile"]["market_domestic_share"].sel(scenario="baseline", quantile=0.5)
    assert svg.count('class="tip"') == len(QUARTERS)
    assert f"2024Q4: median {100 * float(stored[-1]):.0f} %; 25–75 %:" in svg


def test_numbers_beside_a_fan_keep_apart_by_the_height_of_its_axes(tree):
    """Of a flat fan on a scale that it shares with others the median alone is written, not three numbers on one another."""
    alone, shared = (plot.fan(tree, "market_domestic_share", ax=ax) for ax in (None, reaching(100.0)))
    assert len(alone.texts) == 3
    assert len(shared.texts) == 1
    assert shared.get_ylim() == (0.0, 100.0)


def reaching(high):
    """Axes up to so much."""
    ax = plot.figure().add_subplot()
    ax.set_ylim(0.0, high)
    return ax
