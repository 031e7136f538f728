"""Who shares the variance of an answer: inputs one by one, or by what they rest on, by chapter, by claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sim.results.names import nearest

Label = Mapping[str, str]
BASES = ("claim", "mixed", "assumption")
ASSUMED = "assumption"


def _claims(name: str, label: Label) -> str:
    # An assumption may name the claim that it stands beside; it does not rest on it.
    return ASSUMED if label.get("basis") == ASSUMED else label.get("claims") or ASSUMED


KINDS: Mapping[str, Callable[[str, Label], str]] = {
    "input": lambda name, label: name,
    "basis": lambda name, label: label.get("basis") or ASSUMED,
    "chapter": lambda name, label: name.partition(".")[0],
    "claim": _claims,
}
"""The group of an input by kind: itself; claim, mixed or assumption; the part of its name before the dot, which is its
chapter; the claims that its prior rests on, all of them together, or ``"assumption"``."""


def players(by: str, names: Sequence[str], labels: Mapping[str, Label]) -> dict[str, list[str]]:
    """The inputs ``names`` by group, in the order in which groups appear; bases as claim, mixed, assumption.

    Raises
    ------
    ValueError: for an unknown kind of group, with the nearest there is.
    """
    if by not in KINDS:
        raise ValueError(nearest("grouping", by, KINDS))
    found: dict[str, list[str]] = {basis: [] for basis in BASES} if by == "basis" else {}
    for name in names:
        found.setdefault(KINDS[by](name, labels.get(name, {})), []).append(name)
    return {group: members for group, members in found.items() if members}
