"""Which valid name someone may have meant: the one mechanism behind every "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST, _MOST_COMPARED = 100, 2_000
_ALIKE = 0.6


def closest(name: object, known: Iterable[str]) -> str | None:
    """The valid name that ``name`` stands for, None where none is really near.

    In this order: the same in other letters (``Growth.Cloud``); the only one, or the shortest of a few, that goes on where
    it ends (``export.ban`` of ``export.ban_quarter``); the only one of whose last part it is (``cloud`` of
    ``growth.cloud``); the one with the fewest slips of the pen, of the same group first (``growth.clud``). A slip is a letter
    more, less or other, or two that changed places; one in three letters is near, and one in a word of up to four.

    >>> closest("growth.clud", ["growth.cloud", "cloud.growth"]), closest("nope", ["slow", "hope_for"])
    ('growth.cloud', None)
    """
    if not isinstance(name, str) or not name or len(name) > _LONGEST:
        return None
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.lower(), candidate)
    wanted = name.lower()
    if wanted in folded:
        return folded[wanted]
    found = _going_on(wanted, folded) or _last_part(wanted, folded) or _slips(wanted, folded)
    return None if found is None else folded[found]


def _going_on(wanted: str, known: Iterable[str]) -> str | None:
    longer = sorted((c for c in known if c.startswith(wanted)), key=lambda c: (len(c), c))
    near = len(wanted) >= 3 and 0 < len(longer) <= 3
    return longer[0] if near else None


def _last_part(wanted: str, known: Iterable[str]) -> str | None:
    names = list(known)
    ending = [c for c in names if c.endswith(f".{wanted}")]
    group = any(c.startswith(f"{wanted}.") for c in names)
    return ending[0] if len(ending) == 1 and not group else None


def _slips(wanted: str, known: Iterable[str]) -> str | None:
    # Comparing with every name of a huge book would take minutes for a file of nothing but typos.
    names = list(known)
    near = [c for c in names if len(names) <= _MOST_COMPARED or c[:3] == wanted[:3]][:_MOST_COMPARED]
    group = wanted.rpartition(".")[0]
    found = []
    for candidate in difflib.get_close_matches(wanted, near, n=8, cutoff=_ALIKE):
        slips, letters = distance(wanted, candidate), max(len(wanted), len(candidate))
        if slips <= (1 if len(wanted) <= 4 else (letters + 1) // 3):
            found.append((candidate.rpartition(".")[0] != group, slips, candidate))
    return min(found)[2] if found else None


def distance(one: str, other: str) -> int:
    """Slips of the pen from one to the other: letters more, less or other, and neighbours that changed places.

    >>> distance("rnu", "run"), distance("midle", "mode")
    (1, 2)
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one):
        row = [i + 1]
        for j, b in enumerate(other):
            best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a != b))
            if i and j and a == other[j - 1] and one[i - 1] == b:
                best = min(best, before[j - 1] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def unread(names: Iterable[str], read: Iterable[str], most: int = 5) -> str:
    """A line on the quantities of a book that the built-in model does not read, each with the nearest it does; or nothing."""
    known = dict.fromkeys(read)
    found = [name for name in names if name not in known]
    told = []
    for name in found[:most]:
        near = closest(name, known)
        told.append(name if near is None else f'{name} (did you mean "{near}"?)')
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return f"nothing reads {', '.join(told)}{more}: the built-in model has no such input" if found else ""
