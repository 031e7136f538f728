"""Pictures for the page: each with its words, named so that no two are the same, drawn here or by a painter."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.app.report.easel import Drawing, Easel
from sim.results.report import Block, Folded, Page, Part, Picture, Pictures, Section

if TYPE_CHECKING:
    from sim.app.report.painter import Painter

WIDTH, HEIGHT = 4.6, 2.9
"""Inches: so wide that letters are as large as the page's where two stand side by side, and on a telephone."""

Draw = Callable[[], "partial[Any]"]
"""Makes what draws a picture, of what can be pickled: one that is not drawn needs nothing read."""


@dataclass
class Studio:
    """Takes orders for pictures, or only tells what they would show where the page has none.

    Attributes
    ----------
    drawing: whether to draw.
    painter: who draws, as soon as it is ordered; by itself all is drawn in the end.
    """

    drawing: bool
    painter: Painter | None = None
    _names: dict[str, int] = field(default_factory=dict)
    _ordered: dict[str, Drawing] = field(default_factory=dict)
    _under_way: list[Future[str]] = field(default_factory=list)

    def axes(
        self,
        name: str,
        words: tuple[str, str],
        draw: Draw,
        size: tuple[float, float] = (WIDTH, HEIGHT),
        like: str = "",
    ) -> Picture:
        """A picture with one pair of axes, which what ``draw`` makes is given as ``ax=``.

        ``words`` are its title and what it shows; ``like`` and ``size`` are those of :class:`~.easel.Drawing`.
        """
        return self._picture(name, words, lambda: Drawing(draw(), size, like))

    def figure(
        self, name: str, words: tuple[str, str], draw: Draw, size: tuple[float, float] = (WIDTH, HEIGHT)
    ) -> Picture:
        """A picture that what ``draw`` makes puts on an empty figure, which it is given as ``figure=``."""
        return self._picture(name, words, lambda: Drawing(draw(), size, whole=True))

    def _picture(self, name: str, words: tuple[str, str], order: Callable[[], Drawing]) -> Picture:
        name, (title, alt) = self._name(name), words
        if self.drawing:
            drawing = order()
            self._ordered[name] = drawing
            if self.painter is not None:
                self._under_way.append(self.painter.ask(drawing))
        return Picture(name, title, alt, "")

    def hung(self, page: Page) -> Page:
        """The page with all pictures that were ordered for it."""
        svgs = {
            name: _ours(svg, number)
            for number, (name, svg) in enumerate(zip(self._ordered, self._drawn(), strict=True), 1)
        }
        return replace(page, sections=tuple(_hung_section(each, svgs) for each in page.sections))

    def _drawn(self) -> list[str]:
        """The pictures in the order of asking; here where the painter failed, all of them, as they share their places."""
        if self.painter is not None:
            with contextlib.suppress(Exception):  # what cannot be drawn is told when it is drawn here
                return [each.result() for each in self._under_way]
        easel = Easel()
        return [easel.svg(each) for each in self._ordered.values()]

    def without_chinese(self, lang: str) -> bool:
        """Whether labels of pictures come in English because no font here has Chinese characters."""
        if lang != "zh" or not self.drawing:
            return False
        from sim.results.plot import fonts

        return fonts.chinese() is None

    def ready(self, name: str, alt: str, svg: str) -> Picture:
        """A small picture that is drawn already."""
        return Picture(self._name(name), "", alt, svg if self.drawing else "", "small")

    def _name(self, wanted: str) -> str:
        name = re.sub(r"[^A-Za-z0-9.]+", "-", wanted).strip("-.")[:80] or "picture"
        self._names[name] = self._names.get(name, 0) + 1
        return name if self._names[name] == 1 else f"{name}-{self._names[name]}"


def _hung_section(section: Section, svgs: dict[str, str]) -> Section:
    return replace(section, blocks=tuple(_hung(each, svgs) for each in section.blocks))


def _hung(block: Block, svgs: dict[str, str]) -> Block:
    """A block with the pictures in it."""
    if isinstance(block, Picture):
        return replace(block, svg=svgs.get(block.name, block.svg))
    if isinstance(block, Pictures):
        return Pictures(tuple(replace(each, svg=svgs.get(each.name, each.svg)) for each in block.pictures))
    if isinstance(block, Part | Folded):
        return replace(block, blocks=tuple(_hung(each, svgs) for each in block.blocks))
    return block


def _ours(svg: str, number: int) -> str:
    """A picture with ids that no other has, and nothing in it that the page does not need or that reaches beyond it."""
    svg = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'((?<!-)id="|href="#|url\(#)s[0-9a-f]{10}-', rf"\g<1>p{number}-", svg)
    return svg.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)
