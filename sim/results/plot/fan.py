"""Fan chart: how an answer spreads over quarters or years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


def fan(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    stated: xr.DataArray | None = None,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Median, 25–75 % and 5–95 % of an output over time, with the stated value and the Monte Carlo error.

    Parameters
    ----------
    tree: a result.
    output: name of an output that has the dimension quarter or year.
    at: label of each other dimension, the scenario among them.
    stated: what the answer is with everything as said, along the same dimension; unless given, the scenario ``stated`` of
        the tree if it is there.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, or dimensions left open besides time.
    """
    raise NotImplementedError
