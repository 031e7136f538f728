"""The book: all records together, what a scenario makes of them, and their digest."""

from __future__ import annotations

import datetime
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from typing import Any

from priors.apply import on_top
from priors.chain import chain, resolve
from priors.families import Distribution
from priors.problems import BookError, Problem, nearest
from priors.records import Change, Claim, Correlation, Hedge, Quantity, Records, Relation, Scenario
from priors.scenarios_check import scenario_problems
from priors.sets import change
from priors.widen import widened


@dataclass(frozen=True)
class About:
    """What a book says of itself; nothing later than ``date`` is used in it."""

    title: str = ""
    title_zh: str = ""
    date: datetime.date | None = None
    speaker: str = ""
    language: str = ""
    questions: int | None = None
    description: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Book:
    """What is believed and why; made by :func:`priors.load` and :func:`priors.book`, which check it.

    Attributes
    ----------
    claims, hedges, quantities, scenarios: records by name; quantities in the order of their streams.
    correlations: rank correlations, a pair each.
    relations: what ties claims to one another and to the model, by name.
    combine: how several hedges on one figure combine: squares, sum or widest.
    """

    name: str
    claims: Mapping[str, Claim] = field(default_factory=Records)
    hedges: Mapping[str, Hedge] = field(default_factory=Records)
    quantities: Mapping[str, Quantity] = field(default_factory=Records)
    scenarios: Mapping[str, Scenario] = field(default_factory=Records)
    correlations: tuple[Correlation, ...] = ()
    combine: str = "squares"
    about: About = field(default_factory=About)
    relations: Mapping[str, Relation] = field(default_factory=Records)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content as canonical JSON: the same whatever file, line or order a record stands in."""
        content = {f.name: getattr(self, f.name) for f in fields(self) if f.init}
        text = json.dumps(canonical(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def resolve(self, scenario: str = "baseline") -> dict[str, Distribution]:
        """Every input's distribution under a scenario, in stream order.

        Raises
        ------
        ValueError: if the book has no such scenario; the nearest name is told.
        """
        self._require(scenario)
        return resolve(scenario, self.scenarios, self.quantities)

    def pairs(self) -> list[tuple[str, str, float]]:
        """Every correlated pair, each once, in stream order: (name, name, Spearman's correlation)."""
        return [(*c.between, c.spearman) for c in self.correlations if c.spearman != 0.0]  # type: ignore[misc]

    def definitions(self, scenarios: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The scenarios, and those that they extend, as JSON has them: enough to define them again."""
        found: dict[str, dict[str, Any]] = {}
        for name in scenarios:
            self._require(name)
            for link in chain(name, self.scenarios):
                changes = {key: one.written() for key, one in sorted(link.changes.items())}
                found[link.name] = {"extends": link.extends, "all_stated": link.all_stated, "change": changes}
        return found

    def with_set(self, name: str, sets: Iterable[str], base: str = "baseline") -> Book:
        """A book that has one scenario more, called ``name``: ``base`` and the changes of ``sets``.

        Parameters
        ----------
        sets: such as ``growth.cloud=0.4``, ``capacity.mlu=*3``, ``x=+0.3``, ``y=pert(0.4, 0.5, 0.7)``, ``z=never``; see
            ``priors.sets``. A factor and a shift apply to what ``base`` makes of the quantity.

        Raises
        ------
        BookError: lists every change that is wrong.
        """
        self._require(base)
        if name in self.scenarios:
            raise BookError([Problem("", 0, 0, name, "found a scenario of this name in the book, expected a new name")])
        under = self.resolve(base)
        changes: dict[str, Change] = {}
        written: dict[str, str] = {}
        problems: list[Problem] = []
        for text in sets:
            try:
                key, one = change(text, self.quantities)
                if key in changes:
                    raise ValueError(f'found a second change of {key} (first "{written[key]}"), expected one')
                changes[key], written[key] = on_top(one, self.quantities[key], under[key]), text
            except ValueError as error:
                problems.append(Problem("", 0, 0, text, str(error)))
        made = Scenario(name, Records(changes, "change"), extends=base, label=" ".join(written.values()))
        everything = {**self.scenarios, name: made}
        for _, key, message in scenario_problems(made, everything, self.quantities):
            problems.append(Problem("", 0, 0, written.get(key, key), message))
        if problems:
            raise BookError(problems)
        kept = {f.name: getattr(self, f.name) for f in fields(self)}
        return Book(**{**kept, "scenarios": Records(everything, "scenario")})

    def widened(self, factor: float, hedges: Iterable[str] | None = None, *, assumptions: bool = False) -> Book:
        """The same book with the widths of hedges scaled; bounds, limits and streams stay. See ``priors.widen``.

        Parameters
        ----------
        factor: above 0, such as 2 for twice as wide.
        hedges: names of the hedges scaled; all unless given.
        assumptions: whether priors that no claim led to are scaled too.

        Raises
        ------
        ValueError: for a factor that is none, or a hedge that the book lacks or does not use.
        BookError: where a scenario's change no longer fits a quantity.
        """
        kept = {f.name: getattr(self, f.name) for f in fields(self) if f.init}
        made = Book(**{**kept, **widened(self, factor, hedges, assumptions=assumptions)})
        problems = [
            Problem("", 0, 0, f"{name}.change.{key}", message)
            for name, scenario in made.scenarios.items()
            for _, key, message in scenario_problems(scenario, made.scenarios, made.quantities)
        ]
        if problems:
            raise BookError(problems)
        return made

    def _require(self, scenario: str) -> None:
        if scenario not in self.scenarios:
            hint = nearest(scenario, self.scenarios)
            message = f"found no such scenario in the book, expected one of its {len(self.scenarios)}{hint}"
            raise BookError([Problem("", 0, 0, str(scenario), message)])


def canonical(value: Any) -> Any:
    """Content in JSON's types, so that equal content has equal text."""
    if isinstance(value, Distribution):
        return canonical(value.spec())
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: canonical(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(inner) for inner in value]
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) else str(value)
    return value.isoformat() if isinstance(value, datetime.date) else value
