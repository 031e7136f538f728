"""Pictures for the page: drawn one by one, each with its words, named so that no two are the same."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sim.results.report import Picture

WIDTH, HEIGHT = 4.6, 2.9
"""Inches: so wide that letters are as large as the page's where two stand side by side, and on a telephone."""
STYLE: Any = {
    "font.size": 9,
    "axes.titlesize": 9,
    "text.parse_math": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}


@dataclass
class Studio:
    """Draws pictures, or only tells what they would show where the page has none.

    Attributes
    ----------
    drawing: whether to draw.
    """

    drawing: bool
    _names: dict[str, int] = field(default_factory=dict)
    _places: dict[str, Any] = field(default_factory=dict)
    _drawn: int = 0

    def axes(
        self,
        name: str,
        words: tuple[str, str],
        draw: Callable[[Any], Any],
        size: tuple[float, float] = (WIDTH, HEIGHT),
        like: str = "",
    ) -> Picture:
        """A picture with one pair of axes, which ``draw`` is given; ``words`` are its title and what it shows.

        Axes of pictures that are ``like`` one another stand at the same place, which is laid out once for all of them:
        it is half of the time that a picture takes.
        """
        return self.figure(name, words, lambda figure: draw(figure.add_subplot()), size, like)

    def figure(
        self,
        name: str,
        words: tuple[str, str],
        draw: Callable[[Any], Any],
        size: tuple[float, float] = (WIDTH, HEIGHT),
        like: str = "",
    ) -> Picture:
        """A picture that ``draw`` makes on an empty figure of ``size`` inches."""
        title, alt = words
        return Picture(self._name(name), title, alt, self._svg(draw, size, like) if self.drawing else "")

    def without_chinese(self, lang: str) -> bool:
        """Whether labels of pictures come in English because no font here has Chinese characters."""
        if lang != "zh" or not self.drawing:
            return False
        from sim.results.plot import fonts

        return fonts.chinese() is None

    def ready(self, name: str, alt: str, svg: str) -> Picture:
        """A small picture that is drawn already."""
        return Picture(self._name(name), "", alt, svg if self.drawing else "", "small")

    def _svg(self, draw: Callable[[Any], Any], size: tuple[float, float], like: str) -> str:
        from matplotlib import rc_context

        from sim.results import plot

        with rc_context(STYLE), warnings.catch_warnings():
            # The reader's browser has the font that this machine may lack.
            warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
            warnings.filterwarnings("ignore", message="no font with Chinese characters", category=UserWarning)
            figure = plot.figure(*size)
            draw(figure)
            self._place(figure, like)
            return self._ours(plot.svg(figure))

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

    def _ours(self, svg: str) -> str:
        """A picture with ids that no other has, and nothing in it that the page does not need or that reaches beyond it."""
        self._drawn += 1
        svg = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
        svg = re.sub(r'((?<!-)id="|href="#|url\(#)s[0-9a-f]{10}-', rf"\g<1>p{self._drawn}-", svg)
        return svg.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)

    def _name(self, wanted: str) -> str:
        name = re.sub(r"[^A-Za-z0-9.]+", "-", wanted).strip("-.")[:80] or "picture"
        self._names[name] = self._names.get(name, 0) + 1
        return name if self._names[name] == 1 else f"{name}-{self._names[name]}"
