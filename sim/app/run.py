"""``suanli run``: draw, simulate, say the first answers, keep the result where asked."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sim.app import changes, failures, on_cluster, options, part, target, telling, terminal

if TYPE_CHECKING:
    import priors
    from sim.outcome import Outcome
    from sim.settings import Settings

CHECKPOINT_TEXT = "suanli: stopped by Ctrl-C; the same command goes on from what is kept in"


@dataclass(frozen=True)
class Asked:
    """What the command line asks for; the names are those of its options."""

    scenarios: tuple[str, ...]
    draws: int | None
    until: float | None
    until_outputs: tuple[str, ...]
    max_draws: int | None
    seed: int
    sampler: str
    quarters: int
    book: str | None
    alone: bool
    changes: tuple[str, ...]
    keep: str
    keep_draws: int
    outputs: tuple[str, ...]
    pairs: bool
    threads: int | None
    checkpoint: str | None
    part: tuple[int, int] | None
    cluster: str | None
    output: str | None
    json: bool

    @property
    def store(self) -> str | None:
        """The Zarr store that a cluster's workers write to themselves."""
        return self.output if self.cluster is not None and self.output and self.output.endswith(".zarr") else None

    @property
    def told(self) -> Any:
        """``outputs`` as :func:`sim.run` takes it; where nothing is written, what is printed or decides the end alone."""
        from sim.app.answers import BUILT_IN

        if self.outputs:
            return self.outputs[0] if self.outputs in (("headline",), ("all",)) else self.outputs
        if self.output is not None or self.checkpoint is not None or self.part is not None:
            return "all"
        if self.until is None:
            return BUILT_IN
        return tuple(dict.fromkeys((*BUILT_IN, *self.until_outputs))) if self.until_outputs else "headline"

    @property
    def settings(self) -> Settings:
        """What changes a run's numbers."""
        from sim.settings import DRAWS, MAX_DRAWS, Settings

        return Settings(
            self.draws or DRAWS,
            self.seed,
            self.sampler,  # type: ignore[arg-type]  # checked by its option
            self.keep,  # type: ignore[arg-type]
            self.keep_draws,
            self.until,
            self.until_outputs,
            self.max_draws or MAX_DRAWS,
            self.pairs,
        )


@click.command("run", short_help="Run scenarios and print the first answers.")
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO …]")
@options.draws
@click.option("--until", type=options.Error(), default=None, help="Draw until the Monte Carlo error is below this.")
@click.option("--until-output", "until_outputs", multiple=True, metavar="OUTPUT", help="Whose error; may be repeated.")
@click.option(
    "--max-draws",
    type=options.Count(16, options.MOST),
    default=None,
    help="Never more, with --until; 64 Mi unless given.",
)
@options.seed
@click.option("--sampler", type=options.Choice("sobol", "random"), default="sobol", show_default=True)
@options.quarters
@options.own_book
@changes.option
@click.option("--keep", type=options.Choice("headline", "all", "none"), default="headline", show_default=True)
@click.option(
    "--keep-draws", type=options.Count(0, options.MOST), default=65_536, show_default=True, help="How many to keep."
)
@click.option(
    "--outputs", multiple=True, metavar="headline|OUTPUT", help="Sum up these alone, which is faster; may be repeated."
)
@click.option("--pairs", is_flag=True, help="Sum up differences from the first scenario too, for suanli compare.")
@options.threads
@click.option("--checkpoint", metavar="DIR", help="Keep finished work there; the same command goes on from it.")
@click.option("--part", type=options.PartOf(), default=None, help="Run one part of several, for suanli merge.")
@click.option("--cluster", metavar="ADDRESS|local:N", help="Run on a dask cluster, or on N processes here.")
@click.option(
    "-o", "--output", metavar="FILE", help="Keep the result, as .nc (NetCDF4) or .zarr; else nothing is written."
)
@options.as_json
def command(**given: Any) -> None:
    """Run the scenarios (the baseline if none is named) and print the first answers.

    --set takes NAME=VALUE with a number, *3 to scale, +0.3 to shift, a distribution such as "pert(0.4, 0.5, 0.7)", or
    never; it applies on top of every scenario named, which is then called NAME+set.

    --until 0.001 runs the smallest net of draws at which the errors of means and of 5 %, 50 % and 95 % quantiles of the
    headline outputs (or of those given by --until-output) are below it: relative to max(|value|, p95 - p5), for chances
    as they are.

    --checkpoint DIR keeps finished work in the folder DIR about every ten seconds; after a kill, a power cut or a full disk
    the same command goes on from it, and its result has the bytes of an unbroken run. --part 2/8 -o two.shard runs the
    second of eight parts; suanli merge joins them, wherever they were run.

    --cluster tcp://HOST:8786 has the workers of a dask scheduler run it, --cluster local:4 four processes here
    (local:4:dashboard shows them at work), to the same bytes; workers may come, go, or be killed on the way. With
    -o X.zarr they write the kept draws to it themselves, so it has to be on a disk that all of them share.
    """
    asked = Asked(**given)
    on_cluster.check(asked)
    if asked.until is None and (asked.max_draws is not None or asked.until_outputs):
        option = "--max-draws" if asked.max_draws is not None else "--until-output"
        raise failures.Mistake(f"{option} goes with --until, which is missing; give --until 0.001, say")
    if asked.until is not None and asked.draws is not None:
        raise failures.Mistake(
            "--draws and --until: found both, expected one; --max-draws limits what --until may take"
        )
    for option, given_too in ("--checkpoint", asked.checkpoint), ("--part", asked.part):
        if given_too is not None and asked.until is not None:
            raise failures.Mistake(
                f"--until and {option}: found both, expected one; {option} takes a number of --draws"
            )
    start = time.perf_counter()
    path = target.check(asked.output) if asked.part is None else part.check(asked)
    book = options.load_book(asked.book, asked.alone)
    book, names = chosen(asked, book)
    if asked.part is not None:
        part.run(asked, names, book, start)
        return
    telling.report(asked, simulate(asked, names, book), book, path, start)


def chosen(asked: Asked, book: priors.Book) -> tuple[priors.Book, list[str]]:
    """The book that has the scenarios to run, those of ``--set`` included, and their names.

    Raises
    ------
    Mistake: for a scenario or a quantity that the book lacks, or a scenario named twice.
    """
    names = list(asked.scenarios) or ["baseline"]
    for name in names:
        failures.require(name, book.scenarios, "scenario", "the book")
        if names.count(name) > 1:
            raise failures.Mistake(f'scenario "{name}" is named {names.count(name)} times, expected once')
    return changes.changed(book, names, asked.changes)


def simulate(asked: Asked, names: list[str], book: priors.Book) -> Outcome:
    """What was found; a number of draws that was rounded up is said in a line.

    Raises
    ------
    Mistake: where the run refuses what was asked.
    """
    from priors.cache import cache_root
    from sim import market  # Numba, 0.3 s
    from sim.app import ahead, caches, findings
    from sim.app.progress import bar
    from sim.asked import found
    from sim.heap import give_back
    from sim.settings import CheckpointNotice, RoundedDraws
    from sim.tiles import round_up

    give_back()
    if refused := caches.refusal(cache_root()):
        terminal.note(f"suanli: {findings.uncached(str(cache_root()), refused)}; {findings.ELSEWHERE}")
    model = market.model(asked.quarters)
    for name in (*asked.until_outputs, *(asked.told if isinstance(asked.told, tuple) else ())):
        failures.require(
            name, {output.name: output for output in model.outputs}, "output", "the model; see suanli outputs"
        )
    process = click.get_current_context().find_object(failures.Process)
    shown = bar(asked.settings.max_draws if asked.until else round_up(asked.settings.draws), quiet=asked.json)
    said = f"{CHECKPOINT_TEXT} {asked.checkpoint}" if asked.checkpoint else failures.STOPPED_TEXT
    ending = failures.ending_at_once(process, said) if asked.cluster is None else on_cluster.ending()
    with warnings.catch_warnings(record=True) as caught, ending, shown as progress:
        warnings.simplefilter("always", RoundedDraws)
        warnings.simplefilter("always", CheckpointNotice)
        on_cluster.tell(quiet=asked.json)
        ahead.compiled(process, model)
        try:
            outcome = found(
                book,
                names,
                model,
                asked.settings,
                asked.told,
                checkpoint=asked.checkpoint,
                cluster=asked.cluster,
                store=asked.store,
                threads=asked.threads,
                progress=progress,
            )
        except ValueError as error:
            raise failures.Mistake(str(error)) from error
        except OSError as error:
            if asked.store is None:
                raise
            raise failures.Mistake(f"-o {failures.refusal(error)}; nothing was left there") from error
        except RuntimeError as error:
            raise on_cluster.answered(error) from error
    failures.heed()
    for warning in caught:
        terminal.note(f"suanli: {warning.message}")
    return outcome
