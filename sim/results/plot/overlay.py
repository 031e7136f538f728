"""Two scenarios over one another, with the paired difference beneath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import xarray as xr

from sim.results.errors import ResultError
from sim.results.plot import bands, canvas, colours, fonts, words
from sim.results.plot.canvas import figure as new_figure
from sim.results.plot.place import Place, find, whole
from sim.results.plot.scales import Scale
from sim.results.plot.shapes import ENDS, outline, range_of
from sim.results.plot.spread import OfTree, Spread, difference

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def overlay(
    tree: xr.DataTree,
    output: str,
    scenarios: tuple[str, str],
    at: Mapping[str, Any] | None = None,
    *,
    lang: str = "en",
    figure: Figure | SubFigure | None = None,
) -> Figure | SubFigure:
    """Two scenarios' distributions, and beneath them the distribution of their difference, draw by draw.

    Over quarters or years two fans and the fan of the difference; of one answer (every dimension named) two densities
    and that of the difference. The difference is the second scenario less the first, from the group ``/difference`` of a
    run with ``pairs=True`` if it starts from the first, else from the kept draws.

    Parameters
    ----------
    tree: a result that has both scenarios.
    output: name of an output.
    scenarios: the base and the other.
    at: label of each dimension other than scenario; time may be left open.
    lang: ``"en"`` or ``"zh"``.
    figure: to draw on, two axes; a new one unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, a dimension left open besides time, or a result with neither
        differences nor kept draws of the output.
    """
    base, other = _places(tree, output, scenarios, at)
    lang = fonts.language(lang)
    both: list[Spread] = [OfTree(tree, output, place) for place in (base, other)]
    apart = difference(tree, output, base, other)
    figure = new_figure() if figure is None else figure
    above, beneath = figure.subplots(2, 1, sharex=bool(base.free), gridspec_kw={"height_ratios": [3, 2]})
    told = colours.several("scenario", [place.label("scenario") for place in (base, other)])
    if base.free:
        handles = _fans(above, base, both, list(told.values()), lang)
        _fan_of_difference(beneath, base, apart, lang)
        above.tick_params(labelbottom=False)
        above.set_xlabel("")
    else:
        handles = _densities(above, base, both, list(told.values()), lang)
        _density_of_difference(beneath, base, apart, lang)
    for handle, place in zip(handles, (base, other), strict=True):
        handle.set_label(place.name("scenario", lang))
    canvas.head(above, base.title(lang, scenario=False), handles)
    fonts.dress(figure, lang)
    return figure


def _places(
    tree: xr.DataTree, output: str, scenarios: tuple[str, str], at: Mapping[str, Any] | None
) -> tuple[Place, Place]:
    like = whole(tree, output)
    if "scenario" in (at or {}) or len(scenarios) != 2 or scenarios[0] == scenarios[1]:
        raise ResultError(f"overlay: found {scenarios!r}, expected two scenarios, and none in at")
    named = {dim for dim in like.dims if dim in (at or {}) or like.sizes[dim] == 1}
    free = min(len(set(like.dims) - named - {"scenario"}), 1)
    first, second = ({**(at or {}), "scenario": name} for name in scenarios)
    return find(like, first, free), find(like, second, free)


def _fans(ax: Axes, place: Place, both: list[Spread], told: list[str], lang: str) -> list[Any]:
    values = [spread.quantile(bands.LEVELS) for spread in both]
    scale = place.scale(values, lang)
    lines = []
    for each, spread, colour in zip(values, both, told, strict=True):
        *_, line = bands.draw(ax, each, colour, inner=False)
        bands.errors(ax, each, spread.error(bands.LEVELS), colour, lang)
        lines.append(line)
    lines[1].set_linestyle((0, (5, 1.5)))
    bands.time_axis(ax, place, lang)
    scale.on(ax.yaxis)
    canvas.label_y(ax, scale.label(place.words(lang)))
    bands.tell(ax, place, both[0], scale)
    return lines


def _fan_of_difference(ax: Axes, place: Place, apart: Spread, lang: str) -> None:
    values = apart.quantile(bands.LEVELS)
    scale = place.scale(values, lang, difference=True)
    bands.draw(ax, values, colours.GREY)
    bands.errors(ax, values, apart.error(bands.LEVELS), colours.GREY, lang)
    ax.axhline(0.0, color=canvas.ink(), linewidth=0.8)
    bands.time_axis(ax, place, lang)
    bands.ends(ax, values, scale, colours.GREY)
    bands.tell(ax, place, apart, scale, name=f"{words.say('difference', lang)}, ")
    scale.on(ax.yaxis)
    canvas.label_y(ax, scale.label(words.say("difference", lang).capitalize()))


def _densities(ax: Axes, place: Place, both: list[Spread], told: list[str], lang: str) -> list[Any]:
    low, high = range_of(both)
    scale = place.scale([spread.quantile(ENDS) for spread in both], lang)
    made = [outline(ax, spread, (low, high), colour) for spread, colour in zip(both, told, strict=True)]
    _finish(ax, scale, place.words(lang), lang)
    return made


def _density_of_difference(ax: Axes, place: Place, apart: Spread, lang: str) -> None:
    low, high = range_of([apart])
    low, high = min(low, 0.0), max(high, 0.0)
    scale = place.scale(apart.quantile(ENDS), lang, difference=True)
    outline(ax, apart, (low, high), colours.GREY)
    ax.axvline(0.0, color=canvas.ink(), linewidth=0.8)
    _finish(ax, scale, f"{place.words(lang)}: {words.say('difference', lang)}", lang)


def _finish(ax: Axes, scale: Scale, label: str, lang: str) -> None:
    scale.on(ax.xaxis)
    canvas.label_x(ax, scale.label(label))
    ax.set_ylim(bottom=0.0)
    ax.set_yticks([])
    canvas.label_y(ax, words.say("density", lang))
    canvas.bare(ax, "left", "right", "top")
