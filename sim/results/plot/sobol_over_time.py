"""Which inputs are behind an answer's spread, quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    import priors


def sobol_over_time(
    found: xr.Dataset,
    at: Mapping[str, Any] | None = None,
    *,
    book: priors.Book | None = None,
    rows: int = 8,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Stacked bars of first-order Sobol' indices, or of Shapley shares, over quarters or years.

    Parameters
    ----------
    found: a group of what ``sim.sensitivity`` returned, ``found["market_domestic_share"].to_dataset()``, by input or by
        basis, chapter or claim; or one scenario of ``tree.sim.first_order(output)``.
    at: label of each dimension besides time and that of the inputs.
    book: gives inputs their labels; names unless given.
    rows: inputs told by themselves, those with the largest shares; the rest are one bar.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a label that is not there, or dimensions left open besides time.
    """
    raise NotImplementedError
