"""Stacked shares over time: which accelerators, which buyers, domestic against NVIDIA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


def shares(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    by: str = "accelerator",
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Shares of the mean of an output over quarters or years, stacked to 100 %.

    Parameters
    ----------
    tree: a result.
    output: name of an output with the dimension ``by`` and quarter or year, such as ``market_purchases_year``.
    at: label of each other dimension, the scenario among them.
    by: the dimension to split by, or ``"domestic"``: domestic accelerators against NVIDIA's.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, or dimensions left open besides these.
    """
    raise NotImplementedError
