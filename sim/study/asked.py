"""What a sensitivity study was asked, resolved and checked: deck of one scenario, model, outputs, players."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from priors import correlate
from sim import market
from sim.inputs import Deck, deck
from sim.model import Model, Output
from sim.results.names import nearest
from sim.study.groups import players

if TYPE_CHECKING:
    import priors


@dataclass(frozen=True)
class Asked:
    """A question that can be run.

    Attributes
    ----------
    deck: of the only scenario.
    model: what is run.
    outputs: those asked about, in the model's order.
    groups: names of inputs by player.
    """

    deck: Deck
    model: Model
    outputs: tuple[Output, ...]
    groups: Mapping[str, Sequence[str]]

    @property
    def cells(self) -> np.ndarray:
        """Cells of the outputs, int64[cells], output after output."""
        where = self.model.slices()
        return np.concatenate([np.arange(where[o.name].start, where[o.name].stop) for o in self.outputs])

    @property
    def members(self) -> list[list[int]]:
        """Inputs of each player, rows of the model."""
        row = {name: i for i, name in enumerate(self.model.inputs)}
        return [[row[name] for name in names] for names in self.groups.values()]


def asked(
    beliefs: priors.Book | xr.DataTree, scenario: str, outputs: Sequence[str], model: Model | None, by: str
) -> Asked:
    """Resolve a question; arguments as of :func:`sim.study.sensitivity.sensitivity`.

    Raises
    ------
    ValueError: for a scenario, an output or a grouping that is not there, with the nearest that is; where nothing that
        the outputs read varies.
    """
    if isinstance(beliefs, xr.DataTree):
        model = model_of(beliefs.attrs, model)
        plan = only(Deck.from_json(beliefs.attrs["deck"]), scenario)
    else:
        model = market.model() if model is None else model
        plan = deck(beliefs, [scenario], model)
    chosen = chosen_outputs(model, outputs)
    names = moving(plan, model, chosen)
    if not names:
        raise ValueError(
            f'nothing that {chosen[0].name} reads varies under scenario "{scenario}"; there is nothing to split'
        )
    return Asked(plan, model, chosen, players(by, names, plan.labels))


def model_of(attributes: Mapping[Any, Any], model: Model | None) -> Model:
    """The model that a result came from: the one given, or the built-in market as its attributes tell it.

    Raises
    ------
    ValueError: for the result of a model of one's own, which no file can carry, unless it is given.
    """
    if model is not None:
        return model
    if attributes.get("model") != market.model().name:
        raise ValueError(
            f"the result came from the model {attributes.get('model')!r}; give it as model= in Python; "
            "commands run the built-in model alone"
        )
    return market.model(*json.loads(attributes["model_arguments"]))


def only(plan: Deck, scenario: str) -> Deck:
    """The deck of one scenario.

    Raises
    ------
    ValueError: if it is not there, with the nearest that is.
    """
    if scenario not in plan.priors:
        raise ValueError(f"{nearest('scenario', scenario, plan.priors)} (in the result)")
    return replace(plan, priors={scenario: plan.priors[scenario]})


def chosen_outputs(model: Model, names: Sequence[str]) -> tuple[Output, ...]:
    """The outputs named, or the headline ones, in the model's order.

    Raises
    ------
    ValueError: for a name that the model lacks, with the nearest it has.
    """
    known = {output.name: output for output in model.outputs}
    for name in names:
        if name not in known:
            raise ValueError(nearest("output", name, known))
    headline = [output.name for output in model.outputs if output.headline]
    wanted = set(names or headline or known)
    return tuple(output for output in model.outputs if output.name in wanted)


def moving(plan: Deck, model: Model, outputs: Sequence[Output]) -> list[str]:
    """Inputs that vary and that some output reads, or that are correlated with one of those; in the model's order."""
    (resolved,) = plan.priors.values()
    varying = {name for name in model.inputs if resolved[name].support[0] < resolved[name].support[1]}
    found = {name for output in outputs for name in model.reads.get(output.name, model.inputs)} & varying
    for block in correlate.blocks((a, b) for a, b, _ in plan.correlations):
        if found.intersection(block):
            found |= varying.intersection(block)
    return [name for name in model.inputs if name in found]
