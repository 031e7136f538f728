"""How the figures of a variable are written, and its axis labelled: its units, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.results.plot import numbers

if TYPE_CHECKING:
    from matplotlib.axis import Axis

RATES = {"1/yr": ("a year", "年"), "1/quarter": ("a quarter", "季")}
UNITS: Mapping[str, tuple[str, str, float]] = {
    # In English, in Chinese, and by how much a figure in Chinese units is the larger number.
    "card": ("cards", "张", 1.0),
    "card/yr": ("cards a year", "张/年", 1.0),
    "card/quarter": ("cards a quarter", "张/季", 1.0),
    "A100": ("A100 equivalents", "张A100当量", 1.0),
    "A100·s": ("A100 seconds", "A100·秒", 1.0),
    "server": ("servers", "台", 1.0),
    "module": ("modules", "只", 1.0),
    "module/server": ("modules a server", "只/台", 1.0),
    "bn RMB": ("bn RMB", "亿元", 10.0),
    "bn RMB/yr": ("bn RMB a year", "亿元/年", 10.0),
    "thousand RMB/card": ("thousand RMB a card", "千元/张", 1.0),
    "million USD": ("million USD", "百万美元", 1.0),
    "USD/module": ("USD a module", "美元/只", 1.0),
    "customer": ("customers", "家", 1.0),
    "answer/day": ("answers a day", "次/天", 1.0),
    "month": ("months", "月", 1.0),
    "0/1": ("0 no, 1 yes", "0 否，1 是", 1.0),
    "draw": ("draws", "次抽样", 1.0),
}


@dataclass(frozen=True)
class Scale:
    """How figures are written.

    Attributes
    ----------
    kind: number, percent, points (percentage points), month or quarter.
    unit: as it stands behind an axis' label; empty where the figures say it.
    factor: what a figure is multiplied by before it is written.
    lang: ``"en"`` or ``"zh"``.
    """

    kind: str
    unit: str
    factor: float
    lang: str

    def write(self, value: float, error: float = 0.0) -> str:
        """A figure to as many digits as its standard error supports."""
        if self.kind == "percent":
            return numbers.percent(value, error=error)
        if self.kind == "points":
            return numbers.percent(value, error=error).removesuffix(" %")
        if self.kind in ("month", "quarter"):
            return getattr(numbers, self.kind)(value, self.lang)
        return numbers.written(value * self.factor, self.lang, error=error * self.factor)

    def signed(self, value: float, error: float = 0.0) -> str:
        """A difference, with its sign."""
        text = self.write(value, error)
        return f"+{text}" if value > 0 and text not in ("0", "0 %") else text

    def tick(self, value: float) -> str:
        """A tick of an axis."""
        if self.kind in ("percent", "points"):
            text = numbers.plain(round(100.0 * value, 6))
            return f"{text} %" if self.kind == "percent" else text
        if self.kind in ("month", "quarter"):
            return getattr(numbers, self.kind)(value, self.lang)
        return numbers.plain(float(f"{value * self.factor:.10g}"), self.lang)

    def label(self, words: str) -> str:
        """An axis' label: what it is, and the unit."""
        return f"{words} ({self.unit})" if self.unit else words

    def on(self, axis: Axis, *, narrow: bool = False, most: int = 6) -> None:
        """Write the ticks of an axis so, not too dense; months and quarters stand at whole ones.

        ``narrow`` axes have room for half as many numbers, and for as many percentages, which are short; ``most`` is how
        many steps there are at most.
        """
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        whole = self.kind in ("month", "quarter")
        steps = [1, 3, 6, 10] if self.kind == "month" else [1, 2, 2.5, 4, 5, 10]
        most = min(most, 3 if narrow and self.kind not in ("percent", "points") else 6)
        axis.set_major_locator(MaxNLocator(most, steps=steps, integer=whole))
        axis.set_major_formatter(FuncFormatter(lambda value, _: self.tick(value)))


def scale(name: str, units: str, values: Any, lang: str, *, difference: bool = False) -> Scale:
    """How the figures of a variable are written.

    Parameters
    ----------
    name: of the variable; a month or a quarter by its name is a date, else a span.
    units: its units.
    values: all that is to be drawn: a pure number within [-1, 1] is told in percent.
    lang: ``"en"`` or ``"zh"``.
    difference: whether the values are differences.
    """
    zh = lang == "zh"
    finite = np.abs(np.asarray(values, float))
    largest = np.max(finite[np.isfinite(finite)], initial=0.0)
    if units in RATES:
        words = RATES[units][zh]
        if difference:
            return Scale("points", f"百分点/{words}" if zh else f"percentage points {words}", 1.0, lang)
        return Scale("percent", f"每{words}" if zh else words, 1.0, lang)
    if units == "1" and largest <= 1.0 + 1e-9:
        if difference:
            return Scale("points", "百分点" if zh else "percentage points", 1.0, lang)
        return Scale("percent", "", 1.0, lang)
    if units == "month" and not difference and name.endswith("month"):
        return Scale("month", "", 1.0, lang)
    if units == "quarter" and not difference:
        return Scale("quarter", "", 1.0, lang)
    english, chinese, factor = UNITS.get(units, ("" if units == "1" else units, "" if units == "1" else units, 1.0))
    return Scale("number", chinese if zh else english, factor if zh else 1.0, lang)
