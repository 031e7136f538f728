"""What commands on two or more scenarios share: which of the words are files, how a run is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options
from sim.app.options import Command
from sim.app.show import Label

if TYPE_CHECKING:
    from sim.batch import Recalled

SUFFIXES = (".nc", ".zarr")


@dataclass(frozen=True)
class Asked:
    """The options of :func:`run_options`."""

    draws: int | None
    seed: int
    quarters: int
    book: str | None
    alone: bool
    threads: int | None

    def laid_out(self, scenarios: Sequence[str]) -> Recalled:
        """The run of ``scenarios`` of the book, not yet made.

        Raises
        ------
        Mistake: for a scenario that the book lacks.
        """
        book = options.load_book(self.book, self.alone)
        for name in scenarios:
            failures.require(name, book.scenarios, "scenario", "the book")
        from sim import batch, inputs, market, tiles  # Numba, 0.5 s
        from sim.settings import DRAWS, Settings

        model = market.model(self.quarters)
        settings = Settings(tiles.round_up(self.draws or DRAWS), self.seed)
        return batch.Recalled(inputs.deck(book, scenarios, model), model, settings, batch.about_book(book, scenarios))


def run_options(command: Command) -> Command:
    """Give ``command`` the options of :class:`Asked`."""
    for option in (options.threads, options.own_book, options.quarters, options.seed, options.draws):
        command = option(command)
    return command


def at_labels(command: Command) -> Command:
    """Give ``command`` the option --at."""
    help_text = "Only this label of a dimension, such as year=2024; may be repeated."
    return click.option("--at", "at", multiple=True, type=Label(), metavar="dim=label", help=help_text)(command)


def parted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Files and scenarios among ``words``, told by their suffixes."""
    files = [word for word in words if word.endswith(SUFFIXES)]
    return files, [word for word in words if word not in files]


def fixed(asked: dict[str, Any]) -> None:
    """Refuse options of a run beside a file, which says itself how it was run.

    Raises
    ------
    Mistake: naming the option.
    """
    context = click.get_current_context()
    for name, option in (("draws", "--draws"), ("seed", "--seed"), ("quarters", "--quarters"), ("book", "--priors")):
        source = context.get_parameter_source(name)
        if asked.get(name) is not None and source is not None and source.name == "COMMANDLINE":
            raise failures.Mistake(
                f"{option}: found it beside a file, which says how it was run; leave one of them out"
            )
