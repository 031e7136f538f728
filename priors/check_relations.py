"""Relations between claims: from their tables to records, with what is wrong between the keys of one table."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from priors.check_ledger import unknown_claims
from priors.entries import Entry
from priors.figures import cited, figure
from priors.problems import Problem, listed
from priors.records import Claim, Relation

_NEEDS = {"follows": "stated", "model": "stated", "within": "follows", "chance": "holds"}


def relation_record(
    entry: Entry, claims: Mapping[str, Claim], known: Collection[str], problems: list[Problem]
) -> Relation | None:
    """The relation of a table, None where something is wrong with it.

    Parameters
    ----------
    claims: those that are right.
    known: ids of all claims, those of wrong records included.

    What ``model`` and ``holds`` say of a run is read by whoever runs it.
    """
    before = len(problems)
    table = entry.table
    given = table.model_fields_set
    problems += unknown_claims(entry, table.claims or (), known)
    for key, other in _NEEDS.items():
        if key in given and getattr(table, other) is None:
            problems.append(entry.problem(f"found {key} without {other}, expected both", key, key=True))
    if table.holds is None and table.follows is None and table.model is None:
        problems.append(entry.problem("found none of follows, model and holds, expected at least one", key=True))
    named: list[str] = []
    for key in ("stated", "follows"):
        text = getattr(table, key)
        if text is not None:
            named += _cited(entry, key, text, claims, known, problems)
    ids = list(dict.fromkeys(named)) if table.claims is None else table.claims
    if table.claims is not None and not set(named) <= set(ids):
        lacking = listed(name for name in dict.fromkeys(named) if name not in ids)
        problems.append(entry.problem(f"found no {lacking}, expected all that stated and follows name", "claims"))
    if not ids and len(problems) == before:
        problems.append(entry.problem("found no claim, expected the id of one or more", key=True))
    if len(problems) > before:
        return None
    texts = {key: getattr(table, key) or "" for key in ("stated", "follows", "model", "holds")}
    return Relation(
        entry.name,
        table.text,
        tuple(ids),
        sign=table.sign,
        within=float(table.within),
        chance=float(table.chance),
        comment=table.comment,
        **texts,
    )


def _cited(
    entry: Entry,
    key: str,
    text: str,
    claims: Mapping[str, Claim],
    known: Collection[str],
    problems: list[Problem],
) -> list[str]:
    """Claims that an expression names; a wrong expression is noted, unless it only names a claim that is wrong itself."""
    try:
        figure(text, claims)
        return cited(text, claims)
    except ValueError as error:
        if not any(f'"{name}' in str(error) for name in set(known) - set(claims)):
            problems.append(entry.problem(str(error), key))
        return []
