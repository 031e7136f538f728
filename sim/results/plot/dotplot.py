"""Quantile dotplot: one answer as 20 or 50 dots, each as likely as any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


def dotplot(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    dots: int = 20,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Quantiles of one answer at (i + 0.5) / ``dots``, stacked as dots that can be counted: 3 of 20 is 15 of 100.

    Parameters
    ----------
    tree: a result.
    output: name of an output.
    at: label of each of its dimensions, the scenario among them.
    dots: how many, 20 or 50 for choice.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, a dimension left open, or fewer than 2 dots.

    Source: Kay, Kola, Hullman and Munson, CHI 2016; Fernandes et al., CHI 2018.
    """
    raise NotImplementedError
