"""What ``suanli run`` says of what it found, and the file that it keeps it in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.app import failures, terminal
from sim.app.numbers import duration

if TYPE_CHECKING:
    import priors
    from sim.app.run import Asked
    from sim.outcome import Outcome

UNTIL = ("until", "until_error", "until_answer", "until_stopped", "max_draws")


def report(asked: Asked, outcome: Outcome, book: priors.Book, path: Path | None, start: float) -> None:
    """Print the answers, then write the file, then say what was done.

    In this order a failure to write costs nobody the answers, and Ctrl-C among the answers leaves no file. A reader who
    has gone (``| head``) keeps no file from being written.
    """
    from sim.app import pages
    from sim.app.answers import first_answers
    from sim.app.reading import OutcomeReading, TreeReading

    reading = OutcomeReading(outcome) if outcome.labelled is None else TreeReading(outcome.labelled)
    answers = first_answers(reading, book)
    gone = None
    try:
        if asked.json:
            content = {"run": _about(asked, outcome, book, start), "answers": pages.as_json(answers)}
            terminal.emit(content)
        else:
            pages.show(answers)
        terminal.flush()
    except BrokenPipeError as error:
        gone = error
        terminal.drop_output()
    if path is not None and asked.store is None:
        _write(outcome, path)
    if gone is not None:
        raise gone
    if not asked.json:
        terminal.say()
        if asked.until:
            terminal.say(_reached(outcome))
        terminal.say(_last_line(asked, outcome, path, time.perf_counter() - start))


def _write(outcome: Outcome, path: Path) -> None:
    from sim.results import files

    tree = outcome.tree()
    failures.heed()
    try:
        files.write(tree, path)
    except OSError as error:
        raise failures.Mistake(f"-o {failures.refusal(error)}; nothing was left there") from error


def _about(asked: Asked, outcome: Outcome, book: priors.Book, start: float) -> dict[str, Any]:
    return {
        "scenarios": outcome.scenarios,
        "draws": outcome.draws,
        "seed": asked.seed,
        "sampler": asked.sampler,
        "quarters": asked.quarters,
        "book": book.name,
        "book_digest": book.digest,
        "seconds": round(time.perf_counter() - start, 3),
        "file": asked.output,
    } | ({name: outcome.attributes[name] for name in UNTIL} if asked.until else {})


def _reached(outcome: Outcome) -> str:
    """What --until came to, and why it stopped."""
    error, asked = float(outcome.attributes["until_error"]), float(outcome.attributes["until"])
    what = f"Monte Carlo error {error:.2g} at most, of the {outcome.attributes['until_answer']}; asked for {asked:g}"
    return what if outcome.attributes["until_stopped"] == "error reached" else f"{what}, stopped by --max-draws"


def _last_line(asked: Asked, outcome: Outcome, path: Path | None, seconds: float) -> str:
    names = outcome.scenarios
    what = ", ".join(names) if len(names) <= 3 else f"{len(names)} scenarios"
    sampler = "scrambled Sobol points" if asked.sampler == "sobol" else "random draws"
    where = f"kept in {path}" if path is not None else "not kept; add -o FILE"
    if asked.checkpoint:
        where += f"; {asked.checkpoint} holds its shards and may be deleted"
    draws = f"{outcome.draws:,} {sampler}{' each' if len(names) > 1 else ''}"
    return f"{what}: {draws}, seed {asked.seed}, {asked.quarters} quarters, in {duration(seconds)}; {where}"
