"""Waterfall: from one scenario to the other, change by change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    import priors


def waterfall(
    found: xr.Dataset,
    at: Mapping[str, Any] | None = None,
    *,
    book: priors.Book | None = None,
    rows: int = 10,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """What each override makes of the gap between two scenarios; the bars between the two ends add up to it.

    Parameters
    ----------
    found: what ``sim.attribute`` returned.
    at: label of each dimension left in it.
    book: gives scenarios and inputs their labels; names unless given.
    rows: overrides told by themselves, those with the largest shares; the rest are one bar.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a label that is not there, or a dimension left open.
    """
    raise NotImplementedError
