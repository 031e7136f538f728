"""A figure to draw on, made without pyplot; and what to say where matplotlib is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class MissingMatplotlibError(ImportError):
    """matplotlib is not installed; the message says what to install."""


def figure(width: float | None = None, height: float | None = None) -> Figure:
    """An empty figure in inches, of the rcParams' size unless given, that pyplot knows nothing of.

    Raises
    ------
    MissingMatplotlibError: if matplotlib is not installed.
    """
    try:
        from matplotlib import rcParams
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingMatplotlibError("pictures need matplotlib: pip install 'suanli[report]'") from None
    usual = rcParams["figure.figsize"]
    return Figure(figsize=(width or usual[0], height or usual[1]), layout="constrained")


def axes(ax: Axes | None) -> Axes:
    """``ax``, or the axes of a new figure."""
    return figure().add_subplot() if ax is None else ax
