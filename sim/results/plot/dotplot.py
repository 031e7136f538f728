"""Quantile dotplot: one answer as 20 or 50 dots, each as likely as any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.results.errors import ResultError
from sim.results.plot import canvas, colours, fonts, numbers, tips, words
from sim.results.plot.place import cell
from sim.results.plot.spread import OfTree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDEST = 1.0 / 13.0
"""A dot's diameter, of the width of the axes, at most."""


def dotplot(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    dots: int = 20,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Quantiles of one answer at (i + 0.5) / ``dots``, stacked as dots that can be counted: 3 of 20 is 15 of 100.

    Parameters
    ----------
    tree: a result.
    output: name of an output.
    at: label of each of its dimensions, the scenario among them.
    dots: how many, 20 or 50 for choice.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, a dimension left open, or fewer than 2 dots.

    Source: Kay, Kola, Hullman and Munson, CHI 2016; Fernandes et al., CHI 2018.
    """
    if dots < 2:
        raise ResultError(f"dots: found {dots}, expected at least 2, such as 20 or 50")
    place = cell(tree, output, at)
    lang = fonts.language(lang)
    x = OfTree(tree, output, place).quantile((np.arange(dots) + 0.5) / dots).ravel()
    if not np.isfinite(x).all():
        raise ResultError(f"{output}: found quantiles that are no finite number, expected an answer that has them")
    ax = canvas.axes(ax)
    scale = place.scale(x, lang)
    canvas.head(ax, place.title(lang))
    each = numbers.plain(100.0 / dots)
    ax.set_xlabel(f"{scale.label(place.words(lang))}\n{words.say('each_dot', lang, each)}")
    scale.on(ax.xaxis)
    ax.set_yticks([])
    canvas.bare(ax, "left", "right", "top")
    fonts.dress(ax, lang)
    colour = colours.of("scenario", place.label("scenario"))
    for at_x, circle in zip(x, _place(ax, x, colour), strict=True):
        tips.tie(circle, f"{scale.write(float(at_x))} {scale.unit}".rstrip())
    return ax


def _place(ax: Axes, x: np.ndarray, colour: str) -> list[Any]:
    """Draw the dots as large as the axes have room for; ellipses in data, circles on the page."""
    from matplotlib.patches import Ellipse

    span = float(x.max() - x.min()) or abs(float(x[0])) or 1.0
    left, right = float(x.min()) - 0.06 * span, float(x.max()) + 0.06 * span
    ax.set_xlim(left, right)
    ax.get_figure(root=True).draw_without_rendering()  # the layout says how wide and how high the axes are
    box = ax.get_window_extent()
    ratio = box.height / box.width
    for share in WIDEST * 0.93 ** np.arange(60):
        diameter = share * (right - left)
        rows = stacked(x, diameter)
        if (rows.max() + 1) * share <= 0.97 * ratio:
            break
    height = share / ratio  # of the axes' height, which is 0 to 1
    ax.set_ylim(0.0, 1.0)
    return [
        ax.add_patch(Ellipse((at, (row + 0.5) * height), 0.96 * diameter, 0.96 * height, color=colour, linewidth=0))
        for at, row in zip(x, rows, strict=True)
    ]


def stacked(x: np.ndarray, diameter: float) -> np.ndarray:
    """The lowest row for each dot, from the left, in which it touches none before it: int64[n]."""
    last: list[float] = []
    rows = np.empty(len(x), np.int64)
    for i, at in enumerate(x):
        row = next((k for k, before in enumerate(last) if at - before >= diameter), len(last))
        rows[i] = row
        last[row : row + 1] = [at]
    return rows
