"""What goes to the terminal: tables that fit it, JSON, notes; never a failure over a character it cannot show."""

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

if TYPE_CHECKING:
    from rich.console import Console

NARROW, WIDE, UNKNOWN = 60, 120, 100
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
    """Let both streams write what their encoding lacks in plain characters."""
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


def console(*, stderr: bool = False) -> Console:
    """A rich console that takes every text literally."""
    from rich.console import Console  # 60 ms, only where something is printed

    class Passing(Console):
        """A console that leaves a closed pipe to whoever prints; rich would end the process with status 1."""

        def on_broken_pipe(self) -> None:
            raise

    stream = sys.stderr if stderr else sys.stdout
    return Passing(file=stream, width=width(), markup=False, highlight=False, emoji=False)


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Iterable[str] = (),
    keep: Iterable[str] = (),
    title: str = "",
) -> None:
    """Print a table; the columns named in ``right`` stand to the right, those in ``keep`` are never wrapped."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in head:
        made.add_column(
            clean(name),
            justify="right" if name in right else "left",
            no_wrap=name in keep,
            overflow="fold",
        )
    for row in rows:
        made.add_row(*(clean(str(cell)) for cell in row))
    target = console()
    if title:
        target.print(clean(title), style="bold")
    target.print(made)


def record(pairs: Iterable[tuple[str, str]]) -> None:
    """Print one thing in full: names at the left, what is said of them at the right."""
    from rich.table import Table

    made = Table.grid(padding=(0, 2))
    made.add_column(no_wrap=True, style="bold")
    made.add_column(overflow="fold")
    for name, text in pairs:
        if text:
            made.add_row(clean(name), clean(text))
    console().print(made)


def entry(name: str, beside: str, below: str) -> None:
    """Print one thing of a list: its name, a word beside it, and a paragraph below, indented."""
    from rich.padding import Padding
    from rich.text import Text

    target = console()
    target.print(Text.assemble((clean(name), "bold"), "  ", clean(beside)))
    target.print(Padding(Text(clean(below)), (0, 0, 0, 4), expand=False))


def say(text: str = "", *, bold: bool = False) -> None:
    """Print a line or a paragraph, wrapped to the width."""
    console().print(clean(text), style="bold" if bold else None)


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
