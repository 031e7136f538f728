"""What a report is made of, whatever it is printed as: sections of paragraphs, lists, tables, pictures and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Cell:
    """A table's cell: its text, and the number behind it to the last bit where there is one."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``tone`` is ``lead`` for what to read first, ``note`` for what to know beside, else empty."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    kind: ClassVar[str] = "items"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Text to be typed as it stands."""

    kind: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True)
class Row:
    """A row of a table; ``more`` unfolds beneath it, under the line ``summary``."""

    cells: tuple[Cell, ...]
    summary: str = ""
    more: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table whose first column names its rows; ``left`` are further columns of words, the others are of numbers."""

    kind: ClassVar[str] = "table"
    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    left: tuple[int, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture as inline SVG.

    Attributes
    ----------
    name: of the file that it is saved as, and of its parts; letters, digits, dots and hyphens only.
    title: above it.
    alt: what it shows, for whoever does not see it.
    svg: one ``<svg>`` element whose marks are groups of class ``tip`` with their values in ``data-tip``; nobody's text
        but a plotting library's own, which escapes what it writes.
    size: ``""`` among others, ``small`` beside text, ``wide`` on its own.
    """

    kind: ClassVar[str] = "picture"
    name: str
    title: str
    alt: str
    svg: str
    size: str = ""


@dataclass(frozen=True)
class Pictures:
    """Pictures side by side where there is room."""

    kind: ClassVar[str] = "pictures"
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Folded:
    """Blocks that unfold under a line."""

    kind: ClassVar[str] = "folded"
    summary: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """Blocks under a heading of their own, within a section."""

    kind: ClassVar[str] = "part"
    title: str
    blocks: tuple[Block, ...]


Block = Paragraph | Items | Code | Table | Picture | Pictures | Folded | Part


@dataclass(frozen=True)
class Section:
    """A chapter of the page; ``key`` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """The whole report.

    Attributes
    ----------
    lang: ``en`` or ``zh``.
    title, subtitle: at its head.
    sections: in the order to be read.
    """

    lang: str
    title: str
    subtitle: str
    sections: tuple[Section, ...] = field(default=())


def row(*cells: str | Cell, summary: str = "", more: Sequence[Block] = ()) -> Row:
    """A row of words and cells."""
    return Row(tuple(Cell(each) if isinstance(each, str) else each for each in cells), summary, tuple(more))
