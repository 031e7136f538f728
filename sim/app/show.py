"""``suanli show``: one output of a kept result, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options, terminal
from sim.app.numbers import written

if TYPE_CHECKING:
    import xarray as xr


class Level(click.ParamType):
    """A probability between 0 and 1, also written ``95%``."""

    name = "q"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The probability."""
        text = str(value).strip()
        try:
            found = float(text[:-1]) / 100 if text.endswith("%") else float(text)
        except ValueError:
            found = -1.0
        if not 0 <= found <= 1:
            self.fail(f'found "{value}", expected a probability from 0 to 1 such as 0.95 or 95%', param, ctx)
        return found


class Label(click.ParamType):
    """``dim=label``, as ``--where`` takes it."""

    name = "dim=label"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Dimension and label."""
        if isinstance(value, tuple):
            return value
        dim, sign, label = (part.strip() for part in str(value).partition("="))
        if not (dim and sign and label):
            self.fail(f'found "{value}", expected dim=label such as buyer=baidu or quarter=2024Q4', param, ctx)
        return dim, label


@click.command("show", short_help="Print one output of a kept result.")
@click.argument("file")
@click.argument("output")
@click.option("--scenario", "scenarios", multiple=True, help="Only this scenario; may be repeated.")
@click.option("--quantile", "levels", multiple=True, type=Level(), help="0.05, 0.5, 0.95 unless given.")
@click.option("--where", multiple=True, type=Label(), help="Only this label of a dimension; may be repeated.")
@options.as_json
def command(
    file: str,
    output: str,
    scenarios: tuple[str, ...],
    levels: tuple[float, ...],
    where: tuple[tuple[str, str], ...],
    json: bool,
) -> None:
    """Print OUTPUT of the result in FILE: mean, its standard error, standard deviation and quantiles of each cell."""
    from sim.sample import LEVELS  # NumPy, 0.1 s

    tree = options.open_result(file)
    means = tree["mean"].to_dataset()
    failures.require(output, [str(name) for name in means.data_vars], "output", file)
    chosen = [("scenario", scenario) for scenario in scenarios] + list(where)
    statistics = _statistics(tree, output, tuple(dict.fromkeys(levels)) or LEVELS)
    kept = {name: narrowed(values, chosen, file) for name, values in statistics.items()}
    rows = _cells(kept)
    about = means[output].attrs
    if json:
        terminal.emit({"file": file, "output": output, "units": about.get("units", "1"), "cells": rows})
    else:
        _printed(output, about, kept, rows)


def _statistics(tree: xr.DataTree, output: str, levels: tuple[float, ...]) -> dict[str, xr.DataArray]:
    """Mean, its error, standard deviation, and each quantile: those in the file as they are, others off the sketch."""
    found = {name: tree[name].to_dataset()[output] for name in ("mean", "mcse", "sd")}
    there = tree["quantile"].to_dataset()[output]
    for level in levels:
        known = [float(q) for q in there["quantile"].values if abs(float(q) - level) < 1e-12]
        if known:
            found[f"q{level:g}"] = there.sel(quantile=known[0])
        else:
            found[f"q{level:g}"] = tree.sim.quantile(level)[output]
    return found


def narrowed(values: xr.DataArray, chosen: list[tuple[str, str]], file: str) -> xr.DataArray:
    """``values`` at the labels chosen; several of one dimension are all kept.

    Raises
    ------
    Mistake: for a dimension or a label that ``values`` lack.
    """
    labels: dict[str, list[str]] = {}
    for dim, label in chosen:
        labels.setdefault(dim, []).append(label)
    for dim, wanted in labels.items():
        failures.require(dim, [str(name) for name in values.dims], "dimension", f"{values.name} of {file}")
        known = [str(label) for label in values[dim].values]
        for label in wanted:
            failures.require(label, known, dim, file)
        values = values.isel({dim: [known.index(label) for label in dict.fromkeys(wanted)]})
    return values


def _cells(statistics: dict[str, xr.DataArray]) -> list[dict[str, Any]]:
    """One row for each cell: its labels, then its statistics."""
    import itertools

    first = statistics["mean"]
    dims = [str(dim) for dim in first.dims]
    arrays = {name: values.transpose(*dims).values.reshape(-1) for name, values in statistics.items()}
    labels = itertools.product(*([str(label) for label in first[dim].values] for dim in dims))
    return [
        {**dict(zip(dims, at, strict=True)), **{name: float(values[i]) for name, values in arrays.items()}}
        for i, at in enumerate(labels)
    ]


def _printed(output: str, about: dict[str, Any], statistics: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    unit = about.get("units", "1")
    label = about.get("long_name") or ""
    terminal.say(f"{output}" + (f": {label}" if label else "") + (f", {unit}" if unit != "1" else ""), bold=True)
    dims = [name for name in rows[0] if name not in statistics] if rows else []
    # A dimension of one label says it once, above the table.
    single = [dim for dim in dims if len({row[dim] for row in rows}) == 1]
    if single:
        terminal.say(", ".join(f"{dim} {rows[0][dim]}" for dim in single))
    shown = [dim for dim in dims if dim not in single]
    names = [name for name in statistics if name != "mcse"]
    head = [*shown, *(_heading(name) for name in names)]
    body = [[*(row[dim] for dim in shown), *_numbers(row, names)] for row in rows]
    terminal.table(head, body, right=head[len(shown) :], keep=head)


def _heading(name: str) -> str:
    return f"{100 * float(name[1:]):g} %" if name[0] == "q" else name


def _numbers(row: dict[str, Any], names: list[str]) -> list[str]:
    """Statistics of a cell, the mean with its standard error."""
    error = row["mcse"]
    found = []
    for name in names:
        text = written(row[name], error, digits=4)
        found.append(f"{text} ± {written(error, digits=2)}" if name == "mean" and error > 0 else text)
    return found
