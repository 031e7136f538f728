"""From files to a checked book: the built-in one, a user's own, or the user's on top of the built-in."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from priors.books import Book
from priors.check import book_of
from priors.entries import KINDS, Draft, Entry, add
from priors.problems import BookError, Problem, listed, nearest, shown
from priors.reading import read

_FILES = ("book", "claims", "hedges", "correlations", "relations")
_FOLDERS = {"quantities": "quantities", "scenarios": "scenario"}
_INHERITED = ("limits", "limits_reason", "label", "label_zh")
_HOME = Path(__file__).parent


def load_own(path: Path, alone: bool) -> Book:
    """The book of a user's file or folder, on top of the built-in one or ``alone``; see :func:`priors.load`."""
    own = draft_of(path)
    base, book = built_in()
    issued = {name: quantity.stream for name, quantity in book.quantities.items()}
    return book_of(_on_top(base, own, alone), own.correlations, issued)


@cache
def built_in() -> tuple[Draft, Book]:
    """The built-in book's tables, and the book that they make, checked."""
    draft = Draft()
    _read_folder(draft, _HOME)
    return draft, book_of(draft)


def draft_of(path: Path) -> Draft:
    """The validated tables of a user's file or folder; what is wrong is kept in it, but for a path of nothing.

    Raises
    ------
    BookError: if there is no such file, or no book in the folder.
    """
    draft = Draft()
    try:
        folder = path.is_dir()
    except (OSError, ValueError):
        folder = False  # reading it as a file will say why it cannot be
    if not folder:
        source = read(path)
        add(draft, "own", source)
        return draft
    if not _read_folder(draft, path, strict=True) and not draft.problems:
        expected = listed([*(f"{name}.toml" for name in _FILES), *(f"{name}/*.toml" for name in _FOLDERS)])
        raise BookError([Problem(str(path), 0, 0, "", f"found no file of a book in the folder, expected {expected}")])
    return draft


def _read_folder(draft: Draft, folder: Path, strict: bool = False) -> int:
    """Read every file of a book in a folder; returns how many there were."""
    count = 0
    try:
        for name in _FILES:
            if (folder / f"{name}.toml").exists():
                count += _read_file(draft, folder / f"{name}.toml", name)
        for name, kind in _FOLDERS.items():
            for file in sorted((folder / name).glob("*.toml")):
                count += _read_file(draft, file, kind)
        if strict:
            draft.problems += _strangers(folder)
    except OSError as error:
        draft.problems.append(Problem(str(folder), 0, 0, "", f"found a folder that cannot be read ({error.strerror})"))
    return count


def _read_file(draft: Draft, file: Path, kind: str) -> int:
    try:
        add(draft, kind, read(file), file.stem)
    except BookError as error:
        draft.problems += error.problems
    return 1


def _strangers(folder: Path) -> list[Problem]:
    """TOML files that no rule would read, which is a misspelt name more often than a file of something else."""
    files = [f"{name}.toml" for name in _FILES]
    found = []
    for file in sorted(folder.glob("*.toml")):
        if file.name not in files:
            hint = nearest(file.name, files)
            found.append(Problem(str(file), 0, 0, "", f"found a file that no book has, expected {listed(files)}{hint}"))
    for inner in sorted(folder.glob("*/*.toml")):
        hint = nearest(inner.parent.name, _FOLDERS)
        if inner.parent.name not in _FOLDERS and hint:
            found.append(
                Problem(str(inner), 0, 0, "", f"found a folder that no book has, expected {listed(_FOLDERS)}{hint}")
            )
    return found


def _on_top(base: Draft, own: Draft, alone: bool) -> Draft:
    """One draft of two; the upper one's records replace those of the same name."""
    beneath = Draft(combine=base.combine, hedges=base.hedges) if alone else base
    merged = Draft(own.book or beneath.book, own.combine or beneath.combine, problems=list(own.problems))
    for kind in KINDS:
        setattr(merged, kind, {**getattr(beneath, kind), **getattr(own, kind)})
        merged.refused[kind] = set(own.refused[kind])
        for name in own.refused[kind]:
            getattr(merged, kind).pop(name, None)
    for name in beneath.quantities.keys() & own.quantities.keys():
        merged.quantities[name] = _replacing(own.quantities[name], beneath.quantities[name], merged.problems)
    merged.inherited = beneath.relations.keys() - own.relations.keys()
    merged.correlations = [*beneath.correlations, *own.correlations]
    merged.halves, merged.bare = list(own.halves), list(own.bare)
    return merged


def _replacing(entry: Entry, beneath: Entry, problems: list[Problem]) -> Entry:
    """A quantity in place of one of the same name, with what that has and this does not say: limits, labels.

    Models read numbers in the unit of the one beneath, so another unit is noted as a problem.
    """
    table, older = entry.table, beneath.table
    if table.unit != older.unit:
        message = f"found {shown(table.unit)}, expected {shown(older.unit)}, the unit of the built-in quantity"
        problems.append(entry.problem(message, "unit"))
    kept = [name for name in _INHERITED if name not in table.model_fields_set and getattr(older, name)]
    if "limits" in table.model_fields_set and "limits_reason" in kept:
        kept.remove("limits_reason")
    made = table.model_copy(update={name: getattr(older, name) for name in kept})
    return replace(entry, table=made, inherited=frozenset(kept))
