"""From validated tables to a book: everything that tables can be wrong with together, found in one go.

A record that is wrong drops out but stays known by name, so one mistake is told once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from priors import streams
from priors.apply import refuse_half_switches
from priors.books import About, Book
from priors.check_ledger import claim_record, hedge_record
from priors.check_pairs import Cited, pairs
from priors.check_quantities import prior_of, quantity_record, still_wrong
from priors.check_relations import relation_record
from priors.entries import KINDS, Draft, Entry
from priors.families import NEVER
from priors.problems import BookError, Problem, listed, nearest, shown
from priors.reading import Source
from priors.records import Change, Claim, Correlation, Hedge, Quantity, Records, Relation, Scenario
from priors.scenarios_check import scenario_problems
from priors.schema import ChangeTable


@dataclass
class Parts:
    """Records that are right by themselves, with the entries they came from; those made in Python have none."""

    name: str = "book"
    about: About = field(default_factory=About)
    combine: str = "squares"
    claims: dict[str, Claim] = field(default_factory=dict)
    hedges: dict[str, Hedge] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    correlations: list[Cited] = field(default_factory=list)
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    refused: dict[str, set[str]] = field(default_factory=dict)

    def entry(self, kind: str, name: str) -> Entry:
        """Where a record stands; nowhere for one made in Python."""
        return self.entries.get((kind, name)) or Entry(name, None, Source(), ())


def book_of(draft: Draft, own: Sequence[Entry] = (), issued: Mapping[str, int] | None = None) -> Book:
    """The book that a draft makes.

    Parameters
    ----------
    own: the correlations of the upper of two books, whose pairs replace those beneath.
    issued: stream numbers of the built-in book, None where that is made.

    Raises
    ------
    BookError: lists every problem, those of the draft included.
    """
    problems = list(draft.problems)
    parts = _parts(draft, own, problems)
    return bound(parts, issued, problems)


def _parts(draft: Draft, own: Sequence[Entry], problems: list[Problem]) -> Parts:
    about = draft.book.table.model_dump() if draft.book else {"name": "book"}
    parts = Parts(
        about.pop("name"), About(**about), refused={kind: set(names) for kind, names in draft.refused.items()}
    )
    parts.combine = draft.combine.table.rule if draft.combine else parts.combine
    for kind in KINDS:
        parts.entries |= {(kind, name): entry for name, entry in getattr(draft, kind).items()}
    for name, entry in draft.hedges.items():
        _keep(parts, "hedges", name, hedge_record(entry, problems))
    for name, entry in draft.claims.items():
        _keep(parts, "claims", name, claim_record(entry, draft.known("hedges"), problems))
    known_claims, known_hedges = draft.known("claims"), draft.known("hedges")
    for name, entry in draft.quantities.items():
        ledger = parts.claims, parts.hedges, parts.combine
        _keep(parts, "quantities", name, quantity_record(entry, ledger, known_claims, known_hedges, problems))
    for half in draft.halves:
        still_wrong(half, known_claims, known_hedges, problems)
    problems += [_bare(entry, draft.known("quantities")) for entry in draft.bare]
    for name, entry in draft.scenarios.items():
        parts.scenarios[name] = _scenario(entry, problems)
    for name, entry in draft.relations.items():
        told = [] if name in draft.inherited else problems
        _keep(parts, "relations", name, relation_record(entry, parts.claims, known_claims, told))
    for entry in draft.correlations:
        table = entry.table
        record = Correlation(tuple(table.between), table.spearman, table.basis, table.rationale, tuple(table.claims))
        parts.correlations.append(Cited(record, entry, entry in own))
    return parts


def _keep(parts: Parts, kind: str, name: str, record: object) -> None:
    if record is None:
        parts.refused[kind].add(name)
    else:
        getattr(parts, kind)[name] = record


def _scenario(entry: Entry, problems: list[Problem]) -> Scenario:
    table = entry.table
    changes = {}
    for name, change in entry.changes.items():
        made = _change(change, change.table, problems)
        if made is not None:
            changes[name] = made
    return Scenario(
        entry.name,
        Records(changes, "change"),
        table.extends,
        table.all_stated,
        table.label or entry.name,
        table.label_zh,
        table.description,
    )


def _bare(entry: Entry, known: Collection[str]) -> Problem:
    """A value where the table of a change should stand."""
    name, value = entry.table
    if name not in known and name.rpartition(".")[0] in known:
        message = f"found an unknown key, expected {listed(ChangeTable.model_fields)}"
        return entry.problem(message, key=True)
    hint = "" if name in known else f', and no quantity is called "{name}"{nearest(name, known)}'
    usable = value == "never" or (isinstance(value, int | float) and not isinstance(value, bool))
    table = f"{{ fix = {shown(value) if usable else 0.3} }}"
    return entry.problem(f"found {shown(value)}, expected a table such as {table}{hint}", key=True)


def _change(entry: Entry, table: ChangeTable, problems: list[Problem]) -> Change | None:
    given = [
        (action, value)
        for action in ("fix", "scale", "shift", "prior")
        if (value := getattr(table, action)) is not None
    ]
    if len(given) != 1:
        found = " and ".join(action for action, _ in given) or "nothing"
        problems.append(entry.problem(f"found {found}, expected exactly one of fix, scale, shift and prior"))
        return None
    action, value = given[0]
    if action == "prior":
        prior = prior_of(entry, problems)
        return None if prior is None else Change("prior", prior[0])
    return Change("fix", NEVER, never=True) if value == "never" else Change(action, value)  # type: ignore[arg-type]


def bound(parts: Parts, issued: Mapping[str, int] | None, problems: list[Problem]) -> Book:
    """The book of parts: streams given and checked, correlations and scenarios checked against the quantities.

    Raises
    ------
    BookError: lists ``problems`` and all that it finds.
    """
    quantities = _in_stream_order(parts, issued, problems)
    refused = parts.refused.get("quantities", set())
    correlations = pairs(
        parts.correlations, quantities, refused, {*parts.claims, *parts.refused.get("claims", ())}, problems
    )
    for name, quantity in quantities.items():
        entry = parts.entry("quantities", name)
        try:
            refuse_half_switches(quantity, quantity.prior)
        except ValueError as error:
            problems.append(entry.problem(str(error), "prior"))
    if "baseline" not in parts.scenarios:
        parts.scenarios = {"baseline": Scenario("baseline", Records({}, "change"), label="baseline"), **parts.scenarios}
    for name, scenario in parts.scenarios.items():
        entry = parts.entry("scenarios", name)
        for where, changed, message in scenario_problems(
            scenario, parts.scenarios, quantities, refused, parts.refused.get("scenarios", ())
        ):
            inner = entry.changes.get(changed)
            if inner:
                problems.append(inner.problem(message, key=where == "name"))
            else:
                problems.append(entry.problem(message, *filter(None, ("change" if changed else where, changed))))
    if not quantities and not problems:
        problems.append(Problem("", 0, 0, parts.name, "found no quantity, expected at least one"))
    if problems:
        raise BookError(problems)
    return Book(
        parts.name,
        Records(parts.claims, "claim"),
        Records(parts.hedges, "hedge"),
        Records(quantities, "quantity"),
        Records(parts.scenarios, "scenario"),
        correlations,
        parts.combine,
        parts.about,
        Records(parts.relations, "relation"),
    )


def _in_stream_order(parts: Parts, issued: Mapping[str, int] | None, problems: list[Problem]) -> dict[str, Quantity]:
    """The quantities with their stream numbers, the missing ones given, every clash told."""
    found = {name: q.stream or (issued or {}).get(name, 0) for name, q in parts.quantities.items()}
    owner: dict[int, str] = {}
    # A number that the built-in book issued is its owner's, so a clash is told at the other.
    for name in sorted(found, key=lambda n: found[n] != (issued or {}).get(n)):
        number = found[name]
        entry = parts.entry("quantities", name)
        if not number and issued is not None:
            continue
        message = streams.wrong(name, number, issued, found)
        if not message and number in owner:
            other = parts.entry("quantities", owner[number])
            place = f" ({other.source.name}:{other.source.positions.place(other.path)[0]})" if other.source.name else ""
            message = f"found {number}, the stream of {owner[number]}{place} as well, expected a number of its own"
        if message:
            problems.append(entry.problem(message, "stream"))
        owner.setdefault(number, name)
    missing = [name for name, number in found.items() if not number]
    found |= streams.given(missing, owner) if issued is not None else {}
    order = sorted(parts.quantities, key=lambda name: (found[name], name))
    return {name: replace(parts.quantities[name], stream=found[name]) for name in order}
