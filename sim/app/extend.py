"""``suanli extend``: more draws on top of a kept result, equal to a fresh run of the total."""

from __future__ import annotations

import time
import warnings

import click

from sim.app import failures, options, target, terminal
from sim.app.numbers import duration


@click.command("extend", short_help="Add draws to a kept result.")
@click.argument("file")
@click.option("--draws", type=options.Count(1, options.MOST), required=True, help="Draws of each scenario in all.")
@options.threads
@click.option("-o", "--output", metavar="OUT", help="Where the longer result goes; FILE itself unless given.")
@options.as_json
def command(file: str, draws: int, threads: int | None, output: str | None, json: bool) -> None:
    """Go on from the result in FILE to --draws draws of each scenario, those that it has included.

    What comes of it is, byte for byte, the result of a fresh run of so many draws. FILE stays whole until the longer
    result is.
    """
    start = time.perf_counter()
    path = target.check(output or file)
    tree = options.open_result(file)
    import sim
    from sim.app.progress import bar
    from sim.results import files
    from sim.settings import RoundedDraws
    from sim.tiles import round_up

    there = int(tree.attrs["draws"])
    process = click.get_current_context().find_object(failures.Process)
    shown = bar(round_up(draws), quiet=json)
    with warnings.catch_warnings(record=True) as caught, failures.ending_at_once(process), shown as progress:
        warnings.simplefilter("always", RoundedDraws)
        try:
            longer = sim.extend(tree, draws, threads=threads, progress=progress)
        except ValueError as error:
            raise failures.Mistake(f"{file}: {error}") from error
    failures.heed()
    tree.close()
    for warning in caught:
        terminal.note(f"suanli: {warning.message}")
    try:
        files.write(longer, path or file)
    except OSError as error:
        raise failures.Mistake(f"-o {failures.refusal(error)}; nothing was left there") from error
    seconds, total = time.perf_counter() - start, int(longer.attrs["draws"])
    if json:
        told = {"file": str(path), "draws": total, "draws_before": there, "seconds": round(seconds, 3)}
        terminal.emit({"run": told})
        return
    terminal.say(f"{there:,} draws became {total:,}, in {duration(seconds)}; kept in {path}")
