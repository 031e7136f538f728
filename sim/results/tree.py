"""From plain arrays to the labelled DataTree that a run returns: the groups, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from sim.model import Model
from sim.results import labels
from sim.results.parts import KeptDraws, ScenarioResult
from sim.results.sketches import sketch_group
from sim.sample import REPLICATES

FORMAT, FORMAT_VERSION = "suanli result", 1
PER_CELL = {"mean": "mean", "sd": "standard deviation", "min": "minimum", "max": "maximum"}
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
    maker = _Maker(model, list(scenarios))
    groups = {"/": xr.Dataset(attrs=_root_attributes(model, results, run)), **maker.summaries(results)}
    if kept is not None:
        groups |= maker.draws(kept)
    for name, (labelled, beside) in (pairs or {}).items():
        groups[f"/{name}"] = xr.Dataset(attrs=_pair_attributes(labelled, scenarios[0], beside))
        found = _Maker(labelled, list(scenarios)).summaries(beside)
        groups |= {f"/{name}{path}": dataset for path, dataset in found.items()}
    return xr.DataTree.from_dict(groups, name=None)


def draw_groups(model: Model, scenarios: Sequence[str], kept: KeptDraws) -> dict[str, xr.Dataset]:
    """The groups ``/draws`` and ``/inputs`` by their paths."""
    return _Maker(model, list(scenarios)).draws(kept)


class _Maker:
    """Datasets of one model and one list of scenarios."""

    def __init__(self, model: Model, scenarios: list[str]) -> None:
        self.model = model
        self.scenario = labels.coordinate("scenario", scenarios)
        self.slices = model.slices()
        self._coordinates: dict[tuple[frozenset[str], frozenset[str]], xr.Coordinates] = {}

    def summaries(self, results: Sequence[ScenarioResult]) -> dict[str, xr.Dataset]:
        """All groups that sum up draws."""
        groups = {
            f"/{name}": self.cells([getattr(r, name) for r in results], {"statistic": words})
            for name, words in PER_CELL.items()
        }
        levels = labels.coordinate("quantile", results[0].levels)
        groups["/quantile"] = self.cells([r.quantile for r in results], {"statistic": "quantile"}, levels)
        groups["/mcse"] = self.cells([r.mcse for r in results], {"statistic": "Monte Carlo standard error of the mean"})
        groups["/mcse_quantile"] = self.cells([r.mcse_quantile for r in results], {}, levels)
        _mark_errors(self.model, groups["/mcse"], groups["/mcse_quantile"])
        nonfinite = [r.nonfinite for r in results]
        groups["/sketch"] = sketch_group(self.model, self.scenario, [r.sketch for r in results], nonfinite)
        if results[0].nodes:
            groups["/nodes"] = self.nodes([r.nodes for r in results])
        return groups

    def cells(
        self, arrays: Sequence[np.ndarray], attributes: Mapping[str, str], levels: xr.Variable | None = None
    ) -> xr.Dataset:
        """One variable an output from arrays [cells], or [levels, cells] where ``levels`` are given."""
        stacked = np.stack([np.asarray(array, float) for array in arrays])
        leading = ("scenario",) if levels is None else ("scenario", "quantile")
        variables = {}
        for output in self.model.outputs:
            values = stacked[..., self.slices[output.name]].reshape(*stacked.shape[:-1], *self.model.shape(output))
            about = labels.output_attributes(output) | dict(attributes)
            variables[output.name] = xr.Variable((*leading, *output.dims), values, about)
        along = {} if levels is None else {"quantile": levels}
        return self._dataset(variables, along)

    def draws(self, kept: KeptDraws) -> dict[str, xr.Dataset]:
        """The groups ``/draws`` and ``/inputs``, as views of what was kept."""
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
            f"/{group}": self._dataset(variables, {"draw": labels.coordinate("draw", np.arange(_draws(variables)))})
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
        key = frozenset(dims), frozenset(along)
        if key not in self._coordinates:  # made once for all groups alike: 1.7 ms a group, else 0.6
            coordinates = {"scenario": self.scenario, **along, **labels.coordinates(self.model, dims)}
            self._coordinates[key] = xr.Dataset(coords=coordinates).coords
        return xr.Dataset(variables, self._coordinates[key])


def _draws(variables: Mapping[str, xr.Variable]) -> int:
    return int(next(iter(variables.values())).shape[1])


def _described(words: str) -> dict[str, str]:
    return {"units": "1", "long_name": words, "long_name_zh": words, "description": words}


def _mark_errors(model: Model, means: xr.Dataset, quantiles: xr.Dataset) -> None:
    """Say of each error what it was estimated from."""
    for output in model.outputs:
        means[output.name].attrs["estimated_from"] = FROM_REPLICATES
        about = quantiles[output.name].attrs
        about["statistic"] = "Monte Carlo standard error of the quantile"
        about["estimated_from"] = FROM_REPLICATES if output.headline else FROM_ORDER_STATISTICS


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
