"""What a book holds, as frozen records; the book itself is in ``priors.books``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from priors.families import Distribution
from priors.problems import nearest

Basis = Literal["claim", "mixed", "assumption"]
Action = Literal["fix", "scale", "shift", "prior"]
R = TypeVar("R")


class Records(Mapping[str, R]):
    """Records by name, in the book's order; an unknown name is answered with the nearest one."""

    def __init__(self, records: Mapping[str, R] | None = None, kind: str = "record") -> None:
        self._records = dict(records or {})
        self._kind = kind

    def __getitem__(self, name: str) -> R:
        try:
            return self._records[name]
        except KeyError:
            raise KeyError(f'no {self._kind} "{name}" in the book{nearest(name, self._records)}') from None

    def __contains__(self, name: object) -> bool:
        return name in self._records

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __repr__(self) -> str:
        return f"<{len(self)} {self._kind} records: {', '.join(list(self)[:6])}{', …' if len(self) > 6 else ''}>"


@dataclass(frozen=True)
class Claim:
    """A statement of the speaker, in our own words.

    Attributes
    ----------
    name: its id, such as ``Q04.6``.
    text: what was said.
    kind: one or more of prior, fact, order, event, text.
    value, range, choices, window: its figure; at most one of them is there. A window is [start, end) in months.
    numbers: further figures said, by name; ``Q05.5.volume_lag`` in an expression is one of them.
    hedges: names of the words that carry the doubt.
    enters: where it enters the model.
    """

    name: str
    text: str
    kind: tuple[str, ...]
    question: int | None = None
    value: float | None = None
    range: tuple[float, float] | None = None
    choices: tuple[float, ...] | None = None
    window: tuple[float, float] | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    unit: str = ""
    hedges: tuple[str, ...] = ()
    enters: str = ""
    note: str = ""


@dataclass(frozen=True)
class Hedge:
    """How a word of doubt becomes a width; what each rule does is told in ``priors.elicit``."""

    name: str
    rule: str
    reason: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quantity:
    """An uncertain input.

    Attributes
    ----------
    name, unit, label, label_zh: as in datasets and on axes.
    prior: its distribution, ``limits`` included.
    stream: its permanent number, which is its Sobol dimension; 0 until a book gives it one.
    basis: whether figure and width come from a claim, one of them (mixed), or neither (assumption).
    claims, rationale, source: what it rests on.
    stated: the value it has when everything is as said.
    limits: natural bounds; they cut the prior, and a scenario cannot leave them.
    hedges: names of the hedges that shaped it; empty where the prior is typed, or a fact's.
    misfit: for a prior given by quantiles, (p, wanted, got) of each.
    derived_from: the claim, or the expression over claims, that the prior follows from; empty where it is typed.
    """

    name: str
    unit: str
    prior: Distribution
    stream: int
    basis: Basis
    rationale: str
    stated: float
    claims: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None
    limits_reason: str = ""
    derived_from: str = ""
    hedges: tuple[str, ...] = ()
    misfit: tuple[tuple[float, float, float], ...] = ()
    label: str = ""
    label_zh: str = ""
    source: str = ""
    note: str = ""

    @property
    def switch(self) -> bool:
        """Whether its values are 0 and 1 only."""
        return self.unit == "0/1" or self.prior.family == "bernoulli"


@dataclass(frozen=True)
class Change:
    """What a scenario does to one input: fix it at a value, scale or shift its prior by one, or replace the prior."""

    action: Action
    value: float | Distribution
    never: bool = False  # fixed at "never", which only a time can be

    def written(self) -> dict[str, object]:
        """The change as a scenario file has it."""
        if isinstance(self.value, Distribution):
            return {"prior": self.value.spec()}
        return {self.action: "never" if self.never else self.value}


@dataclass(frozen=True)
class Scenario:
    """Named changes to quantities.

    Attributes
    ----------
    changes: by name of the quantity; a change replaces that of the scenario it extends.
    extends: name of the scenario it starts from, if any.
    all_stated: every input not changed stands at its stated value.
    """

    name: str
    changes: Mapping[str, Change] = field(default_factory=dict)
    extends: str | None = None
    all_stated: bool = False
    label: str = ""
    label_zh: str = ""
    description: str = ""


@dataclass(frozen=True)
class Relation:
    """What ties claims to one another, or to what the model makes of them; ``priors.coherence`` and ``sim.check`` hold it up.

    Attributes
    ----------
    text: what is related, in a line.
    claims: ids of the claims involved.
    stated, follows: expressions over claims; ``sign`` stands between them, with ``within`` as a relative tolerance.
    model: a number of each draw, over inputs and outputs; ``sign`` stands between ``stated`` and it.
    holds: a condition of each draw, over inputs and outputs, to be true with a chance of at least ``chance``.
    comment: what to make of it.
    """

    name: str
    text: str
    claims: tuple[str, ...]
    stated: str = ""
    sign: Literal["=", "<=", ">="] = "="
    follows: str = ""
    within: float = 0.0
    model: str = ""
    holds: str = ""
    chance: float = 1.0
    comment: str = ""


@dataclass(frozen=True)
class Correlation:
    """Spearman's rank correlation of every pair of the names, with its reason."""

    between: tuple[str, ...]
    spearman: float
    basis: Basis
    rationale: str
    claims: tuple[str, ...] = ()
