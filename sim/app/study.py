"""What the commands that start a study share: which scenario of which book, and how it is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sim.app import changes, failures, options
from sim.app.options import Command

if TYPE_CHECKING:
    import priors

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
        book, (name,) = changes.changed(book, [self.scenario], self.changes)
        return book, name

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
        options.seed,
        options.quarters,
        options.own_book,
        changes.option,
        options.threads,
    ]

    def decorate(command: Command) -> Command:
        for option in reversed(given):
            command = option(command)
        return command

    return decorate
