"""A report as one file: what it is made of, its words in each language, and how it becomes HTML or Markdown.

Nothing here knows a market or reads a result: what the page says is gathered in :mod:`sim.app.report`.
"""

from sim.results.report import html, markdown
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
    Section,
    Table,
    row,
)
from sim.results.report.words import LANGUAGES, Words

__all__ = [
    "LANGUAGES",
    "Block",
    "Cell",
    "Code",
    "Folded",
    "Items",
    "Page",
    "Paragraph",
    "Part",
    "Picture",
    "Pictures",
    "Row",
    "Section",
    "Table",
    "Words",
    "html",
    "markdown",
    "row",
]
