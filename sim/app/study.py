"""What the commands that start a study share: which scenario of which book, and how it is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options
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
