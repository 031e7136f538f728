"""Where each key and value of a TOML text stands; the standard library's reader tells only what they are.

The text is known to be valid, so the scanner need not judge it: it finds the ends of strings, arrays and inline tables
and follows headers. ``tests/priors/test_positions.py`` holds its structure against ``tomllib``'s.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Path = tuple[str | int, ...]
How = Literal["header", "inline", "dotted"]

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]*")


@dataclass
class Positions:
    """Offsets into the text by path, ``("growth", "cloud", "limits", 0)``.

    Attributes
    ----------
    keys: where a key's own part starts, for a header the part in it; first mention wins.
    values: where the value starts; for a table of a header its bracket.
    how: how a table was opened.
    """

    text: str
    keys: dict[Path, int] = field(default_factory=dict)
    values: dict[Path, int] = field(default_factory=dict)
    how: dict[Path, How] = field(default_factory=dict)

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of a path's value or key; of the nearest table around it where it has none."""
        while path:
            for table in (self.keys, self.values) if key else (self.values, self.keys):
                if path in table:
                    return self.line_column(table[path])
            path = path[:-1]
        return 1, 1

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset."""
        line = bisect_left(self._ends, offset)
        return line + 1, offset - (self._ends[line - 1] if line else -1)

    @cached_property
    def _ends(self) -> list[int]:
        """Offsets of the line ends; counting them anew for each of thousands of problems would take seconds."""
        return [match.start() for match in re.finditer("\n", self.text)]


def positions(text: str) -> Positions:
    r"""Index a valid TOML text whose line ends are ``\n``; of any other what could be understood, never raising."""
    found = Positions(text)
    # A text that tomllib refuses, or deeper than this scanner follows: what was indexed so far still helps.
    with contextlib.suppress(_LostError, RecursionError):
        _Scanner(found).scan()
    return found


class _LostError(Exception):
    """Something that no valid text has."""


class _Scanner:
    def __init__(self, found: Positions) -> None:
        self.found, self.text, self.at = found, found.text, 0
        self.counts: dict[Path, int] = {}  # how many elements each array of tables has so far

    def scan(self) -> None:
        base: Path = ()
        while True:
            self._skip(_BLANK)
            if self.at >= len(self.text):
                return
            base = self._header() if self.text[self.at] == "[" else self._pair(base)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _expect(self, what: str) -> None:
        if not self.text.startswith(what, self.at):
            raise _LostError
        self.at += len(what)

    def _key(self) -> list[tuple[str, int]]:
        """The parts of a dotted key, each with its offset."""
        parts = []
        while True:
            self._skip(_SPACE)
            match = _PART.match(self.text, self.at)
            if match is None:
                raise _LostError
            parts.append((_unquoted(match.group()), match.start()))
            self.at = match.end()
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _header(self) -> Path:
        start = self.at
        many = self.text.startswith("[[", start)
        self._expect("[[" if many else "[")
        parts = self._key()
        self._expect("]]" if many else "]")
        path: Path = ()
        for i, (name, offset) in enumerate(parts):
            path = (*path, name)
            self.found.keys.setdefault(path, offset)
            self.found.values.setdefault(path, start)
            if i == len(parts) - 1:
                self.found.how.setdefault(path, "header")
                if many:
                    self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
                self.found.values.setdefault(path, start)
        return path

    def _pair(self, base: Path) -> Path:
        """Read ``key = value`` under ``base``; returns ``base``, which the next pair still has."""
        path = base
        parts = self._key()
        for name, offset in parts[:-1]:
            path = (*path, name)
            self.found.keys.setdefault(path, offset)
            self.found.values.setdefault(path, offset)
            self.found.how.setdefault(path, "dotted")
        path = (*path, parts[-1][0])
        self.found.keys.setdefault(path, parts[-1][1])
        self._expect("=")
        self._skip(_SPACE)
        self._value(path)
        return base

    def _value(self, path: Path) -> None:
        self.found.values.setdefault(path, self.at)
        first = self.text[self.at : self.at + 1]
        if first == "[":
            self._items(path)
        elif first == "{":
            self.found.how.setdefault(path, "inline")
            self._items(path)
        else:
            pattern = _STRING if first in ('"', "'") else _SCALAR
            match = pattern.match(self.text, self.at)
            if match is None or match.end() == self.at:
                raise _LostError
            self.at = match.end()

    def _items(self, path: Path) -> None:
        """Read an array or an inline table to its closing bracket."""
        table = self.text[self.at] == "{"
        close = "}" if table else "]"
        self.at += 1
        count = 0
        while True:
            self._skip(_BLANK)
            if self.text.startswith(close, self.at):
                self.at += 1
                return
            if count:
                self._expect(",")
                self._skip(_BLANK)
                if self.text.startswith(close, self.at):
                    continue
            if table:
                self._pair(path)
            else:
                self._value((*path, count))
            count += 1


def _unquoted(part: str) -> str:
    if part[0] == "'":
        return part[1:-1]
    if part[0] == '"' and "\\" in part:
        try:
            return str(tomllib.loads(f"k = {part}")["k"])
        except tomllib.TOMLDecodeError:
            raise _LostError from None
    return part[1:-1] if part[0] == '"' else part
