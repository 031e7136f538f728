"""What goes to the terminal: tables, JSON, notes; never a failure over a character it cannot show, no figure cut."""

from __future__ import annotations

import codecs
import contextlib
import json
import math
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.app.tables import Column, blocks, widths, wrapped

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

NARROW, WIDE, UNKNOWN = 24, 120, 100
GAP = 3
"""Columns of the terminal between two of a table's."""
_PLAIN = {
    "–": "-",
    "—": "-",
    "−": "-",
    "×": "x",
    "·": "*",
    "…": "...",
    "→": "->",
    "∞": "inf",
    "±": "+/-",
    "≥": ">=",
    "≤": "<=",
    "“": '"',
    "”": '"',
    "’": "'",
}


def _substitute(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in found), error.end


def prepare() -> None:
    """Let both streams write what their encoding lacks in plain characters; what goes to a closed one goes nowhere."""
    sys.stdout, sys.stderr = (stream or open(os.devnull, "w") for stream in (sys.stdout, sys.stderr))  # noqa: PTH123, SIM115
    codecs.register_error("suanli.plain", _substitute)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="suanli.plain")


def flush() -> None:
    """Hand over all that was printed."""
    if sys.stdout is not None:
        sys.stdout.flush()


def drop_output() -> None:
    """Send what is still to be printed nowhere: the reader has gone, but the interpreter flushes once more."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """Say something on stderr, beside the results."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(text, err=True)


def width() -> int:
    """Columns to fill: those of the terminal (or ``$COLUMNS``), within what reads well; 100 in a pipe."""
    return min(max(shutil.get_terminal_size((UNKNOWN, 24)).columns, NARROW), WIDE)


def clean(text: str) -> str:
    """``text`` without control characters: a label from someone's file moves no cursor and changes no colour."""
    return "".join("\ufffd" if unicodedata.category(c).startswith("C") and c != "\n" else c for c in text)


def console(*, stderr: bool = False, least: int = 0) -> Console:
    """A rich console that takes every text literally, at least ``least`` columns wide."""
    from rich.console import Console  # 60 ms, only where something is printed

    class Passing(Console):
        """A console that leaves a closed pipe to whoever prints; rich would end the process with status 1."""

        def on_broken_pipe(self) -> None:
            raise

    stream = sys.stderr if stderr else sys.stdout
    return Passing(file=stream, width=max(width(), least), markup=False, highlight=False, emoji=False)


def _put(what: RenderableType, *, least: int = 0, style: str | None = None) -> None:
    """Print ``what``, which is wrapped already; what is longer than a line runs over the edge, and none ends in a blank."""
    target = console(least=least)
    with target.capture() as caught:
        target.print(what, style=style, overflow="ignore", crop=False)
    lines = caught.get().removesuffix("\n").split("\n")
    sys.stdout.write("".join(f"{line.rstrip(' ')}\n" for line in lines))


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Iterable[str] = (),
    keep: Iterable[str] = (),
    title: str = "",
) -> None:
    """Print a table, in several blocks of columns where it is wider than the terminal: see :mod:`sim.app.tables`.

    The columns named in ``right`` are figures and stand to the right; neither they nor those in ``keep`` are ever wrapped.
    """
    cells = [[clean(str(cell)) for cell in row] for row in rows]
    columns = [
        Column(clean(name), [row[i] for row in cells], name in right, name in right or name in keep)
        for i, name in enumerate(head)
    ]
    if title:
        say(title, bold=True)
    for number, block in enumerate(blocks(columns, width(), GAP)):
        if number:
            say()
        _block([columns[i] for i in block], len(cells))


def _block(columns: Sequence[Column], rows: int) -> None:
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    found = widths(columns, width(), GAP)
    for column, wide in zip(columns, found, strict=True):
        made.add_column(column.head, justify="right" if column.right else "left", width=wide, overflow="fold")
    for i in range(rows):
        made.add_row(*(column.cells[i] for column in columns))
    _put(made, least=sum(found) + GAP * len(found))


def record(pairs: Iterable[tuple[str, str]]) -> None:
    """Print one thing in full: names at the left, what is said of them at the right."""
    from rich.table import Table

    told = [(clean(name), clean(text)) for name, text in pairs if text]
    if not told:
        return
    columns = [Column("", [name for name, _ in told], whole=True), Column("", [text for _, text in told])]
    found = widths(columns, width(), 2)
    made = Table.grid(padding=(0, 2))
    made.add_column(width=found[0], style="bold")
    made.add_column(width=found[1], overflow="fold")
    for name, text in told:
        made.add_row(name, text)
    _put(made, least=sum(found) + 4)


def entry(name: str, beside: str, below: str) -> None:
    """Print one thing of a list: its name, a word beside it, and a paragraph below, indented."""
    from rich.text import Text

    name = clean(name)
    first = Text(wrapped(f"{name}  {clean(beside)}", width()))
    first.stylize("bold", 0, len(name))
    _put(first)
    for line in wrapped(clean(below), width() - 4).split("\n"):
        _put(f"    {line}")


def say(text: str = "", *, bold: bool = False) -> None:
    """Print a line or a paragraph, wrapped to the width between words."""
    _put(wrapped(clean(text), width()), style="bold" if bold else None)


def emit(content: Any) -> None:
    """Print ``content`` as JSON: nothing but JSON on stdout, numbers that are none as null."""
    unicode = "utf" in (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    click.echo(json.dumps(plain(content), ensure_ascii=not unicode, indent=2, allow_nan=False))


def plain(content: Any) -> Any:
    """``content`` in what JSON has: numbers that are none become null, NumPy's scalars and arrays Python's."""
    if isinstance(content, dict):
        return {str(key): plain(value) for key, value in content.items()}
    if hasattr(content, "tolist"):
        return plain(content.tolist())
    if isinstance(content, list | tuple):
        return [plain(value) for value in content]
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    return content
