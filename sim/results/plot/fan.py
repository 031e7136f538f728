"""Fan chart: how an answer spreads over quarters or years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.results import distribution
from sim.results.errors import ResultError
from sim.results.plot import bands, canvas, colours, fonts, words
from sim.results.plot.place import Place, row
from sim.results.plot.spread import OfTree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STATED = "stated"


def fan(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    stated: xr.DataArray | None = None,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Median, 25–75 % and 5–95 % of an output over time, with the stated value and the Monte Carlo error.

    Parameters
    ----------
    tree: a result.
    output: name of an output that has the dimension quarter or year.
    at: label of each other dimension, the scenario among them.
    stated: what the answer is with everything as said, along the same dimension; unless given, the scenario ``stated`` of
        the tree if it is there.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, or dimensions left open besides time.
    """
    place = row(tree, output, at)
    lang = fonts.language(lang)
    said = _stated(tree, output, place) if stated is None else _along(stated, place)
    spread = OfTree(tree, output, place)
    values = spread.quantile(bands.LEVELS)
    ax = canvas.axes(ax)
    colour = colours.of("scenario", place.label("scenario"))
    scale = place.scale(values, lang)
    outer, inner, line = bands.draw(ax, values, colour)
    line.set_label(words.say("median", lang))
    handles = [line, inner, outer]
    if said is not None:
        style = {"color": canvas.ink(), "linewidth": 1.2, "linestyle": (0, (4, 2)), "zorder": 3}
        handles += ax.plot(np.arange(len(said)), said, label=words.say("stated", lang), **style)
    handles += bands.errors(ax, values, spread.error(bands.LEVELS), colour, lang)
    bands.time_axis(ax, place, lang)
    bands.ends(ax, values, scale, colour)
    bands.tell(ax, place, spread, scale)
    scale.on(ax.yaxis)
    canvas.label_y(ax, scale.label(place.words(lang)))
    canvas.head(ax, place.title(lang), handles)
    fonts.dress(ax, lang)
    return ax


def _stated(tree: xr.DataTree, output: str, place: Place) -> np.ndarray | None:
    """The answer of the scenario ``stated``, in which every draw is the same."""
    names = [str(name) for name in place.like["scenario"].values] if "scenario" in place.like.dims else []
    if STATED not in names or place.label("scenario") == STATED:
        return None
    there = Place(place.like, {**place.chosen, "scenario": names.index(STATED)}, place.free)
    return there.narrowed(distribution.quantile(tree, output, np.array([0.5]))).values.ravel()


def _along(stated: xr.DataArray, place: Place) -> np.ndarray:
    (dim,) = place.free
    values = np.asarray(stated.values, float)
    if values.shape != (place.like.sizes[dim],):
        raise ResultError(
            f"stated: found shape {values.shape}, expected one value for each {dim}, {place.like.sizes[dim]}"
        )
    return values
