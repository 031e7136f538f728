"""Numbers on pictures as people write them: 12,300, 1.2 million, 12 万, 17 %, Mar 2024."""

from __future__ import annotations

import math

MINUS = "−"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIRST_YEAR = 2023
NEVER = 9999.0
SIZES = {"en": ((1e9, " billion"), (1e6, " million")), "zh": ((1e8, " 亿"), (1e4, " 万"))}


def written(value: float, lang: str = "en", *, error: float = 0.0, digits: int = 3) -> str:
    """``value`` to ``digits`` figures, fewer where ``error``, one standard error, does not support them.

    >>> written(12_345.0), written(1_234_567.0), written(123_456.0, "zh"), written(41_234.5, error=300.0)
    ('12,300', '1.23 million', '12.3 万', '41,000')
    """
    if not math.isfinite(value):
        return "–" if math.isnan(value) else ("∞" if value > 0 else f"{MINUS}∞")
    if value == 0:
        return "0"
    place = math.floor(math.log10(abs(value))) - digits + 1
    if error > 0 and math.isfinite(error):
        place = max(place, math.ceil(math.log10(error)))
    return plain(round(value, -place), lang)


def plain(value: float, lang: str = "en") -> str:
    """A round number, such as a tick's, with the zeros behind the point left out and its size in words.

    >>> plain(5_000.0), plain(1_500_000.0), plain(15_000.0, "zh"), plain(-0.25)
    ('5,000', '1.5 million', '1.5 万', '−0.25')
    """
    size, word = next(((size, word) for size, word in SIZES[lang] if abs(value) >= size), (1.0, ""))
    text = f"{value / size:,.6f}".rstrip("0").rstrip(".") if abs(value) >= 1e-4 else f"{value:.2g}"
    return ("0" if text in ("-0", "") else text.replace("-", MINUS)) + word


def percent(share: float, *, error: float = 0.0) -> str:
    """A share in percent: whole percents, below 10 % with as many decimals as make two figures.

    >>> percent(0.1734), percent(0.0234), percent(1.0), percent(0.1734, error=0.02)
    ('17 %', '2.3 %', '100 %', '17 %')
    """
    value = 100.0 * share
    if not math.isfinite(value) or value == 0:
        return f"{written(value)} %"
    place = min(0, max(math.floor(math.log10(abs(value))) - 1, -3))
    if error > 0 and math.isfinite(error):
        place = max(place, min(0, math.ceil(math.log10(100.0 * error))))
    return f"{plain(round(value, -place))} %"


def month(number: float, lang: str = "en") -> str:
    """The calendar month of a model month, January 2023 being 1.

    >>> month(15.9), month(15.0, "zh")
    ('Mar 2024', '2024年3月')
    """
    if not math.isfinite(number) or number >= NEVER:
        return {"en": "never", "zh": "从不"}[lang] if number >= NEVER else "–"
    years, index = divmod(math.floor(number) - 1, 12)
    return f"{FIRST_YEAR + years}年{index + 1}月" if lang == "zh" else f"{MONTHS[index]} {FIRST_YEAR + years}"


def quarter(number: float, lang: str = "en") -> str:
    """The quarter of a model quarter, 2023Q1 being 0.

    >>> quarter(3.0), quarter(9999.0)
    ('2023Q4', 'never')
    """
    if not math.isfinite(number) or number >= NEVER:
        return {"en": "never", "zh": "从不"}[lang] if number >= NEVER else "–"
    years, index = divmod(math.floor(number), 4)
    return f"{FIRST_YEAR + years}Q{index + 1}"
