"""``tree.sim``: what a result answers without another run. Each question's work is done in a module of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.results import arviz, chance, conditional, delta, distribution, first_order, frames, kept, rank_correlation
from sim.results import tornado as ends
from sim.results.errors import ResultError

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.plot.accessor import PlotAccessor


@xr.register_datatree_accessor("sim")
class SimAccessor:
    """Questions to a result of :func:`sim.run`, fresh, read back, or conditioned by :meth:`where`."""

    def __init__(self, tree: xr.DataTree) -> None:
        self._tree = tree

    def __repr__(self) -> str:
        from sim.results import notebook  # which needs the words of pictures, and most results are never shown

        return notebook.text(self._tree)

    def _repr_html_(self) -> str:
        from sim.results import notebook

        return notebook.html(self._tree)

    def quantile(self, q: float | Sequence[float], output: str | None = None) -> Any:
        """Quantiles at any probabilities.

        Parameters
        ----------
        q: a probability, or several, which then are a dimension ``quantile``.
        output: one output, as a DataArray; a Dataset of all unless given.

        Raises
        ------
        ResultError: for a probability outside of [0, 1], or an unknown output.
        """
        return self._each(q, output, error=False)

    def quantile_mcse(self, q: float | Sequence[float], output: str | None = None) -> Any:
        """Monte Carlo standard errors of :meth:`quantile`: from the replicates, or from order statistics (wider)."""
        return self._each(q, output, error=True)

    def cdf(self, output: str, x: float | Sequence[float]) -> xr.DataArray:
        """Chance that ``output`` is at most ``x``; several ``x`` are a dimension of that name.

        Raises
        ------
        ResultError: for an unknown output, or an x that is no number.
        """
        found = distribution.cdf(self._tree, output, _numbers("x", x))
        return found if np.ndim(x) else found.isel(x=0)

    def prob(self, expression: str, **labels: Any) -> xr.DataArray:
        """Chance that a condition holds, with ``mcse``, ``lower``, ``upper`` (95 %) and ``hits`` as coordinates.

        One output against a number is answered from all draws (the sketch); arithmetic, inputs, ``and``, ``or`` and
        ``not`` from the kept draws. These also tell how draws lie about a number that many of them take; where none was
        kept, the interval leaves it open.

        Parameters
        ----------
        expression: such as ``"market_domestic_share > 0.3"``; see :mod:`sim.results.expression`.
        labels: dimension=label, for every name in it that has the dimension.

        Raises
        ------
        ExpressionError: where it goes wrong, and what is expected.
        """
        return chance.chance(self._tree, expression, labels)

    def where(self, expression: str, **labels: Any) -> xr.DataTree:
        """The kept draws that meet a condition, as a tree that ``.sim`` answers from; see :attr:`effective_number`.

        Raises
        ------
        ExpressionError, ResultError: if it cannot be read, or no draw meets it.
        """
        return conditional.where(self._tree, expression, labels)

    @property
    def effective_number(self) -> xr.DataArray:
        """Draws that answers rest on, by scenario: those that meet the condition, or all."""
        tree = self._tree
        if distribution.conditioned(tree):
            return tree["condition"].to_dataset()["effective_number"]
        scenario = tree["mean"]["scenario"]
        number = np.full(scenario.size, float(tree.attrs["draws"]))
        return xr.DataArray(number, {"scenario": scenario}, ("scenario",), "effective_number", {"units": "draw"})

    def first_order(self, output: str) -> xr.Dataset:
        """First-order Sobol' index of each input on each cell of ``output``, from kept draws: ``first``, with its error.

        Raises
        ------
        ResultError: if the output is not there or was not kept, or fewer than 1,024 draws were.
        """
        return kept.each_scenario(self._tree, output, first_order.first_order, first_order.WORDS)

    def delta(self, output: str) -> xr.Dataset:
        """Borgonovo's delta of each input on each cell of ``output``, from kept draws; the interval is wide on purpose.

        Raises
        ------
        ResultError: as :meth:`first_order`.
        """
        return kept.each_scenario(self._tree, output, delta.delta, delta.WORDS)

    def rank_correlation(self, output: str) -> xr.Dataset:
        """Rank correlations of each input with each cell of ``output``, ``spearman`` and ``partial``, from kept draws.

        Raises
        ------
        ResultError: as :meth:`first_order`.
        """
        return kept.each_scenario(self._tree, output, rank_correlation.rank_correlation, rank_correlation.WORDS)

    def tornado(self, output: str, share: float = 0.1) -> xr.Dataset:
        """Mean and quantiles of ``output`` where each input is in its lowest and its highest ``share``, from kept draws.

        Raises
        ------
        ResultError: as :meth:`first_order`, or for a share outside of (0, 0.5].
        """
        return ends.dataset(self._tree, output, share)

    @property
    def plot(self) -> PlotAccessor:
        """Pictures: ``tree.sim.plot.fan("market_domestic_share")``; needs matplotlib (``pip install 'suanli[report]'``)."""
        from sim.results.plot.accessor import PlotAccessor  # what most results are never asked for

        return PlotAccessor(self._tree)

    def summary(self, output: str) -> pd.DataFrame:
        """Mean, standard deviation, 5 %, 50 % and 95 % of an output's cells, with standard errors."""
        return frames.summary(self._tree, output)

    def to_dataframe(self, what: str | None = None) -> pd.DataFrame:
        """A tidy table of everything, of one output or of one group; ``"draws"`` and ``"inputs"`` one row a draw."""
        return frames.frame(self._tree, what)

    def to_csv(self, path: str | Path) -> None:
        """Write the tidy table as csv."""
        frames.to_csv(self._tree, path)

    def to_parquet(self, path: str | Path) -> None:
        """Write the tidy table as parquet (``pip install 'suanli[parquet]'``)."""
        frames.to_parquet(self._tree, path)

    def to_arviz(self) -> xr.DataTree:
        """The kept draws with replicates as chains, in ArviZ's groups ``prior`` and ``prior_predictive``."""
        return arviz.to_arviz(self._tree)

    def _each(self, q: float | Sequence[float], output: str | None, *, error: bool) -> Any:
        levels = _numbers("quantile", q)
        names = distribution.outputs(self._tree) if output is None else [output]
        found = {name: distribution.quantile(self._tree, name, levels, error=error) for name in names}
        if not np.ndim(q):
            found = {name: array.isel(quantile=0) for name, array in found.items()}
        return xr.Dataset(found) if output is None else found[output]


def _numbers(name: str, value: Any) -> np.ndarray:
    try:
        return np.atleast_1d(np.asarray(value, dtype=float))
    except (TypeError, ValueError):
        raise ResultError(f"{name}: found {value!r}, expected a number or a list of numbers") from None
