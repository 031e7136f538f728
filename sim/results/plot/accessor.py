"""``tree.sim.plot``: the pictures of :mod:`sim.results.plot` with the tree filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import xarray as xr

from sim.results import plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


class PlotAccessor:
    """Pictures of a result. Labels are given by name: ``tree.sim.plot.fan("compute", scenario="stated", buyer="baidu")``.

    Without ``ax`` a new figure is made that pyplot knows nothing of; in a notebook ``….figure`` shows it. With pyplot:
    ``fig, ax = plt.subplots()`` and ``tree.sim.plot.fan(…, ax=ax)``.
    """

    def __init__(self, tree: xr.DataTree) -> None:
        self._tree = tree

    def fan(
        self, output: str, *, stated: xr.DataArray | None = None, lang: str = "en", ax: Axes | None = None, **at: Any
    ) -> Axes:
        """How an answer spreads over quarters or years; see :func:`sim.results.plot.fan`."""
        return plot.fan(self._tree, output, at, stated=stated, lang=lang, ax=ax)

    def dotplot(self, output: str, *, dots: int = 20, lang: str = "en", ax: Axes | None = None, **at: Any) -> Axes:
        """One answer as 20 or 50 dots; see :func:`sim.results.plot.dotplot`."""
        return plot.dotplot(self._tree, output, at, dots=dots, lang=lang, ax=ax)

    def cdf(
        self,
        output: str,
        *,
        scenarios: Sequence[str] | None = None,
        lang: str = "en",
        ax: Axes | None = None,
        **at: Any,
    ) -> Axes:
        """Chance that an answer is at most x; see :func:`sim.results.plot.cdf`."""
        return plot.cdf(self._tree, output, at, scenarios=scenarios, lang=lang, ax=ax)

    def overlay(
        self,
        output: str,
        base: str,
        other: str,
        *,
        lang: str = "en",
        figure: Figure | SubFigure | None = None,
        **at: Any,
    ) -> Figure | SubFigure:
        """Two scenarios, and their paired difference beneath; see :func:`sim.results.plot.overlay`."""
        return plot.overlay(self._tree, output, (base, other), at, lang=lang, figure=figure)

    def ridge(
        self,
        output: str,
        *,
        scenarios: Sequence[str] | None = None,
        lang: str = "en",
        ax: Axes | None = None,
        **at: Any,
    ) -> Axes:
        """One answer under several scenarios; see :func:`sim.results.plot.ridge`."""
        return plot.ridge(self._tree, output, at, scenarios=scenarios, lang=lang, ax=ax)

    def tornado(self, output: str, *, rows: int = 10, lang: str = "en", ax: Axes | None = None, **at: Any) -> Axes:
        """What an answer is where an input is low or high; see :func:`sim.results.plot.tornado`."""
        return plot.tornado(self._tree, output, at, rows=rows, lang=lang, ax=ax)

    def sobol_over_time(
        self, output: str, *, rows: int = 8, lang: str = "en", ax: Axes | None = None, **at: Any
    ) -> Axes:
        """Which inputs are behind an answer, from kept draws; see :func:`sim.results.plot.sobol_over_time`."""
        return plot.sobol_over_time(self._tree.sim.first_order(output), at, rows=rows, lang=lang, ax=ax)

    def shares(
        self, output: str, *, by: str = "accelerator", lang: str = "en", ax: Axes | None = None, **at: Any
    ) -> Axes:
        """Stacked shares over time; see :func:`sim.results.plot.shares`."""
        return plot.shares(self._tree, output, at, by=by, lang=lang, ax=ax)
