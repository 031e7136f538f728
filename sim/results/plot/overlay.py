"""Two scenarios over one another, with the paired difference beneath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure, SubFigure


def overlay(
    tree: xr.DataTree,
    output: str,
    scenarios: tuple[str, str],
    at: Mapping[str, Any] | None = None,
    *,
    lang: str = "en",
    figure: Figure | SubFigure | None = None,
) -> Figure | SubFigure:
    """Two scenarios' distributions, and beneath them the distribution of their difference, draw by draw.

    Over quarters or years two fans and the fan of the difference; of one answer (every dimension named) two densities
    and that of the difference. The difference is the second scenario less the first, from the group ``/difference`` of a
    run with ``pairs=True`` if it starts from the first, else from the kept draws.

    Parameters
    ----------
    tree: a result that has both scenarios.
    output: name of an output.
    scenarios: the base and the other.
    at: label of each dimension other than scenario; time may be left open.
    lang: ``"en"`` or ``"zh"``.
    figure: to draw on, two axes; a new one unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, a dimension left open besides time, or a result with neither
        differences nor kept draws of the output.
    """
    raise NotImplementedError
