"""How likely a condition is, with its error: off the sketch for one output against a number, else off kept draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from sim import reduce
from sim.results import atoms, distribution
from sim.results.estimate import T_15
from sim.results.evaluate import array, check_selection, pick, truth
from sim.results.expression import condition
from sim.results.syntax import Comparison, Name, Node, Number
from sim.sample import REPLICATES

# Below so many hits, or misses, the spread of replicates says little and a bound is told instead.
FEW = 10
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def chance(tree: xr.DataTree, expression: str, selection: Mapping[str, Any]) -> xr.DataArray:
    """Chance that ``expression`` holds.

    Returns
    -------
    xarray.DataArray
        the chance, with the coordinates ``mcse`` (standard error), ``lower`` and ``upper`` (95 % interval; Clopper and
        Pearson's where fewer than ten draws hit or miss; as wide as a bin's draws allow where many lie on a value next to the
        number and none was kept to tell) and ``hits``; dims scenario and what the labels left.

    Raises
    ------
    ExpressionError: if it cannot be read, or names what the result does not have.
    """
    node = condition(expression)
    single = _single(tree, node)
    if single and not _better_by_draws(tree, single[0].name, _beside(single[2])):
        found = _from_sketch(tree, *single, selection)
    else:
        found = _from_draws(tree, node, selection)
    found.attrs = {"units": "1", "long_name": f"chance that {expression}"}
    return found.rename("chance")


def _single(tree: xr.DataTree, node: Node) -> tuple[Name, str, float] | None:
    """An output against a number, which a sketch can answer."""
    if not isinstance(node, Comparison) or distribution.conditioned(tree) or "sketch" not in tree.children:
        return None
    match node.left, node.right:
        case Name() as name, Number(value):
            sign = node.operator
        case Number(value), Name() as name:
            sign = _MIRRORED[node.operator]
        case _:
            return None
    return (name, sign, value) if name.name in tree["mean"].data_vars else None


def _better_by_draws(tree: xr.DataTree, output: str, x: np.ndarray) -> bool:
    """Whether a value repeats in a bin of ``x``, float64[x], and all draws were kept to tell."""
    if not atoms.complete(tree, output):
        return False
    scenarios = range(tree["mean"].sizes["scenario"])
    return any(reduce.lumps(distribution.counts(tree, output, s, replicates=False)[0], x).any() for s in scenarios)


def _beside(x: float) -> np.ndarray:
    """The last number below ``x``, and x."""
    return np.array([np.nextafter(x, -np.inf), x])


def _from_sketch(tree: xr.DataTree, name: Name, sign: str, x: float, selection: Mapping[str, Any]) -> xr.DataArray:
    like = array(tree, "mean", name.name)
    check_selection(selection, like.dims)
    asked = _beside(x)
    parts: list[tuple[np.ndarray, ...]] = []
    for s in range(like.shape[0]):
        counts, low, high = distribution.counts(tree, name.name, s)
        known = atoms.inside(tree, name.name, s, counts, (low, high), asked)
        p, error = np.array([_share(counts, sign, asked, (low, high), each) for each in known.shares]).swapaxes(0, 1)
        found = p[0], np.hypot(error.max(axis=0), _of_kept(counts, asked, (low, high), known))
        draws = counts.totals()[: counts.cells].astype(float)
        replicated = np.full(len(draws), bool(counts.replicates().size))
        parts.append((*found, p[0] * draws, draws, replicated, p.min(axis=0), p.max(axis=0)))
    arrays = [np.stack(column).reshape(like.shape) for column in zip(*parts, strict=True)]
    labelled = [like.copy(data=values) for values in arrays]
    return _answer(*(pick(each_one, name.labels, selection, name.name) for each_one in labelled))


def _share(
    counts: reduce.Counts, sign: str, asked: np.ndarray, extremes: tuple[np.ndarray, np.ndarray], inside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Share of each cell's draws in relation ``sign`` to x, and its error, float64[cells] each; see :func:`reduce.cdf`."""
    rows, p = counts.replicates(), _event(sign, reduce.cdf(counts, asked, *extremes, None, inside))
    if rows.size:
        each = _event(sign, reduce.cdf(counts, asked, *extremes, rows.ravel(), inside))
        return p, _spread(each.reshape(rows.shape))
    with np.errstate(invalid="ignore", divide="ignore"):
        return p, np.sqrt(p * (1 - p) / counts.totals())


def _event(sign: str, at_most: np.ndarray) -> np.ndarray:
    """Share of each row's draws that stand in relation ``sign`` to x, float64[rows], from those up to just below x and to x."""
    below, up_to = at_most[:, 0], at_most[:, 1]
    answers = {"<": below, "<=": up_to, ">": 1 - up_to, ">=": 1 - below, "==": up_to - below, "!=": 1 - up_to + below}
    return np.clip(answers[sign], 0.0, 1.0)


def _of_kept(
    counts: reduce.Counts, asked: np.ndarray, extremes: tuple[np.ndarray, np.ndarray], known: atoms.Inside
) -> np.ndarray:
    """Standard error that comes of shares which kept draws alone tell, float64[cells]: of a bin's share in all, and theirs."""
    none, every = (reduce.cdf(counts, asked, *extremes, None, np.where(known.lump, end, np.nan)) for end in (0.0, 1.0))
    n, share = np.maximum(known.told_by, 1.0), np.nan_to_num(known.share)
    # A draw more on either side: of twenty that are alike the next one need not be.
    spread = np.sqrt((share + 1.0 / n) * (1.0 - share + 1.0 / n) / n)
    return np.asarray(np.max(np.where(known.told_by > 0, (every - none) * spread, 0.0), axis=1))


def _from_draws(tree: xr.DataTree, node: Node, selection: Mapping[str, Any]) -> xr.DataArray:
    holds, valid = truth(tree, node, selection)
    if distribution.conditioned(tree):
        within = {dim: label for dim, label in selection.items() if dim == "scenario"}
        kept = tree["inputs"].to_dataset()["holds"]
        valid = valid & pick(kept, (), within, "holds").drop_vars("holds", errors="ignore")
    return from_truth(holds & valid, valid)


def from_truth(holds: xr.DataArray, valid: xr.DataArray) -> xr.DataArray:
    """The chance, with error and interval, from the truth of each draw among the ``valid`` ones."""
    replicate = np.asarray(holds["draw"].values) % REPLICATES
    hits, draws = holds.sum("draw").astype(float), valid.sum("draw").astype(float)
    each = []
    for r in range(REPLICATES):
        at = np.flatnonzero(replicate == r)
        with np.errstate(invalid="ignore", divide="ignore"):
            each.append((holds.isel(draw=at).sum("draw") / valid.isel(draw=at).sum("draw")).values)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = hits / draws
    error = p.copy(data=_spread(np.moveaxis(np.array(each), 0, -1)))
    return _answer(p, error, hits, draws, xr.ones_like(p, dtype=bool))


def _spread(replicates: np.ndarray) -> np.ndarray:
    """Standard error over the last axis, of the replicates that have draws; NaN for fewer than two."""
    filled = np.isfinite(replicates)
    n = filled.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(filled, replicates, 0.0).sum(axis=-1) / n
        squares = np.where(filled, (replicates - mean[..., None]) ** 2, 0.0).sum(axis=-1)
        return np.where(n > 1, np.sqrt(squares / (n - 1.0) / n), np.nan)


def _answer(
    p: xr.DataArray,
    error: xr.DataArray,
    hits: xr.DataArray,
    draws: xr.DataArray,
    replicated: xr.DataArray,
    least: xr.DataArray | None = None,
    most: xr.DataArray | None = None,
) -> xr.DataArray:
    exact_low, exact_high = reduce.chance_bounds(
        np.clip(np.nan_to_num(hits.values), 0, np.maximum(draws.values, 1)), np.maximum(draws.values, 1)
    )
    half = T_15 * error.values
    few = (hits.values < FEW) | (draws.values - hits.values < FEW) | ~replicated.values | ~np.isfinite(error.values)
    lower = np.where(few, exact_low, np.maximum(p.values - half, 0.0))
    upper = np.where(few, exact_high, np.minimum(p.values + half, 1.0))
    if least is not None and most is not None:
        lower = np.where(least.values < p.values, np.minimum(lower, np.maximum(least.values - half, 0.0)), lower)
        upper = np.where(most.values > p.values, np.maximum(upper, np.minimum(most.values + half, 1.0)), upper)
    words = {"mcse": error.values, "lower": lower, "upper": upper, "hits": np.round(hits.values)}
    return p.assign_coords({name: (p.dims, np.asarray(values)) for name, values in words.items()})
