"""Numbers as people write them, with no more digits than their error supports."""

from __future__ import annotations

import math

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NEVER = 9999.0
FIRST_YEAR = 2023


def written(value: float, error: float = 0.0, *, digits: int = 3) -> str:
    """``value`` to ``digits`` figures, fewer where ``error``, one standard error in the same unit, is larger.

    >>> written(41234.5), written(41234.5, 300.0), written(0.123456), written(0.0)
    ('41,200', '41,000', '0.123', '0')
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size >= 15 or size < -5:
        return f"{value:.{digits - 1}e}"
    return _rounded(value, size - digits + 1, error)


def exact(value: float, *, digits: int = 6) -> str:
    """A number that someone typed, as they would type it: no zeros added.

    >>> exact(100.0), exact(0.4), exact(12_345_678.0), exact(1 / 3)
    ('100', '0.4', '12,345,700', '0.333333')
    """
    text = written(value, digits=digits)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def percent(share: float, error: float = 0.0, *, digits: int = 2) -> str:
    """A share or a rate in percent: whole percents, and below 10 % as many decimals as make two figures.

    >>> percent(0.1734), percent(0.0234), percent(1.04)
    ('17 %', '2.3 %', '104 %')
    """
    value = 100.0 * share
    if not math.isfinite(value) or value == 0:
        return f"{written(value)} %"
    place = min(0, max(math.floor(math.log10(abs(value))) - digits + 1, -3))
    return f"{_rounded(value, place, 100.0 * error)} %"


def _rounded(value: float, place: int, error: float) -> str:
    """``value`` rounded to 10^place, or to the decimal place of its error where that is coarser."""
    if error > 0 and math.isfinite(error):
        place = max(place, math.ceil(math.log10(error)))
    text = f"{round(value, -place):,.{max(0, -place)}f}"
    return "0" if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def chance(probability: float, error: float = 0.0) -> str:
    """A probability as so many of 100; a chance never drawn is small, not none.

    >>> chance(0.171), chance(0.0), chance(0.97, 0.04)
    ('17 of 100', 'under 1 of 100', 'about 100 of 100')
    """
    if math.isnan(probability):
        return "–"
    if error > 0.01:
        return f"about {round(10 * probability) * 10} of 100"
    if probability < 0.005:
        return "under 1 of 100"
    if probability > 0.995:
        return "over 99 of 100"
    return f"{round(100 * probability)} of 100"


def month(number: float) -> str:
    """The calendar month of a model month, counted from January 2023 = 1; month m is [m, m + 1).

    >>> month(1.0), month(15.9), month(9999.0)
    ('Jan 2023', 'Mar 2024', 'never')
    """
    if math.isnan(number):
        return "–"
    if number >= NEVER:
        return "never"
    years, index = divmod(math.floor(number) - 1, 12)
    return f"{MONTHS[index]} {FIRST_YEAR + years}"


def interval(middle: str, low: str, high: str) -> str:
    """A median with its 5 % and 95 %: ``median (low–high)``, or one value where all three are the same."""
    return middle if low == middle == high else f"{middle} ({low.removesuffix(' %')}–{high})"


def duration(seconds: float) -> str:
    """Seconds as told to a person: ``0.42 s``, ``12 s``, ``3 min 5 s``."""
    if seconds < 10:
        return f"{seconds:.2g} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"
