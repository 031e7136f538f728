"""A small language of numbers and conditions over outputs and inputs, read by a parser of its own; nothing is Python.

    condition  = all ("or" all)*
    all        = negation ("and" negation)*
    negation   = "not" negation | comparison
    comparison = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)*        a < b < c means a < b and b < c
    sum        = product (("+" | "-") product)*
    product    = factor (("*" | "/") factor)*
    factor     = ("-" | "+") factor | number | call | name labels? | "(" condition ")"
    call       = function "(" condition ("," condition)* ")"
    labels     = "[" (dim "=")? label ("," (dim "=")? label)* "]"

A name may have dots (``export.ban_quarter``); a label is a word or quoted text, whose dimension may be left out where one
dimension alone has it: ``market_purchases_year[h800, 2024]``. Of each draw there are ``sum(x)`` over the dimensions that
the labels left, ``abs(x)``, ``min(x, y, …)``, ``max(x, y, …)`` and ``when(condition, x, y)``, which is x where the condition
holds and y elsewhere; of all draws together, where a statement about a distribution is meant, ``mean(x)``, ``median(x)``,
``sd(x)``, ``quantile(x, p)`` and ``chance(condition)``.
"""

from __future__ import annotations

from sim.results.errors import ExpressionError
from sim.results.grammar import Parser
from sim.results.syntax import Comparison, Logic, Node
from sim.results.tokens import short


def parse(text: str, *, statement: bool = False) -> Node:
    """The expression that ``text`` spells.

    Parameters
    ----------
    statement: whether it speaks of the distribution, so that it may, and must for every name, take statistics of all draws.

    Raises
    ------
    ExpressionError: where it goes wrong, with what was found and what is expected.
    """
    return Parser(text, statement).whole()


def number(text: str) -> Node:
    """As :func:`parse`, and it must be a number of each draw.

    Raises
    ------
    ExpressionError: also for a condition.
    """
    node = parse(text)
    if isinstance(node, Comparison | Logic):
        raise ExpressionError(
            f"expression {short(text)}: found a condition, expected a number; when(condition, 1, 0) makes one of it"
        )
    return node


def condition(text: str, *, statement: bool = False) -> Node:
    """As :func:`parse`, and it must be true or false, of each draw or (a statement) of the distribution.

    Raises
    ------
    ExpressionError: also for a bare number or name.
    """
    node = parse(text, statement=statement)
    if not isinstance(node, Comparison | Logic):
        raise ExpressionError(
            f"expression {short(text)}: found a number, expected a comparison such as {short(f'{text} > 0')}"
        )
    return node
