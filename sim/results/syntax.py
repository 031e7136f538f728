"""What an expression is made of, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True)
class Name:
    """An output or an input, at labels of some of its dimensions; ``at`` is where it stands in the text.

    ``labels`` are pairs (dimension, label); the dimension is empty where the label alone is written.
    """

    name: str
    labels: tuple[tuple[str, str], ...] = ()
    at: int = 0


@dataclass(frozen=True)
class Arithmetic:
    """``left`` operator ``right``, numbers both."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Comparison:
    """``left`` operator ``right``: true or false."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic:
    """``and`` or ``or`` of two truths; ``not`` of one, which is then both ``left`` and ``right``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    """A function of :data:`OF_EACH_DRAW` or :data:`OF_ALL_DRAWS` at its arguments."""

    function: str
    arguments: tuple[Node, ...]
    at: int = 0


# How many arguments each function takes, at least and at most; None is any number.
OF_EACH_DRAW: dict[str, tuple[int, int | None]] = {
    "sum": (1, 1),
    "abs": (1, 1),
    "min": (2, None),
    "max": (2, None),
    "when": (3, 3),
}
OF_ALL_DRAWS: dict[str, tuple[int, int | None]] = {
    "mean": (1, 1),
    "median": (1, 1),
    "sd": (1, 1),
    "quantile": (2, 2),
    "chance": (1, 1),
}

Node = Number | Name | Arithmetic | Comparison | Logic | Call


def names(node: Node) -> list[Name]:
    """Every name in the expression, in the order of the text."""
    if isinstance(node, Name):
        return [node]
    if isinstance(node, Number):
        return []
    if isinstance(node, Call):
        return [name for argument in node.arguments for name in names(argument)]
    if isinstance(node, Logic) and node.operator == "not":
        return names(node.left)
    return names(node.left) + names(node.right)
