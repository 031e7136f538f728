"""What the options of a decision pay in each draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.results import evaluate, expression
from sim.results.errors import ExpressionError
from sim.results.syntax import Arithmetic, Call, Comparison, Node, Number

if TYPE_CHECKING:
    import xarray as xr

Loss = Literal["distance", "call"]


@dataclass(frozen=True)
class Decision:
    """Options, and what each pays.

    Attributes
    ----------
    options: an expression of each option's payoff, by the option's name; see :mod:`sim.results.expression`.
    text: the decision in a line.
    question: what is to be called true or false, where it is that.
    """

    options: Mapping[str, Node]
    text: str
    question: tuple[str, Node] | None = None

    def expressions(self) -> list[tuple[str, Node]]:
        """What the user wrote, with its name in messages."""
        if self.question is not None:
            return [(f'question "{self.question[0]}"', self.question[1])]
        return [(f'option "{name}"', node) for name, node in self.options.items()]


def decision(given: str | Mapping[str, str], loss: Loss = "distance") -> Decision:
    """A decision from its options' payoffs, or from a question such as ``"market_domestic_share[2024Q4] > 0.3"``.

    Parameters
    ----------
    given: payoffs by option, higher being better; or a comparison of two numbers, to be called true or false.
    loss: of a question, what a wrong call costs: ``"distance"``, by how much the two sides differ, or ``"call"``, 1.

    Raises
    ------
    ExpressionError: for fewer than two options, or an expression that cannot be read: which one, where, what is expected.
    """
    if isinstance(given, str):
        return _call(given, loss)
    if len(given) < 2:
        found = f"found one option, {next(iter(given))}" if given else "found no option"
        raise ExpressionError(f'{found}, expected two or more, such as buy="x - 300" and wait="0"')
    options = {}
    for name, text in given.items():
        try:
            options[name] = expression.number(text)
        except ExpressionError as error:
            raise ExpressionError(f'option "{name}": {error}') from None
    if not any(evaluate.names(node) for node in options.values()):
        raise ExpressionError("options: found constants only, expected an output or an input in one of them")
    return Decision(options, "; ".join(f"{name} pays {text}" for name, text in given.items()))


def _call(text: str, loss: Loss) -> Decision:
    """To call a comparison true or false: the right call pays 0, the wrong one costs."""
    if loss not in ("distance", "call"):
        raise ExpressionError(f'loss: found {loss!r}, expected "distance" or "call"')
    node = expression.condition(text)
    if not isinstance(node, Comparison) or node.operator in ("==", "!="):
        raise ExpressionError(f'"{text}": found more than a single < or >, expected one, such as x > 0.3')
    over, under = (node.left, node.right) if node.operator[0] == ">" else (node.right, node.left)
    # Where it holds, over ≥ under, and to call it false costs the distance; elsewhere to call it true does.
    missed, alarm = Arithmetic("-", under, over), Arithmetic("-", over, under)
    costs: tuple[Node, Node] = (missed, alarm) if loss == "distance" else (Number(-1.0), Number(-1.0))
    right = Number(0.0)
    calls = {"true": Call("when", (node, right, costs[1])), "false": Call("when", (node, costs[0], right))}
    return Decision(calls, f"to call {text} true or false", (text, node))


def located(tree: xr.DataTree, what: str, node: Node) -> None:
    """Refuse a name or a label that the result lacks, with its place in the text.

    Raises
    ------
    ExpressionError: ``option "buy", character 7: no label "h80"; did you mean "h800"?``
    """
    for name in evaluate.names(node):
        try:
            evaluate.number(tree, name)
        except ExpressionError as error:
            raise ExpressionError(f"{what}, character {name.at + 1}: {error}") from None


def paid(tree: xr.DataTree, chosen: Decision, scenario: str) -> np.ndarray:
    """What each option pays, float64[draws, options].

    Raises
    ------
    ExpressionError: for a label that is not there, a payoff that differs by more than the draw, or one that is no finite
        number in some draw.
    """
    kept = tree["draws"].to_dataset()
    draws = kept.sizes["draw"]
    columns = []
    for what, node in chosen.expressions():
        located(tree, what, node)
    for name, node in chosen.options.items():
        what = f'option "{name}"' if chosen.question is None else chosen.expressions()[0][0]
        found = evaluate.number(tree, node)
        if "scenario" in getattr(found, "dims", ()):
            found = found.sel(scenario=scenario)
        left = [str(dim) for dim in getattr(found, "dims", ()) if dim != "draw"]
        if left:
            label = kept[left[0]].values[0]
            raise ExpressionError(
                f"{what}: found a payoff for each {left[0]}, expected one number a draw; "
                f"name one, [{left[0]}={label}], or take sum(…)"
            )
        column = np.broadcast_to(np.asarray(found, float), draws)
        if not np.isfinite(column).all():
            bad = int((~np.isfinite(column)).sum())
            raise ExpressionError(
                f'option "{name}": found no finite payoff in {bad:,} of {draws:,} draws (divided by 0?)'
            )
        columns.append(column)
    return np.column_stack(columns)
