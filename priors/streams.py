"""Stream numbers: each input's permanent number, by which its draws are found.

Below 1000 they are Sobol dimensions: the built-in book's, of which 1 to 100 are kept for it, and those that a user writes
beside an input, any that no input of the same book has. From 1000 to 21,201 they are strata in an order of their own
(:mod:`sim.draw.strata`), for which any number is as good as another: an input without a number is given one of these by its
name alone (a hash, the next free number where it is taken), so that adding, removing or reordering other inputs does not
move it, but for the rare two names that meet; ``priors.assign`` writes the numbers down, and then nothing moves them.

What inputs do together is told better by low dimensions, the lower the better: an own model of ten inputs on dimensions 1 to
10 instead of strata has errors 4 to 54 times smaller in its means and 1.2 to 2.1 times in its medians at 131,072 draws
(``benchmarks/README.md``). They are a choice and not the rule, for a hash cannot give neighbouring numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

KEPT, FIRST_OWN, LAST = 100, 1_000, 21_201


def given(missing: Iterable[str], taken: Iterable[int]) -> dict[str, int]:
    """A stream number for each name, none of them taken."""
    used = set(taken)
    found = {}
    for name in sorted(missing):
        number = wanted(name)
        while number in used:
            number = number + 1 if number < LAST else FIRST_OWN
        used.add(number)
        found[name] = number
    return found


def wanted(name: str) -> int:
    """The number that a name gets unless it is taken."""
    word = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return FIRST_OWN + word % (LAST - FIRST_OWN + 1)


def wrong(name: str, stream: int, issued: Mapping[str, int] | None, among: Collection[str]) -> str:
    """What is wrong with a number, empty if nothing.

    ``issued`` has the built-in book's, None where that is checked; ``among`` are the names of the book at hand.
    """
    if issued is None:
        return "" if 1 <= stream < FIRST_OWN else f"found {stream}, expected a number from 1 to {FIRST_OWN - 1}"
    if stream == issued.get(name):
        return ""
    if stream > LAST:
        return f"found {stream}, expected at most {LAST}"
    built_in = [other for other in issued if other in among]
    if stream > KEPT or not built_in:
        return ""
    owner = next((other for other, number in issued.items() if number == stream), None)
    whose = f", the built-in {owner}'s" if owner else ", kept for the built-in book"
    same = f" ({name} itself has {issued[name]})" if name in issued else ""
    return f"found {stream}{whose}, expected a number from {KEPT + 1} up{same}, or none, to be given one"
