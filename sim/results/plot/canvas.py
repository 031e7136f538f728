"""What every picture starts and ends with: axes without pyplot, a legend that fits, and what to say without matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.results.plot import words

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


def axes(ax: Axes | None, inches: float | None = None) -> Axes:
    """``ax``, or the axes of a new figure, ``inches`` high if that is more than the rcParams'."""
    if ax is not None:
        return ax
    made = figure()
    if inches is not None:
        made.set_figheight(max(inches, made.get_figheight()))
    return made.add_subplot()


def small() -> float:
    """Size of secondary text in points."""
    from matplotlib import rcParams
    from matplotlib.font_manager import FontProperties

    return SMALL * FontProperties(size=rcParams["font.size"]).get_size_in_points()


def ink() -> Any:
    """The colour of the caller's theme for text, and so of lines that are neither a scenario's nor a basis'."""
    from matplotlib import rcParams

    return rcParams["text.color"]


def paper() -> Any:
    """The colour of the caller's theme behind what is drawn."""
    from matplotlib import rcParams

    return rcParams["axes.facecolor"]


def width(ax: Axes) -> float:
    """About how many inches the axes are wide."""
    return float(ax.get_position().width * ax.get_figure(root=True).get_figwidth())


def height(ax: Axes) -> float:
    """About how many inches the axes are high."""
    return float(ax.get_position().height * ax.get_figure(root=True).get_figheight())


def head(ax: Axes, title: str, handles: Sequence[Any] = (), size: float | None = None) -> None:
    """A title at the left, and between it and the axes a legend of as many columns as the width has room for.

    The title is of ``size`` points; of the rcParams' unless given.
    """
    # Where it is told to stand it is not lifted above what axes have at the top, which takes measuring all of them: 4 %.
    own: dict[str, Any] = {"y": 1.0} if size is None else {"y": 1.0, "fontsize": size}
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


def label_x(ax: Axes, text: str, *, share: float = 1.0) -> None:
    """Label the horizontal axis, in as many lines as it takes; ``share`` of the width, where labels of rows take the rest."""
    ax.set_xlabel(_fitted(text, share * width(ax), ax.xaxis.label.get_fontsize()))


def label_y(ax: Axes, text: str) -> None:
    """Label the upright axis, in as many lines as it takes."""
    ax.set_ylabel(_fitted(text, height(ax), ax.yaxis.label.get_fontsize()))


BESIDE_ROWS = 0.65
"""Of the width of axes about what is left where rows have labels."""


def row_labels(ax: Axes, labels: Sequence[str], places: Sequence[float]) -> None:
    """Labels of rows at the left, in two lines where rows are high enough, else cut."""
    size = small()
    roomy = 72.0 * height(ax) / max(len(labels), 1) > 2.5 * size
    told = ["\n".join(words.wrapped(words.shortened(each, 70), 36)) for each in labels] if roomy else None
    ax.set_yticks(places, told or [words.shortened(each, 44) for each in labels])
    ax.tick_params(axis="y", length=0, labelsize=size)


def beside(ax: Axes, letters: int = 30) -> None:
    """A legend at the right of the axes, from the top down what is stacked from the bottom up."""
    handles, labels = ax.get_legend_handles_labels()
    told = [words.wrapped(label, letters) for label in labels]
    if sum(len(lines) for lines in told) * 1.4 * small() > 72.0 * height(ax):
        told = [[words.shortened(label, letters + 4)] for label in labels]
    ax.legend(
        handles[::-1],
        ["\n".join(lines) for lines in told[::-1]],
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        frameon=False,
        fontsize=small(),
        handlelength=1.0,
        handleheight=1.0,
        labelspacing=0.45,
    )


def _fitted(text: str, inches: float, points: float) -> str:
    return "\n".join(words.wrapped(text, max(int(72.0 * inches / (0.53 * points)), 12)))


def _letters(text: str) -> float:
    return sum(1.8 if ord(letter) > 0x2E7F else 1.0 for letter in text)


def bare(ax: Axes, *sides: str) -> None:
    """Take away the frame's lines on these sides."""
    for side in sides:
        ax.spines[side].set_visible(False)
