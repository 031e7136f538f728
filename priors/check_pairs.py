"""Correlations: from tables over names to pairs, each of two inputs that vary, all together a valid matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations

from priors import correlate
from priors.check_ledger import unknown_claims
from priors.entries import Entry
from priors.problems import Problem, nearest, shown
from priors.records import Correlation, Quantity


@dataclass(frozen=True)
class Cited:
    """A correlation, where it stands, and whether it is of the upper of two books."""

    record: Correlation
    entry: Entry
    own: bool


def pairs(
    given: list[Cited],
    quantities: Mapping[str, Quantity],
    refused: Collection[str],
    claims: Collection[str],
    problems: list[Problem],
) -> tuple[Correlation, ...]:
    """Every correlated pair in stream order; an own pair replaces the one beneath it."""
    found: dict[frozenset[str], Cited] = {}
    for one in sorted(given, key=lambda cited: cited.own):
        problems += _misnamed(one, quantities, refused)
        problems += unknown_claims(one.entry, one.record.claims, claims)
        if one.record.basis != "assumption" and not one.record.claims:
            message = (
                f'found no claims beside basis = "{one.record.basis}", expected ids of claims, or basis = "assumption"'
            )
            problems.append(one.entry.problem(message, "basis"))
        for pair in combinations(one.record.between, 2):
            key = frozenset(pair)
            if len(key) < 2:
                continue
            if key in found and found[key].own == one.own:
                a, b = sorted(key)
                message = f"found {a} and {b} a second time, expected each pair once"
                problems.append(one.entry.problem(message, "between"))
            found[key] = one
    known = {key: one for key, one in found.items() if all(name in quantities for name in key)}
    order = {name: i for i, name in enumerate(quantities)}
    problems += _impossible(known, order)
    ordered = sorted((tuple(sorted(key, key=order.__getitem__)), one) for key, one in known.items())
    ordered.sort(key=lambda pair: [order[name] for name in pair[0]])
    return tuple(
        Correlation(names, float(c.record.spearman), c.record.basis, c.record.rationale, c.record.claims)
        for names, c in ordered
    )


def _misnamed(one: Cited, quantities: Mapping[str, Quantity], refused: Collection[str]) -> list[Problem]:
    found = []
    seen: set[str] = set()
    for i, name in enumerate(one.record.between):
        message = ""
        if name in seen:
            message = f"found {shown(name)} twice, expected each name once; an input's correlation with itself is 1"
        elif name not in quantities and name not in refused:
            hint = nearest(name, quantities)
            message = f"found an unknown quantity {shown(name)}, expected one of the book{hint}"
        elif name in quantities and quantities[name].prior.support[0] == quantities[name].prior.support[1]:
            message = f"found {shown(name)}, which is fixed, expected inputs that vary"
        if message:
            found.append(one.entry.problem(message, "between", i))
        seen.add(name)
    return found


def _impossible(found: Mapping[frozenset[str], Cited], order: Mapping[str, int]) -> list[Problem]:
    """A problem for each block of inputs whose correlations cannot hold together, told at the last of them."""
    problems = []
    wanted = {pair: one.record.spearman for pair, one in found.items() if one.record.spearman != 0.0}
    for block in correlate.blocks(tuple(sorted(pair)) for pair in wanted):  # type: ignore[misc]
        names = sorted(block, key=order.__getitem__)
        last = [one for pair, one in found.items() if pair <= set(names)][-1]
        if len(names) > correlate.MOST_IN_A_BLOCK:
            message = f"found {len(names)} inputs that hang together, expected at most {correlate.MOST_IN_A_BLOCK}"
            problems.append(last.entry.problem(message, "between"))
            continue
        matrix = correlate.matrix(names, wanted)
        if correlate.positive_definite(matrix):
            continue
        message = (
            "found correlations that cannot hold together (their matrix is not positive definite), expected weaker ones"
        )
        valid = correlate.nearest_valid(matrix)
        if valid is not None:
            message += "; the nearest valid matrix:\n" + correlate.written(names, valid)
        problems.append(last.entry.problem(message, "spearman"))
    return problems
