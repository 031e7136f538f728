"""``suanli scenarios``: the named changes to the book, and what each does to the quantities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options, terminal
from sim.app.numbers import NEVER, exact

if TYPE_CHECKING:
    import priors


@click.command("scenarios", short_help="List the scenarios.")
@click.argument("name", required=False)
@options.own_book
@options.as_json
def command(name: str | None, book: str | None, alone: bool, json: bool) -> None:
    """List the scenarios, or tell everything that NAME changes, what it inherits included."""
    found = options.load_book(book, alone)
    if name is not None:
        failures.require(name, found.scenarios, "scenario", "the book")
    chosen = list(found.scenarios) if name is None else [name]
    content = [described(found, scenario) for scenario in chosen]
    if json:
        terminal.emit({"book": found.name, "scenarios": content})
    elif name is None:
        for scenario in content:
            extends = f" (extends {scenario['extends']})" if scenario["extends"] else ""
            label = scenario["label"] if scenario["label"] != scenario["name"] else ""
            terminal.entry(scenario["name"], f"{label}{extends}".strip(), summary(scenario))
    else:
        _in_full(content[0])


def described(book: priors.Book, name: str) -> dict[str, Any]:
    """All that the book says of a scenario, and what it makes of each quantity that it changes."""
    scenario = book.scenarios[name]
    before, after = book.resolve("baseline" if "baseline" in book.scenarios else name), book.resolve(name)
    changes = [
        {"name": quantity, "from": before[quantity].spec(), "to": after[quantity].spec()}
        for quantity in after
        if after[quantity].spec() != before[quantity].spec()
    ]
    return {
        "name": name,
        "label": scenario.label,
        "label_zh": scenario.label_zh,
        "extends": scenario.extends,
        "description": scenario.description,
        "changes": changes,
    }


def summary(scenario: dict[str, Any], most: int = 4) -> str:
    """What changes, in a phrase; a long list is cut."""
    changes = [f"{change['name']} {distribution(change['to'])}" for change in scenario["changes"]]
    rest = len(changes) - most
    return "; ".join(changes[:most]) + (f"; … and {rest} more" if rest > 0 else "") or "nothing"


def distribution(spec: dict[str, Any]) -> str:
    """A distribution in short: ``= 3`` when fixed, else such as ``pert(low 0.2, mode 0.4, high 0.7)``."""
    parameters = {name: value for name, value in spec.items() if name != "family"}
    if spec["family"] == "fixed":
        return f"= {_number(next(iter(parameters.values())))}"
    return f"{spec['family']}({', '.join(f'{name} {_number(value)}' for name, value in parameters.items())})"


def _number(value: Any) -> str:
    if isinstance(value, dict):
        return distribution(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_number(item) for item in value) + "]"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return {"inf": "∞", "-inf": "−∞"}.get(str(value), str(value))
    return "never" if value == NEVER else exact(float(value))


def _in_full(scenario: dict[str, Any]) -> None:
    terminal.record(
        [
            (scenario["name"], scenario["label"] or ""),
            ("", scenario["label_zh"] or ""),
            ("extends", scenario["extends"] or ""),
            ("", scenario["description"] or ""),
        ]
    )
    terminal.say()
    if not scenario["changes"]:
        terminal.say("Changes nothing: every quantity as the book states it.")
        return
    rows = [[c["name"], distribution(c["from"]), distribution(c["to"])] for c in scenario["changes"]]
    terminal.table(["quantity", "in the baseline", "here"], rows, keep=["quantity"])
