"""``suanli export``: the summaries of a kept result as one tidy table, for a spreadsheet or a data frame."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import click

from sim.app import failures, options, target


@click.command("export", short_help="Write a kept result as csv or parquet.")
@click.argument("file")
@click.option("--format", "kind", type=options.Choice("csv", "parquet"), required=True)
@click.option("-o", "--output", metavar="OUT", help="The file to write; csv is printed unless given.")
def command(file: str, kind: str, output: str | None) -> None:
    """Write the summaries of FILE as a tidy table: a row for each statistic of each cell of each output.

    Dimensions that an output does not have are empty. Numbers are whole doubles; nothing is rounded.
    """
    check(kind, output)
    if output is not None:
        target.other(output, file)
    tree = options.open_result(file)
    if output is None:
        tree.sim.to_dataframe().to_csv(sys.stdout, index=False, lineterminator="\n")
        return
    try:
        if kind == "parquet":
            tree.sim.to_parquet(output)
        else:
            tree.sim.to_csv(output)
    except OSError as error:
        raise failures.Mistake(f"-o {failures.refusal(error, output)}; nothing was left there") from error


def check(kind: str, output: str | None) -> None:
    """Refuse, before anything is read, what cannot be written.

    Raises
    ------
    Mistake: for parquet without a file or without its extra, a folder that takes no files or a name that is taken.
    """
    if kind == "parquet":
        if output is None:
            raise failures.Mistake("export: found no -o beside --format parquet, expected a file to write (-o OUT)")
        if importlib.util.find_spec("pyarrow") is None:
            raise failures.Mistake('export: pyarrow is not installed; pip install "suanli[parquet]", or --format csv')
    if output is not None:
        target.file(Path(output))
        target.writable(Path(output).parent, f"-o {output}")
