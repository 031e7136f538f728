"""What a person has moved: a scenario of the book and changes on top of it, as text, as a scenario, in a URL.

A change is written as ``suanli run --set`` takes it, and one way more: ``width(0.5)``, the quantity's own prior half as wide
about its middle. It replaces what the scenario itself does to the quantity, as in a scenario that extends another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from urllib.parse import parse_qsl, urlencode

import priors
from priors.families import Distribution
from priors.problems import nearest
from priors.records import Change, Quantity, Records, Scenario
from priors.scenarios_check import scenario_problems
from priors.sets import parse
from priors.widen import typed

LONGEST = 200
MOST_CHANGES = 500
_WIDTH = re.compile(r"width\(\s*([0-9.eE+-]+)\s*\)")

# The name of a state that has none yet; no name of a book begins with a point.
UNNAMED = ".page"

# Keys of a URL that are no quantity's.
SCENARIO, PIN = ".scenario", ".pin"


class Refused(ValueError):  # noqa: N818 - told to a person, who is not in error
    """What was asked for cannot be done; says what was found, what is expected, and of which ``quantity``, if of one."""

    def __init__(self, message: str, quantity: str = "") -> None:
        super().__init__(message)
        self.quantity = quantity


@dataclass(frozen=True)
class State:
    """A scenario and changes on top of it; ``changes`` are (name, text), sorted by name, each name once."""

    scenario: str = "baseline"
    changes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, scenario: str, changes: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> State:
        """The state of changes in any order."""
        return cls(scenario, tuple(sorted(dict(changes).items())))


@dataclass(frozen=True)
class View:
    """What a page shows: a state beside the one that it is compared with, the book's ``baseline`` unless one is pinned."""

    state: State = field(default_factory=State)
    pinned: State | None = None

    @property
    def against(self) -> State:
        """The state to compare with."""
        return State() if self.pinned is None else self.pinned


def to_query(view: View) -> str:
    """The view as a URL has it, behind ``#`` or ``?``."""
    pairs = [(SCENARIO, view.state.scenario), *view.state.changes]
    if view.pinned is not None:
        pairs += [(PIN, view.pinned.scenario)]
        pairs += [(f"{PIN}.{name}", text) for name, text in view.pinned.changes]
    return urlencode(pairs)


def from_query(query: str) -> View:
    """The view that :func:`to_query` wrote; what is in it is not checked yet.

    Raises
    ------
    Refused: for a key that comes twice, or too much of it.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=2 * MOST_CHANGES)
    except ValueError:
        raise Refused("the address: found no list of changes, expected such as #growth.cloud=0.4") from None
    found: dict[str, str] = {}
    for key, text in pairs:
        if key in found:
            raise Refused(f"the address: found {shown(key)} twice, expected it once")
        found[key] = text
    scenario, pin = found.pop(SCENARIO, "baseline"), found.pop(PIN, None)
    pinned = {k.removeprefix(f"{PIN}."): text for k, text in found.items() if k.startswith(f"{PIN}.")}
    changes = {key: text for key, text in found.items() if not key.startswith(".")}
    if len(changes) + len(pinned) < len(found) or (pinned and pin is None):
        raise Refused(f"the address: found a key that is none, expected {SCENARIO}, {PIN} or a quantity of the book")
    return View(State.of(scenario, changes), None if pin is None else State.of(pin, pinned))


def checked(state: State, book: priors.Book) -> State:
    """The state with every change in its plainest words.

    Raises
    ------
    Refused: for a scenario or a quantity that the book lacks, or a change that cannot be made; names the quantity.
    """
    return replace(state, changes=tuple((name, text) for name, text, _ in _made(state, book)))


def scenario_of(state: State, book: priors.Book, name: str) -> Scenario:
    """The state as a scenario called ``name``.

    Raises
    ------
    Refused: as :func:`checked`.
    """
    made = _made(state, book)
    changes = Records({key: change for key, _, change in made}, "change")
    return Scenario(name, changes, extends=state.scenario, label="; ".join(f"{key} {text}" for key, text, _ in made))


def with_scenarios(book: priors.Book, made: Iterable[Scenario]) -> priors.Book:
    """The book with scenarios more, which replace those of the same name."""
    kept = {f.name: getattr(book, f.name) for f in fields(book) if f.init}
    scenarios = {**book.scenarios, **{scenario.name: scenario for scenario in made}}
    return priors.Book(**{**kept, "scenarios": Records(scenarios, "scenario")})


def _made(state: State, book: priors.Book) -> list[tuple[str, str, Change]]:
    """Each change: its quantity, its plainest words, and itself."""
    if state.scenario not in book.scenarios:
        raise Refused(f"found no scenario {shown(state.scenario)} in the book{nearest(state.scenario, book.scenarios)}")
    if len(state.changes) > MOST_CHANGES:
        raise Refused(f"found {len(state.changes)} changes, expected at most {MOST_CHANGES}")
    made = []
    for name, text in state.changes:
        if name not in book.quantities:
            raise Refused(f"found no quantity {shown(name)} in the book{nearest(name, book.quantities)}")
        made.append((name, *_change(book.quantities[name], text)))
    changes = Records({name: change for name, _, change in made}, "change")
    whole = Scenario(UNNAMED, changes, extends=state.scenario)
    for _, name, message in scenario_problems(whole, {**book.scenarios, UNNAMED: whole}, book.quantities):
        raise Refused(f"{name}: {message}", name)
    return made


def _change(quantity: Quantity, text: str) -> tuple[str, Change]:
    """The change that ``text`` tells, and its plainest words."""
    if len(text) > LONGEST:
        raise Refused(f"{quantity.name}: found {len(text)} characters, expected at most {LONGEST}", quantity.name)
    width = _WIDTH.fullmatch(text.strip())
    try:
        if width:
            factor = float(width[1])
            return f"width({_plain(factor)})", Change("prior", widened(quantity, factor))
        change = parse(text)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Refused(f"{quantity.name}: {error}", quantity.name) from error
    return _words(change, text), change


def widened(quantity: Quantity, factor: float) -> Distribution:
    """The quantity's prior, ``factor`` times as wide about its mode or middle; its limits are still to cut it.

    Raises
    ------
    ValueError: for a factor that is none, or a prior that has no width.
    """
    if not 0.0 < factor < math.inf:
        raise ValueError(f"found a width of {_plain(factor)}, expected a number above 0")
    if quantity.prior.atoms() is not None:
        raise ValueError(f"found a width for {quantity.prior.family}, which has none; expected a value")
    return typed(quantity.prior, factor)


def _words(change: Change, text: str) -> str:
    if change.never:
        return "never"
    if isinstance(change.value, Distribution):
        return " ".join(text.split())
    sign = {"fix": "", "scale": "*", "shift": "+"}[change.action]
    return f"{sign}{_plain(change.value)}"


def _plain(value: float) -> str:
    """A number in the fewest characters that read back to it."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(float(value))


def shown(name: object, most: int = 60) -> str:
    """A name from outside, in quotes, cut and without control characters."""
    text = str(name)
    return (
        '"' + "".join(c if c.isprintable() else "\ufffd" for c in text[:most]) + ("…" if len(text) > most else "") + '"'
    )
