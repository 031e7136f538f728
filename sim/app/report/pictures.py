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
STYLE = {
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

    def axes(
        self, name: str, words: tuple[str, str], draw: Callable[[Any], Any], size: tuple[float, float] = (WIDTH, HEIGHT)
    ) -> Picture:
        """A picture with one pair of axes, which ``draw`` is given; ``words`` are its title and what it shows."""
        return self.figure(name, words, lambda figure: draw(figure.add_subplot()), size)

    def figure(
        self, name: str, words: tuple[str, str], draw: Callable[[Any], Any], size: tuple[float, float] = (WIDTH, HEIGHT)
    ) -> Picture:
        """A picture that ``draw`` makes on an empty figure of ``size`` inches."""
        title, alt = words
        return Picture(self._name(name), title, alt, self._svg(draw, size) if self.drawing else "")

    def ready(self, name: str, alt: str, svg: str) -> Picture:
        """A small picture that is drawn already."""
        return Picture(self._name(name), "", alt, svg if self.drawing else "", "small")

    def _svg(self, draw: Callable[[Any], Any], size: tuple[float, float]) -> str:
        from matplotlib import rc_context

        from sim.results import plot

        with rc_context(STYLE), warnings.catch_warnings():
            # The reader's browser has the font that this machine may lack.
            warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
            figure = plot.figure(*size)
            draw(figure)
            return plot.svg(figure)

    def _name(self, wanted: str) -> str:
        name = re.sub(r"[^A-Za-z0-9.]+", "-", wanted).strip("-.")[:80] or "picture"
        self._names[name] = self._names.get(name, 0) + 1
        return name if self._names[name] == 1 else f"{name}-{self._names[name]}"
