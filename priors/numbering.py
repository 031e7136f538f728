"""Writing stream numbers into a user's own file, so that nothing ever moves them again."""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from priors import streams
from priors.drafts import draft_of
from priors.entries import Entry
from priors.loading import issued_streams
from priors.positions import Positions
from priors.problems import BookError, Problem
from priors.reading import Source


def assign(path: str | os.PathLike[str]) -> dict[str, int]:
    """Write the numbers that :func:`priors.load` gives into the file, or the files of the folder, at ``path``.

    Comments and layout stay; every file is replaced in one step or not at all. Quantities that have a number, or the
    name of a built-in one and so its number, are left alone.

    Returns
    -------
    dict
        the number of each quantity that had none, by name; empty if there was nothing to do.

    Raises
    ------
    BookError: if something is wrong with the files; then nothing is written.
    """
    draft = draft_of(Path(path))
    issued = issued_streams()
    taken = [entry.table.stream for entry in draft.quantities.values() if entry.table.stream]
    missing = [name for name, entry in draft.quantities.items() if not entry.table.stream and name not in issued]
    numbers = streams.given(missing, taken)
    if draft.problems:
        raise BookError(draft.problems)
    texts: dict[str, list[Entry]] = {}
    for name in numbers:
        texts.setdefault(draft.quantities[name].source.name, []).append(draft.quantities[name])
    edited = {file: _edited(entries, numbers) for file, entries in texts.items()}
    for file, text in edited.items():
        _replace(Path(file), text)
    return numbers


def _edited(entries: list[Entry], numbers: dict[str, int]) -> str:
    """The text of a file with a stream in each of the entries.

    Raises
    ------
    BookError: where an entry is laid out so that no line can be added safely.
    """
    source = entries[0].source
    text = source.text
    inserts = sorted((_insert(entry, numbers[entry.name], source.positions) for entry in entries), reverse=True)
    for at, piece in inserts:
        text = text[:at] + piece + text[at:]
    _prove(source, text, entries, numbers)
    return text


def _insert(entry: Entry, number: int, found: Positions) -> tuple[int, str]:
    """Where to put a stream and how it is written there, by the way the table is laid out."""
    how, text = found.how.get(entry.path), found.text
    if how == "header":
        end = text.find("\n", found.values[entry.path])
        return (len(text), f"\nstream = {number}\n") if end < 0 else (end + 1, f"stream = {number}\n")
    if how == "inline":
        at = found.values[entry.path] + 1
        comma = "" if text[at:].lstrip().startswith("}") else ","
        return at, f" stream = {number}{comma}"
    # Dotted keys: a key of the same table in front of the first, on a line of its own.
    start = text.rfind("\n", 0, found.keys[entry.path]) + 1
    prefix = text[start : found.keys[entry.path] + len(str(entry.path[-1]))]
    return start, f"{prefix}.stream = {number}\n"


def _prove(source: Source, text: str, entries: list[Entry], numbers: dict[str, int]) -> None:
    """Refuse an edit that does anything but add the streams."""
    try:
        after = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        after = {}
    for entry in entries:
        table: Any = after
        for step in entry.path:
            table = table.get(step, {}) if isinstance(table, dict) else {}
        if not isinstance(table, dict) or table.pop("stream", None) != numbers[entry.name]:
            table = {}
            break
    if after != source.data:
        wanted = [
            entry.problem(f"found no line to add to, expected stream = {numbers[entry.name]}") for entry in entries
        ]
        raise BookError(wanted)


def _replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of a file in one step, with its line ends and permissions."""
    path = path.resolve()  # through a link to the file itself
    try:
        raw = path.read_bytes()
        content = text.replace("\n", "\r\n") if b"\r\n" in raw else text
        mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(mark + content.encode())
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(path.stat().st_mode & 0o7777)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"found a file that cannot be written ({error.strerror}), expected a folder with permission to write"
        raise BookError([Problem(str(path), 0, 0, "", message)]) from None
