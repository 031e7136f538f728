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

WIDEST = 1.0 / 8.0
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
    from matplotlib.transforms import blended_transform_factory

    span = float(x.max() - x.min()) or abs(float(x[0])) or 1.0
    middle = (float(x.max()) + float(x.min())) / 2.0
    ax.set_xlim(middle - 0.55 * span, middle + 0.55 * span)
    ax.get_figure(root=True).draw_without_rendering()  # the layout says how wide and how high the axes are
    box = ax.get_window_extent()
    ratio = box.height / box.width
    for share in WIDEST * 0.93 ** np.arange(60):
        wide = span / (1.0 - 1.3 * share)  # with room for half a dot, and a little, at either end
        diameter = share * wide
        rows = stacked(x, diameter)
        if (rows.max() + 1) * share <= 0.97 * ratio:
            break
    ax.set_xlim(middle - wide / 2.0, middle + wide / 2.0)
    upright = blended_transform_factory(ax.transData, _widths(ax))
    ax.set_ylim(0.0, 1.0)
    return [
        ax.add_patch(
            Ellipse(
                (at, (row + 0.5) * share), 0.96 * diameter, 0.96 * share, color=colour, linewidth=0, transform=upright
            )
        )
        for at, row in zip(x, rows, strict=True)
    ]


def _widths(ax: Axes) -> Any:
    """A transform from lengths as parts of the axes' *width* to pixels, so that dots stay round in any layout."""
    from matplotlib.transforms import Affine2DBase

    class Widths(Affine2DBase):
        """Both directions are told of the width; the origin is the lower left corner."""

        def get_matrix(self) -> np.ndarray:
            """Of the axes as they are now."""
            box = ax.bbox
            return np.array([[box.width, 0.0, box.x0], [0.0, box.width, box.y0], [0.0, 0.0, 1.0]])

    made = Widths()
    made.set_children(ax.bbox)
    return made


def stacked(x: np.ndarray, diameter: float) -> np.ndarray:
    """The lowest row for each dot, from the left, in which it touches none before it: int64[n]."""
    last: list[float] = []
    rows = np.empty(len(x), np.int64)
    for i, at in enumerate(x):
        row = next((k for k, before in enumerate(last) if at - before >= diameter), len(last))
        rows[i] = row
        last[row : row + 1] = [at]
    return rows
