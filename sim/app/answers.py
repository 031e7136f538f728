"""The handful of answers that an analyst wants first, read off a result; reads, never runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.app.reading import Named, Reading
from sim.app.rests_on import DRAWS, Driver, Inputs, Sorted, drivers
from sim.sample import LEVELS, REPLICATES, quantiles, standard_error

if TYPE_CHECKING:
    import priors

BUILT_IN = (
    "buyer_purchases_year",
    "market_domestic_share",
    "cloud_revenue_year",
    "market_optical_modules_year",
    "parity_month",
    "first_to_parity",
)
GENERIC_CELLS = 60


@dataclass(frozen=True)
class Figure:
    """One answer: 5 %, 50 % and 95 % with their standard errors, or a chance with its own.

    ``kind`` says how it is written: ``number``, ``share``, ``month`` or ``chance`` (of one value, not three).
    """

    values: tuple[float, ...]
    errors: tuple[float, ...]
    kind: str = "number"


@dataclass(frozen=True)
class Answer:
    """A question and its figures under one scenario.

    Attributes
    ----------
    key: stable name, for JSON.
    title: the question, with the unit.
    rows, columns: labels of the table; a figure may be missing.
    rests_on: the inputs that it moves with most; None where no draws were kept to tell.
    """

    key: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: Mapping[tuple[str, str], Figure]
    rests_on: tuple[Driver, ...] | None = None
    notes: tuple[str, ...] = field(default=())


def first_answers(reading: Reading, book: priors.Book | None = None) -> dict[str, list[Answer]]:
    """The first answers of each scenario of a result; a table of each headline output where there are others.

    ``book`` tells which claims the inputs rest on; without it they are called by their names.
    """
    questions = QUESTIONS if has_built_in(reading.outputs) else _tables(reading.headline or reading.outputs)
    seen = Sorted()
    views = {scenario: View(reading, at, book, seen) for at, scenario in enumerate(reading.scenarios)}
    return {scenario: [question(view) for question in questions] for scenario, view in views.items()}


def has_built_in(outputs: Collection[str]) -> bool:
    """Whether ``outputs`` has all that the questions about the market are answered with."""
    return set(BUILT_IN) <= set(outputs)


class View:
    """One scenario of a result: summaries by name, and kept draws where there are any."""

    def __init__(self, reading: Reading, scenario: int, book: priors.Book | None, seen: Sorted) -> None:
        self.reading, self.scenario, self.book, self._seen = reading, scenario, book, seen
        self.kept = bool(reading.kept)

    def one(self, statistic: str, name: str) -> Named:
        """A statistic of an output."""
        return self.reading.figure(statistic, name, self.scenario)

    def quantiles(self, name: str) -> tuple[Named, Named]:
        """5 %, 50 % and 95 % of an output and their standard errors."""
        return self.one("quantile", name), self.one("mcse_quantile", name)

    def draws(self, name: str) -> np.ndarray:
        """Kept draws of an output, [draws, …]."""
        return self.reading.draws(name, self.scenario)

    def rests_on(self, outcomes: np.ndarray) -> tuple[Driver, ...] | None:
        """What ``outcomes``, [draws, cells], move with; None where no draws were kept."""
        if not self.kept:
            return None
        return drivers(self._inputs, outcomes.reshape(len(outcomes), -1), self.book)

    @cached_property
    def _inputs(self) -> Inputs:
        return Inputs.of(self.reading.inputs(self.scenario, DRAWS), self._seen)


def table(view: View, name: str, row: str, column: str, *, kind: str = "number") -> dict[tuple[str, str], Figure]:
    """Figures of an output by two of its dimensions."""
    values, errors = view.quantiles(name)
    labels = [(str(r), str(c)) for r in values.labels[row] for c in values.labels[column]]
    flat, flat_errors = (found.along(row, column, "quantile").reshape(-1, len(LEVELS)) for found in (values, errors))
    return {label: figure(flat[k], flat_errors[k], kind) for k, label in enumerate(labels)}


def figure(values: np.ndarray, errors: np.ndarray, kind: str = "number") -> Figure:
    """A figure from arrays of equal length."""
    return Figure(tuple(float(x) for x in np.ravel(values)), tuple(float(x) for x in np.ravel(errors)), kind)


def accelerators(view: View) -> Answer:
    """Accelerators bought by buyer and year, all kinds together."""
    figures = table(view, "buyer_purchases_year", "buyer", "year")
    rests = view.rests_on(view.draws("buyer_purchases_year")) if view.kept else None
    return _answer("accelerators_bought", "Accelerators bought, cards a year", figures, rests)


def domestic(view: View) -> Answer:
    """Domestic share of the cards delivered in each year's last quarter within the horizon."""
    values, errors = view.quantiles("market_domestic_share")
    quarters = [str(q) for q in values.labels["quarter"]]
    last = {quarter[:4]: k for k, quarter in enumerate(quarters)}
    at = list(last.values())
    by_quarter, its_errors = (found.along("quarter", "quantile") for found in (values, errors))
    figures = {("market", quarters[k]): figure(by_quarter[k], its_errors[k], "share") for k in at}
    rests = view.rests_on(view.draws("market_domestic_share")[:, at]) if view.kept else None
    return _answer(
        "domestic_share", "Domestic share of accelerators bought, in each year's last quarter", figures, rests
    )


def cloud(view: View) -> Answer:
    """Alibaba Cloud's growth and revenue by year."""
    values, errors = view.quantiles("cloud_revenue_year")
    years = [str(year) for year in values.labels["year"]]
    by_year, its_errors = (found.along("year", "quantile") for found in (values, errors))
    figures = {("revenue, bn RMB", year): figure(by_year[k], its_errors[k]) for k, year in enumerate(years)}
    if not view.kept:
        return _answer("cloud", "Cloud growth and revenue by year", figures, None, ("growth needs kept draws",))
    draws = np.asarray(view.draws("cloud_revenue_year"), dtype=float)
    before = view.reading.input("cloud.revenue_2022", view.scenario)
    whole_years = len(view.one("mean", "market_domestic_share").labels["quarter"]) // 4
    rates = np.diff(np.column_stack([before, draws[:, :whole_years]]), axis=1)
    rates /= np.column_stack([before, draws[:, : whole_years - 1]]) if whole_years else 1.0
    growth = {("growth", year): from_draws(rates[:, k], "share") for k, year in enumerate(years[:whole_years])}
    rests = view.rests_on(np.column_stack([rates, draws]))
    return _answer("cloud", "Cloud growth and revenue by year", growth | figures, rests)


def optics(view: View) -> Answer:
    """Optical modules by speed and year, over all buyers."""
    figures = table(view, "market_optical_modules_year", "speed", "year")
    named = {(f"{row} Gb/s", column): found for (row, column), found in figures.items()}
    rests = view.rests_on(view.draws("market_optical_modules_year")) if view.kept else None
    return _answer("optical_modules", "Optical modules, new ones a year", named, rests)


def race(view: View) -> Answer:
    """Which lab reaches parity with GPT-3.5 first, and when each does."""
    chance, error = view.one("mean", "first_to_parity"), view.one("mcse", "first_to_parity")
    first = {str(lab): (chance.values[k], error.values[k]) for k, lab in enumerate(chance.labels["lab"])}
    values, errors = view.quantiles("parity_month")
    by_lab, its_errors = (found.along("lab", "quantile") for found in (values, errors))
    figures: dict[tuple[str, str], Figure] = {}
    for k, lab in enumerate(str(x) for x in values.labels["lab"]):
        figures[lab, "first"] = Figure((float(first[lab][0]),), (float(first[lab][1]),), "chance")
        figures[lab, "parity"] = figure(by_lab[k], its_errors[k], "month")
    rests = view.rests_on(view.draws("parity_month")) if view.kept else None
    return _answer("parity", "Who reaches parity with GPT-3.5 first, and when", figures, rests)


QUESTIONS: tuple[Callable[[View], Answer], ...] = (accelerators, domestic, cloud, optics, race)


def _tables(outputs: Iterable[str]) -> list[Callable[[View], Answer]]:
    """A table of each headline output of a model of one's own, or of a few outputs of the market; of all if none is."""
    return [partial(_flat, name=name) for name in outputs]


def _flat(view: View, name: str) -> Answer:
    """A table of one output, cell by cell."""
    levels, errors = view.quantiles(name)
    dims = [dim for dim in levels.dims if dim != "quantile"]
    notes: tuple[str, ...] = ()
    flat, flat_errors = (found.along("quantile", *dims).reshape(len(LEVELS), -1) for found in (levels, errors))
    labels = _labels([levels.labels[dim].tolist() for dim in dims])
    if len(labels) > GENERIC_CELLS:
        notes = (f"the first {GENERIC_CELLS} of {len(labels)} cells; suanli show has them all",)
    figures = {
        (label, "value"): figure(flat[:, i], flat_errors[:, i]) for i, label in enumerate(labels[:GENERIC_CELLS])
    }
    title = (levels.long_name or name) + (f", {levels.units}" if levels.units != "1" else "")
    rests = view.rests_on(view.draws(name)) if name in view.reading.kept else None
    return _answer(name, title, figures, rests, notes)


def _labels(axes: Sequence[Sequence[Any]]) -> list[str]:
    labels = [""]
    for axis in axes:
        labels = [f"{label}, {value}" if label else str(value) for label in labels for value in axis]
    return labels


def from_draws(draws: np.ndarray, kind: str) -> Figure:
    """5 %, 50 %, 95 % of draws, with errors from the spread of the replicates (draw d belongs to d mod 16)."""
    values = quantiles(draws, LEVELS)
    whole = len(draws) // REPLICATES * REPLICATES
    if whole < 2 * REPLICATES:
        return figure(values, np.full(len(LEVELS), np.nan), kind)
    replicates = quantiles(draws[:whole].reshape(-1, REPLICATES), LEVELS, axis=0)
    return figure(values, standard_error(replicates, axis=1), kind)


def _answer(
    key: str,
    title: str,
    figures: Mapping[tuple[str, str], Figure],
    rests_on: tuple[Driver, ...] | None,
    notes: tuple[str, ...] = (),
) -> Answer:
    rows = tuple(dict.fromkeys(row for row, _ in figures))
    columns = tuple(dict.fromkeys(column for _, column in figures))
    return Answer(key, title, rows, columns, figures, rests_on, notes)
