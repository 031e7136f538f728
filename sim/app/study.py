"""What the commands that start a study share: which scenario of which book, how it is run, and how refusals are told."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options, terminal
from sim.app.options import Command

if TYPE_CHECKING:
    import priors

SEEDS = (1 << 63) - 1
MOST = 1 << 24


@dataclass(frozen=True)
class Asked:
    """The options of :func:`options_of`."""

    scenario: str
    draws: int
    seed: int
    quarters: int
    book: str | None
    alone: bool
    changes: tuple[str, ...]
    threads: int | None

    def opened(self) -> tuple[priors.Book, str]:
        """The book, with a scenario more where ``--set`` changes something, and the scenario's name.

        Raises
        ------
        Mistake: for a scenario or a quantity that the book lacks.
        """
        book = options.load_book(self.book, self.alone)
        failures.require(self.scenario, book.scenarios, "scenario", "the book")
        if not self.changes:
            return book, self.scenario
        for change in self.changes:
            failures.require(change.partition("=")[0], book.quantities, "quantity", "the book")
        name = f"{self.scenario}+set"
        try:
            return book.with_set(name, list(self.changes), base=self.scenario), name
        except ValueError as error:
            raise failures.Mistake(f"--set: {error}") from error

    def run(self, progress: Callable[[int], None] | None) -> dict[str, Any]:
        """How the study's runs are made, as its arguments."""
        from sim import market  # Numba, 0.5 s

        model = market.model(self.quarters)
        return {"draws": self.draws, "seed": self.seed, "model": model, "threads": self.threads, "progress": progress}


def options_of(draws: int) -> Callable[[Command], Command]:
    """A decorator that gives a command the options of :class:`Asked`, with so many draws by default."""
    given = [
        click.option("--scenario", default="baseline", show_default=True, help="Which scenario of the book."),
        click.option(
            "--draws", type=options.Count(1, MOST), default=draws, show_default=True, help="Draws of each run."
        ),
        click.option(
            "--seed", type=options.Count(0, SEEDS), default=0, show_default=True, help="Same seed, same bytes."
        ),
        click.option(
            "--quarters", type=options.Count(1, 400), default=12, show_default=True, help="Horizon from 2023Q1."
        ),
        options.own_book,
        click.option(
            "--set", "changes", multiple=True, type=options.Assignment(), help="Change a quantity; repeatable."
        ),
        click.option("--threads", type=options.Count(1, 1024), default=None, help="All cores unless given."),
    ]

    def decorate(command: Command) -> Command:
        for option in reversed(given):
            command = option(command)
        return command

    return decorate


@contextlib.contextmanager
def told(draws: int, *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """Turn what a study refuses into the user's mistake, its warnings into notes; yields whom to tell of draws done.

    Raises
    ------
    Mistake: for a name, a number or an expression that the study refuses.
    """
    from sim.app.progress import bar
    from sim.settings import RoundedDraws

    process = click.get_current_context().find_object(failures.Process)
    shown = bar(draws, quiet=quiet)
    with warnings.catch_warnings(record=True) as caught, failures.ending_at_once(process), shown as progress:
        warnings.simplefilter("always", RoundedDraws)
        try:
            yield progress
        except ValueError as error:
            if type(error).__name__ == "BookError":
                raise
            raise failures.Mistake(str(error)) from error
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        terminal.note(f"suanli: {text}")
