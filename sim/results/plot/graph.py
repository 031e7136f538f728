"""The model as a graph: from claims to inputs to outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    import priors
    from sim.model import Model


def graph(
    book: priors.Book,
    model: Model,
    of: str,
    *,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Claims on the left, the inputs that rest on them, and on the right the outputs that follow from those.

    Nothing is written down twice: which claims an input rests on is the book's, which inputs an output reads the model's.

    Parameters
    ----------
    book: a book.
    model: tells which inputs each output reads, such as ``sim.market.model()``.
    of: an output's name (what is behind it), a chapter of inputs such as ``"race"`` (what follows from it), or
        ``"everything"``, which needs a tall figure.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure, as tall as it takes, unless given.

    Raises
    ------
    ResultError: for a name that is neither, with the nearest that is.
    """
    raise NotImplementedError
