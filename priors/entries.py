"""From parsed files to validated tables, each with the place it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from priors import schema
from priors.bare import without_bare
from priors.explain import explain
from priors.positions import Path
from priors.problems import Problem, listed, nearest, shown
from priors.reading import Source

KINDS = ("claims", "hedges", "quantities", "relations", "scenarios")
SECTIONS = ("book", "claims", "hedges", "quantities", "correlation", "relations", "scenarios")
NAME = re.compile(r"[^\W\d]\w*(?:[.-]\w+)*")
_DEEPEST = 3
_MOST_PROBLEMS = 1_000


@dataclass(frozen=True)
class Entry:
    """A validated table.

    Attributes
    ----------
    name: of the record, as in messages.
    table: its model of ``priors.schema``.
    source, path: where it stands.
    changes: of a scenario, its change tables by name of the quantity.
    inherited: keys that the table has from the record which it replaces.
    """

    name: str
    table: Any
    source: Source
    path: Path
    changes: dict[str, Entry] = field(default_factory=dict)
    inherited: frozenset[str] = frozenset()

    def problem(self, message: str, *inner: str | int, key: bool = False) -> Problem:
        """A problem at ``inner`` of this table, or at the table itself."""
        name = ".".join([self.name, *map(str, inner)])
        return self.source.problem((*self.path, *inner), name, message, key=key)


@dataclass
class Draft:
    """All tables of a book before they are checked against one another.

    Attributes
    ----------
    bare: values where the table of a change should stand, each the ``table`` of an entry.
    halves: quantities whose table was not valid, without its wrong keys, so that the rest is checked in the same go.
    inherited: relations of a book beneath, of which one that no longer fits is no mistake of the upper one.
    refused: names whose table was not valid, by kind: they are known, so that no further problem is made of them.
    """

    book: Entry | None = None
    combine: Entry | None = None
    claims: dict[str, Entry] = field(default_factory=dict)
    hedges: dict[str, Entry] = field(default_factory=dict)
    quantities: dict[str, Entry] = field(default_factory=dict)
    scenarios: dict[str, Entry] = field(default_factory=dict)
    relations: dict[str, Entry] = field(default_factory=dict)
    inherited: set[str] = field(default_factory=set)
    correlations: list[Entry] = field(default_factory=list)
    halves: list[Entry] = field(default_factory=list)
    bare: list[Entry] = field(default_factory=list)
    refused: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    problems: list[Problem] = field(default_factory=list)

    def known(self, kind: str) -> set[str]:
        """Names of a kind, the refused ones included."""
        return {*getattr(self, kind), *self.refused[kind]}


def add(draft: Draft, kind: str, source: Source, stem: str = "") -> None:
    """Validate a source of one kind of file into ``draft``; ``kind="own"`` may hold every section."""
    if kind != "own":
        _section(draft, kind, source, source.data, (), stem)
        return
    for section, content in source.data.items():
        if section not in SECTIONS:
            message = f"found an unknown section, expected {listed(SECTIONS)}{nearest(section, SECTIONS)}"
            draft.problems.append(source.problem((section,), section, message, key=True))
        elif section == "scenarios":
            for name, table in _tables(draft, content, source, (section,), section):
                _section(draft, "scenario", source, table, (section, name), name)
        else:
            _section(draft, "correlations" if section == "correlation" else section, source, content, (section,), "")


def _section(draft: Draft, kind: str, source: Source, content: Any, path: Path, stem: str) -> None:
    if kind == "correlations":
        _correlations(draft, source, content, path)
    elif kind == "scenario":
        _scenario(draft, source, content, path, stem)
    elif kind == "book":
        draft.book = _validated(draft, schema.BookTable, content, source, path, "book") or draft.book
    else:
        model = {
            "claims": schema.ClaimTable,
            "hedges": schema.HedgeTable,
            "quantities": schema.QuantityTable,
            "relations": schema.RelationTable,
        }[kind]
        for name, table, inner in _records(draft, content, source, path, kind, model):
            if kind == "hedges" and name == "combine":
                draft.combine = _validated(draft, schema.CombineTable, table, source, inner, name) or draft.combine
                continue
            entry = _validated(draft, model, table, source, inner, name)
            if entry is None:
                draft.refused[kind].add(name)
                if kind == "quantities":
                    draft.halves += _half(table, source, inner, name)
            else:
                _keep(draft, kind, name, entry)


def _half(table: dict[str, Any], source: Source, path: Path, name: str) -> list[Entry]:
    """The entry of a wrong quantity's right keys; what it must have and lacks is made up, and never looked at."""
    adapter = _adapter(schema.QuantityTable)
    try:
        adapter.validate_python(table)
    except ValidationError as error:
        wrong = {problem["loc"][0] for problem in error.errors() if problem["loc"]}
        made_up = {"unit": "1", "basis": "assumption", "rationale": "none"}
        right = made_up | {key: value for key, value in table.items() if key not in wrong}
        try:
            return [Entry(name, adapter.validate_python(right), source, path)]
        except ValidationError:  # wrong as a whole: what was told is all there is to tell
            pass
    return []


def _correlations(draft: Draft, source: Source, content: Any, path: Path) -> None:
    if not path:  # a file of its own
        for key in content:
            if key != "correlation":
                message = f"found an unknown key, expected [[correlation]] tables{nearest(key, ['correlation'])}"
                draft.problems.append(source.problem((key,), key, message, key=True))
        content, path = content.get("correlation", []), ("correlation",)
    if not isinstance(content, list):
        message = f"found {shown(content)}, expected [[correlation]] tables, in double brackets"
        draft.problems.append(source.problem(path, "correlation", message))
        return
    for i, table in enumerate(content):
        entry = _validated(draft, schema.CorrelationTable, table, source, (*path, i), "correlation")
        if entry is not None:
            draft.correlations.append(entry)


def _scenario(draft: Draft, source: Source, content: Any, path: Path, stem: str) -> None:
    head = {key: value for key, value in content.items() if key != "change"}
    entry = _validated(draft, schema.ScenarioTable, head, source, path, stem)
    if entry is not None and entry.table.name not in (None, stem):
        message = f"found {shown(entry.table.name)}, expected {shown(stem)}, as the file or the table is called"
        draft.problems.append(entry.problem(message, "name"))
    changes, given = {}, content.get("change", {})
    if isinstance(given, dict):
        given, bare = without_bare(given, _keys(schema.ChangeTable))
        for parts, value in bare:
            name = ".".join(parts)
            draft.bare.append(Entry(f"{stem}.change.{name}", (name, value), source, (*path, "change", *parts)))
    for name, table, inner in _records(draft, given, source, (*path, "change"), f"{stem}.change", schema.ChangeTable):
        change = _validated(draft, schema.ChangeTable, table, source, inner, f"{stem}.change.{name}")
        if change is not None:
            changes[name] = change
    if entry is None:
        draft.refused["scenarios"].add(stem)
    else:
        _keep(draft, "scenarios", stem, Entry(stem, entry.table, source, path, changes))


def _keep(draft: Draft, kind: str, name: str, entry: Entry) -> None:
    records: dict[str, Entry] = getattr(draft, kind)
    if name in records:
        earlier = records[name]
        place = f"{earlier.source.name}:{earlier.source.positions.place(earlier.path)[0]}"
        draft.problems.append(entry.problem(f"found this name again, first in {place}, expected it once", key=True))
    else:
        records[name] = entry


def _records(
    draft: Draft, content: Any, source: Source, path: Path, what: str, model: Any
) -> Iterator[tuple[str, dict[str, Any], Path]]:
    """The tables of records with their dotted names: a table is a record where it has a key of one, else a group."""
    keys = _keys(model)
    seen: dict[str, Path] = {}
    names: list[tuple[tuple[str, ...], dict[str, Any]]] = []
    names += [((name,), table) for name, table in _tables(draft, content, source, path, what)][::-1]
    while names:
        parts, table = names.pop()
        name, inner = ".".join(parts), (*path, *parts)
        group = not keys & table.keys() and any(isinstance(value, dict) for value in table.values())
        if group and len(parts) < _DEEPEST:
            names += [((*parts, part), t) for part, t in _tables(draft, table, source, inner, name)][::-1]
        elif not NAME.fullmatch(name):
            message = f"found {shown(name)}, expected a name such as growth.cloud: letters, digits, _, - and ."
            draft.problems.append(source.problem(inner, name, message, key=True))
        elif name in seen:
            message = "found this name twice in the file, once in quotes, expected each once"
            draft.problems.append(source.problem(inner, name, message, key=True))
        else:
            seen[name] = inner
            yield name, table, inner


def _tables(draft: Draft, content: Any, source: Source, path: Path, what: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables of a table; whatever else it holds is refused."""
    if not isinstance(content, dict):
        draft.problems.append(source.problem(path, what, f"found {shown(content)}, expected a table"))
        return
    for name, table in content.items():
        if isinstance(table, dict):
            yield name, table
        else:
            message = f"found {shown(table)}, expected a table, [{name}]"
            draft.problems.append(source.problem((*path, name), ".".join(map(str, (*path, name))), message, key=True))


def _validated(draft: Draft, model: Any, table: Any, source: Source, path: Path, name: str) -> Entry | None:
    adapter = _adapter(model)
    if len(draft.problems) > _MOST_PROBLEMS:
        return None  # a file of something else altogether; nobody reads on
    try:
        return Entry(name, adapter.validate_python(table), source, path)
    except ValidationError as error:
        draft.problems += explain(error, table, source, path, name, adapter)
        return None


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


@cache
def _keys(model: Any) -> frozenset[str]:
    """Every key that a record of this kind may have."""
    members = model.__args__[0].__args__ if hasattr(model, "__metadata__") else (model,)
    return frozenset(field.alias or key for member in members for key, field in member.model_fields.items())
