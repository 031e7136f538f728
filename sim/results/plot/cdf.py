"""Cumulative distribution of one answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.results.plot import canvas, colours, fonts, numbers, tips, words
from sim.results.plot.place import Place, cell, whole
from sim.results.plot.spread import OfTree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVELS = np.concatenate([[0.002, 0.005], np.arange(1, 100) / 100.0, [0.995, 0.998]])
MARKED = (0.05, 0.5, 0.95)


def cdf(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    scenarios: Sequence[str] | None = None,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Chance that an answer is at most x, from the sketch of all draws; 5 %, 50 % and 95 % are marked.

    Parameters
    ----------
    tree: a result.
    output: name of an output.
    at: label of each of its dimensions; a scenario among them is that one alone.
    scenarios: names to draw together; the one of ``at``, or the first, unless given.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, or a dimension left open.
    """
    places = _places(tree, output, at, scenarios)
    lang = fonts.language(lang)
    found = [OfTree(tree, output, place).quantile(LEVELS).ravel() for place in places]
    ax = canvas.axes(ax)
    scale = places[0].scale(found, lang)
    told = colours.several("scenario", [place.label("scenario") for place in places])
    handles = []
    marks = [int(np.argmin(np.abs(LEVELS - level))) for level in MARKED]
    for place, values in zip(places, found, strict=True):
        colour = told[place.label("scenario")]
        handles += ax.plot(values, LEVELS, color=colour, linewidth=2.0, label=place.name("scenario", lang))
        for mark in marks:
            (dot,) = ax.plot(values[mark], LEVELS[mark], "o", color=colour, markersize=5)
            level = numbers.percent(float(LEVELS[mark]))
            tips.tie(
                dot, f"{place.name('scenario', lang)}: {level} ≤ {scale.write(values[mark])} {scale.unit}".rstrip()
            )
            if len(places) == 1:
                _write(ax, values[mark], LEVELS[mark], scale.write(float(values[mark])))
    scale.on(ax.xaxis)
    canvas.label_x(ax, scale.label(places[0].words(lang)))
    ax.set_ylim(0.0, 1.0)
    ax.set_yticks([0.05, 0.25, 0.5, 0.75, 0.95] if len(places) == 1 else [0.0, 0.25, 0.5, 0.75, 1.0])
    ax.yaxis.set_major_formatter(lambda value, _: numbers.percent(value))
    canvas.label_y(ax, words.say("chance_below", lang))
    one = len(places) == 1
    canvas.head(ax, places[0].title(lang, scenario=one), [] if one else handles)
    fonts.dress(ax, lang)
    return ax


def _write(ax: Axes, x: float, y: float, text: str) -> None:
    """Beside a mark, below and to the right, where a rising line never is."""
    ax.annotate(
        text, (x, y), xytext=(6, -2), textcoords="offset points", va="top", fontsize=canvas.small(), clip_on=False
    )


def _places(
    tree: xr.DataTree, output: str, at: Mapping[str, Any] | None, scenarios: Sequence[str] | None
) -> list[Place]:
    whole(tree, output)
    if scenarios is None:
        return [cell(tree, output, at)]
    return [cell(tree, output, {**(at or {}), "scenario": name}) for name in dict.fromkeys(scenarios)]
