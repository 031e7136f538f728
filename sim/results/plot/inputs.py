"""Labels and colours of inputs on pictures: what people call them, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim.results.plot import colours, words

if TYPE_CHECKING:
    import xarray as xr

    import priors


def labels(names: Iterable[str], book: priors.Book | None, lang: str) -> dict[str, str]:
    """The book's labels of inputs; the name where there is none."""
    return {name: words.of_record({} if book is None else book.quantities, name, lang) for name in names}


def labels_kept(kept: xr.Dataset, names: Iterable[str], lang: str) -> dict[str, str]:
    """The labels that a result's kept inputs carry."""
    return {name: words.long_name(kept[name].attrs, name, lang) for name in names}


def colour_of(basis: str) -> str:
    """The colour of what an input rests on; grey where that is not told."""
    return colours.FIXED["basis"].get(basis, colours.GREY)


def legend(bases: Iterable[str], lang: str) -> list[Any]:
    """Patches of the kinds of basis that there are, in the order claim, mixed, assumption."""
    from matplotlib.patches import Patch

    there = set(bases)
    known: Mapping[str, str] = colours.FIXED["basis"]
    return [Patch(color=colour, label=words.say(basis, lang)) for basis, colour in known.items() if basis in there]
