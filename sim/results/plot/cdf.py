"""Cumulative distribution of one answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


def cdf(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    scenarios: Sequence[str] | None = None,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Chance that an answer is at most x, from the sketch of all draws; 5 %, 50 % and 95 % are marked.

    Parameters
    ----------
    tree: a result.
    output: name of an output.
    at: label of each of its dimensions; a scenario among them is that one alone.
    scenarios: names to draw together; the one of ``at``, or the first, unless given.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, or a dimension left open.
    """
    raise NotImplementedError
