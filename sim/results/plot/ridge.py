"""Ridge: one answer under several scenarios, a density above the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


def ridge(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    scenarios: Sequence[str] | None = None,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Densities of one answer by scenario on one axis, with the median and 5–95 % of each.

    Parameters
    ----------
    tree: a result.
    output: name of an output.
    at: label of each dimension other than scenario.
    scenarios: names, from top to bottom; all of the result unless given.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, or a dimension left open.
    """
    raise NotImplementedError
