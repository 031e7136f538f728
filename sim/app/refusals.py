"""What a study refuses, told as the user's mistake; what it warns of, told as notes."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator

import click

from sim.app import failures, terminal


@contextlib.contextmanager
def told(*, again: bool = False) -> Iterator[None]:
    """Turn what the block refuses into the user's mistake, and its warnings into notes.

    ``again``: what it runs was run before, which has warned of draws that are no finite number.

    Raises
    ------
    Mistake: for a name, a label, a number or an expression that is refused.
    """
    from sim.settings import NonfiniteDraws, RoundedDraws

    process = click.get_current_context().find_object(failures.Process)
    with warnings.catch_warnings(record=True) as caught, failures.ending_at_once(process):
        warnings.simplefilter("always", RoundedDraws)
        warnings.simplefilter("ignore" if again else "always", NonfiniteDraws)
        try:
            yield
        except ValueError as error:
            if type(error).__name__ == "BookError":
                raise
            raise failures.Mistake(str(error)) from error
    for text in dict.fromkeys(str(w.message) for w in caught if issubclass(w.category, RoundedDraws | NonfiniteDraws)):
        terminal.note(f"suanli: {text}")


@contextlib.contextmanager
def told_with_progress(draws: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """As :func:`told`, with a bar of so many draws; yields whom to tell of those done."""
    from sim.app.progress import bar

    with told(), bar(draws, quiet=quiet) as progress:
        yield progress
