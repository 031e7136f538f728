"""What a batch came to, and the one way from there to a labelled tree."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim import pairs, reduce, tiles
from sim.inputs import Deck, Dense
from sim.model import Model
from sim.settings import NonfiniteDraws

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a batch came to, before names are put on it.

    Attributes
    ----------
    plan, model, laid: what was run: priors by scenario, model, and where each input was drawn.
    draws: of each scenario.
    found: summaries, one a scenario, of each of the engine's families.
    kept: the draws kept one by one.
    attributes: of the result.
    labelled: the same under its names already, where it was written on the way; :attr:`kept` has no draws then.
    """

    plan: Deck
    model: Model
    laid: Dense
    draws: int
    found: Sequence[Sequence[reduce.Summary]]
    kept: tiles.Kept
    attributes: Mapping[str, Any]
    labelled: xr.DataTree | None = None

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios."""
        return list(self.plan.priors)

    @property
    def summaries(self) -> Sequence[reduce.Summary]:
        """Of the model's outputs, one a scenario."""
        return self.found[0]

    def tree(self) -> xr.DataTree:
        """All of it, labelled."""
        if self.labelled is not None:
            return self.labelled
        model, scenarios, (summaries, *beside) = self.model, self.scenarios, self.found
        named = [(model, summaries)]
        named += [
            (pairs.labelled(model, kind, scenarios[0]), each) for kind, each in zip(pairs.KINDS, beside, strict=False)
        ]
        drawn = (self.kept, self.laid, self.plan)
        tree: xr.DataTree = labelling().tree_of(scenarios, self.draws, named, self.attributes, drawn)
        return tree


def labelling() -> ModuleType:
    """What puts names on figures. It takes 0.6 s to import xarray, which may as well pass while the first tiles run."""
    return import_module("sim.labelling")


def tell_nonfinite(model: Model, summaries: Sequence[reduce.Summary]) -> None:
    """Warn, an output a line, of values that were no finite number."""
    for name, cells in model.slices().items():
        count = sum(int(summary.moments.nonfinite[cells].sum()) for summary in summaries)
        if count:
            message = (
                f"output {name!r}: {count:,} values are not finite numbers; they are counted and in no other figure"
            )
            warnings.warn(message, NonfiniteDraws, stacklevel=6)
