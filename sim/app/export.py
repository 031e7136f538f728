"""``suanli export``: the summaries of a kept result as one tidy table, for a spreadsheet or a data frame."""

from __future__ import annotations

import csv
import importlib.util
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from sim.app import failures, options, target

if TYPE_CHECKING:
    import xarray as xr

STATISTICS = ("mean", "mcse", "sd", "min", "max")


@click.command("export", short_help="Write a kept result as csv or parquet.")
@click.argument("file")
@click.option("--format", "kind", type=options.Choice("csv", "parquet"), required=True)
@click.option("-o", "--output", metavar="OUT", help="The file to write; csv is printed unless given.")
def command(file: str, kind: str, output: str | None) -> None:
    """Write the summaries of FILE as a table: a row for each cell of each output, its statistics side by side.

    Dimensions that an output does not have are empty. Numbers are whole doubles; nothing is rounded.
    """
    check(kind, output)
    tree = options.open_result(file)
    if output is None:
        write_csv(tree, sys.stdout)
        return
    from sim.results import atomic

    try:
        with atomic.replacing(Path(output)) as fresh:
            if kind == "parquet":
                write_parquet(tree, fresh)
            else:
                with fresh.open("w", newline="", encoding="utf-8") as file_out:
                    write_csv(tree, file_out)
    except OSError as error:
        raise failures.Mistake(f"-o {output}: {error.strerror or error}; nothing was left there") from error


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
        if Path(output).is_dir():
            raise failures.Mistake(f"-o {output}: found a folder of that name, expected a file or nothing")
        target.writable(Path(output).parent, f"-o {output}")


def header(tree: xr.DataTree) -> list[str]:
    """Names of the columns: output, units, scenario, every dimension there is, then the statistics."""
    means = tree["mean"].to_dataset()
    dims = [str(dim) for dim in means.sizes if dim != "scenario"]
    levels = [f"q{float(q):g}" for q in tree["quantile"].to_dataset()["quantile"].values]
    return ["output", "units", "scenario", *dims, *STATISTICS, *levels, *(f"mcse_{level}" for level in levels)]


def rows(tree: xr.DataTree) -> Iterator[dict[str, Any]]:
    """One row for each cell of each output under each scenario."""
    groups = {name: tree[name].to_dataset() for name in (*STATISTICS, "quantile", "mcse_quantile")}
    for name, mean in groups["mean"].data_vars.items():
        dims = [str(dim) for dim in mean.dims]
        columns = {statistic: groups[statistic][name].transpose(*dims).values.ravel() for statistic in STATISTICS}
        for group, prefix in (("quantile", ""), ("mcse_quantile", "mcse_")):
            values = groups[group][name].transpose("quantile", *dims)
            for level, of_level in zip(values["quantile"].values, values.values, strict=True):
                columns[f"{prefix}q{float(level):g}"] = of_level.ravel()
        labels = itertools.product(*(mean[dim].values.tolist() for dim in dims))
        about = {"output": str(name), "units": str(mean.attrs.get("units", "1"))}
        for i, at in enumerate(labels):
            yield about | dict(zip(dims, at, strict=True)) | {key: float(x[i]) for key, x in columns.items()}


def write_csv(tree: xr.DataTree, file: TextIO) -> None:
    """Write the table as csv: doubles in full, so that reading them gives the same bits."""
    writer = csv.DictWriter(file, header(tree), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(tree))


def write_parquet(tree: xr.DataTree, path: Path) -> None:
    """Write the table as parquet, labels as text."""
    import pyarrow as pa
    import pyarrow.parquet

    names = header(tree)
    numbers = set(names[names.index("mean") :])
    found: dict[str, list[Any]] = {name: [] for name in names}
    for row in rows(tree):
        for name, column in found.items():
            value = row.get(name)
            column.append(value if name in numbers or value is None else str(value))
    schema = pa.schema([(name, pa.float64() if name in numbers else pa.string()) for name in names])
    pa.parquet.write_table(pa.table(found, schema=schema), path)
