"""A report as Markdown with tables, for a wiki, a mail or a repository. Pictures are told by what they show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sim.results.report.html import clean
from sim.results.report.parts import (
    Block,
    Cell,
    Code,
    Folded,
    Items,
    Page,
    Paragraph,
    Part,
    Picture,
    Pictures,
    Row,
    Table,
)
from sim.results.report.words import Words

# What begins something in Markdown or in the HTML that it allows, wherever it stands.
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&!$])")
_FIRST = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")


def render(page: Page) -> str:
    """The page as Markdown; equal pages give equal text."""
    words = Words(page.lang)
    lines = [f"# {escaped(page.title)}", "", escaped(page.subtitle), ""]
    for section in page.sections:
        lines += [f"## {escaped(section.title)}", ""]
        lines += _blocks(section.blocks, words)
    lines += ["---", "", escaped(words("page.footer"))]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """``text`` on one line with nothing left in it that Markdown or HTML would take for its own."""
    flat = " ".join(clean(text).split())
    flat = _SPECIAL.sub(r"\\\1", flat).replace(r"\<", "&lt;").replace(r"\>", "&gt;").replace(r"\&", "&amp;")
    # A scheme before a colon is made a link of by some readers.
    flat = re.sub(r"(?i)\b(javascript|vbscript|data|https?):", r"\1&#58;", flat)
    return _FIRST.sub(lambda match: f"{match[1]}\\{match[2]}", flat)


def _blocks(blocks: Iterable[Block], words: Words) -> Iterator[str]:
    for block in blocks:
        yield from _block(block, words)
        yield ""


def _block(block: Block, words: Words) -> Iterator[str]:
    match block:
        case Paragraph(text, tone):
            yield f"> {escaped(text)}" if tone in ("note", "warn") else escaped(text)
        case Items(items):
            yield from (f"- {escaped(item)}" for item in items)
        case Code(text):
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
            yield from (fence + "sh", clean(text), fence)
        case Table():
            yield from _table(block, words)
        case Picture():
            yield f"> {escaped(words('page.picture', title=block.title, alt=block.alt))}"
        case Pictures(pictures):
            for picture in pictures:
                yield from _block(picture, words)
                yield ">"
        case Folded(summary, inner):
            yield f"**{escaped(summary)}**"
            yield ""
            yield from _blocks(inner, words)
        case Part(title, inner):
            yield f"### {escaped(title)}"
            yield ""
            yield from _blocks(inner, words)


def _table(table: Table, words: Words) -> Iterator[str]:
    """The rows, then what unfolds beneath them, each under its row's name."""
    yield f"**{escaped(table.caption)}**"
    yield ""
    yield _line(escaped(name) for name in table.head)
    yield _line(":--" if at == 0 or at in table.left else "--:" for at in range(len(table.head)))
    for row in table.rows:
        yield _line(_cell(cell) for cell in row.cells)
    for row in table.rows:
        if row.more:
            yield ""
            yield from _more(row, words)


def _more(row: Row, words: Words) -> Iterator[str]:
    yield f"- **{escaped(row.cells[0].text)}**: {escaped(row.summary)}"
    for block in row.more:
        if not isinstance(block, Picture):
            yield from (f"  {line}" for line in _block(block, words) if line)


def _cell(cell: Cell) -> str:
    return escaped(cell.text)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
