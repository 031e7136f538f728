"""Hedges under stress: what becomes of answers and conclusions when the expert is surer, or less sure, than the words say.

The same draws serve every width: an input keeps its uniform and takes another quantile, so that shifts are differences of pairs
and their errors small. What a width does to each rule of the hedge table, and why: :mod:`priors.widen`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from priors.records import Change, Records, Scenario
from priors.widen import hedges_in_use, widenings
from sim import sample
from sim.results.syntax import Name, Node
from sim.sample import LEVELS
from sim.study import answers, conclusions, kept, statements
from sim.study.kept import Setup
from sim.study.payoffs import located

if TYPE_CHECKING:
    import xarray as xr

    import priors
    from sim.model import Model

WIDTHS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
ALL, ASSUMED, EVERYTHING = "all hedges", "assumptions", "hedges and assumptions"


def stress(
    book: priors.Book | None = None,
    *,
    scenario: str = "baseline",
    widths: Sequence[float] = WIDTHS,
    hedges: Iterable[str] | None = None,
    outputs: Iterable[str] | None = None,
    concluded: Mapping[str, str] | Iterable[str] | None = None,
    assumptions: bool = False,
    draws: int = 65_536,
    seed: int = 0,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.Dataset:
    """Answers and conclusions as the widths of all hedges are scaled, and as each hedge word alone is.

    Parameters
    ----------
    book: what is believed; the built-in interview unless given.
    scenario: which one.
    widths: factors on the hedges' widths; 1, the book as it is, is added.
    hedges: names of the hedges taken one by one; all in use unless given.
    outputs: answers, as expressions of outputs and inputs, one without labels standing for all its cells; the first
        answers of ``suanli run`` unless given, of a model of one's own all headline outputs.
    concluded: statements such as ``"chance(x > 0.3) >= 0.8"``, perhaps by name; those of
        :mod:`sim.study.conclusions` unless given, of a model of one's own none.
    assumptions: also scale the priors that no claim led to, alone and together with the hedges.
    draws, seed, model, threads: of each run, as of :func:`sim.run`; ``suanli stress`` takes 16,384 draws unless told.
    progress: told the draws done so far, of ``draws`` for each thing that is scaled and once as it is.

    Returns
    -------
    xarray.Dataset
        dims ``hedge`` (what is scaled) and ``width``. By ``answer``: ``mean``, and ``value`` at the quantiles 0.05, 0.5 and
        0.95, with ``_mcse``, and their ``_shift`` against width 1, with ``_shift_mcse`` from the pairs. By ``conclusion``:
        ``verdict`` (1 holds, 0 open within the 95 % interval of its margin, −1 fails), ``left`` and ``right`` side,
        ``margin`` and ``margin_mcse``. By ``input``: ``cut``, the share of a widened prior that its limits cut away.

    Raises
    ------
    ValueError, ExpressionError: for an unknown hedge, scenario or output, a width that is none, a statement that cannot be
        read; the nearest name, and where.
    """
    import priors

    book = priors.load() if book is None else book
    setup = Setup(draws, seed, model, threads, progress)
    model = setup.chosen
    given = conclusions.fitting(model) if concluded is None else concluded
    asked = _Asked(answers.read(outputs, model), conclusions.read(given), setup)
    named = kept.outputs_named(asked.expressions(), model)
    factors = sorted({1.0, *(float(width) for width in widths)})
    groups = _groups(book, hedges, assumptions)
    tree = kept.run(book, [scenario], named, setup)
    base = asked.told(tree)
    cells: dict[tuple[str, float], dict[str, np.ndarray]] = {}
    cuts: dict[tuple[str, float], Mapping[str, float]] = {}
    for k, (name, (words, typed)) in enumerate(groups.items(), 1):
        made = {factor: _widened(book, scenario, factor, words, typed) for factor in factors}
        cuts |= {(name, factor): one.cuts for factor, one in made.items()}
        moved = {f"{name} × {factor:g}": one.changes for factor, one in made.items() if one.changes}
        more = _with(book, scenario, moved)
        told = asked.told(kept.run(more, list(moved), named, setup.after(k * draws))) if moved else {}
        for factor in factors:
            at = list(moved).index(f"{name} × {factor:g}") if made[factor].changes else None
            cells[name, factor] = {key: base[key][0] if at is None else told[key][at] for key in base}
    about = {
        "scenario": scenario,
        "seed": seed,
        "draws": int(tree.attrs["draws"]),
        "book": book.name,
        "book_digest": book.digest,
    }
    return _labelled(cells, cuts, asked, about)


@dataclass(frozen=True)
class _Asked:
    """What is asked of each run."""

    answers: Mapping[str, Node]
    conclusions: Mapping[str, Node]
    setup: Setup

    def expressions(self) -> list[tuple[str, Node]]:
        """All of them with what they are called in messages."""
        said = [(f'output "{text}"', node) for text, node in self.answers.items()]
        return said + [(f'conclusion "{name}"', node) for name, node in self.conclusions.items()]

    def told(self, tree: xr.DataTree) -> dict[str, np.ndarray]:
        """By scenario: mean [a, 17], value [a, 3, 17] and, of each conclusion, verdict, left, right and operator."""
        for what, node in self.expressions():
            located(tree, what, node)
        means, quantiles = [], []
        for node in self.answers.values():
            by_draw = statements.of_draws(tree, node)
            means.append(statements.with_replicates(by_draw, lambda x, axis: x.mean(axis=axis)))
            parts = statements.with_replicates(by_draw, lambda x, axis: sample.quantiles(x, LEVELS, axis))
            quantiles.append(np.moveaxis(parts, 0, 1))
        found = {"mean": np.stack(means, axis=1), "value": np.stack(quantiles, axis=1)}
        judged = [statements.judged(tree, node) for node in self.conclusions.values()]
        for name, more in (("verdict", ()), ("operator", ()), ("left", (17,)), ("right", (17,))):
            empty = np.empty((len(found["mean"]), 0, *more))
            found[name] = np.stack([getattr(each, name) for each in judged], axis=1) if judged else empty
        return found


@dataclass(frozen=True)
class _Widened:
    """What a factor changes under a scenario, and how much of each new prior the limits cut away."""

    changes: Mapping[str, Change]
    cuts: Mapping[str, float]


def _groups(book: priors.Book, hedges: Iterable[str] | None, assumptions: bool) -> dict[str, tuple[list[str], bool]]:
    """What is scaled together: hedges by name, and whether typed priors are."""
    used = hedges_in_use(book)
    alone = used if hedges is None else [hedges] if isinstance(hedges, str) else list(hedges)
    groups = {ALL: (used, False)} if used else {}
    if assumptions:
        groups |= {ASSUMED: ([], True), EVERYTHING: (used, True)}
    if not groups:
        raise ValueError("found no prior that follows from a claim and its hedges; assumptions=True widens the others")
    return groups | {name: ([name], False) for name in alone}


def _widened(book: priors.Book, scenario: str, factor: float, words: list[str], typed: bool) -> _Widened:
    found = widenings(book, factor, words, assumptions=typed)
    quantities = {n: replace(q, prior=found[n].prior) if n in found else q for n, q in book.quantities.items()}
    before = book.resolve(scenario)
    after = replace(book, quantities=Records(quantities, "quantity")).resolve(scenario)
    changes = {name: Change("prior", after[name]) for name in found if after[name].spec() != before[name].spec()}
    return _Widened(changes, {name: found[name].cut for name in changes})


def _with(book: priors.Book, scenario: str, moved: Mapping[str, Mapping[str, Change]]) -> priors.Book:
    """The book with a scenario more for each set of changes."""
    more = {name: Scenario(name, Records(changes, "change"), extends=scenario) for name, changes in moved.items()}
    return replace(book, scenarios=Records({**book.scenarios, **more}, "scenario"))


def _labelled(
    cells: Mapping[tuple[str, float], Mapping[str, np.ndarray]],
    cuts: Mapping[tuple[str, float], Mapping[str, float]],
    asked: _Asked,
    about: Mapping[str, Any],
) -> xr.Dataset:
    import xarray as xr

    names, factors = (list(dict.fromkeys(part)) for part in zip(*cells, strict=True))
    shape = (len(names), len(factors))
    whole = {
        key: np.stack([cells[at][key] for at in cells]).reshape(*shape, *value.shape)
        for key, value in next(iter(cells.values())).items()
    }
    whole["margin"] = np.where(whole["operator"][..., None] > 0, 1, -1) * (whole["left"] - whole["right"])
    variables: dict[str, Any] = {}
    for name, dims in (("mean", ("answer",)), ("value", ("answer", "quantile"))):
        shift = whole[name] - whole[name][:, [factors.index(1.0)]]
        for key, values in ((name, whole[name]), (f"{name}_shift", shift)):
            variables[key] = (("hedge", "width", *dims), values[..., 0])
            variables[f"{key}_mcse"] = (("hedge", "width", *dims), statements.spread(values))
    for name in ("left", "right", "margin"):
        variables[name] = (("hedge", "width", "conclusion"), whole[name][..., 0], {"units": "1"})
        variables[f"{name}_mcse"] = (("hedge", "width", "conclusion"), statements.spread(whole[name]), {"units": "1"})
    variables["verdict"] = (("hedge", "width", "conclusion"), whole["verdict"].astype(np.int8), {"units": "1"})
    inputs = sorted({name for each in cuts.values() for name in each})
    shares = [[cuts[at].get(name, 0.0) for name in inputs] for at in cells]
    variables["cut"] = (("hedge", "width", "input"), np.reshape(shares, (*shape, len(inputs))), {"units": "1"})
    coords = {
        "hedge": names,
        "width": ("width", factors, {"units": "1", "long_name": "factor on the widths"}),
        "answer": list(asked.answers),
        "quantile": list(LEVELS),
        "conclusion": list(asked.conclusions),
        "input": inputs,
        "units": ("answer", [_units(node, asked.setup) for node in asked.answers.values()]),
    }
    return xr.Dataset(variables, coords, dict(about))


def _units(node: Node, setup: Setup) -> str:
    """The unit of an answer that is an output; of an expression none is known."""
    units = {output.name: output.units for output in setup.chosen.outputs}
    return units.get(node.name, "") if isinstance(node, Name) else ""
