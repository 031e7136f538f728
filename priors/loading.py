"""The front door to books; what checks them is imported where something is to be checked."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from pathlib import Path

from priors.books import Book
from priors.kept import kept


def load(path: str | os.PathLike[str] | None = None, *, alone: bool = False) -> Book:
    """Load and check a book.

    Parameters
    ----------
    path: the built-in interview unless given; else a file with any of the sections ``[book]``, ``[claims.…]``,
        ``[hedges.…]``, ``[quantities.…]``, ``[[correlation]]``, ``[relations.…]`` and ``[scenarios.…]``, or a folder laid
        out as the built-in one, with any of its files. It comes on top of the built-in book: records of the same name
        replace, others add, a correlation replaces that of the same pair, and a relation beneath that no longer fits
        the claims above it is left out.
    alone: without the built-in claims, quantities, correlations and scenarios; the hedges stay, each replaceable.

    Returns
    -------
    Book
        with a scenario ``baseline``, which changes nothing where the files have none.

    Raises
    ------
    BookError: lists everything wrong, with file, line, column, key, what was found and what is expected.
    """
    if path is None:
        return _built_in()
    return import_module("priors.drafts").load_own(Path(path), alone)


def issued_streams() -> dict[str, int]:
    """Stream numbers of the built-in book by name."""
    return {name: quantity.stream for name, quantity in _built_in().quantities.items()}


@cache
def _built_in() -> Book:
    return kept(lambda: import_module("priors.drafts").built_in()[1])
