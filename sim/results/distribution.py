"""Quantiles and cdf of one output, with their errors: off the sketch, or off kept draws where those are conditioned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from sim import reduce
from sim.results import atoms, sketches
from sim.results.errors import ResultError
from sim.results.evaluate import array
from sim.results.names import nearest
from sim.sample import REPLICATES, standard_error

Scenario = tuple[reduce.Counts, np.ndarray, np.ndarray]


def conditioned(tree: xr.DataTree) -> bool:
    """Whether the tree holds draws that meet a condition, and no summaries of all."""
    return "condition" in tree.attrs


def outputs(tree: xr.DataTree) -> list[str]:
    """Outputs that can be asked about."""
    group = "draws" if conditioned(tree) else "mean"
    return [str(name) for name in tree[group].data_vars] if group in tree.children else []


def require_output(tree: xr.DataTree, output: str) -> None:
    """Refuse a name that is no output here.

    Raises
    ------
    ResultError: with the nearest name there is.
    """
    if "mean" not in tree.children and not conditioned(tree):
        raise ResultError("not a result of suanli: no group /mean; expected what sim.run returned or files.open read")
    if output not in outputs(tree):
        raise ResultError(nearest("output", output, outputs(tree)))


def quantile(tree: xr.DataTree, output: str, levels: np.ndarray, *, error: bool = False) -> xr.DataArray:
    """Quantiles of an output, or their standard errors: dims scenario, quantile and the output's own.

    Raises
    ------
    ResultError: for an unknown output, or a level outside of [0, 1].
    """
    require_output(tree, output)
    if not np.all((levels >= 0) & (levels <= 1)):
        raise ResultError(f"quantile: found {levels.tolist()}, expected probabilities from 0 to 1")
    if conditioned(tree):
        values = _quantile_of_draws(array(tree, "draws", output), levels, error)
    else:
        answer = reduce.mcse_quantiles if error else reduce.quantiles
        values = _by_scenario(tree, output, lambda s: answer(s[0], levels, s[1], s[2]), replicates=error)
    return _labelled(tree, output, values, ("quantile", levels))


def cdf(tree: xr.DataTree, output: str, x: np.ndarray) -> xr.DataArray:
    """Chance that an output is at most ``x``: dims scenario, x and the output's own.

    Raises
    ------
    ResultError: for an unknown output.
    """
    require_output(tree, output)
    if conditioned(tree):
        draws = _draws_first(array(tree, "draws", output))
        held = np.isfinite(draws)
        with np.errstate(invalid="ignore"):
            values = np.stack([(draws <= each).sum(axis=1) / held.sum(axis=1) for each in x], axis=1)
    else:
        each = []
        for s in range(tree["mean"].sizes["scenario"]):
            of, low, high = counts(tree, output, s, replicates=False)
            known = atoms.inside(tree, output, s, of, (low, high), x)
            each.append(reduce.cdf(of, x, low, high, inside=known.share))
        values = _stacked(tree, output, each)
    found = _labelled(tree, output, values, ("x", x))
    found.attrs |= {"units": "1", "long_name": f"chance that {found.attrs.get('long_name', output)} is at most x"}
    return found


def counts(tree: xr.DataTree, output: str, scenario: int, *, replicates: bool = True) -> Scenario:
    """Counts of an output's cells under a scenario (by position), and the cells' extremes."""
    extremes = [np.ravel(array(tree, name, output)[scenario].values) for name in ("min", "max")]
    return (
        sketches.counts_of(tree["sketch"].to_dataset(), output, scenario, replicates=replicates),
        extremes[0],
        extremes[1],
    )


def _by_scenario(
    tree: xr.DataTree, output: str, answer: Callable[[Scenario], np.ndarray], *, replicates: bool
) -> np.ndarray:
    """Answers [cells, n] of each scenario as [scenarios, n, …]."""
    scenarios = range(tree["mean"].sizes["scenario"])
    return _stacked(tree, output, [answer(counts(tree, output, s, replicates=replicates)) for s in scenarios])


def _stacked(tree: xr.DataTree, output: str, each: Sequence[np.ndarray]) -> np.ndarray:
    """Answers [cells, n] of each scenario as [scenarios, n, …]."""
    shape = array(tree, "mean", output).shape[1:]
    return np.stack([values.T.reshape(values.shape[1], *shape) for values in each])


def _labelled(tree: xr.DataTree, output: str, values: np.ndarray, along: tuple[str, np.ndarray]) -> xr.DataArray:
    like = array(tree, "draws", output).isel(draw=0, drop=True) if conditioned(tree) else array(tree, "mean", output)
    like = like.drop_vars([name for name in like.coords if name in ("draw", "holds")], errors="ignore")
    dims = (like.dims[0], along[0], *like.dims[1:])
    attributes = {key: value for key, value in like.attrs.items() if key != "statistic"}
    return xr.DataArray(values, {**like.coords, along[0]: along[1]}, dims, output, attributes)


def _draws_first(kept: xr.DataArray) -> np.ndarray:
    return np.asarray(kept.transpose("scenario", "draw", ...).values, float)


def _quantile_of_draws(kept: xr.DataArray, levels: np.ndarray, error: bool) -> np.ndarray:
    draws = _draws_first(kept)
    if not error:
        return _nanquantile(draws, levels)
    replicate = np.asarray(kept["draw"].values) % REPLICATES
    return standard_error([_nanquantile(draws[:, replicate == r], levels) for r in range(REPLICATES)], axis=0)


def _nanquantile(draws: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Order statistics over axis 1 as the sketch takes them, NaN left out: [scenarios, levels, …]."""
    ordered = np.sort(draws, axis=1)  # NaN last
    n = np.isfinite(draws).sum(axis=1)
    found = []
    for level in levels:
        rank = np.clip(np.ceil(n * level - 1.0), 0, np.maximum(n - 1, 0)).astype(np.int64)
        if ordered.shape[1]:
            value = np.take_along_axis(ordered, rank[:, None], axis=1)[:, 0]
        found.append(np.where(n > 0, value, np.nan) if ordered.shape[1] else np.full(n.shape, np.nan))
    return np.stack(found, axis=1)
