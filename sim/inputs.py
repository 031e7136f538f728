"""From a book and its scenarios to the dense plan that the tiles follow; done once a run.

A *deck* is all that a run needs to know of a book: each input's stream, its distribution in each scenario, and the
correlated blocks. It travels in the result's attributes, so a file can be run again without the book's folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import priors
from priors import correlate
from priors.problems import nearest
from sim.draw import Block, Column
from sim.model import Model

if TYPE_CHECKING:
    from priors.families import Distribution


@dataclass(frozen=True)
class Deck:
    """What a run knows of a book.

    Attributes
    ----------
    streams: stream number of each input, by name.
    priors: distribution of each input, by scenario and name.
    labels: attributes of each input's variable: units, labels, basis and claims.
    correlations: (name, name, Spearman's rank correlation), each pair once.
    """

    streams: Mapping[str, int]
    priors: Mapping[str, Mapping[str, Distribution]]
    labels: Mapping[str, Mapping[str, str]]
    correlations: tuple[tuple[str, str, float], ...] = ()

    def to_json(self) -> str:
        """The deck as JSON: the first scenario whole, the others by what differs from it; order fixed, no white space."""
        names = list(self.priors)
        base = {name: prior.spec() for name, prior in self.priors[names[0]].items()}
        changed = {
            scenario: {name: p.spec() for name, p in self.priors[scenario].items() if p.spec() != base[name]}
            for scenario in names
        }
        content = {
            "streams": dict(self.streams),
            "base": base,
            "scenarios": changed,
            "labels": {name: dict(label) for name, label in self.labels.items()},
            "correlations": self.correlations,
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Deck:
        """The deck that :meth:`to_json` wrote."""
        content = json.loads(text)
        priors_by_scenario = {
            scenario: {name: priors.make(changes.get(name, spec)) for name, spec in content["base"].items()}
            for scenario, changes in content["scenarios"].items()
        }
        correlations = tuple((a, b, float(rho)) for a, b, rho in content["correlations"])
        return cls(content["streams"], priors_by_scenario, content["labels"], correlations)


def deck(book: priors.Book, scenarios: Sequence[str], model: Model) -> Deck:
    """The part of ``book`` that ``model`` reads under ``scenarios``.

    Raises
    ------
    ValueError: if a scenario or an input of the model is not in the book; says the nearest name there is.
    """
    for scenario in scenarios:
        _require(scenario, book.scenarios, "scenario", f"book {book.name!r}")
    for name in model.inputs:
        _require(name, book.quantities, "quantity", f"book {book.name!r}, which the model reads")
    pairs = tuple(book.pairs())
    wanted = set(model.inputs)
    for block in correlate.blocks((a, b) for a, b, _ in pairs):
        if not wanted.isdisjoint(block):  # a block is factored whole
            wanted.update(block)
    names = [name for name in book.quantities if name in wanted]
    resolved = {scenario: book.resolve(scenario) for scenario in scenarios}
    return Deck(
        {name: book.quantities[name].stream for name in names},
        {scenario: {name: resolved[scenario][name] for name in names} for scenario in scenarios},
        {name: _label(book.quantities[name]) for name in names},
        tuple(pair for pair in pairs if pair[0] in wanted),
    )


def _label(quantity: priors.Quantity) -> dict[str, str]:
    label = {"units": quantity.unit, "long_name": quantity.label, "long_name_zh": quantity.label_zh}
    return label | {"basis": quantity.basis, "claims": " ".join(quantity.claims)}


def _require(name: str, known: Mapping[str, Any], kind: str, where: str) -> None:
    """Refuse ``name`` unless it is among ``known``, with the nearest name that is."""
    if name not in known:
        raise ValueError(f'{kind} "{name}" is not in the {where}{nearest(name, known)}')


@dataclass(frozen=True)
class Dense:
    """The plan of a batch: distinct columns, and which of them each scenario's inputs are.

    Attributes
    ----------
    columns: distinct random columns of the whole batch, shared by all scenarios that do not touch them.
    rows: int64[scenarios, inputs], the column of each of the model's inputs.
    blocks: correlated blocks of streams.
    """

    columns: tuple[Column, ...]
    rows: np.ndarray
    blocks: tuple[Block, ...]


def dense(deck: Deck, model: Model) -> Dense:
    """Lay the deck out for ``model``: each distinct (stream, distribution) drawn once for all scenarios."""
    found: dict[Any, int] = {}
    columns: list[Column] = []
    rows = np.empty((len(deck.priors), len(model.inputs)), np.int64)
    for s, resolved in enumerate(deck.priors.values()):
        for j, name in enumerate(model.inputs):
            its = column(deck.streams[name], resolved[name])
            # Constants have no stream: each input has its own, so that one scenario's columns are its inputs in order.
            key = (its.stream or name, its.shape, its.loc, its.scale)
            if key not in found:
                found[key] = len(columns)
                columns.append(its)
            rows[s, j] = found[key]
    return Dense(tuple(columns), rows, _blocks(deck))


def column(stream: int, prior: Distribution) -> Column:
    """The column of a quantity with this prior; one that is a point has no stream."""
    low, high = prior.support
    if low == high:
        return Column(0, None, float(low), 1.0)
    shape, loc, scale = prior.standard()
    return Column(stream, shape, float(loc), float(scale))


def _blocks(deck: Deck) -> tuple[Block, ...]:
    rho = {frozenset((a, b)): value for a, b, value in deck.correlations}
    found = []
    for block in correlate.blocks((a, b) for a, b, _ in deck.correlations):
        names = sorted(block, key=deck.streams.__getitem__)
        found.append(Block(tuple(deck.streams[name] for name in names), correlate.matrix(names, rho)))
    return tuple(found)
