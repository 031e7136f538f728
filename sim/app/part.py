"""``suanli run --part K/N``: one part of a batch, to be joined with the others by ``suanli merge``."""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.app import failures, target, terminal
from sim.app.numbers import duration

if TYPE_CHECKING:
    import priors
    from sim.app.run import Asked

SUFFIX = ".shard"


def check(asked: Asked) -> Path:
    """Where the part is written to.

    Raises
    ------
    Mistake: if no file is named, or one that cannot be written, or a checkpoint beside it.
    """
    if asked.checkpoint is not None:
        raise failures.Mistake("--part and --checkpoint: found both, expected one; make the parts smaller instead")
    if asked.output is None:
        raise failures.Mistake(f"--part: found no -o beside it, expected a file to write (-o part{SUFFIX})")
    path = Path(asked.output)
    if path.suffix != SUFFIX:
        found = f'"{path.suffix}"' if path.suffix else "none"
        raise failures.Mistake(f"-o {path}: found suffix {found}, expected {SUFFIX}, a part for suanli merge")
    target.file(path)
    target.writable(path.parent, f"-o {path}")
    return path


def run(asked: Asked, names: list[str], book: priors.Book, start: float) -> None:
    """Run the part, write it, and say what was done.

    Raises
    ------
    Mistake: where the run refuses what was asked, or the file cannot be written.
    """
    import sim
    from sim import market  # Numba, 0.5 s
    from sim.app.progress import bar
    from sim.settings import DRAWS, RoundedDraws
    from sim.shards import files, shard
    from sim.tiles import round_up

    number, of = asked.part or (1, 1)
    process = click.get_current_context().find_object(failures.Process)
    draws = round_up(asked.draws or DRAWS)
    shown = bar(draws, quiet=asked.json)
    with warnings.catch_warnings(record=True) as caught, failures.ending_at_once(process), shown as progress:
        warnings.simplefilter("always", RoundedDraws)
        try:
            found = sim.run_part(
                number,
                of,
                book,
                scenarios=names,
                draws=asked.draws,
                seed=asked.seed,
                sampler=asked.sampler,  # type: ignore[arg-type]  # checked by its option
                model=market.model(asked.quarters),
                keep=asked.keep,  # type: ignore[arg-type]
                keep_draws=asked.keep_draws,
                pairs=asked.pairs,
                outputs=asked.told,
                threads=asked.threads,
                progress=progress,
            )
        except ValueError as error:
            raise failures.Mistake(f"--{error}") from error
    failures.heed()
    for warning in caught:
        terminal.note(f"suanli: {warning.message}")
    try:
        files.write(found, str(asked.output))
    except OSError as error:
        raise failures.Mistake(f"-o {failures.refusal(error)}; nothing was left there") from error
    seconds, which = time.perf_counter() - start, shard.shown(found.leaves, draws)
    if asked.json:
        told = {"part": number, "of": of, "draws": which, "seconds": round(seconds, 3), "file": asked.output}
        terminal.emit({"run": told})
        return
    terminal.say(f"part {number} of {of}: draws {which} of {draws:,}, in {duration(seconds)}; kept in {asked.output}")
