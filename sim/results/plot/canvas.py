"""What every picture starts and ends with: axes without pyplot, a legend that fits, and what to say without matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SMALL = 0.85
"""Size of secondary text, of the rcParams' size."""


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


def axes(ax: Axes | None, height: float | None = None) -> Axes:
    """``ax``, or the axes of a new figure, of ``height`` inches if that is more than the rcParams'."""
    if ax is not None:
        return ax
    made = figure()
    if height is not None:
        made.set_figheight(max(height, made.get_figheight()))
    return made.add_subplot()


def small() -> float:
    """Size of secondary text in points."""
    from matplotlib import rcParams
    from matplotlib.font_manager import FontProperties

    return SMALL * FontProperties(size=rcParams["font.size"]).get_size_in_points()


def width(ax: Axes) -> float:
    """About how many inches the axes are wide."""
    box = ax.get_position()
    return float(box.width * ax.get_figure(root=True).bbox.width / ax.get_figure(root=True).dpi)


def head(ax: Axes, title: str, handles: Sequence[Any] = (), size: float | None = None) -> None:
    """A title at the left, and between it and the axes a legend of as many columns as the width has room for.

    The title is of ``size`` points; of the rcParams' unless given.
    """
    own = {} if size is None else {"fontsize": size}
    if not handles:
        ax.set_title(title, loc="left", **own)
        return
    size = small()
    labels = [str(handle.get_label()) for handle in handles]
    widest = max(_letters(label) for label in labels)
    columns = max(1, min(len(handles), int(width(ax) * 72.0 / (size * (0.55 * widest + 4.0)))))
    rows = -(-len(handles) // columns)
    legend = ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=columns,
        frameon=False,
        fontsize=size,
        borderaxespad=0.1,
        borderpad=0.2,
        labelspacing=0.3,
        columnspacing=1.4,
        handlelength=1.6,
    )
    legend.set_zorder(5)
    ax.set_title(title, loc="left", pad=size * (1.3 * rows + 0.9), **own)


def _letters(text: str) -> float:
    return sum(1.8 if ord(letter) > 0x2E7F else 1.0 for letter in text)


def bare(ax: Axes, *sides: str) -> None:
    """Take away the frame's lines on these sides."""
    for side in sides:
        ax.spines[side].set_visible(False)
