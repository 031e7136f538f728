"""What a run hands over to be labelled: plain arrays of one scenario, and the draws kept of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim import reduce

LEVELS = (0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99)


@dataclass(frozen=True)
class Counts:
    """A sparse sketch of many rows, as :class:`sim.reduce.Counts` has it: draws of each row by bin.

    Attributes
    ----------
    row_start: int64[rows + 1]; rows are the cells, then sixteen for each headline cell in the same order.
    key: int32[bins], ascending within a row: bins of :mod:`sim.reduce.bins`.
    count: int64[bins], draws in the bin, at least 1.
    on_edge: bool[cells], whether all values are their bin's smallest magnitude; None for no.
    """

    row_start: np.ndarray
    key: np.ndarray
    count: np.ndarray
    on_edge: np.ndarray | None = None


@dataclass(frozen=True)
class ScenarioResult:
    """The summaries of one scenario; cells in the order of :meth:`sim.model.Model.slices`.

    Attributes
    ----------
    count: draws that the summaries rest on.
    mean, sd, min, max, mcse: float64[cells].
    quantile, mcse_quantile: float64[levels, cells], at :data:`LEVELS`.
    nonfinite: int64[cells], draws that were no finite number.
    sketch: :class:`sim.reduce.Counts`, or anything with the attributes of :class:`Counts`.
    nodes: what an extension or a merger starts from, name -> (dimensions, array); the same shapes in every scenario.
    """

    count: int
    mean: np.ndarray
    sd: np.ndarray
    min: np.ndarray
    max: np.ndarray
    mcse: np.ndarray
    quantile: np.ndarray
    mcse_quantile: np.ndarray
    nonfinite: np.ndarray
    sketch: Counts | reduce.Counts
    nodes: Mapping[str, tuple[tuple[str, ...], np.ndarray]] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptDraws:
    """Draws kept one by one, of all scenarios at once, so that labelling them copies nothing.

    Attributes
    ----------
    outputs: name -> float64[scenarios, draws, cells of the output], C order, or with the output's own shape.
    inputs: name -> float64[scenarios, draws].
    attributes: name of an input -> ``units``, ``long_name``, ``long_name_zh``, ``description``.
    """

    outputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    inputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
