"""What an expression is made of, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True)
class Name:
    """An output or an input, at the labels of some of its dimensions; ``at`` is where it stands in the text."""

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


Node = Number | Name | Arithmetic | Comparison | Logic


def names(node: Node) -> list[Name]:
    """Every name in the expression, in the order of the text."""
    if isinstance(node, Name):
        return [node]
    if isinstance(node, Number):
        return []
    if isinstance(node, Logic) and node.operator == "not":
        return names(node.left)
    return names(node.left) + names(node.right)
