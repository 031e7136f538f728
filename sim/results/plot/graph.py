"""The model as a graph: from claims to inputs to outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.results.plot import canvas, colours, fonts, inputs, tips, words
from sim.results.plot.network import Network, Node, network

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    import priors
    from sim.model import Model

COLUMNS = ((0.0, 0.36), (0.44, 0.74), (0.80, 1.0))
"""Left and right edge of each column's boxes, of the width of the axes."""
ROW = 0.19
"""Inches a row of boxes."""
SMALLEST = 3.5


def graph(
    book: priors.Book,
    model: Model,
    of: str,
    *,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Claims on the left, the inputs that rest on them, and on the right the outputs that follow from those.

    Nothing is written down twice: which claims an input rests on is the book's, which inputs an output reads the model's.
    Where a whole answer is told, the assumed inputs of a chapter are one box.

    Parameters
    ----------
    book: a book.
    model: tells which inputs each output reads, such as ``sim.market.model()``.
    of: an output's name (what is behind it), a chapter of inputs such as ``"race"`` (what follows from it), or
        ``"everything"``, which needs a tall figure.
    lang: ``"en"`` or ``"zh"``; claims stay in the book's own words.
    ax: to draw on; a new figure, as tall and as wide as it takes, unless given.

    Raises
    ------
    ResultError: for a name that is neither, with the nearest that is.
    """
    lang = fonts.language(lang)
    found = network(book, model, of, lang)
    columns = (found.claims, found.inputs, found.outputs)
    rows = max(len(column) for column in columns)
    if ax is None:
        made = canvas.figure(max(canvas.figure().get_figwidth(), 9.0), 0.9 + ROW * (rows + 1))
        ax = made.add_subplot()
    ax.set_xlim(-0.004, 1.004)
    ax.set_ylim(rows + 0.6, -1.1)
    ax.axis("off")
    ax.get_figure(root=True).draw_without_rendering()  # the layout says how wide the boxes are
    size = _size(ax, rows)
    places = {}
    for column, (left, right), key in zip(columns, COLUMNS, ("claims", "inputs", "outputs"), strict=True):
        if column:
            ax.text(left, -0.75, words.say(key, lang), fontsize=size * 1.1, fontweight="bold", va="center")
        for node, y in zip(column, _spread(len(column), rows), strict=True):
            places[node.key] = (left, right, y)
            _box(ax, node, (left, right, y), size)
    _edges(ax, found, places)
    handles = inputs.legend([node.basis for node in found.inputs], lang)
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=3, frameon=False, fontsize=size)
    fonts.dress(ax, lang)
    return ax


def _spread(count: int, rows: int) -> np.ndarray:
    """Heights of the boxes of a column, over the whole height; a single one in the middle."""
    return (np.arange(count) + 0.5) * rows / count if count else np.empty(0)


def _size(ax: Axes, rows: int) -> float:
    """Points of text that fit a row."""
    figure = ax.get_figure(root=True)
    height = float(ax.get_position().height * figure.get_figheight() * 72.0 / (rows + 2))
    return max(min(canvas.small(), 0.72 * height), SMALLEST)


def _box(ax: Axes, node: Node, place: tuple[float, float, float], size: float) -> None:
    from matplotlib.patches import Rectangle

    left, right, y = place
    colour = inputs.colour_of(node.basis) if node.basis else colours.GREY
    box = Rectangle(
        (left, y - 0.4),
        right - left,
        0.8,
        facecolor=colours.lighter(colour, 0.82),
        edgecolor=colour,
        linewidth=0.7,
        zorder=3,
    )
    ax.add_patch(box)
    tips.tie(box, node.label if node.key in node.label else f"{node.key}: {node.label}")
    letters = int((right - left) * canvas.width(ax) * 72.0 / (0.59 * size)) - 1
    ax.text(left + 0.006, y, words.shortened(node.label, letters), fontsize=size, va="center", zorder=4, clip_on=True)


def _edges(ax: Axes, found: Network, places: dict[str, tuple[float, float, float]]) -> None:
    """Curves from right edges to left edges, in the colour of what the input rests on."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    basis = {node.key: node.basis for node in found.inputs}
    alpha = float(np.clip(60.0 / max(len(found.edges), 1), 0.12, 0.6))  # of many, where they are dense shows
    codes: Sequence[int] = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    for left, right in found.edges:
        start, end = (places[left][1], places[left][2]), (places[right][0], places[right][2])
        middle = (start[0] + end[0]) / 2
        path = Path([start, (middle, start[1]), (middle, end[1]), end], codes)
        colour = inputs.colour_of(basis.get(right) or basis.get(left, ""))
        ax.add_patch(PathPatch(path, facecolor="none", edgecolor=colour, linewidth=0.8, alpha=alpha, zorder=1))
