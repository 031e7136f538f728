"""Results as tables: long and tidy, group by group, or the few figures of one output."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sim.results import atomic, distribution
from sim.results.errors import ResultError
from sim.results.evaluate import array
from sim.results.names import nearest
from sim.sample import LEVELS, REPLICATES, standard_error

if TYPE_CHECKING:
    import pandas as pd

STATISTICS = ("mean", "mcse", "sd", "min", "max")
BY_DRAW = ("draws", "inputs")


def tidy(tree: xr.DataTree, names: Sequence[str] | None = None, groups: Sequence[str] | None = None) -> pd.DataFrame:
    """One row for each statistic of each cell: scenario, output, dimensions, units, statistic, value.

    Parameters
    ----------
    names: outputs; all unless given.
    groups: all groups of summaries unless given. Quantiles are the statistics ``q0.05`` and so on, their errors
        ``mcse_q0.05``.

    Dimensions that an output does not have are empty.

    Raises
    ------
    ResultError: for an unknown output.
    """
    import pandas as pd

    _require_summaries(tree)
    for name in names or ():
        distribution.require_output(tree, name)
    wanted = [g for g in (groups or (*STATISTICS, "quantile", "mcse_quantile")) if g in tree.children]
    chosen = list(names) if names is not None else distribution.outputs(tree)
    dims = list(dict.fromkeys(str(d) for name in chosen for d in tree["mean"].to_dataset()[name].dims))
    dims = [dim for dim in dims if dim != "scenario"]
    columns: dict[str, list[np.ndarray]] = {
        column: [] for column in ("scenario", "output", *dims, "units", "statistic", "value")
    }
    for group in wanted:
        dataset = tree[group].to_dataset()
        for name in chosen:
            for statistic, values in _statistics(dataset[name], group):
                _append(columns, values, {"output": name, "statistic": statistic})
    return pd.DataFrame({key: np.concatenate(parts) if parts else [] for key, parts in columns.items()})


def _statistics(values: xr.DataArray, group: str) -> Iterator[tuple[str, xr.DataArray]]:
    """The statistics of one output in one group: one, or one for each level of quantiles."""
    if "quantile" not in values.dims:
        yield group, values
        return
    prefix = "mcse_q" if group == "mcse_quantile" else "q"
    for i, level in enumerate(values["quantile"].values):
        yield f"{prefix}{float(level):g}", values.isel(quantile=i)


def _append(columns: dict[str, list[np.ndarray]], values: xr.DataArray, words: dict[str, str]) -> None:
    """The cells of ``values`` as rows at the end of the columns."""
    words = {**words, "units": str(values.attrs.get("units", "1"))}
    for name, parts in columns.items():
        if name == "value":
            parts.append(values.values.ravel())
        elif name in values.dims:
            shape = [-1 if dim == name else 1 for dim in values.dims]
            labels = values[name].values.astype(object).reshape(shape)
            parts.append(np.broadcast_to(labels, values.shape).ravel())
        else:
            parts.append(np.full(values.size, words.get(name, ""), object))


def frame(tree: xr.DataTree, what: str | None = None) -> pd.DataFrame:
    """A table of everything, of one output, or of one group.

    ``draws`` and ``inputs`` give one row a scenario and draw and one column a cell, ``name[buyer=baidu, year=2023]``.

    Raises
    ------
    ResultError: for a name that is neither an output nor a group.
    """
    if what is None:
        return by_draw(tree["draws"].to_dataset()) if distribution.conditioned(tree) else tidy(tree)
    if what in BY_DRAW and what in tree.children:
        return by_draw(tree[what].to_dataset())
    if what in (*STATISTICS, "quantile", "mcse_quantile") and what in tree.children:
        return tidy(tree, groups=[what])
    known = distribution.outputs(tree)
    if what in known:
        if distribution.conditioned(tree):
            return by_draw(tree["draws"].to_dataset()[[what]])
        return tidy(tree, [what])
    groups = [g for g in tree.children if g not in ("sketch", "nodes", "condition")]
    raise ResultError(nearest("output or group", what, [*known, *groups]))


def by_draw(dataset: xr.Dataset) -> pd.DataFrame:
    """Draws as rows, cells as columns; a draw that does not meet the tree's condition is left out."""
    import pandas as pd

    sizes = (dataset.sizes["scenario"], dataset.sizes["draw"])
    index = pd.MultiIndex.from_product([dataset["scenario"].values, dataset["draw"].values], names=["scenario", "draw"])
    columns = {}
    for name, variable in dataset.data_vars.items():
        dims = [str(dim) for dim in variable.dims if dim not in ("scenario", "draw")]
        values = variable.transpose("scenario", "draw", *dims).values.reshape(sizes[0] * sizes[1], -1)
        labels = np.ndindex(*(dataset.sizes[dim] for dim in dims))
        for cell, at in enumerate(labels):
            where = ", ".join(f"{dim}={dataset[dim].values[i]}" for dim, i in zip(dims, at, strict=True))
            columns[f"{name}[{where}]" if where else str(name)] = values[:, cell]
    table = pd.DataFrame(columns, index=index)
    return table[dataset["holds"].values.ravel()] if "holds" in dataset.coords else table


def summary(tree: xr.DataTree, output: str) -> pd.DataFrame:
    """Mean, standard deviation, 5 %, 50 % and 95 % of each cell, with their standard errors.

    Raises
    ------
    ResultError: for an unknown output.
    """
    import pandas as pd

    distribution.require_output(tree, output)
    levels = np.array(LEVELS)
    columns = dict(zip(("mean", "mcse", "sd"), _moments(tree, output), strict=True))
    quantiles = distribution.quantile(tree, output, levels)
    errors = distribution.quantile(tree, output, levels, error=True)
    for i, level in enumerate(LEVELS):
        columns[f"{level:.0%}"] = quantiles.isel(quantile=i, drop=True)
        columns[f"mcse_{level:.0%}"] = errors.isel(quantile=i, drop=True)
    first = columns["mean"]
    names = [str(dim) for dim in first.dims]
    index = pd.MultiIndex.from_product([first[dim].values for dim in names], names=names)
    return pd.DataFrame({name: array.values.ravel() for name, array in columns.items()}, index=index)


def _moments(tree: xr.DataTree, output: str) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    if not distribution.conditioned(tree):
        mean, error, sd = (array(tree, group, output) for group in ("mean", "mcse", "sd"))
        return mean, error, sd
    draws = array(tree, "draws", output)
    replicate = np.asarray(draws["draw"].values) % REPLICATES
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Degrees of freedom|Mean of empty slice", RuntimeWarning)
        each = [draws.isel(draw=np.flatnonzero(replicate == r)).mean("draw") for r in range(REPLICATES)]
        mean, sd = draws.mean("draw"), draws.std("draw", ddof=1)
    return mean, mean.copy(data=standard_error([part.values for part in each], axis=0)), sd


def to_csv(tree: xr.DataTree, path: str | Path) -> None:
    """Write :func:`tidy` as csv, whole or not at all; numbers as short as they read back to the same bits."""
    with atomic.replacing(Path(path)) as fresh:
        frame(tree).to_csv(fresh, index=distribution.conditioned(tree), lineterminator="\n")


def to_parquet(tree: xr.DataTree, path: str | Path) -> None:
    """Write :func:`tidy` as parquet, whole or not at all.

    Raises
    ------
    ResultError: without the extra.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise ResultError("pyarrow is not installed; pip install 'suanli[parquet]'")
    table = frame(tree)
    text = [name for name in table.columns if table[name].dtype == object]
    with atomic.replacing(Path(path)) as fresh:
        table.astype(dict.fromkeys(text, str)).to_parquet(fresh, engine="pyarrow")


def _require_summaries(tree: xr.DataTree) -> None:
    if "mean" not in tree.children:
        raise ResultError('no summaries in this tree; take .to_dataframe("draws"), or the tree before .where()')
