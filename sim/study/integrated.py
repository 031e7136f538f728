"""Figures of an output that is proportional to an input, the input integrated out exactly instead of drawn.

A load is so many answers a day times what an answer takes: the answers' own law is known, so that only the rest has to be
sampled. From the kept draws alone, without a run: the plain figures of the result stay as they are, these stand beside
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sim import sample
from sim.batch import Recalled, recall
from sim.model import Model
from sim.results import distribution
from sim.results.errors import ResultError
from sim.results.parts import LEVELS
from sim.study import product

if TYPE_CHECKING:
    from priors.families import Distribution

FIGURES = ("mean", "mcse", "quantile", "mcse_quantile")


def integrated(
    tree: xr.DataTree, output: str, *, quantiles: Sequence[float] = LEVELS, model: Model | None = None
) -> xr.DataTree:
    """Mean and quantiles of ``output``, whose factor among the inputs is integrated out, and their standard errors.

    Parameters
    ----------
    tree: a result that kept draws of ``output``, a multiple of 16 of them.
    output: proportional to an input, see :attr:`sim.Model.proportional`.
    quantiles: probabilities between 0 and 1.
    model: where ``tree`` came from a model of one's own.

    Returns
    -------
    xarray.DataTree
        groups ``mean``, ``mcse``, ``quantile``, ``mcse_quantile`` of the one output, as a result has them; attributes
        ``integrated``, the input, and ``draws``, how many were read. Errors are of the 16 replicates, t with 15 degrees of
        freedom. Under a scenario that fixes the input they are the plain figures of the kept draws.

    Raises
    ------
    ResultError: if the output has no such input, the input is correlated with others, or draws were not kept.
    """
    distribution.require_output(tree, output)
    levels = np.asarray(quantiles, np.float64).ravel()
    if not np.all((levels > 0.0) & (levels < 1.0)):
        raise ResultError(f"quantiles: found {list(quantiles)}, expected probabilities between 0 and 1")
    found = recall({str(name): value for name, value in tree.attrs.items()}, model)
    factor = _factor(found, output)
    draws = _kept(tree, output)
    inputs = tree["inputs"].to_dataset()[factor].transpose("scenario", "draw").to_numpy()
    scenarios = [str(name) for name in draws["scenario"].values]
    figures = [
        _figures(found.deck.priors[name][factor], x, y.reshape(len(y), -1), levels)
        for name, x, y in zip(scenarios, inputs, draws.to_numpy(), strict=True)
    ]
    return _labelled(draws, levels, figures, {"integrated": factor, "draws": draws.sizes["draw"]})


def _factor(found: Recalled, output: str) -> str:
    """The input that ``output`` is proportional to.

    Raises
    ------
    ResultError: if there is none, or none that can be integrated out.
    """
    known = found.model.proportional
    if output not in known:
        some = ", ".join(known) or "none"
        raise ResultError(f'integrated: output "{output}" is not proportional to an input; those that are: {some}')
    factor = known[output]
    if any(factor in pair[:2] for pair in found.deck.correlations):
        raise ResultError(f'integrated: input "{factor}" is correlated with others, so that the rest depends on it')
    return factor


def _kept(tree: xr.DataTree, output: str) -> xr.DataArray:
    """The kept draws, dims scenario, draw, then the output's own."""
    if "draws" not in tree.children or output not in tree["draws"].to_dataset() or distribution.conditioned(tree):
        raise ResultError(
            f'integrated: no draws of "{output}" were kept, or some were taken out; run with keep="headline" or "all"'
        )
    draws = tree["draws"].to_dataset()[output]
    if draws.sizes["draw"] < 32 or draws.sizes["draw"] % 16:
        raise ResultError(f"integrated: found {draws.sizes['draw']} kept draws, expected a multiple of 16, at least 32")
    return draws.transpose("scenario", "draw", ...)


def _figures(law: Distribution, x: np.ndarray, y: np.ndarray, levels: np.ndarray) -> list[np.ndarray]:
    """Of one scenario, from float64[n] of the input and [n, cells] of the output: each of :data:`FIGURES`, cells last."""
    if law.atoms() is not None or law.support[0] < 0.0:
        return _plain(y, levels)
    means, values = [], []
    for cell in y.T.astype(np.float64):
        rest = cell / x
        means.append(product.mean(law, rest))
        values.append(product.quantiles(law, rest, cell, levels))
    mean, error = np.array(means).T
    quantile, errors = np.array(values).transpose(1, 2, 0)
    return [mean, error, quantile, errors]


def _plain(y: np.ndarray, levels: np.ndarray) -> list[np.ndarray]:
    """The figures of the draws as they are."""
    each = y.astype(np.float64).reshape(-1, sample.REPLICATES, y.shape[1])
    many = sample.quantiles(each, levels, axis=0)  # [levels, 16, cells]
    errors = [sample.standard_error(part, axis=-2) for part in (each.mean(axis=0), many)]
    return [each.mean(axis=(0, 1)), errors[0], sample.quantiles(y, levels, axis=0), errors[1]]


def _labelled(
    draws: xr.DataArray, levels: np.ndarray, figures: Sequence[Sequence[np.ndarray]], about: dict[str, object]
) -> xr.DataTree:
    own = [str(dim) for dim in draws.dims if dim not in ("scenario", "draw")]
    shape = tuple(draws.sizes[dim] for dim in own)
    coords = {dim: draws[dim] for dim in ("scenario", *own)}
    groups = {"/": xr.Dataset(attrs=about)}
    for k, name in enumerate(FIGURES):
        stacked = np.stack([scenario[k] for scenario in figures])
        along = ("quantile",) if "quantile" in name else ()
        values = stacked.reshape(*stacked.shape[:-1], *shape)
        variable = xr.Variable(("scenario", *along, *own), values, dict(draws.attrs))
        groups[f"/{name}"] = xr.Dataset({str(draws.name): variable}, coords | ({"quantile": levels} if along else {}))
    return xr.DataTree.from_dict(groups)
