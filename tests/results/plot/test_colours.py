"""Colours: the same thing has the same one everywhere, and those side by side are told apart by colour-blind readers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_hex

from sim.results import plot
from sim.results.plot import colours

# Machado, Oliveira and Fernandes (2009), severity 1; of linear RGB.
SEEN = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
APART = 13.0
"""In CIELAB; about six times what is just noticed."""


def lab(colour: str, seen: np.ndarray) -> np.ndarray:
    value = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    x = XYZ @ np.clip(seen @ linear, 0, 1) / WHITE
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eye", SEEN)
@pytest.mark.parametrize("dim", [*colours.FIXED, "palette", "change"])
def test_readers_of_every_kind_tell_colours_apart(dim, eye):
    told = {"palette": colours.PALETTE, "change": (colours.UP, colours.DOWN)}.get(dim)
    shown = told or list(colours.FIXED[dim].values())
    for first, second in itertools.combinations(shown, 2):
        apart = np.linalg.norm(lab(first, SEEN[eye]) - lab(second, SEEN[eye]))
        assert apart > APART, (first, second)


def test_red_and_green_of_equal_lightness_would_not_pass():
    green, red = lab("#5a8f00", SEEN["deuteranopia"]), lab("#b56a1c", SEEN["deuteranopia"])
    assert np.linalg.norm(green - red) < APART


def test_the_same_scenario_has_the_same_colour_in_every_picture(tree):
    at = {"quarter": "2024Q4"}
    expected = colours.of("scenario", "export_ban_2023q4")
    pictures = [
        plot.fan(tree, "market_domestic_share", {"scenario": "export_ban_2023q4"}).collections[0],
        plot.dotplot(tree, "market_domestic_share", at | {"scenario": "export_ban_2023q4"}).patches[0],
        plot.ridge(tree, "market_domestic_share", at, scenarios=["export_ban_2023q4"]).collections[0],
        plot.overlay(tree, "market_domestic_share", ("export_ban_2023q4", "baseline")).get_axes()[0].collections[0],
    ]
    for artist in pictures:
        assert to_hex(np.atleast_2d(artist.get_facecolor())[0]) == expected


def test_the_same_buyer_has_the_same_colour_in_two_pictures(tree):
    found = []
    for scenario in ("baseline", "export_ban_2023q4"):
        ax = plot.shares(tree, "buyer_purchases_year", {"scenario": scenario}, by="buyer")
        found.append({each.get_label(): to_hex(each[0].get_facecolor()) for each in ax.containers})
    assert found[0] == found[1]
    assert found[0]["Baidu"] == colours.FIXED["buyer"]["baidu"]


def test_unknown_labels_keep_their_colour_and_do_not_share_one():
    names = [f"mine {k}" for k in range(8)]
    told = colours.several("scenario", ["baseline", *names])
    assert len(set(told.values())) == 9
    assert told["baseline"] == colours.BLUE
    assert colours.of("scenario", "mine 0") == colours.of("scenario", "mine 0")


def test_text_upon_a_colour_can_be_read():
    assert colours.on("#ffffff") == colours.BLACK
    assert colours.on(colours.FIXED["accelerator"]["h800"]) == "#ffffff"
    assert colours.lighter("#000000", 0.5) == "#808080"
