"""From the text of an expression to its words and signs, one by one, and to errors that say where they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.results.errors import ExpressionError

LONGEST, MOST = 4_000, 400


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign; ``at`` is where it starts."""

    kind: str
    text: str
    at: int


_PATTERN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<word>[^\W\d]\w*(?:\.\w+)*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/()<>,])"
    r"|(?P<open>\[)"
)
_LABEL = re.compile(r"""\s*(?:([^\W\d]\w*)\s*=\s*)?("[^"]*"|'[^']*'|[^\s,\]"'\[=]+)\s*(,|\])""")
_MEANT = {"=": "==", "&": "and", "|": "or", "~": "not", "!": "not"}


class Tokens:
    """The tokens of a text.

    Raises
    ------
    ExpressionError: for a text that is none, or too long.
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise ExpressionError(f"found {type(text).__name__}, expected an expression such as 'a > 1 and b < 2'")
        if len(text) > LONGEST:
            raise ExpressionError(f"expression: found {len(text):,} characters, expected at most {LONGEST:,}")
        self.text = text
        self.at = 0
        self.count = 0

    def next(self) -> Token:
        """The next token; of kind ``end`` behind the last.

        Raises
        ------
        ExpressionError: for a character that begins none, with what may have been meant.
        """
        self.count += 1
        if self.count > MOST:
            raise self.error(self.at, f"found more than {MOST} words and signs, expected fewer")
        while self.at < len(self.text):
            match = _PATTERN.match(self.text, self.at)
            if not match:
                found = self.text[self.at]
                hint = f', expected "{_MEANT[found]}"' if found in _MEANT else ""
                raise self.error(self.at, f"found {short(found)}{hint}")
            self.at = match.end()
            if match.lastgroup != "space":
                return Token(str(match.lastgroup), match[0], match.start())
        return Token("end", "", len(self.text))

    def labels(self, opening: Token) -> tuple[tuple[str, str], ...]:
        """The labels in brackets, as pairs (dimension, label), and go behind them; a dimension left out is empty."""
        found: list[tuple[str, str]] = []
        self.at = opening.at + 1
        while True:
            match = _LABEL.match(self.text, self.at)
            if not match:
                raise self.error(self.at, "expected labels such as [quarter=2024Q4, buyer=baidu]")
            if match[1] and match[1] in dict(found):
                raise self.error(match.start(1), f"found {match[1]} twice, expected each dimension once")
            label = match[2][1:-1] if match[2][0] in "\"'" else match[2]
            found.append((match[1] or "", label))
            self.at = match.end()
            if match[3] == "]":
                return tuple(found)

    def error(self, at: int, message: str) -> ExpressionError:
        """The error that something is wrong at a place of the text."""
        return ExpressionError(f"expression {short(self.text)}, character {at + 1}: {message}")


def short(text: str, most: int = 60) -> str:
    """Text in quotes as a message shows it: cut, and without what does not print."""
    shown = text if len(text) <= most else text[:most] + "…"
    return '"' + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown) + '"'
