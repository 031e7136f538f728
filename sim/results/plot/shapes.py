"""Outlines of distributions: densities as filled lines, with where 5, 50 and 95 % are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.results.plot.spread import Spread, density

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENDS = np.array([0.005, 0.995])
MARKS = np.array([0.05, 0.5, 0.95])


def range_of(spreads: Sequence[Spread]) -> tuple[float, float]:
    """Where all but the last half percent at either end of each of the distributions lies, with a margin."""
    found = np.stack([spread.quantile(ENDS).ravel() for spread in spreads])
    low, high = float(np.nanmin(found)), float(np.nanmax(found))
    margin = 0.03 * (high - low) or 0.05 * abs(high) or 0.5
    # No margin across zero: what cannot be negative does not look as if it could.
    return (low if low >= 0.0 > low - margin else low - margin), high + margin


def outline(ax: Axes, spread: Spread, ends: tuple[float, float], colour: str) -> Any:
    """Draw the density of one cell, its middle 90 % darker, and its median; the line."""
    x, y = density(spread, *ends)
    low, middle, high = spread.quantile(MARKS).ravel()
    ax.fill_between(x, 0.0, y, color=colour, alpha=0.18, linewidth=0)
    ax.fill_between(x, 0.0, y, where=(x >= low) & (x <= high), color=colour, alpha=0.22, linewidth=0)
    ax.vlines(middle, 0.0, np.interp(middle, x, y), color=colour, linewidth=1.4)
    return ax.plot(x, y, color=colour, linewidth=1.6)[0]
