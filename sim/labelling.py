"""Names on figures: summaries of a batch and the draws it kept as a labelled tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from sim import pairs, reduce
from sim.inputs import Deck, Dense
from sim.kept import Kept
from sim.model import Model
from sim.results.parts import LEVELS, KeptDraws, ScenarioResult
from sim.results.tree import build, draw_groups


def tree_of(
    scenarios: Sequence[str],
    draws: int,
    found: Sequence[tuple[Model, Sequence[reduce.Summary]]],
    attributes: Mapping[str, Any],
    drawn: tuple[Kept, Dense, Deck],
) -> xr.DataTree:
    """The tree of a batch.

    Parameters
    ----------
    scenarios, draws: names of the scenarios, and how many draws each ran.
    found: the model and its summaries, one a scenario; then those of each of :data:`sim.pairs.KINDS`, if asked for.
    attributes: of the tree's root.
    drawn: the draws kept, where each input's are, and whose they are.
    """
    kept, laid, deck = drawn
    (model, summaries), *beside = ((each, [_result(draws, one) for one in all_]) for each, all_ in found)
    made = dict(zip(pairs.KINDS, beside, strict=False))
    labelled = _labelled(kept, laid, deck, model) if kept.draws else None
    return build(model, scenarios, summaries, dict(attributes), labelled, made)


def draws_of(scenarios: Sequence[str], model: Model, drawn: tuple[Kept, Dense, Deck]) -> xr.DataTree:
    """The groups of kept draws alone; see :func:`tree_of`."""
    return xr.DataTree.from_dict(draw_groups(model, scenarios, _labelled(*drawn, model)))


def _result(draws: int, summary: reduce.Summary) -> ScenarioResult:
    moments = summary.moments
    return ScenarioResult(
        count=draws,
        mean=moments.mean,
        sd=moments.sd,
        min=moments.low,
        max=moments.high,
        mcse=moments.mcse,
        quantile=summary.quantile(np.array(LEVELS)).T,
        mcse_quantile=summary.mcse_quantile(np.array(LEVELS)).T,
        nonfinite=moments.nonfinite,
        sketch=summary.counts,
        nodes=_nodes(summary.nodes),
    )


def _nodes(nodes: Sequence[reduce.Node]) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """The open nodes field by field: what :class:`sim.reduce.Tree` goes on from."""
    dims = ("node", "cell", "replicate")
    stacked = {name: np.stack([getattr(node, name) for node in nodes]) for name in reduce.Node._fields}
    return {name: (dims[: values.ndim], values) for name, values in stacked.items()}


def _labelled(kept: Kept, laid: Dense, plan: Deck, model: Model) -> KeptDraws:
    """The kept draws by name; views, nothing copied but inputs that differ between scenarios."""
    inputs = {}
    for name, rows in zip(model.inputs, laid.rows.T, strict=True):
        same = (rows == rows[0]).all()
        inputs[name] = np.broadcast_to(kept.columns[rows[0]], (len(rows), kept.draws)) if same else kept.columns[rows]
    return KeptDraws({name: room for name, (_, room) in kept.outputs.items()}, inputs, plan.labels)
