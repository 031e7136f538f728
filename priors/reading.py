"""From a path to parsed TOML; whatever a file can be wrong with before its content counts is told with its place."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from priors.positions import Path, Positions, positions
from priors.problems import BookError, Problem

MOST_BYTES = 1_000_000
_MOST_PARTS = 64
_QUOTED = re.compile(r"""\"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_LONG_KEY = re.compile(rf"(?<![\w.-])(?:[\w-]+[ \t]*\.[ \t]*){{{_MOST_PARTS}}}")
_LONG_NUMBER = re.compile(r"[0-9_]{1000,}")
_PLACE = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)


@dataclass(frozen=True)
class Source:
    r"""A text that was read; without one (``name`` empty) it stands for what was given in Python.

    Attributes
    ----------
    name: the file as messages show it.
    text: with ``\n`` line ends and no byte order mark.
    data: as ``tomllib`` reads it.
    """

    name: str = ""
    text: str = field(default="", repr=False)
    data: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def positions(self) -> Positions:
        """Where each key stands; found only when something is wrong, or when the file is to be edited."""
        return positions(self.text)

    def problem(self, path: Path, name: str, message: str, *, key: bool = False) -> Problem:
        """A problem at the value (or ``key``) of ``path``, called ``name`` in the message."""
        line, column = self.positions.place(path, key=key) if self.name else (0, 0)
        return Problem(self.name, line, column, name, message)


def read(path: FilePath) -> Source:
    """Read a TOML file.

    Raises
    ------
    BookError: if it is missing, a folder, not readable, over 1 MB, not UTF-8, empty or not valid TOML.
    """
    text = _text(path)
    if not re.sub(r"#[^\n]*", "", text).strip():
        raise BookError(
            [Problem(str(path), 1, 1, "", "found an empty file, expected TOML tables; see `suanli priors`")]
        )
    return Source(str(path), text, _parsed(str(path), text))


def _text(path: FilePath) -> str:
    name = str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _refused(name, "found no such file, expected a .toml file or a folder of them") from None
    except IsADirectoryError:
        raise _refused(name, "found a folder, expected a file") from None
    except PermissionError:
        raise _refused(name, "found no permission to read it, expected a readable file") from None
    except (OSError, ValueError) as error:
        raise _refused(name, f"found a path that cannot be read ({error}), expected a .toml file") from None
    if len(raw) > MOST_BYTES:
        raise _refused(name, f"found more than {MOST_BYTES:,} bytes, expected a smaller file; split it in a folder")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8-sig", "replace")
        line, column = Positions(good).line_column(len(good))
        message = f"found the byte 0x{raw[error.start]:02x}, which is not UTF-8, expected a file saved as UTF-8"
        raise BookError([Problem(name, line, column, "", message)]) from None


def _refused(name: str, message: str) -> BookError:
    return BookError([Problem(name, 0, 0, "", message)])


def _parsed(name: str, text: str) -> dict[str, Any]:
    _refuse_long_keys(name, text)
    where = Positions(text).line_column
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.match(str(error))
        what, line, column = match.groups("") if match else (str(error), "", "")
        place = (int(line), int(column)) if line else where(len(text))
        message = f"found something that is not valid TOML, expected valid TOML: {what[:1].lower()}{what[1:]}"
    except RecursionError:
        deep = re.search(r"[\[{](?:\s*[\[{]){20}|(?:=\s*\{[^={}]*){20}", text)
        place = where(deep.start() if deep else 0)
        message = "found tables or lists nested too deeply, expected a few levels at most"
    except ValueError:  # Python refuses integers of over 4,300 digits
        digits = _LONG_NUMBER.search(text)
        place = where(digits.start() if digits else 0)
        message = "found a number of thousands of digits, expected one that fits a double"
    raise BookError([Problem(name, *place, "", message)])


def _refuse_long_keys(name: str, text: str) -> None:
    """Refuse keys of very many parts, on which ``tomllib`` spends a time that grows with their square."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") >= _MOST_PARTS:
            match = _LONG_KEY.search(_QUOTED.sub(lambda m: "x" * len(m.group()), line))
            if match:
                message = f"found a key of over {_MOST_PARTS} parts, expected one such as growth.cloud"
                raise BookError([Problem(name, number, match.start() + 1, "", message)])
