"""``suanli export``: the summaries of a kept result as one tidy table, for a spreadsheet or a data frame."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import click

from sim.app import failures, options, target, terminal


@click.command("export", short_help="Write a kept result as csv or parquet.")
@click.argument("file")
@click.option("--format", "kind", type=options.Choice("csv", "parquet"), required=True)
@click.option("-o", "--output", metavar="OUT", help="The file to write; csv goes to the terminal or pipe unless given.")
def command(file: str, kind: str, output: str | None) -> None:
    """Write the summaries of FILE as a table: a row for each cell of each output, statistics side by side."""
    if kind == "parquet":
        if output is None:
            raise failures.Mistake("export: found no -o beside --format parquet, expected a file to write (-o OUT)")
        if importlib.util.find_spec("pyarrow") is None:
            raise failures.Mistake('export: pyarrow is not installed; pip install "suanli[parquet]", or --format csv')
    if output is not None:
        target.writable(Path(output).parent, f"-o {output}")
        if Path(output).is_dir():
            raise failures.Mistake(f"-o {output}: found a folder of that name, expected a file or nothing")
    raise NotImplementedError(terminal, sys)
