"""Numbers, months and chances as each language writes them, with no more digits than their error supports."""

from __future__ import annotations

import math
import re

from sim.app import numbers
from sim.app.answers import Figure
from sim.results.report import Cell, Words

_CHANCE = re.compile(r"(about|under|over)? ?(\d+) of 100")
_KINDS = {"": "plain", "about": "about", "under": "under", "over": "over"}


class Language:
    """How one language says what a result holds."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.words = Words(lang)

    def number(self, value: float, error: float, kind: str) -> str:
        """A number of a figure's ``kind``: ``number``, ``share``, ``month`` ``points`` between shares or ``chance``."""
        if kind == "month":
            return self.month(value)
        if kind == "chance":
            return self.chance(value, error)
        if kind == "points":
            return self.words("value.points", n=numbers.percent(value, error).removesuffix(" %"))
        return numbers.percent(value, error) if kind == "share" else numbers.written(value, error)

    def month(self, value: float) -> str:
        """The calendar month of a model month."""
        if math.isnan(value) or value >= numbers.NEVER:
            return self.words("value.never") if value >= numbers.NEVER else "–"
        years, month = divmod(math.floor(value) - 1, 12)
        name = self.words("value.months").split()[month]
        return self.words("value.month", month=name, year=numbers.FIRST_YEAR + years)

    def chance(self, probability: float, error: float = 0.0) -> str:
        """A probability as so many of 100 draws."""
        told = _CHANCE.fullmatch(numbers.chance(probability, error))
        return "–" if told is None else self.words(f"chance.{_KINDS[told[1] or '']}", n=told[2])

    def spread(self, figure: Figure) -> str:
        """A figure as it stands in a table: the median, with 5 % and 95 % in brackets."""
        if figure.kind == "chance":
            return self.chance(figure.values[0], figure.errors[0])
        low, middle, high = self._three(figure)
        if figure.kind == "points" and low != high:
            low, middle = (each.removesuffix(self.words("value.points", n="")) for each in (low, middle))
        return numbers.interval(middle, low, high)

    def phrase(self, figure: Figure, unit: str = "") -> str:
        """A figure as it stands in a sentence, with the error of its median."""
        if figure.kind == "chance":
            return self.chance(figure.values[0], figure.errors[0])
        low, middle, high = self._three(figure)
        unit = f" {unit}" if unit else ""
        if low == middle == high:
            return self.words("phrase.same", middle=middle + unit)
        error = self.error(figure.errors[1], figure.kind) if _seen(middle, figure) else ""
        return self.words("phrase.spread", middle=middle + unit, error=error, low=low, high=high)

    def error(self, error: float, kind: str = "number") -> str:
        """A standard error to its first digit, with its sign; nothing where there is none or it is not known."""
        if not error > 0 or not math.isfinite(error):
            return ""
        if kind == "month":
            return self.words("phrase.month_error", error=numbers.written(error, digits=1))
        if kind == "points":
            return self.words(
                "phrase.error", error=self.words("value.points", n=numbers.written(100.0 * error, digits=1))
            )
        told = f"{numbers.written(100.0 * error, digits=1)} %" if kind == "share" else numbers.written(error, digits=1)
        return self.words("phrase.error", error=told)

    def cell(self, figure: Figure | None) -> Cell:
        """A figure as a table's cell; the number behind it is the median, or the chance."""
        if figure is None:
            return Cell("")
        return Cell(self.spread(figure), figure.values[len(figure.values) // 2])

    def unit(self, unit: str) -> str:
        """A unit in this language, nothing for a pure number."""
        if unit in ("1", ""):
            return ""
        return self.words(f"unit.{unit}") if self.words.has(f"unit.{unit}") else unit

    def value(self, number: float) -> str:
        """A quantity's value, as someone would type it."""
        if math.isnan(number):
            return "–"
        return self.words("value.never") if number == numbers.NEVER else numbers.exact(number, digits=4)

    def listed(self, parts: list[str]) -> str:
        """Parts of a sentence beside one another."""
        return self.words("phrase.comma").join(parts)

    def _three(self, figure: Figure) -> tuple[str, str, str]:
        low, middle, high = (
            self.number(x, error, figure.kind) for x, error in zip(figure.values, figure.errors, strict=True)
        )
        return low, middle, high


def _seen(written: str, figure: Figure) -> bool:
    """Whether the error of the median is at least a tenth of the last figure that is written of it."""
    digits = "".join(each for each in written if each.isdigit() or each == ".")
    if figure.kind == "month" or not digits:
        return True
    place = -len(digits.partition(".")[2]) if "." in digits else len(digits) - len(digits.rstrip("0"))
    error = figure.errors[1] * (100.0 if figure.kind == "share" else 1.0)
    return not error < 0.1 * 10.0**place
