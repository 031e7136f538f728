"""``suanli outputs``: what the market model computes, each with dims, unit and its equation in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options, terminal

if TYPE_CHECKING:
    from sim.model import Model, Output


@click.command("outputs", short_help="List what the market model computes.")
@click.argument("name", required=False)
@options.quarters
@options.as_json
def command(name: str | None, quarters: int, json: bool) -> None:
    """List every output of the market model, or tell everything about NAME."""
    from sim import market  # Numba, 0.5 s

    model = market.model(quarters)
    known = {output.name: output for output in model.outputs}
    if name is not None:
        failures.require(name, known, "output", "the market model")
    content = [described(model, output) for output in model.outputs if name in (None, output.name)]
    if json:
        terminal.emit({"model": model.name, "outputs": content})
    elif name is None:
        _listed(content)
    else:
        _in_full(content[0])


def described(model: Model, output: Output) -> dict[str, Any]:
    """All that the model says of an output, under stable keys."""
    return {
        "name": output.name,
        "dims": list(output.dims),
        "coords": {dim: list(model.coords[dim]) for dim in output.dims},
        "units": output.units,
        "long_name": output.long_name,
        "long_name_zh": output.long_name_zh,
        "description": output.description,
        "headline": output.headline,
    }


def _listed(outputs: list[dict[str, Any]]) -> None:
    for output in outputs:
        dims = f"({', '.join(output['dims'])})" if output["dims"] else ""
        mark = " *" if output["headline"] else ""
        terminal.entry(output["name"] + mark, f"{dims} {output['units']}", output["description"] or output["long_name"])
    terminal.say("* headline: kept draw by draw unless --keep none")


def _in_full(output: dict[str, Any]) -> None:
    terminal.record(
        [
            (output["name"], output["long_name"]),
            ("", output["long_name_zh"]),
            ("unit", output["units"]),
            *((dim, ", ".join(map(str, labels))) for dim, labels in output["coords"].items()),
            ("equation", output["description"]),
            ("kept", "draw by draw unless --keep none" if output["headline"] else "draw by draw with --keep all"),
        ]
    )
