"""Values that a reader's pointer finds: texts tied to marks, which the SVG carries."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TEXT, _BANDS = "_suanli_tip", "_suanli_bands"
UNSEEN = 1e-3
"""Opacity of what is there to be pointed at; a patch of none at all is not drawn."""


def tie(artist: Any, text: str) -> None:
    """Tie a text to a mark."""
    setattr(artist, _TEXT, text)


def of(artist: Any) -> str | None:
    """The text tied to a mark."""
    return getattr(artist, _TEXT, None)


def columns(ax: Axes, x: Sequence[float], texts: Sequence[str]) -> None:
    """Tie texts to upright strips around each ``x``, as wide as the steps between them; drawn only into SVG."""
    step = min((b - a for a, b in pairwise(x)), default=1.0)
    known = list(getattr(ax, _BANDS, []))
    setattr(ax, _BANDS, [*known, *((at - step / 2, at + step / 2, text) for at, text in zip(x, texts, strict=True))])


def texts(figure: Figure) -> list[str]:
    """All texts of a figure's strips and marks."""
    strips = [text for ax in figure.get_axes() for *_, text in getattr(ax, _BANDS, [])]
    return strips + [text for artist in figure.findobj(lambda each: of(each) is not None) if (text := of(artist))]


def strips(figure: Figure) -> list[Any]:
    """Draw the strips, for the time of writing an SVG; the patches, to be removed after it."""
    from matplotlib.patches import Rectangle

    made = []
    for ax in figure.get_axes():
        for left, right, text in getattr(ax, _BANDS, []):
            size = {"width": right - left, "height": 1.0, "transform": ax.get_xaxis_transform()}
            patch = Rectangle((left, 0.0), **size, facecolor="#000000", alpha=UNSEEN, linewidth=0, zorder=20)
            patch.set_in_layout(False)
            tie(patch, text)
            made.append(ax.add_artist(patch))
    return made
