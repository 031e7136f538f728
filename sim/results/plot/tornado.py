"""Tornado: what an answer is where an input is low, and where it is high."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


def tornado(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    rows: int = 10,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Mean of one answer over the draws with an input's lowest and highest tenth, widest bar on top.

    Bars start at the mean of all draws. An input is coloured by its basis: claim, mixed or assumption.

    Parameters
    ----------
    tree: a result with kept draws of the output.
    output: name of an output.
    at: label of each of its dimensions, the scenario among them.
    rows: inputs to show, those with the widest bars.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, a dimension left open, or too few kept draws.
    """
    raise NotImplementedError
