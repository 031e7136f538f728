"""``suanli world``: one draw of a kept result again, whole."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import click

from sim.app import between, failures, options, refusals, terminal
from sim.app.numbers import NEVER, percent, written
from sim.app.show import Level

if TYPE_CHECKING:
    import xarray as xr

ROWS = 12


@click.command("world", short_help="Rebuild one draw of a kept result.")
@click.argument("file")
@click.option("--draw", type=options.Count(0, options.MOST), default=None, help="Its number, from 0.")
@click.option("--output", metavar="OUTPUT", help="Or the draw whose OUTPUT, at the labels --at, comes nearest …")
@click.option("--quantile", type=Level(), default=None, help="… to this quantile, such as 0.99 or 99%.")
@between.at_labels
@click.option("--scenario", default=None, help="Under this scenario; the first of FILE unless given.")
@click.option(
    "--rows", type=options.Count(1, 100_000), default=ROWS, show_default=True, help="How many to print of each."
)
@options.as_json
def command(
    file: str,
    draw: int | None,
    output: str | None,
    quantile: float | None,
    at: tuple[tuple[str, str], ...],
    scenario: str | None,
    rows: int,
    json: bool,
) -> None:
    """Rebuild one draw of FILE from its attributes: all inputs, all outputs, and where each stands among all draws.

    The most unusual are printed first; --json has them all. A place of 0.5 % means that one draw in 200 is smaller.

        suanli world result.nc --output market_spend_year --at year=2024 --quantile 99%
    """
    if (draw is None) == (output is None and quantile is None):
        found = (
            "neither --draw nor --output with --quantile" if draw is None else "--draw beside --output or --quantile"
        )
        raise failures.Mistake(f"found {found}, expected one way to choose the draw")
    if draw is None and (output is None or quantile is None):
        missing = "--quantile" if quantile is None else "--output"
        raise failures.Mistake(f"found no {missing}, expected --output OUTPUT and --quantile q together")
    if draw is not None and at:
        raise failures.Mistake("--at: found it beside --draw, expected it with --output and --quantile")
    tree = options.open_result(file)
    names = [str(name) for name in tree["mean"].to_dataset()["scenario"].values]
    if scenario is not None:
        failures.require(scenario, names, "scenario", file)
    import sim

    with refusals.told(again=True):
        found_world = sim.world(tree, draw, output=output, quantile=quantile, at=dict(at), scenario=scenario)
    shown = scenario or names[0]
    if json:
        terminal.emit(_as_json(found_world))
    else:
        _printed(found_world, shown, rows)


def _as_json(world: xr.DataTree) -> dict[str, Any]:
    """Everything under stable keys, by scenario."""
    scenarios = [str(name) for name in world["inputs"].to_dataset()["scenario"].values]
    return {
        "about": dict(world.attrs),
        "scenarios": {
            name: {"inputs": list(_records(world, "input", s)), "outputs": list(_records(world, "output", s))}
            for s, name in enumerate(scenarios)
        },
    }


def _records(world: xr.DataTree, kind: str, scenario: int) -> list[dict[str, Any]]:
    """One record a value: name, labels, value, unit, place."""
    values, places = (world[group].to_dataset() for group in (f"{kind}s", f"{kind}_place"))
    found = []
    for name, variable in values.data_vars.items():
        of = variable.variable[scenario]
        labels = [values[dim].values for dim in of.dims]
        place = places[name].variable[scenario].values
        about = {"units": variable.attrs.get("units", "1"), "long_name": variable.attrs.get("long_name", "")}
        for at in itertools.product(*(range(n) for n in of.shape)):
            where = {str(dim): known[i].item() for dim, known, i in zip(of.dims, labels, at, strict=True)}
            value = {"value": of.values[at].item(), "place": place[at].item()}
            found.append({"name": str(name), "at": where, **value, **about})
    return found


def _printed(world: xr.DataTree, scenario: str, rows: int) -> None:
    about = world.attrs
    nearest = (
        f", nearest to the {about['nearest_to']}, {written(float(about['value']), digits=4)}"
        if "value" in about
        else ""
    )
    terminal.say(f"Draw {int(about['draw']):,} under {scenario}{nearest}", bold=True)
    at = [str(name) for name in world["inputs"].to_dataset()["scenario"].values].index(scenario)
    for kind in ("input", "output"):
        records = _records(world, kind, at)
        ends = [min(r["place"], 1.0 - r["place"]) for r in records]
        first = sorted(range(len(records)), key=lambda i: ends[i])[:rows]
        terminal.say()
        unusual = sum(end <= 0.01 for end in ends)
        title = f"{len(records):,} {kind}s, {unusual:,} of them in the 1 % at either end"
        shown = [_row(records[i], ends[i]) for i in first]
        terminal.table(
            ["", "value", "unit", "place", ""],
            shown,
            right=["value", "place"],
            keep=["value", "unit", "place"],
            title=title,
        )


def _row(record: dict[str, Any], end: float) -> list[str]:
    labels = ", ".join(str(label) for label in record["at"].values())
    name = f"{record['name']}" + (f" ({labels})" if labels else "")
    value = "never" if record["value"] == NEVER else written(record["value"], digits=4)
    unit = "" if record["units"] == "1" else record["units"]
    place = percent(record["place"]) if record["place"] < 0.9 else percent(round(record["place"], 5), digits=3)
    return [name, value, unit, place, "unusual" if end <= 0.01 else ""]
