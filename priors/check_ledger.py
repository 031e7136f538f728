"""Claims and hedges: from their tables to records, with what is wrong between the keys of one table."""

from __future__ import annotations

from collections.abc import Collection

from priors.entries import Entry
from priors.problems import Problem, listed, nearest, shown
from priors.records import Claim, Hedge, Records

_FIGURES = ("value", "range", "choices", "window")
_WORDS = ("rule", "reason", "en", "zh")


def hedge_record(entry: Entry, problems: list[Problem]) -> Hedge | None:
    """The hedge of a table, None where its numbers are in the wrong order."""
    table = entry.table.model_dump(exclude_none=True)
    numbers = {key: float(value) for key, value in table.items() if key not in _WORDS}
    for low, high in (("low", "mode"), ("mode", "high"), ("median", "p95"), ("low_p", "high_p")):
        if low in numbers and numbers[low] >= numbers[high] and (low, high) != ("low", "mode"):
            message = f"found {shown(numbers[high])}, expected a number above {low} = {shown(numbers[low])}"
        elif low in numbers and numbers[low] > numbers[high]:
            message = f"found {shown(numbers[high])}, expected a number of at least {low} = {shown(numbers[low])}"
        else:
            continue
        problems.append(entry.problem(message, high))
        return None
    words = {key: tuple(table[key]) for key in ("en", "zh")}
    return Hedge(entry.name, table["rule"], table["reason"], Records(numbers, "number"), **words)


def claim_record(entry: Entry, hedges: Collection[str], problems: list[Problem]) -> Claim | None:
    """The claim of a table, None where something is wrong with it."""
    before = len(problems)
    table = entry.table
    given = [key for key in _FIGURES if getattr(table, key) is not None]
    if len(given) > 1:
        problems.append(
            entry.problem(f"found {listed(given)} together, expected one figure at most", given[1], key=True)
        )
    for key in ("range", "window"):
        ends = getattr(table, key)
        if ends is not None and not ends[0] < ends[1]:
            problems.append(entry.problem(f"found {shown(ends)}, expected the lower end first", key))
    if table.choices is not None and len(set(table.choices)) < len(table.choices):
        problems.append(entry.problem(f"found {shown(table.choices)}, expected each value once", "choices"))
    mode = table.numbers.get("mode")
    if table.window is not None and mode is not None and not table.window[0] <= mode <= table.window[1]:
        message = f"found {shown(mode)}, expected a month within the window {shown(table.window)}"
        problems.append(entry.problem(message, "numbers", "mode"))
    problems += unknown_hedges(entry, table.hedges, hedges)
    if len(problems) > before:
        return None
    content = table.model_dump(exclude=set(_FIGURES))
    content |= {key: tuple(float(x) for x in getattr(table, key)) for key in given if key != "value"}
    content |= {
        "value": None if table.value is None else float(table.value),
        "kind": (table.kind,) if isinstance(table.kind, str) else tuple(table.kind),
        "hedges": tuple(table.hedges),
        "numbers": Records({key: float(value) for key, value in table.numbers.items()}, "number"),
    }
    return Claim(name=entry.name, **content)


def unknown_hedges(entry: Entry, names: Collection[str], known: Collection[str]) -> list[Problem]:
    """A problem for each name that is no hedge."""
    return [
        entry.problem(
            f"found an unknown hedge {shown(name)}, expected one of {listed(sorted(known))}{nearest(name, known)}",
            "hedges",
            i,
        )
        for i, name in enumerate(names)
        if name not in known
    ]


def unknown_claims(entry: Entry, names: Collection[str], known: Collection[str]) -> list[Problem]:
    """A problem for each name that is no claim."""
    return [
        entry.problem(
            f"found an unknown claim {shown(name)}, expected the id of one of the book{nearest(name, known)}",
            "claims",
            i,
        )
        for i, name in enumerate(names)
        if name not in known
    ]
