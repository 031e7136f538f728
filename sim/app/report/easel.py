"""Pictures drawn for the page: of one style, each laid out once, those of a kind with their axes at the same place."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

STYLE: Any = {
    "font.size": 9,
    "axes.titlesize": 9,
    "text.parse_math": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}


@dataclass(frozen=True)
class Drawing:
    """A picture that is to be drawn, here or in another process, so of what can be pickled.

    Attributes
    ----------
    draw: called with ``ax=``, the axes to draw on, or with ``figure=``, where it is ``whole``.
    size: inches.
    like: axes of pictures that are alike stand at the same place, which is laid out once for all of them: it is half of
        the time that a picture takes. Empty for one that is like no other.
    """

    draw: Callable[..., Any]
    size: tuple[float, float]
    like: str = ""
    whole: bool = False


class Easel:
    """Draws one picture after the other; the same ones in the same order are the same text."""

    def __init__(self) -> None:
        self._places: dict[str, Any] = {}

    def svg(self, drawing: Drawing) -> str:
        """The picture as SVG."""
        from matplotlib import rc_context

        from sim.results import plot

        with rc_context(STYLE), warnings.catch_warnings():
            # The reader's browser has the font that this machine may lack.
            warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
            warnings.filterwarnings("ignore", message="no font with Chinese characters", category=UserWarning)
            figure = plot.figure(*drawing.size)
            if drawing.whole:
                drawing.draw(figure=figure)
            else:
                drawing.draw(ax=figure.add_subplot())
            self._place(figure, drawing.like)
            return plot.svg(figure)

    def _place(self, figure: Any, like: str) -> None:
        """Axes laid out once and for good, which saving would do anew; or where those of the first of its kind stand."""
        if like:
            axis = figure.axes[0].yaxis
            told = axis.get_major_formatter().format_ticks(axis.get_majorticklocs())
            like = f"{like}, {max(map(len, told), default=0)} letters"
        if like not in self._places:
            figure.get_layout_engine().execute(figure)
        figure.set_layout_engine("none")
        if like:
            figure.axes[0].set_position(self._places.setdefault(like, figure.axes[0].get_position()))
