"""``suanli merge``: parts that were run elsewhere become one result."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.app import failures, options, part, target, terminal
from sim.app.numbers import duration

if TYPE_CHECKING:
    from sim.shards import Shard


@click.command("merge", short_help="Join parts that were run elsewhere.")
@click.argument("parts", nargs=-1, required=True, metavar="FILE …")
@click.option(
    "-o", "--output", metavar="OUT", required=True, help="The result, .nc or .zarr; or a larger part, .shard."
)
@options.as_json
def command(parts: tuple[str, ...], output: str, json: bool) -> None:
    """Join the parts of a batch that suanli run --part wrote, in any order, to its result.

    It is, byte for byte, that of one run. Parts of another batch and draws that are in two parts are refused. With
    -o OUT.shard they become one larger part, which need not be all.
    """
    start = time.perf_counter()
    path = Path(output)
    if path.suffix == part.SUFFIX:
        target.file(path)
        target.writable(path.parent, f"-o {output}")
    else:
        target.check(output)
    for each in parts:
        options.existing(each, "merge")
    from sim.shards import files, shard  # Numba, 0.5 s

    try:
        whole = files.joined(parts)
        _write(whole, path)
    except OSError as error:
        raise failures.Mistake(f"-o {failures.refusal(error)}; nothing was left there") from error
    except ValueError as error:
        raise failures.Mistake(str(error)) from error
    from sim.shards.job import read

    seconds, draws = time.perf_counter() - start, int(read(whole.job)["draws"])
    which = shard.shown(whole.leaves, draws)
    if json:
        told = {"parts": len(parts), "draws": which, "of": draws, "seconds": round(seconds, 3), "file": output}
        terminal.emit({"run": told})
        return
    terminal.say(f"{len(parts)} parts: draws {which} of {draws:,}, in {duration(seconds)}; kept in {output}")


def _write(whole: Shard, path: Path) -> None:
    """Write the shard as it is, or the result that it comes to."""
    from sim.results import files as results
    from sim.shards import files, laid_out
    from sim.shards.whole import labelled

    if path.suffix == part.SUFFIX:
        files.write(whole, path)
        return
    results.write(labelled(whole, laid_out(whole.job)), path)
