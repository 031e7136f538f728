"""Which numbers a study tells: expressions of outputs and inputs, an output without labels standing for all its cells."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from sim.model import Model, Output
from sim.results import expression
from sim.results.errors import ExpressionError
from sim.results.syntax import Name, Node
from sim.study.kept import outputs_named

FIRST = ("buyer_purchases_year", "market_domestic_share", "cloud_revenue_year", "market_optical_modules_year")
RACE = ("parity_month", "first_to_parity")


def read(given: Iterable[str] | None, model: Model) -> dict[str, Node]:
    """Answers by their text; the model's first ones unless given.

    Raises
    ------
    ExpressionError: for one that cannot be read or is not of the model; where, and the nearest name.
    """
    given = [given] if isinstance(given, str) else given
    found: dict[str, Node] = {}
    for text in first(model) if given is None else given:
        node = expression.number(text)
        outputs_named([(f'output "{text}"', node)], model)
        found |= _cells(text, node, model)
    if not found:
        raise ExpressionError("outputs: found none, expected one or more, such as cloud_revenue_year")
    return found


def first(model: Model) -> list[str]:
    """What ``suanli run`` answers of the built-in model; of another all headline outputs."""
    outputs = {output.name: output for output in model.outputs}
    if not {*FIRST, *RACE} <= outputs.keys():
        return [output.name for output in model.outputs if output.headline] or list(outputs)
    last = {str(quarter)[:4]: str(quarter) for quarter in model.coords["quarter"]}  # of each year within the horizon
    shares = [f"market_domestic_share[{quarter}]" for quarter in last.values()]
    return [name for name in FIRST if name != "market_domestic_share"] + shares + list(RACE)


def _cells(text: str, node: Node, model: Model) -> dict[str, Node]:
    """One answer, or one for each cell where it is an output's name alone."""
    output = next((each for each in model.outputs if isinstance(node, Name) and each.name == node.name), None)
    if output is None or not isinstance(node, Name):
        return {text: node}
    at = _placed(output, node, model)
    free = [dim for dim in output.dims if dim not in at]
    if not free or len(at) < len(node.labels):
        return {text: node}
    found: dict[str, Node] = {}
    for labels in itertools.product(*([str(label) for label in model.coords[dim]] for dim in free)):
        here = at | dict(zip(free, labels, strict=True))
        cell = Name(output.name, tuple((dim, here[dim]) for dim in output.dims), node.at)
        found[f"{output.name}[{', '.join(here[dim] for dim in output.dims)}]"] = cell
    return found


def _placed(output: Output, name: Name, model: Model) -> dict[str, str]:
    """The labels given, by dimension, as far as they can be told apart; what is wrong is told when they are looked up."""
    at = {dim: label for dim, label in name.labels if dim}
    for label in (label for dim, label in name.labels if not dim):
        having = [dim for dim in output.dims if dim not in at and label in map(str, model.coords[dim])]
        at |= {having[0]: label} if having else {}
    return at
