"""Bands of quantiles over time, and a time axis: what a fan, and two of them over one another, are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.results.plot import tips, words
from sim.results.plot.canvas import small
from sim.results.plot.place import Place
from sim.results.plot.scales import Scale
from sim.results.plot.spread import Spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
OUTER, INNER = 0.2, 0.36
MATTERS = 0.015
"""Monte Carlo error is drawn where it reaches so far of the height of the axes: where an eye can see it."""
APART = 0.063
"""Of the height of the axes what lies at least between two numbers at their side, which would else overlap."""


def draw(ax: Axes, values: np.ndarray, colour: str, *, inner: bool = True) -> list[Any]:
    """5–95 %, 25–75 % unless left out, and the median, at positions from 0 on.

    Parameters
    ----------
    ax: to draw on.
    values: quantiles at :data:`LEVELS`, float64[5, n].
    colour: of all of it.
    inner: whether to draw 25–75 %.

    Returns
    -------
    list
        of artists with labels, for a legend.
    """
    x = np.arange(values.shape[1])
    low, lower, middle, upper, high = values
    outer = ax.fill_between(x, low, high, color=colour, alpha=OUTER, linewidth=0, label="5–95 %")
    bands: list[Any] = [outer]
    if inner:
        bands.append(ax.fill_between(x, lower, upper, color=colour, alpha=INNER, linewidth=0, label="25–75 %"))
    (line,) = ax.plot(x, middle, color=colour, linewidth=2.0, solid_capstyle="round", zorder=3)
    return [*bands, line]


def errors(ax: Axes, values: np.ndarray, reach: np.ndarray, colour: str, lang: str) -> list[Any]:
    """The 95 % intervals of the median and of both ends of the outer band, where they are wide enough to be seen."""
    span = float(np.nanmax(values) - np.nanmin(values)) if np.isfinite(values).any() else 0.0
    if not np.nanmax(reach[[0, 2, 4]], initial=0.0) > MATTERS * span:
        return []
    x = np.arange(values.shape[1])
    for row in (0, 2, 4):
        made = ax.errorbar(
            x, values[row], yerr=reach[row], fmt="none", ecolor=colour, elinewidth=1.0, capsize=2.0, zorder=4
        )
    made.set_label(words.say("error", lang))
    return [made]


def time_axis(ax: Axes, place: Place, lang: str) -> None:
    """Quarters or years, or whatever the open dimension has, at positions from 0 on."""
    (dim,) = place.free
    labels = [str(each) for each in place.like[dim].values]
    ax.set_xticks(range(len(labels)), times(labels))
    ax.set_xlim(-0.35, len(labels) - 0.65)
    known = words.long_name(place.like[dim].attrs, dim, lang)
    ax.set_xlabel(words.say(dim, lang) if dim in words.PHRASES else known)


def times(labels: Sequence[str]) -> list[str]:
    """Tick labels: of quarters such as 2023Q1 the year stands beneath the first of each."""
    if not all(len(each) == 6 and each[4] == "Q" for each in labels):
        return list(labels)
    return [each[4:] + (f"\n{each[:4]}" if k == 0 or each[5] == "1" else "") for k, each in enumerate(labels)]


def ends(ax: Axes, values: np.ndarray, scale: Scale, colour: str) -> None:
    """Write the last median, and the ends of the last band where there is room, at the right of the axes."""
    last = values.shape[1] - 1
    bottom, top = ax.get_ylim()
    for row, weight in ((2, "bold"), (0, "normal"), (4, "normal")):
        if row != 2 and not abs(values[row, last] - values[2, last]) > APART * abs(top - bottom):
            continue
        ax.annotate(
            scale.write(float(values[row, last])),
            (1.0, values[row, last]),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=small(),
            fontweight=weight,
            annotation_clip=False,
        )


def tell(ax: Axes, place: Place, spread: Spread, scale: Scale, *, name: str = "") -> None:
    """Tie the figures of each time to its strip."""
    (dim,) = place.free
    labels = [str(each) for each in place.like[dim].values]
    low, lower, middle, upper, high = spread.quantile(LEVELS)
    lang = scale.lang
    texts = [
        f"{name}{label}: {words.say('median', lang)} {scale.write(middle[k])} {scale.unit}".rstrip()
        + f"; 25–75 %: {scale.write(lower[k])} – {scale.write(upper[k])}"
        + f"; 5–95 %: {scale.write(low[k])} – {scale.write(high[k])}"
        for k, label in enumerate(labels)
    ]
    tips.columns(ax, [float(k) for k in range(len(labels))], texts)
