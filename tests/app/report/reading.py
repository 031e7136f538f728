"""A page read back: its elements, tables and texts, by Python's own parser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "base", "col", "source", "wbr", "area", "embed", "track", "param"}
Attributes = dict[str, str | None]


@dataclass
class TableRead:
    """A table of the page: its caption, and its rows as (text, data-value) cells; ``words`` stand under a row's own."""

    caption: str = ""
    rows: list[list[tuple[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def row(self, *first: str) -> list[tuple[str, str | None]]:
        """The row that begins with these texts."""
        found = [row for row in self.rows if tuple(text for text, _ in row[: len(first)]) == first]
        assert len(found) == 1, (first, [row[0] for row in self.rows])
        return found[0]


class Read(HTMLParser):
    """All that a page is made of; fails where a tag is closed that is not open."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, Attributes]] = []
        self.tables: list[TableRead] = []
        self.scripts: list[str] = []
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert len(found) == len(attrs), (tag, attrs)
        self.elements.append((tag, found))
        if "id" in found:
            self.ids.append(str(found["id"]))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append(TableRead())
        if tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        if tag in ("td", "th"):
            self.tables[-1].rows[-1].append(("", found.get("data-value")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.ids += [str(value) for key, value in attrs if key == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], (tag, self.open[-5:], self.getpos())
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
            return
        if self.open and self.open[-1] == "style":
            return
        self.texts.append(data)
        if self.open and self.open[-1] == "caption":
            self.tables[-1].caption += data
        elif self.open and "table" in self.open and "svg" not in self.open:
            if "details" in self.open:
                self.tables[-1].words.append(data)
            elif {"td", "th"} & set(self.open):
                text, value = self.tables[-1].rows[-1][-1]
                self.tables[-1].rows[-1][-1] = (text + data, value)

    def table(self, caption: str) -> TableRead:
        """The table with this caption, or the one whose caption begins so."""
        exact = [table for table in self.tables if table.caption == caption]
        found = exact or [table for table in self.tables if table.caption.startswith(caption)]
        assert len(found) == 1, (caption, [table.caption for table in self.tables])
        return found[0]

    @property
    def text(self) -> str:
        """All that is to be read."""
        return " ".join(" ".join(self.texts).split())


def numbers(text: str) -> list[tuple[float, float]]:
    """Numbers as they are written, each with half a unit of its last figure that counts."""
    found = []
    for each in re.findall(r"[−-]?\d[\d,]*(?:\.\d+)?", text):
        plain = each.replace(",", "").replace("−", "-")
        digits = plain.lstrip("-")
        if "." in digits:
            place = -len(digits.partition(".")[2])
        else:
            place = len(digits) - len(digits.rstrip("0")) if digits.strip("0") else 0
        found.append((float(plain), 0.5 * 10.0**place))
    return found


def says(text: str, *values: float) -> bool:
    """Whether the first numbers of ``text`` are these, as far as they are written out."""
    found = numbers(text)
    return len(found) >= len(values) and all(
        abs(number - value) <= reach * (1 + 1e-9) for (number, reach), value in zip(found, values, strict=False)
    )
