"""Quantities: from a table to a record, its prior elicited from claims or built as typed, and cut at limits."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from priors.apply import limited
from priors.check_ledger import unknown_claims, unknown_hedges
from priors.elicit import acting, believed
from priors.entries import Entry
from priors.families import NEVER, Distribution, ParameterError
from priors.families.registry import Misfit, make_told
from priors.figures import cited, figure, line
from priors.problems import Problem, listed, shown
from priors.records import Claim, Hedge, Quantity

Ledger = tuple[Mapping[str, Claim], Mapping[str, Hedge], str]


class _RefusedError(ValueError):
    """The record cannot be made, as the problems noted so far say."""


def quantity_record(
    entry: Entry, ledger: Ledger, claims: Collection[str], hedges: Collection[str], problems: list[Problem]
) -> Quantity | None:
    """The quantity of a table, without a stream number where it has none; None where something is wrong.

    Parameters
    ----------
    ledger: the claims and hedges that are right, and how hedges combine.
    claims, hedges: all names, those of wrong records included.
    """
    before = len(problems)
    table = entry.table
    problems += unknown_claims(entry, table.claims or (), claims)
    problems += unknown_hedges(entry, table.hedges or (), hedges)
    problems += _misfounded(entry)
    try:
        prior, stated, words, misfit = _believed(entry, ledger, claims, problems)
        limits = _limits(entry, ledger[0], claims, problems)
        prior, stated = _within(entry, prior, limits, stated, problems)
    except _RefusedError:
        return None
    if len(problems) > before:
        return None
    named = cited(table.from_, ledger[0]) if table.from_ else []
    return Quantity(
        entry.name,
        table.unit,
        prior,
        table.stream or 0,
        table.basis,
        table.rationale,
        stated,
        tuple(named if table.claims is None else table.claims),
        limits,
        table.limits_reason,
        table.from_ or "",
        words,
        tuple(misfit),
        table.label or entry.name,
        table.label_zh,
        table.source,
        table.note,
    )


def still_wrong(half: Entry, claims: Collection[str], hedges: Collection[str], problems: list[Problem]) -> None:
    """Note what is wrong with the keys that are left of a table with wrong keys: the names it cites, and its prior."""
    problems += unknown_claims(half, half.table.claims or (), claims)
    problems += unknown_hedges(half, half.table.hedges or (), hedges)
    if half.table.prior is not None:
        prior_of(half, problems)


def _misfounded(entry: Entry) -> list[Problem]:
    """What is wrong with the reasons given."""
    table = entry.table
    found = []
    if table.prior is None and table.from_ is None:
        found.append(entry.problem("found neither from nor prior, expected one of them", key=True))
    if table.prior is not None and table.from_ is not None:
        found.append(entry.problem("found from and prior together, expected one of them", "prior", key=True))
    elif table.basis == "claim" and table.prior is not None:
        message = 'found a prior beside basis = "claim", expected from = "…", or basis = "mixed" if a number is yours'
        found.append(entry.problem(message, "prior", key=True))
    if table.basis != "assumption" and not table.claims and table.from_ is None:
        message = f'found no claims beside basis = "{table.basis}", expected ids of claims, or basis = "assumption"'
        found.append(entry.problem(message, "claims" if table.claims is not None else "basis"))
    if table.hedges is not None and table.from_ is None:
        found.append(
            entry.problem("found hedges without from, expected them on a claim's figure only", "hedges", key=True)
        )
    return found


def _believed(
    entry: Entry, ledger: Ledger, known: Collection[str], problems: list[Problem]
) -> tuple[Distribution, float, tuple[str, ...], Misfit]:
    """The prior before its limits, the value it stands for, the hedges that shaped it, and what quantiles it misses."""
    table = entry.table
    if table.from_ is None:
        made = prior_of(entry, problems) if table.prior is not None else None
        if made is None:
            raise _RefusedError
        return made[0], usual(made[0]), (), made[1]
    claims, hedges, combine = ledger
    try:
        figure(table.from_, claims)
    except ValueError as error:
        _unless_told(entry, str(error), known, claims, problems, "from")
        raise _RefusedError from None
    named = cited(table.from_, claims)
    if table.claims is not None and not set(named) <= set(table.claims):
        lacking = listed(name for name in named if name not in table.claims)
        problems.append(
            entry.problem(f"found {shown(table.claims)}, expected {lacking} among them, as from says", "claims")
        )
    words = table.hedges if table.hedges is not None else [*(claims[named[0]].hedges if named else ())]
    try:
        known_words = [hedges[w] for w in words if w in hedges]
        prior, stated = believed(table.from_, known_words, claims, hedges, combine)  # type: ignore[arg-type]
        found = line(table.from_, claims)
        said = figure(table.from_, claims) if found is None else found[0]
        return prior, stated, acting(said, known_words, hedges), []
    except ValueError as error:
        problems.append(entry.problem(_worded(error), "hedges" if table.hedges is not None else "from"))
        raise _RefusedError from None


def _unless_told(
    entry: Entry,
    message: str,
    known: Collection[str],
    right: Collection[str],
    problems: list[Problem],
    *inner: str | int,
) -> None:
    """Note a problem with an expression, unless it only names a claim that is wrong itself."""
    if not any(f'"{name}' in message for name in set(known) - set(right)):
        problems.append(entry.problem(message, *inner))


def prior_of(entry: Entry, problems: list[Problem]) -> tuple[Distribution, Misfit] | None:
    """The distribution of an entry's ``prior`` table, None where it is none."""
    spec = entry.table.prior.model_dump(by_alias=True, exclude_unset=True)
    try:
        return make_told(spec)
    except ParameterError as error:
        inner = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", error.key)]
        message = f"found {error.found}, expected {error.expected}"
        problems.append(entry.problem(message, "prior", *inner))
    except (ValueError, ArithmeticError) as error:
        problems.append(
            entry.problem(
                f"found a {spec['family']} that cannot be computed ({error}), expected other numbers", "prior"
            )
        )
    return None


def _limits(
    entry: Entry, claims: Mapping[str, Claim], known: Collection[str], problems: list[Problem]
) -> tuple[float, float] | None:
    table = entry.table
    if table.limits is None:
        return None
    ends = []
    for i, end in enumerate(table.limits):
        try:
            ends.append(figure(end, claims).stated if isinstance(end, str) else float(end))
        except ValueError as error:
            _unless_told(entry, str(error), known, claims, problems, "limits", i)
            raise _RefusedError from None
    if not ends[0] < ends[1]:
        problems.append(entry.problem(f"found {shown(ends)}, expected the lower limit first", "limits"))
        raise _RefusedError
    return ends[0], ends[1]


def _within(
    entry: Entry, prior: Distribution, limits: tuple[float, float] | None, stated: float, problems: list[Problem]
) -> tuple[Distribution, float]:
    """The prior cut at the limits, and the stated value, which must be one of its."""
    table = entry.table
    try:
        cut = limited(prior, limits)
    except (ValueError, ArithmeticError) as error:
        if "limits" in entry.inherited:
            at = "prior" if table.prior is not None else "from"
            problems.append(entry.problem(f"{_worded(error)} of the built-in quantity", at))
        else:
            problems.append(entry.problem(_worded(error), "limits"))
        raise _RefusedError from None
    low, high = cut.support
    if table.stated is None:
        return cut, stated if low <= stated <= high else float(cut.ppf(0.5))
    if not low <= table.stated <= high:
        message = f"found {shown(table.stated)}, expected a value that the prior can have, {low:.12g} to {high:.12g}"
        problems.append(entry.problem(message, "stated"))
    return cut, float(table.stated)


def usual(prior: Distribution) -> float:
    """The value that a prior stands for: a mode, a likelier side, never, else the median or a uniform's middle."""
    spec = prior.spec()
    family = spec["family"]
    if family == "hazard":
        return NEVER
    if family == "bernoulli":
        return 1.0 if spec["p"] > 0.5 else 0.0
    if "mode" in spec and "affine" not in spec:
        return float(spec["mode"])
    plain = {key: value for key, value in spec.items() if key != "truncate"}
    # Medians that need no quantile function, and so none of SciPy's, which takes a quarter of a second to import.
    if set(plain) == {"family", "mean", "sd"}:
        return float(plain["mean"])
    if set(plain) - {"shift"} == {"family", "median", "p95"}:
        return float(plain.get("shift", 0.0) + plain["median"])
    return float(make_told(plain)[0].ppf(0.5)) if plain != spec else float(prior.ppf(0.5))


def _worded(error: Exception) -> str:
    if isinstance(error, ParameterError):
        return f"found {error.found}, expected {error.expected}"
    if isinstance(error, ArithmeticError):
        return "found numbers beyond doubles, expected smaller ones"
    return str(error)
