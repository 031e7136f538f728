"""A book made in Python, by the same rules as one of files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from priors.apply import limited
from priors.arithmetic import Tokens
from priors.books import About, Book
from priors.check import Parts, bound
from priors.check_pairs import Cited
from priors.check_quantities import usual
from priors.check_relations import relation_record
from priors.entries import NAME, Entry
from priors.families import Distribution, make, wrap
from priors.loading import issued_streams
from priors.problems import BookError, Problem, listed, nearest, shown
from priors.reading import Source
from priors.records import Basis, Change, Claim, Correlation, Quantity, Records, Relation, Scenario
from priors.schema import RelationTable
from priors.sets import distribution, parse

_BASES = ("claim", "mixed", "assumption")


def quantity(
    name: str,
    prior: Any,
    *,
    rationale: str,
    unit: str = "1",
    basis: Basis = "assumption",
    claims: Iterable[str] = (),
    limits: tuple[float, float] | None = None,
    stated: float | None = None,
    stream: int | None = None,
    label: str = "",
    label_zh: str = "",
    source: str = "",
    note: str = "",
) -> Quantity:
    """An uncertain input.

    Parameters
    ----------
    name: such as ``"shop.price"``.
    prior: a distribution of ``priors``; anything with ``ppf`` or ``icdf``, such as SciPy's; a table as in TOML,
        ``{"family": "pert", "low": 1, "mode": 2, "high": 4}``; or text, ``"pert(1, 2, 4)"``.
    rationale: a line why this prior; required, as in files.
    basis, claims: what it rests on; claims are ids of those given to :func:`book`.
    limits: natural bounds, which cut the prior.
    stated: its value in a scenario with ``all_stated``; by default the mode of a PERT or triangular prior, ``never`` of
        a hazard, the likelier side of a Bernoulli, else the median.
    stream: its permanent number, by which its draws are found; one from 1000 up is given by its name where missing. From 1 to
        999 it is a Sobol dimension: give 1, 2, 3, … to the inputs that matter most, the first to the most important one, for
        smaller errors of what they do together. From 101 beside built-in inputs.

    Raises
    ------
    BookError: says what was found and expected.
    """
    told: dict[str, str] = {}
    if not isinstance(name, str) or not NAME.fullmatch(name):
        told["name"] = f"found {shown(name)}, expected a name such as shop.price"
    if not isinstance(rationale, str) or not rationale.strip():
        told["rationale"] = "found none, expected a line why this prior"
    if basis not in _BASES:
        told["basis"] = f"found {shown(basis)}, expected {listed(_BASES)}{nearest(basis, _BASES)}"
    elif basis != "assumption" and not tuple(claims):
        told["claims"] = f'found none beside basis = "{basis}", expected ids of claims'
    try:
        law = _distribution(prior)
        cut = limited(law, _ends(limits))
    except (ValueError, ArithmeticError) as error:
        told["limits" if isinstance(limits, tuple | list) and "limits" in str(error) else "prior"] = str(error)
    if told:
        raise BookError(Problem("", 0, 0, f"{name}.{key}", message) for key, message in told.items())
    value = usual(law) if stated is None else float(stated)
    low, high = cut.support
    if not low <= value <= high:
        if stated is not None:
            message = f"found {shown(value)}, expected a value that the prior can have, {low:.12g} to {high:.12g}"
            raise BookError([Problem("", 0, 0, f"{name}.stated", message)])
        value = float(cut.ppf(0.5))
    cited, ends = tuple(claims), _ends(limits)
    return Quantity(
        name,
        unit,
        cut,
        stream or 0,
        basis,
        rationale,
        value,
        cited,
        ends,
        label=label or name,
        label_zh=label_zh,
        source=source,
        note=note,
    )


def scenario(
    name: str,
    changes: Mapping[str, Any] | None = None,
    *,
    extends: str | None = None,
    all_stated: bool = False,
    label: str = "",
    description: str = "",
) -> Scenario:
    """Named changes: each a number to fix the input at, a distribution, or text as after ``--set NAME=`` (``"*3"``).

    Raises
    ------
    BookError: lists every change that is wrong by itself; the rest is checked by :func:`book`.
    """
    made, problems = {}, []
    for key, value in (changes or {}).items():
        try:
            made[key] = _change(value)
        except (ValueError, ArithmeticError) as error:
            problems.append(Problem("", 0, 0, f"{name}.change.{key}", str(error)))
    if problems:
        raise BookError(problems)
    return Scenario(name, Records(made, "change"), extends, all_stated, label or name, "", description)


def correlation(
    *between: str, spearman: float, rationale: str, basis: Basis = "assumption", claims: Iterable[str] = ()
) -> Correlation:
    """Spearman's rank correlation of every pair of the names."""
    return Correlation(between, float(spearman), basis, rationale, tuple(claims))


def book(
    quantities: Iterable[Quantity],
    *,
    scenarios: Iterable[Scenario] = (),
    correlations: Iterable[Correlation] = (),
    claims: Iterable[Claim] = (),
    relations: Iterable[Relation] = (),
    name: str = "book",
    title: str = "",
) -> Book:
    """A book of one's own, without anything of the built-in one.

    Parameters
    ----------
    quantities, scenarios, correlations: made by the functions of these names.
    claims: for quantities that rest on some.
    relations: what ties the claims, for ``priors.check_coherence`` and ``sim.check``.

    Returns
    -------
    Book
        with stream numbers for all quantities, and a scenario ``baseline`` in any case.

    Raises
    ------
    BookError: lists everything wrong.
    """
    problems: list[Problem] = []
    parts = Parts(name, About(title=title))
    parts.claims = _by_name(claims, "claim", problems)
    parts.quantities = _by_name(quantities, "quantity", problems)
    parts.scenarios = _by_name(scenarios, "scenario", problems)
    for one in parts.quantities.values():
        for claim in one.claims:
            if claim not in parts.claims:
                hint = nearest(claim, parts.claims)
                message = f"found an unknown claim {shown(claim)}, expected the id of one of the book{hint}"
                problems.append(Problem("", 0, 0, f"{one.name}.claims", message))
    parts.relations = _by_name(relations, "relation", problems)
    for tie in parts.relations.values():
        table = RelationTable.model_validate(_keys(tie) | {"claims": list(tie.claims)})
        relation_record(Entry(tie.name, table, Source(), ()), parts.claims, parts.claims, problems)
    for given in correlations:
        entry = Entry("correlation", None, Source(), ())
        parts.correlations.append(Cited(given, entry, own=True))
        if len(given.between) < 2 or not -1.0 <= given.spearman <= 1.0:
            message = (
                f"found {given.spearman:g} of {len(given.between)} names, expected a number in [-1, 1] of two or more"
            )
            problems.append(entry.problem(message))
    if problems:
        raise BookError(problems)
    return bound(parts, issued_streams(), problems)


def _keys(relation: Relation) -> dict[str, Any]:
    """A relation as a table has it, without what stands at its default."""
    default = Relation("", "", ())
    keys = {f.name: getattr(relation, f.name) for f in fields(relation) if f.name not in ("name", "claims")}
    return {key: value for key, value in keys.items() if key == "text" or value != getattr(default, key)}


def _by_name(records: Iterable[Any], kind: str, problems: list[Problem]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for record in records:
        if record.name in found:
            problems.append(Problem("", 0, 0, record.name, f"found this {kind} twice, expected each name once"))
        found[record.name] = record
    return found


def _distribution(prior: Any) -> Distribution:
    if isinstance(prior, str):
        tokens = Tokens(prior)
        made = distribution(tokens)
        tokens.take("")
        return made
    return make(prior) if isinstance(prior, Mapping) else wrap(prior)


def _ends(limits: tuple[float, float] | None) -> tuple[float, float] | None:
    if limits is None:
        return None
    low, high = (float(end) for end in limits)
    if not low < high:
        raise ValueError(f"found limits {shown([low, high])}, expected the lower one first")
    return low, high


def _change(value: Any) -> Change:
    if isinstance(value, Change):
        return value
    if isinstance(value, bool) or value is None:
        raise ValueError(f"found {shown(value)}, expected a number, a distribution or text such as *3")
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueError(f"found {value}, expected a finite number")
        return Change("fix", float(value))
    return parse(value) if isinstance(value, str) else Change("prior", _distribution(value))
