"""The stated claims against one another, each against its own prior, and against what the model makes of them.

The first two need no run (:mod:`priors.coherence`); the last holds up what the book's relations say of inputs and outputs. A
number of the model agrees with a stated one where that lies between its 5 % and 95 % quantiles, or, of a bound, where the bound
holds in every draw; a condition agrees where its chance is not below the one asked for by more than its 95 % interval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from priors.coherence import AGREES, DIFFERS, Coherence, check_coherence
from priors.figures import figure
from priors.records import Relation
from sim import sample
from sim.results import expression
from sim.results.chance import T_15
from sim.results.errors import ExpressionError
from sim.results.syntax import Node, names
from sim.sample import LEVELS
from sim.study import kept, statements
from sim.study.kept import Setup
from sim.study.payoffs import located

if TYPE_CHECKING:
    import xarray as xr

    import priors
    from sim.model import Model

TAIL = "in the tail"


@dataclass
class _Row:
    """One relation: numbers are NaN and words empty where it does not speak of them."""

    relation: Relation
    words: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)


def check(
    book: priors.Book | None = None,
    *,
    scenario: str = "baseline",
    run: bool = True,
    draws: int = 65_536,
    seed: int = 0,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.Dataset:
    """How coherent the claims of a book are.

    Parameters
    ----------
    book: the built-in interview unless given.
    scenario: under which the model is run.
    run: whether to hold the claims against the model too, or only against one another and their priors.
    draws, seed, model, threads, progress: of the run, as of :func:`sim.run`; every draw is kept.

    Returns
    -------
    xarray.Dataset
        by ``relation``: ``stated``, ``follows`` and ``gap`` = stated − follows, with ``verdict``; of the model, ``model`` at
        its ``quantile`` 0.05, 0.5, 0.95, ``percentile`` of the stated value in it, ``chance`` of a bound or a condition with
        ``chance_mcse`` and ``chance_asked``, and ``model_verdict``. By ``quantity`` that follows from a claim: ``said``,
        ``prior_percentile`` of it in the quantity's own prior, ``mode`` and ``flag``.

    Raises
    ------
    ExpressionError: for what a relation says of the model and cannot be read, or is not there: where, and the nearest name.
    ValueError: for an unknown scenario.
    """
    import priors

    book = priors.load() if book is None else book
    coherence = check_coherence(book)
    rows = {relation.name: _Row(relation) for relation in book.relations.values()}
    for tie in coherence.ties:
        row = rows[tie.relation.name]
        row.numbers |= {"stated": tie.stated, "follows": tie.follows, "gap": tie.gap}
        row.words["verdict"] = tie.verdict
    about: dict[str, Any] = {"book": book.name, "book_digest": book.digest}
    if run:
        done = _of_model(rows, book, scenario, Setup(draws, seed, model, threads, progress))
        about |= {"scenario": scenario, "seed": seed, "draws": done}
    return _labelled(list(rows.values()), coherence, about)


def _of_model(rows: Mapping[str, _Row], book: priors.Book, scenario: str, setup: Setup) -> int:
    """Fill in what the model makes of each relation that speaks of it; returns how many draws it took."""
    said = _read(rows, setup)
    if not said:
        return 0
    tree = kept.run(book, [scenario], kept.outputs_named(said, setup.chosen), setup)
    for what, node in said:
        located(tree, what, node)
    nodes = dict(said)
    for row in rows.values():
        model, holds = (nodes.get(_what(row.relation, key)) for key in ("model", "holds"))
        if model is not None:
            _number(row, statements.of_draws(tree, model), figure(row.relation.stated, book.claims).stated)
        if holds is not None:
            _condition(row, statements.of_draws(tree, holds))
    return int(tree.attrs["draws"])


def _what(relation: Relation, key: str) -> str:
    return f"relation {relation.name}.{key}"


def _read(rows: Mapping[str, _Row], setup: Setup) -> list[tuple[str, Node]]:
    """What the relations say of the model; of a model of one's own, as far as it has the names."""
    model = setup.chosen
    known = {output.name for output in model.outputs} | set(model.inputs)
    found = []
    for row in rows.values():
        for key, read in (("model", expression.number), ("holds", expression.condition)):
            text = getattr(row.relation, key)
            if not text:
                continue
            what = _what(row.relation, key)
            try:
                node = read(text)
            except ExpressionError as error:
                raise ExpressionError(f"{what}: {error}") from None
            if setup.model_is_built_in or {name.name for name in names(node)} <= known:
                found.append((what, node))
    return found


def _number(row: _Row, by_draw: np.ndarray, stated: float) -> None:
    """A number of the model against the stated one."""
    values = by_draw[0]
    sign = row.relation.sign
    for level, value in zip(LEVELS, sample.quantiles(values, LEVELS), strict=True):
        row.numbers[f"model_{level:g}"] = float(value)
    percentile = float((values < stated).mean() + 0.5 * (values == stated).mean())
    row.numbers |= {"stated": stated, "percentile": percentile}
    if sign == "=":
        row.words["model_verdict"] = AGREES if LEVELS[0] <= percentile <= LEVELS[-1] else TAIL
        return
    # Outcomes in single precision may fall short of a bound by their last digit.
    slack = 1e-6 * abs(stated)
    holds = by_draw >= stated - slack if sign == "<=" else by_draw <= stated + slack
    _chance(row, holds.astype(float), 1.0)
    row.words["model_verdict"] = AGREES if holds.all() else DIFFERS


def _condition(row: _Row, by_draw: np.ndarray) -> None:
    if "chance" not in row.numbers:
        _chance(row, by_draw, row.relation.chance)
        return
    first = row.words["model_verdict"]  # a bound and a condition: both must agree
    _chance(row, by_draw, row.relation.chance)
    row.words["model_verdict"] = first if first == DIFFERS else row.words["model_verdict"]


def _chance(row: _Row, holds: np.ndarray, asked: float) -> None:
    parts = statements.with_replicates(holds, lambda x, axis: x.mean(axis=axis))[0]
    chance, error = float(parts[0]), float(statements.spread(parts))
    row.numbers |= {"chance": chance, "chance_mcse": error, "chance_asked": asked}
    row.words["model_verdict"] = AGREES if chance + T_15 * error >= asked else DIFFERS


_NUMBERS = ("stated", "follows", "gap", "percentile", "chance", "chance_mcse", "chance_asked")


def _labelled(rows: list[_Row], coherence: Coherence, about: dict[str, Any]) -> xr.Dataset:
    import xarray as xr

    plain = {"units": "1"}
    found: dict[str, Any] = {
        name: ("relation", [row.numbers.get(name, np.nan) for row in rows], plain) for name in _NUMBERS
    }
    quantiles = [[row.numbers.get(f"model_{level:g}", np.nan) for level in LEVELS] for row in rows]
    found["model"] = (("relation", "quantile"), np.reshape(quantiles, (len(rows), len(LEVELS))), plain)
    for name in ("verdict", "model_verdict"):
        found[name] = ("relation", np.array([row.words.get(name, "") for row in rows], dtype=str))
    for name in ("text", "sign", "comment"):
        found[name] = ("relation", np.array([getattr(row.relation, name) for row in rows], dtype=str))
    found["claims"] = ("relation", np.array([", ".join(row.relation.claims) for row in rows], dtype=str))
    places = coherence.places
    found["said"] = ("quantity", [place.stated for place in places])
    found["prior_percentile"] = ("quantity", [place.percentile for place in places], plain)
    found["mode"] = ("quantity", [place.mode for place in places])
    found["flag"] = ("quantity", np.array([place.flag for place in places], dtype=str))
    coords = {
        "relation": np.array([row.relation.name for row in rows], dtype=str),
        "quantile": list(LEVELS),
        "quantity": np.array([place.quantity.name for place in places], dtype=str),
        "units": ("quantity", np.array([place.quantity.unit for place in places], dtype=str)),
        "derived_from": ("quantity", np.array([place.quantity.derived_from for place in places], dtype=str)),
    }
    return xr.Dataset(found, coords, about)
