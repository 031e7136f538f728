"""Ridge: one answer under several scenarios, a density above the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.results.errors import ResultError
from sim.results.plot import canvas, colours, fonts, shapes, tips, words
from sim.results.plot.place import Place, cell, whole
from sim.results.plot.spread import OfTree, density

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 1.25
"""Of the tallest density, of the distance between two lines; above 1 they overlap."""


def ridge(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    scenarios: Sequence[str] | None = None,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Densities of one answer by scenario on one axis, with the median and 5–95 % of each.

    Parameters
    ----------
    tree: a result.
    output: name of an output.
    at: label of each dimension other than scenario.
    scenarios: names, from top to bottom; all of the result unless given.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, or a dimension left open.
    """
    if "scenario" in (at or {}):
        raise ResultError("ridge: found a scenario in at, expected them in scenarios")
    known = [str(name) for name in whole(tree, output)["scenario"].values]
    names = list(dict.fromkeys(scenarios or known))
    places = [cell(tree, output, {**(at or {}), "scenario": name}) for name in names]
    lang = fonts.language(lang)
    ax = canvas.axes(ax, 0.9 + 0.42 * len(names))
    spreads = [OfTree(tree, output, place) for place in places]
    ends = shapes.range_of(spreads)
    curves = [density(spread, *ends) for spread in spreads]
    # Each to its own height: what is nearly certain would else press all others flat.
    told = colours.several("scenario", names)
    scale = places[0].scale([spread.quantile(shapes.ENDS) for spread in spreads], lang)
    for k, (name, spread, (x, y)) in enumerate(zip(names, spreads, curves, strict=True)):
        line = float(len(names) - 1 - k)
        shape = y * (HEIGHT / max(float(y.max()), np.finfo(float).tiny)) + line
        body = ax.fill_between(x, line, shape, color=told[name], alpha=0.55, linewidth=0, zorder=2 + k)
        ax.plot(x, shape, color=canvas.paper(), linewidth=1.6, zorder=2 + k + 0.1)
        ax.plot(x, shape, color=told[name], linewidth=1.0, zorder=2 + k + 0.2)
        low, middle, high = spread.quantile(shapes.MARKS).ravel()
        ax.plot([low, high], [line, line], color=canvas.ink(), linewidth=1.6, solid_capstyle="butt", zorder=3 + k)
        ax.plot(middle, line, "o", color=canvas.ink(), markersize=4.5, zorder=3 + k + 0.5)
        text = f"{scale.write(middle)} ({scale.write(low)} – {scale.write(high)})"
        tips.tie(body, f"{places[k].name('scenario', lang)}: {text} {scale.unit}".rstrip())
    _finish(ax, places, lang)
    scale.on(ax.xaxis)
    ax.set_xlim(*ends)
    canvas.label_x(ax, scale.label(places[0].words(lang)), share=canvas.BESIDE_ROWS)
    canvas.head(ax, places[0].title(lang, scenario=False))
    fonts.dress(ax, lang)
    return ax


def _finish(ax: Axes, places: Sequence[Place], lang: str) -> None:
    lines = np.arange(len(places))[::-1]
    ax.set_yticks(lines, ["\n".join(words.wrapped(place.name("scenario", lang), 26)) for place in places])
    ax.set_ylim(-0.35, len(places) - 1 + HEIGHT + 0.1)
    ax.tick_params(axis="y", length=0)
    canvas.bare(ax, "left", "right", "top")
