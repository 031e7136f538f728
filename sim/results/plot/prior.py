"""A prior beside what it rests on: the claim, its hedge, the stated value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    import priors


def prior(
    book: priors.Book,
    name: str,
    *,
    scenario: str | None = None,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Density of a quantity, or chances of its values, with the stated value, the claim's paraphrase and its hedges.

    Parameters
    ----------
    book: a book.
    name: of one of its quantities.
    scenario: draws the prior that it has under this scenario over the book's own.
    lang: ``"en"`` or ``"zh"``; claims stay in the book's own words.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name that is not in the book, with the nearest that is.
    """
    raise NotImplementedError
