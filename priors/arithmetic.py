"""A small language of numbers, names, + - * / and brackets: for figures that follow from claims, and for ``--set``.

Nothing is evaluated but what is listed here; a mistake is a ``ValueError`` that says where in the text it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

MOST = 500
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<name>[^\W\d]\w*(?:\.\w+)*)|(?P<sign>[-+*/()\[\],=]))"
)
_DEEPEST = 20


class Tokens:
    """The tokens of a text, read one by one.

    Raises
    ------
    ValueError: for a text over 500 characters, or a character that starts no token.
    """

    def __init__(self, text: str) -> None:
        if len(text) > MOST:
            raise ValueError(f"found {len(text)} characters, expected at most {MOST}")
        self.found: list[tuple[str, str, int]] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                at += len(text[at:]) - len(text[at:].lstrip())
                raise ValueError(
                    f'found "{text[at : at + 12]}" at character {at + 1}, expected a number, a name or + - * / ( )'
                )
            kind = str(match.lastgroup)
            self.found.append((kind, match.group(kind), match.start(kind) + 1))
            at = match.end()
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        """The text of the next token, or of one ``ahead`` of it; empty at the end."""
        return self.found[self.at + ahead][1] if self.at + ahead < len(self.found) else ""

    def kind(self) -> str:
        """The next token's kind: number, name, sign or end."""
        return self.found[self.at][0] if self.at < len(self.found) else "end"

    def take(self, *expected: str) -> str:
        """The next token's text, which must be one of ``expected`` if any are given."""
        token = self.peek()
        if expected and token not in expected:
            raise self.wrong(" or ".join(f'"{one}"' if one else "the end" for one in expected))
        self.at += 1
        return token

    def wrong(self, expected: str) -> ValueError:
        """The error that something else was expected here."""
        if self.kind() == "end":
            return ValueError(f"found the end, expected {expected}")
        return ValueError(f'found "{self.peek()}" at character {self.found[self.at][2]}, expected {expected}')


def evaluate(text: str, value_of: Callable[[str], float]) -> float:
    """The value of an expression such as ``Q04.12 / Q04.11``; ``value_of`` gives the names theirs.

    Raises
    ------
    ValueError: says what was found and expected, for a division by 0 and a value beyond doubles too.
    """
    tokens = Tokens(text)
    value = _sum(tokens, value_of, 0)
    tokens.take("")
    if not math.isfinite(value):
        raise ValueError(f'found a value of {value:g} for "{text}", expected a finite number')
    return value


def names(text: str) -> list[str]:
    """The names in an expression, in order, each once."""
    return list(dict.fromkeys(token for kind, token, _ in Tokens(text).found if kind == "name"))


def number(tokens: Tokens) -> float:
    """A number with its sign."""
    sign = -1.0 if tokens.peek() == "-" else 1.0
    if tokens.peek() in ("-", "+"):
        tokens.take()
    if tokens.kind() != "number":
        raise tokens.wrong("a number")
    value = sign * float(tokens.take().replace("_", ""))
    if not math.isfinite(value):
        raise ValueError("found a number beyond doubles, expected a finite one")
    return value


def _sum(tokens: Tokens, value_of: Callable[[str], float], depth: int) -> float:
    value = _product(tokens, value_of, depth)
    while tokens.peek() in ("+", "-"):
        sign = 1.0 if tokens.take() == "+" else -1.0
        value += sign * _product(tokens, value_of, depth)
    return value


def _product(tokens: Tokens, value_of: Callable[[str], float], depth: int) -> float:
    value = _factor(tokens, value_of, depth)
    while tokens.peek() in ("*", "/"):
        if tokens.take() == "*":
            value *= _factor(tokens, value_of, depth)
            continue
        divisor = _factor(tokens, value_of, depth)
        if divisor == 0.0:
            raise ValueError("found a division by 0, expected another divisor")
        value /= divisor
    return value


def _factor(tokens: Tokens, value_of: Callable[[str], float], depth: int) -> float:
    if depth > _DEEPEST:
        raise ValueError(f"found over {_DEEPEST} brackets or signs within one another, expected fewer")
    if tokens.peek() == "-":
        tokens.take()
        return -_factor(tokens, value_of, depth + 1)
    if tokens.peek() == "(":
        tokens.take()
        value = _sum(tokens, value_of, depth + 1)
        tokens.take(")")
        return value
    if tokens.kind() == "name":
        return value_of(tokens.take())
    return number(tokens)
