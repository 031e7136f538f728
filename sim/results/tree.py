"""From plain arrays to the labelled DataTree that a run returns: the groups, and nothing else.

Of the time that it takes to label a small run most is xarray's work on names. They are the same in every run of a model, so
they are kept, pickled: 2 ms instead of 20.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from sim.model import Model
from sim.results import labels
from sim.results.parts import LEVELS, KeptDraws, ScenarioResult
from sim.results.sketches import sketch_group
from sim.sample import REPLICATES

FORMAT, FORMAT_VERSION = "suanli result", 1
PER_CELL = {
    "mean": "mean",
    "sd": "standard deviation",
    "min": "minimum",
    "max": "maximum",
    "mcse": "Monte Carlo standard error of the mean",
}
PER_QUANTILE = {"quantile": "quantile", "mcse_quantile": "Monte Carlo standard error of the quantile"}
_MODELS_KEPT, _CELLS_KEPT = 4, 1 << 16
_named_before: dict[bytes, bytes] = {}
ORDER = ("mean", "sd", "min", "max", "quantile", "mcse", "mcse_quantile")  # of the groups in a result
FROM_REPLICATES = "spread of the replicates, t with 15 degrees of freedom"
FROM_ORDER_STATISTICS = "binomial order statistics of the pooled draws, which is wider"


def build(
    model: Model,
    scenarios: Sequence[str],
    results: Sequence[ScenarioResult],
    run: Mapping[str, Any],
    kept: KeptDraws | None = None,
    pairs: Mapping[str, tuple[Model, Sequence[ScenarioResult]]] | None = None,
) -> xr.DataTree:
    """Label what a run found.

    Parameters
    ----------
    model: names the outputs, their dimensions and units.
    scenarios: names, as many as ``results``.
    results: the summaries, one a scenario.
    run: what the run was asked and rested on: seed, sampler, scheme, draws, version, digests of book and tables,
        scenario definitions, settings. Mappings and lists become JSON. No times, hosts or paths: equal
        runs write equal bytes.
    kept: draws kept one by one; none unless given. Arrays are labelled as they stand, not copied.
    pairs: summaries of what each scenario is beside the first, name of the group -> (labels, one result a scenario).

    Returns
    -------
    xarray.DataTree
        groups mean, sd, min, max, mcse (dims scenario, …), quantile, mcse_quantile (scenario, quantile, …), sketch,
        nodes if there are any, and draws and inputs (scenario, draw, …) if kept. Every group has its own coordinates.
        Each of ``pairs`` is a group of such groups, whose accessor ``.sim`` answers like the whole tree's.
    """
    if len(scenarios) != len(results) or not results:
        raise ValueError(
            f"found {len(results)} results of {len(scenarios)} scenarios, expected one of each, at least one"
        )
    tree = _filled(model, scenarios, results)
    tree.attrs = _root_attributes(model, results, run)
    if kept is not None:
        for name, dataset in draw_groups(model, scenarios, kept).items():
            tree[name] = xr.DataTree(dataset)
    for name, (labelled, beside) in (pairs or {}).items():
        tree[name] = _filled(labelled, scenarios, beside)
        tree[name].attrs = _pair_attributes(labelled, scenarios[0], beside)
    return tree


def _filled(model: Model, scenarios: Sequence[str], results: Sequence[ScenarioResult]) -> xr.DataTree:
    """A tree of all groups that sum up draws."""
    tree, maker = _named(model, list(scenarios)), _Maker(model, list(scenarios))
    for name in ORDER:
        variables = tree[name].variables
        stacked = np.stack([np.asarray(getattr(each, name), float) for each in results])
        for output, figures in maker.by_output(stacked).items():
            variables[output].values = figures
    sketches, nonfinite = [r.sketch for r in results], [r.nonfinite for r in results]
    tree["sketch"] = xr.DataTree(sketch_group(model, maker.scenario, sketches, nonfinite))
    if results[0].nodes:
        tree["nodes"] = xr.DataTree(maker.nodes([r.nodes for r in results]))
    return tree


def _named(model: Model, scenarios: list[str]) -> xr.DataTree:
    """The groups that have a figure for every cell, without the figures; as it was kept, of one of the last few models."""
    key = _key(model, scenarios)
    known = _named_before.get(key)
    if known is not None:
        found: xr.DataTree = pickle.loads(known)
        return found
    tree = _Maker(model, scenarios).named()
    if key and len(scenarios) * model.cells <= _CELLS_KEPT:
        while len(_named_before) >= _MODELS_KEPT:
            _named_before.pop(next(iter(_named_before), b""), None)
        _named_before[key] = pickle.dumps(tree)
    return tree


def _key(model: Model, scenarios: list[str]) -> bytes:
    """All that names rest on; nothing where a model holds them in something that cannot be pickled."""
    try:
        return pickle.dumps((model.outputs, dict(model.coords), model.coord_attrs, model.extra_coords, scenarios))
    except (TypeError, AttributeError, pickle.PicklingError):
        return b""


def draw_groups(model: Model, scenarios: Sequence[str], kept: KeptDraws) -> dict[str, xr.Dataset]:
    """The groups ``draws`` and ``inputs``, as views of what was kept."""
    return _Maker(model, list(scenarios)).draws(kept)


class _Maker:
    """Datasets of one model and one list of scenarios."""

    def __init__(self, model: Model, scenarios: list[str]) -> None:
        self.model = model
        self.scenario = labels.coordinate("scenario", scenarios)
        self.slices = model.slices()

    def by_output(self, room: np.ndarray) -> dict[str, np.ndarray]:
        """Views of an array [scenarios, …, cells] by output."""
        return {
            output.name: room[..., self.slices[output.name]].reshape(*room.shape[:-1], *self.model.shape(output))
            for output in self.model.outputs
        }

    def cells(self, room: np.ndarray, along: Mapping[str, xr.Variable]) -> xr.Dataset:
        """One variable an output, a view of ``room`` [scenarios, …, cells]; ``along``: coordinates of its further dimensions."""
        views = self.by_output(room)
        leading = ("scenario", *along)
        variables = {
            output.name: xr.Variable((*leading, *output.dims), views[output.name], labels.output_attributes(output))
            for output in self.model.outputs
        }
        return self._dataset(variables, along)

    def named(self) -> xr.DataTree:
        """The groups that have a figure for every cell, with nothing in the place of figures."""
        size = len(self.scenario), self.model.cells
        levels = {"quantile": labels.coordinate("quantile", LEVELS)}
        mean = self.cells(np.zeros(size, np.bool_), {})
        quantile = self.cells(np.zeros((size[0], len(LEVELS), size[1]), np.bool_), levels)
        # Copies of two datasets: to make each anew takes xarray five times as long.
        groups = {name: (quantile if name in PER_QUANTILE else mean).copy(deep=True) for name in ORDER}
        for name, words in (PER_CELL | PER_QUANTILE).items():
            for output in self.model.outputs:
                about = groups[name][output.name].attrs
                about["statistic"] = words
                if "mcse" in name:
                    replicates = name == "mcse" or output.headline
                    about["estimated_from"] = FROM_REPLICATES if replicates else FROM_ORDER_STATISTICS
        return xr.DataTree.from_dict(groups)

    def draws(self, kept: KeptDraws) -> dict[str, xr.Dataset]:
        """See :func:`draw_groups`."""
        by_name = {output.name: output for output in self.model.outputs}
        outputs = {}
        for name, values in kept.outputs.items():
            output = by_name[name]
            shaped = values.reshape(*values.shape[:2], *self.model.shape(output))
            outputs[name] = xr.Variable(("scenario", "draw", *output.dims), shaped, labels.output_attributes(output))
        inputs = {
            name: xr.Variable(
                ("scenario", "draw"), values, labels.input_attributes(name, kept.attributes.get(name, {}))
            )
            for name, values in kept.inputs.items()
        }
        return {
            group: self._dataset(variables, {"draw": labels.coordinate("draw", np.arange(_draws(variables)))})
            for group, variables in (("draws", outputs), ("inputs", inputs))
            if variables
        }

    def nodes(self, nodes: Sequence[Mapping[str, tuple[tuple[str, ...], np.ndarray]]]) -> xr.Dataset:
        """The group ``/nodes``: sums that an extension or a merger starts from."""
        variables = {}
        for name, (dims, _) in nodes[0].items():
            stacked = np.stack([np.asarray(each[name][1]) for each in nodes])
            variables[name] = xr.Variable(("scenario", *dims), stacked, _described(f"{name} of the open nodes"))
        return xr.Dataset(variables, {"scenario": self.scenario})

    def _dataset(self, variables: Mapping[str, xr.Variable], along: Mapping[str, xr.Variable]) -> xr.Dataset:
        dims = {str(dim) for variable in variables.values() for dim in variable.dims}
        return xr.Dataset(variables, {"scenario": self.scenario, **along, **labels.coordinates(self.model, dims)})


def _draws(variables: Mapping[str, xr.Variable]) -> int:
    return int(next(iter(variables.values())).shape[1])


def _described(words: str) -> dict[str, str]:
    return {"units": "1", "long_name": words, "long_name_zh": words, "description": words}


def _pair_attributes(model: Model, base: str, results: Sequence[ScenarioResult]) -> dict[str, Any]:
    headline = [output.name for output in model.outputs]
    return labels.plain({"base": base, "draws": results[0].count, "replicates": REPLICATES, "headline": headline})


def _root_attributes(model: Model, results: Sequence[ScenarioResult], run: Mapping[str, Any]) -> dict[str, Any]:
    own = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "Conventions": "CF-1.11",
        "title": f"{model.name}: distributions of its outputs by scenario",
        "model": model.name,
        "draws": results[0].count,
        "replicates": REPLICATES,
        "headline": [output.name for output in model.outputs if output.headline],
    }
    return labels.plain(own | dict(run))
