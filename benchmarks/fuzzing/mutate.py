"""Mutations of texts and of bytes: cuts, copies, words of the grammar, numbers at the edge, runs of one sign."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import TypeVar

Text = TypeVar("Text", str, bytes)

LONGEST = 20_000
"""Characters or bytes beyond which no input grows."""
NUMBERS = (
    "0", "-0", "1", "-1", "0.5", "1e300", "1e-300", "-1e300", "1e309", "nan", "inf", "-inf", "9999", "1_000", "0x10",
    "2147483648", "18446744073709551616", "9" * 400, "0.1" + "0" * 300, "1e-320", ".5", "5.", "1e", "０",
)  # fmt: skip
_NUMBER = re.compile(r"\d[\d_.eE]*")
_ODD = "\0\x1b\x7f\u202e\u2028\ufeff\ud7ff算é\U0001f4a5\t\r\n"


class Mutator:
    """Makes inputs of inputs.

    Parameters
    ----------
    words: words and signs of what is read, put in as they are.
    chance: where all choices come from.
    """

    def __init__(self, words: Sequence[Text], chance: random.Random) -> None:
        self._words, self._chance = list(words), chance

    def __call__(self, text: Text, other: Text) -> Text:
        """``text`` after one to six mutations, some of which take from ``other``."""
        most = max(LONGEST, len(text))
        for _ in range(min(1 + int(self._chance.expovariate(0.8)), 6)):
            text = self._once(text, other)
        return text[:most]

    def _once(self, text: Text, other: Text) -> Text:
        chance = self._chance
        i, j = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
        near = min(len(text), i + chance.choice((0, 1, 1, 2, 4, 16)))
        kind = chance.randrange(9)
        if kind == 0:
            return text[:i] + text[near:]
        if kind == 1:
            return text[:i] + text[j:]
        if kind == 2:
            return text[:i] + text[i:j] + text[i:]
        if kind == 3 and self._words:
            return text[:i] + chance.choice(self._words) + text[near:]
        if kind == 4 and self._words:
            return text[:i] + chance.choice(self._words) * chance.choice((1, 2, 30, 300)) + text[i:]
        if kind == 5 and other:
            a, b = sorted((chance.randint(0, len(other)), chance.randint(0, len(other))))
            return text[:i] + other[a:b] + text[near:]
        if kind == 6:
            return self._number(text)
        if kind == 7:
            return text[:i]
        return text[:i] + self._odd(text) + text[near:]

    def _number(self, text: Text) -> Text:
        """One of the numbers in the text, if there are any, by one at the edge."""
        if isinstance(text, bytes):
            at = self._chance.randrange(len(text) + 1)
            value = self._chance.choice((0, 1, 0x7F, 0x80, 0xFF))
            return text[:at] + bytes([value]) * self._chance.choice((1, 2, 4, 8)) + text[at + 1 :]
        found = list(_NUMBER.finditer(text))
        new = self._chance.choice(NUMBERS)
        if not found:
            return text + new
        match = self._chance.choice(found)
        return text[: match.start()] + new + text[match.end() :]

    def _odd(self, text: Text) -> Text:
        """One character, or byte, that nobody types."""
        if isinstance(text, bytes):
            return bytes([self._chance.randrange(256)])
        return self._chance.choice(_ODD) if self._chance.random() < 0.5 else chr(self._chance.randrange(32, 0xD7FF))
