"""The option --set: scenarios of the book with quantities changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from sim.app import failures
from sim.app.options import Assignment

if TYPE_CHECKING:
    import priors

option = click.option("--set", "changes", multiple=True, type=Assignment(), help="Change a quantity; may be repeated.")


def changed(book: priors.Book, names: Sequence[str], changes: Sequence[str]) -> tuple[priors.Book, list[str]]:
    """The book with a scenario ``NAME+set`` more for each name, and the names of these; both as they are without changes.

    Raises
    ------
    Mistake: for a quantity that the book lacks, or a value that it cannot take.
    """
    if not changes:
        return book, list(names)
    for change in changes:
        failures.require(change.partition("=")[0], book.quantities, "quantity", "the book")
    for name in names:
        try:
            book = book.with_set(f"{name}+set", list(changes), base=name)
        except ValueError as error:
            raise failures.Mistake(f"--set: {error}") from error
    return book, [f"{name}+set" for name in names]
