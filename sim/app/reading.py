"""What the first answers are read off: named arrays of a labelled result, or of what a run found, without labels.

Both have the same arrays. To import xarray and to label everything takes longer than to run 65,536 draws.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.sample import LEVELS

if TYPE_CHECKING:
    import xarray as xr

    from sim.outcome import Outcome


@dataclass(frozen=True, eq=False)
class Named:
    """An array whose axes have names, and labels along them."""

    values: np.ndarray
    dims: tuple[str, ...]
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)
    units: str = "1"
    long_name: str = ""

    def along(self, *dims: str) -> np.ndarray:
        """The values with their axes in the order of ``dims``."""
        return self.values.transpose([self.dims.index(dim) for dim in dims])


class Reading(Protocol):
    """A result as the first answers ask for it; scenarios by their place."""

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios."""

    @property
    def outputs(self) -> list[str]:
        """Names of the outputs."""

    @property
    def headline(self) -> list[str]:
        """Names of those that the model puts first; none if it has no such."""

    @property
    def kept(self) -> list[str]:
        """Names of the outputs of which draws were kept, with all inputs'."""

    def figure(self, statistic: str, output: str, scenario: int) -> Named:
        """``mean`` or ``mcse`` of an output, float64[…]; ``quantile`` or ``mcse_quantile`` at :data:`~sim.sample.LEVELS`."""

    def draws(self, output: str, scenario: int) -> np.ndarray:
        """Kept draws of an output, [draws, …]."""

    def input(self, name: str, scenario: int) -> np.ndarray:
        """Kept draws of an input, float64[draws]."""

    def inputs(self, scenario: int, draws: int) -> dict[str, np.ndarray]:
        """The first ``draws`` kept draws of all inputs by name, float64."""


class TreeReading:
    """A labelled result, fresh or read back."""

    def __init__(self, tree: xr.DataTree) -> None:
        self._tree = tree
        self._first: dict[int, dict[str, np.ndarray]] = {}

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios."""
        return [str(name) for name in self._tree["mean"].ds["scenario"].values]

    @property
    def outputs(self) -> list[str]:
        """Names of the outputs."""
        return [str(name) for name in self._tree["mean"].ds.data_vars]

    @property
    def headline(self) -> list[str]:
        """Names of those that the model puts first."""
        return [str(name) for name in json.loads(self._tree.attrs["headline"])]

    @property
    def kept(self) -> list[str]:
        """Names of the outputs of which draws were kept."""
        there = {"draws", "inputs"} <= set(self._tree.children)
        return [str(name) for name in self._tree["draws"].ds.data_vars] if there else []

    def figure(self, statistic: str, output: str, scenario: int) -> Named:
        """An output's figure."""
        # Of a whole group xarray would select every variable: 0.2 s of the first answers.
        found = self._tree[statistic].ds[output].isel(scenario=scenario)
        if "quantile" in found.dims:
            found = found.sel(quantile=list(LEVELS))
        dims = tuple(str(dim) for dim in found.dims)
        labels = {dim: found[dim].values for dim in dims}
        told = (str(found.attrs.get("units", "1")), str(found.attrs.get("long_name", "")))
        return Named(found.values, dims, labels, *told)

    def draws(self, output: str, scenario: int) -> np.ndarray:
        """Kept draws of an output."""
        found = self._tree["draws"].ds[output].isel(scenario=scenario)
        return np.asarray(found.transpose("draw", ...).values)

    def input(self, name: str, scenario: int) -> np.ndarray:
        """Kept draws of an input."""
        return np.asarray(self._tree["inputs"].ds.variables[name].isel(scenario=scenario).values, dtype=float)

    def inputs(self, scenario: int, draws: int) -> dict[str, np.ndarray]:
        """The first kept draws of all inputs.

        Read once for all scenarios: a file's chunks hold several, so that one after the other would read each chunk as
        often, 3.7 GB of 0.5 for ten scenarios.
        """
        if draws not in self._first:
            dataset = self._tree["inputs"].ds
            variables: Mapping[Any, xr.Variable] = dataset.variables
            self._first[draws] = {
                str(name): np.asarray(variables[name][:, slice(0, draws)].values, float) for name in dataset.data_vars
            }
        return {name: values[scenario] for name, values in self._first[draws].items()}


class OutcomeReading:
    """What a run found, as it stands."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._quantiles: dict[tuple[str, int], np.ndarray] = {}

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios."""
        return self._outcome.scenarios

    @property
    def outputs(self) -> list[str]:
        """Names of the outputs."""
        return [output.name for output in self._outcome.model.outputs]

    @property
    def headline(self) -> list[str]:
        """Names of those that the model puts first."""
        return [output.name for output in self._outcome.model.outputs if output.headline]

    @property
    def kept(self) -> list[str]:
        """Names of the outputs of which draws were kept."""
        return list(self._outcome.kept.outputs) if self._outcome.kept.draws else []

    def figure(self, statistic: str, output: str, scenario: int) -> Named:
        """An output's figure."""
        model = self._outcome.model
        about = next(each for each in model.outputs if each.name == output)
        dims, shape = about.dims, model.shape(about)
        labels = {dim: np.asarray(list(model.coords[dim])) for dim in dims}
        if statistic.endswith("quantile"):
            dims, shape = ("quantile", *dims), (len(LEVELS), *shape)
            labels["quantile"] = np.asarray(LEVELS)
        values = self._cells(statistic, scenario)[..., model.slices()[output]].reshape(shape)
        return Named(values, dims, labels, about.units, about.long_name)

    def draws(self, output: str, scenario: int) -> np.ndarray:
        """Kept draws of an output."""
        model, (_, room) = self._outcome.model, self._outcome.kept.outputs[output]
        about = next(each for each in model.outputs if each.name == output)
        return room[scenario].reshape(-1, *model.shape(about))

    def input(self, name: str, scenario: int) -> np.ndarray:
        """Kept draws of an input."""
        return self._outcome.kept.columns[self._outcome.laid.rows[scenario][self._outcome.model.inputs.index(name)]]

    def inputs(self, scenario: int, draws: int) -> dict[str, np.ndarray]:
        """The first kept draws of all inputs."""
        rows, columns = self._outcome.laid.rows[scenario], self._outcome.kept.columns[:, :draws]
        return {name: columns[row] for name, row in zip(self._outcome.model.inputs, rows, strict=True)}

    def _cells(self, statistic: str, scenario: int) -> np.ndarray:
        """A statistic of all cells, float64[cells]; of quantiles float64[levels, cells]."""
        summary = self._outcome.summaries[scenario]
        if not statistic.endswith("quantile"):
            return np.asarray(getattr(summary.moments, statistic))
        if (statistic, scenario) not in self._quantiles:
            self._quantiles[statistic, scenario] = getattr(summary, statistic)(np.array(LEVELS)).T
        return self._quantiles[statistic, scenario]
