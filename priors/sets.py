"""The changes of ``--set NAME=VALUE``.

============================ ==================================================================================
``x=0.4``, ``x=-0.1``        fixed at the number; a leading minus is its sign
``x=*3``                     the prior scaled
``x=+0.3``, ``x=+-0.3``      the prior shifted, up or down
``x=never``                  an event that does not happen
``x=pert(0.4, 0.5, 0.7)``    another prior: a family of ``priors.families`` with its parameters in order,
                             or by name: ``normal(mean=0.3, sd=0.1, truncate=[0, 1])``
============================ ==================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from priors.arithmetic import Tokens, number
from priors.families import FAMILIES, NEVER, Distribution, make
from priors.problems import listed, nearest
from priors.records import Change, Quantity

_LISTS = ("values",)


def change(text: str, quantities: Mapping[str, Quantity]) -> tuple[str, Change]:
    """The name and the change that a ``NAME=VALUE`` tells.

    Raises
    ------
    ValueError: says what was found and expected; for an unknown name the nearest.
    """
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals:
        raise ValueError(f"found no =, expected NAME=VALUE such as growth.cloud=0.4{nearest(name, quantities)}")
    if name not in quantities:
        raise ValueError(f'found an unknown quantity "{name}", expected one of the book{nearest(name, quantities)}')
    return name, parse(value)


def parse(value: str) -> Change:
    """The change that the part after ``=`` tells.

    Raises
    ------
    ValueError: says what was found, and where in the text, and what is expected.
    """
    tokens = Tokens(value)
    if tokens.kind() == "end":
        raise ValueError("found nothing after =, expected a number, *3, +0.3, never or a distribution")
    if tokens.kind() == "name":
        if tokens.peek() == "never":
            tokens.take()
            made = Change("fix", NEVER, never=True)
        else:
            made = Change("prior", distribution(tokens))
    elif tokens.peek() == "*":
        tokens.take()
        made = Change("scale", number(tokens))
    elif tokens.peek() == "+":
        tokens.take()
        made = Change("shift", number(tokens))
    else:
        made = Change("fix", number(tokens))
    tokens.take("")
    return made


def distribution(tokens: Tokens) -> Distribution:
    """A distribution written as ``family(…)``."""
    name = tokens.take()
    if name not in FAMILIES:
        hint = nearest(name, [*FAMILIES, "never"])
        raise ValueError(f'found "{name}", expected a number, never or one of {listed(FAMILIES, 20)}{hint}')
    tokens.take("(")
    given: list[Any] = []
    named: dict[str, Any] = {}
    while tokens.peek() != ")":
        if given or named:
            tokens.take(",")
        if tokens.kind() == "name":
            key = tokens.take()
            tokens.take("=")
            if key in named:
                raise ValueError(f'found "{key}" twice, expected it once')
            named[key] = _value(tokens)
        elif named:
            raise tokens.wrong("a parameter with its name, as one before it has")
        else:
            given.append(_value(tokens))
    tokens.take(")")
    return make({"family": name, **_in_order(name, given), **named})


def _in_order(name: str, given: list[Any]) -> dict[str, Any]:
    """Parameters given without names, by the family's first form."""
    form = FAMILIES[name].forms[0]
    if form[0] in _LISTS and given and not isinstance(given[0], list):
        return {form[0]: given}  # choice(8, 9) as well as choice([8, 9])
    if len(given) > len(form):
        raise ValueError(f"found {len(given)} parameters of {name}, expected {', '.join(form)}")
    return dict(zip(form, given, strict=False))


def _value(tokens: Tokens, depth: int = 0) -> Any:
    if tokens.peek() != "[":
        if tokens.peek() in ("true", "false", "inf"):
            return {"true": True, "false": False, "inf": float("inf")}[tokens.take()]
        if tokens.peek() == "-" and tokens.peek(1) == "inf":
            tokens.at += 2
            return float("-inf")
        return number(tokens)
    if depth > 1:
        raise tokens.wrong("a list of numbers or of [p, x] pairs")
    tokens.take()
    items: list[Any] = []
    while tokens.peek() != "]":
        if items:
            tokens.take(",")
        items.append(_value(tokens, depth + 1))
    tokens.take()
    return items
