"""What is wrong with a book: each problem with its place, all of them in one error."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from priors.nearness import closest

MOST_SHOWN = 100


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong.

    Attributes
    ----------
    file: as the reader named it; empty for what was given in Python or by ``--set``.
    line, column: counted from 1, in characters; 0 where there is no file.
    key: dotted name of the record and its key.
    message: what was found, what is expected and, for a name, the nearest valid one.
    """

    file: str
    line: int
    column: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, self.message) if part)


class BookError(ValueError):
    """A book that cannot be used; its text lists every problem, one a line.

    Attributes
    ----------
    problems: all of them, in order of file and line.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        rest = len(self.problems) - MOST_SHOWN
        return "\n".join([*lines, f"… and {rest} more problems"] if rest > 0 else lines)


def nearest(name: object, known: Iterable[str]) -> str:
    """The end of a message that names the valid name nearest to ``name``; empty where none is near."""
    found = closest(name, known)
    return "" if found is None else f'; did you mean "{found}"?'


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names as a phrase, ``a, b or c``; a long list is cut."""
    found = list(names)
    if len(found) > most:
        return ", ".join(found[:most]) + f", … ({len(found)} in all)"
    return " or ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found) or "nothing (there is none)"


def shown(value: Any) -> str:
    """A value as a message shows it: as in TOML where it is short, in words where it is not."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 100 else "a whole number beyond 10^30"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, str):
        return '"' + (value if len(value) <= 60 else value[:57] + "…").replace("\n", "\\n") + '"'
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, Sequence):
        flat = len(value) <= 4 and not any(isinstance(item, dict | list) for item in value)
        return f"[{', '.join(map(shown, value))}]" if flat else f"a list of {len(value)}"
    return "nothing" if value is None else f"a {type(value).__name__}"
