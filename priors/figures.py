"""What was said in numbers: the figure of a claim, and of an expression over claims."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from priors import arithmetic
from priors.problems import listed, nearest
from priors.records import Claim


@dataclass(frozen=True)
class Figure:
    """What was said in numbers.

    Attributes
    ----------
    kind: value, range, choices or window.
    numbers: the value alone, the ends, or the values named.
    mode: of a window, the month of a named event.
    fact: used as given, without doubt.
    """

    kind: str
    numbers: tuple[float, ...]
    mode: float | None = None
    fact: bool = False

    @property
    def stated(self) -> float:
        """The value it stands for: of a range or window the middle or the mode named, of choices the first."""
        if self.kind in ("range", "window"):
            return self.mode if self.mode is not None else sum(self.numbers) / 2.0
        return self.numbers[0]


def figure_of(claim: Claim) -> Figure | None:
    """The figure of a claim, None where it has none."""
    fact = claim.kind == ("fact",)
    if claim.value is not None:
        return Figure("value", (claim.value,), fact=fact)
    for kind, numbers in (("range", claim.range), ("choices", claim.choices), ("window", claim.window)):
        if numbers is not None:
            return Figure(kind, numbers, claim.numbers.get("mode") if kind == "window" else None, fact)
    return None


def figure(text: str, claims: Mapping[str, Claim]) -> Figure:
    """The figure that a claim's id, or an expression over claims such as ``Q04.12 / Q04.11``, stands for.

    Raises
    ------
    ValueError: for an id that is not there (the nearest is named), one without a figure, or a wrong expression.
    """
    whole = claims.get(text.strip())
    found = figure_of(whole) if whole is not None else None
    return found or Figure("value", (arithmetic.evaluate(text, lambda name: _value(name, claims)),))


def cited(text: str, claims: Mapping[str, Claim]) -> list[str]:
    """Ids of the claims that an expression names, in order."""
    found = (name if name in claims else name.rpartition(".")[0] for name in arithmetic.names(text))
    return [name for name in dict.fromkeys(found) if name in claims]


def line(text: str, claims: Mapping[str, Claim]) -> tuple[Figure, float, float] | None:
    """An expression as ``slope · x + offset`` of the first figure x that it names: (x, slope, offset).

    None where it is a name alone, names nothing, or is no line in x: then its value itself is the figure.
    ``Q10.2 / Q05.2 - 1`` is a line in Q10.2, so that the doubt about Q10.2 is carried through and the 1 is certain.
    """
    named = arithmetic.names(text)
    if not named or text.strip() == named[0]:
        return None
    first = figure_of(claims[named[0]]) if named[0] in claims else None
    x = first or Figure("value", (_value(named[0], claims),))

    def at(value: float) -> float:
        return arithmetic.evaluate(text, lambda name: value if name == named[0] else _value(name, claims))

    v = x.stated
    try:
        one, two, three = at(v), at(2.0 * v), at(3.0 * v)
    except ValueError:
        return None
    slope = (two - one) / v if v else 0.0
    straight = math.isclose(three - two, two - one, rel_tol=1e-9)
    return (x, slope, one - slope * v) if slope and straight else None


def _value(name: str, claims: Mapping[str, Claim]) -> float:
    if name in claims:
        found = figure_of(claims[name])
        if found is None:
            extra = [f"{name}.{key}" for key in claims[name].numbers]
            cure = f"one with a figure, or {listed(extra)}" if extra else "one with a figure"
            raise ValueError(f"found {name}, a claim without a figure, expected {cure}")
        return found.stated
    claim, _, key = name.rpartition(".")
    if claim in claims:
        known = claims[claim].numbers
        if key in known:
            return known[key]
        raise ValueError(f'found no number "{key}" in claim {claim}, expected {listed(known)}{nearest(key, known)}')
    raise ValueError(f'found an unknown claim "{name}", expected the id of a claim of the book{nearest(name, claims)}')
