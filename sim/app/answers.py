"""The handful of answers that an analyst wants first, read off a result; reads, never runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.app.rests_on import Driver, Inputs, Scored, drivers

if TYPE_CHECKING:
    import xarray as xr

    import priors

LEVELS = (0.05, 0.5, 0.95)
REPLICATES = 16
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


def first_answers(tree: xr.DataTree, book: priors.Book | None = None) -> dict[str, list[Answer]]:
    """The first answers of each scenario of ``tree``; a table of each headline output where there are others.

    ``book`` tells which claims the inputs rest on; without it they are called by their names.
    """
    found, scored = {}, Scored(tree)
    for scenario in tree["mean"].ds["scenario"].values.tolist():
        view = View(tree, scenario, book, scored)
        found[scenario] = [question(view) for question in QUESTIONS] if has_built_in(tree) else generic(view)
    return found


def has_built_in(tree: xr.DataTree) -> bool:
    """Whether ``tree`` has all that the questions about the market are answered with."""
    return all(name in tree["mean"].ds for name in BUILT_IN)


class View:
    """One scenario of a result: summaries by name, and kept draws where there are any."""

    def __init__(self, tree: xr.DataTree, scenario: str, book: priors.Book | None, scored: Scored) -> None:
        self.tree, self.scenario, self.book, self._scored = tree, scenario, book, scored
        self.kept = "draws" in tree.children and "inputs" in tree.children

    def one(self, group: str, name: str) -> xr.DataArray:
        """One variable of a group of the result under this scenario.

        Of a whole group xarray would select every variable: 0.2 s of the first answers.
        """
        dataset = self.tree[group].ds
        return dataset[name].isel(scenario=self._at)

    def quantiles(self, name: str) -> tuple[xr.DataArray, xr.DataArray]:
        """5 %, 50 % and 95 % of an output and their standard errors."""
        return tuple(self.one(g, name).sel(quantile=list(LEVELS)) for g in ("quantile", "mcse_quantile"))  # type: ignore[return-value]

    def draws(self, name: str) -> np.ndarray:
        """Kept draws of an output, float64[draws, …]."""
        return np.asarray(self.one("draws", name).transpose("draw", ...).values, dtype=float)

    def rests_on(self, outcomes: np.ndarray) -> tuple[Driver, ...] | None:
        """What ``outcomes``, float64[draws, cells], move with; None where no draws were kept."""
        if not self.kept:
            return None
        return drivers(self._inputs, outcomes.reshape(len(outcomes), -1), self.book)

    @cached_property
    def _at(self) -> int:
        return self.tree["mean"].ds["scenario"].values.tolist().index(self.scenario)

    @cached_property
    def _inputs(self) -> Inputs:
        return self._scored.of(self._at)


def table(view: View, name: str, row: str, column: str, *, kind: str = "number") -> dict[tuple[str, str], Figure]:
    """Figures of an output by two of its dimensions."""
    values, errors = (found.transpose(row, column, "quantile") for found in view.quantiles(name))
    labels = [(str(r), str(c)) for r in values[row].values for c in values[column].values]
    flat, flat_errors = (found.values.reshape(-1, len(LEVELS)) for found in (values, errors))
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
    quarters = [str(q) for q in values["quarter"].values]
    last = {quarter[:4]: quarter for quarter in quarters}
    figures = {
        ("market", quarter): figure(values.sel(quarter=quarter).values, errors.sel(quarter=quarter).values, "share")
        for quarter in last.values()
    }
    at = [quarters.index(quarter) for quarter in last.values()]
    rests = view.rests_on(view.draws("market_domestic_share")[:, at]) if view.kept else None
    return _answer(
        "domestic_share", "Domestic share of accelerators bought, in each year's last quarter", figures, rests
    )


def cloud(view: View) -> Answer:
    """Alibaba Cloud's growth and revenue by year."""
    values, errors = view.quantiles("cloud_revenue_year")
    years = [str(year) for year in values["year"].values]
    figures = {
        ("revenue, bn RMB", year): figure(values.isel(year=k).values, errors.isel(year=k).values)
        for k, year in enumerate(years)
    }
    if not view.kept:
        return _answer("cloud", "Cloud growth and revenue by year", figures, None, ("growth needs kept draws",))
    draws = view.draws("cloud_revenue_year")
    before = np.asarray(view.one("inputs", "cloud.revenue_2022").values, dtype=float)
    whole_years = view.tree["mean"].ds.sizes["quarter"] // 4
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
    values, errors = view.quantiles("parity_month")
    figures: dict[tuple[str, str], Figure] = {}
    for lab in (str(x) for x in values["lab"].values):
        figures[lab, "first"] = Figure((float(chance.sel(lab=lab)),), (float(error.sel(lab=lab)),), "chance")
        figures[lab, "parity"] = figure(values.sel(lab=lab).values, errors.sel(lab=lab).values, "month")
    rests = view.rests_on(view.draws("parity_month")) if view.kept else None
    return _answer("parity", "Who reaches parity with GPT-3.5 first, and when", figures, rests)


QUESTIONS: tuple[Callable[[View], Answer], ...] = (accelerators, domestic, cloud, optics, race)


def generic(view: View) -> list[Answer]:
    """A table of each headline output of a model of one's own, or of a few outputs of the market; of all if none is."""
    names = json.loads(view.tree.attrs["headline"]) or [str(name) for name in view.tree["mean"].ds.data_vars]
    return [_flat(view, name) for name in names]


def _flat(view: View, name: str) -> Answer:
    levels, errors = view.quantiles(name)
    dims = [str(dim) for dim in levels.dims if dim != "quantile"]
    notes: tuple[str, ...] = ()
    flat = levels.transpose("quantile", *dims).values.reshape(len(LEVELS), -1)
    flat_errors = errors.transpose("quantile", *dims).values.reshape(len(LEVELS), -1)
    labels = _labels([levels[dim].values.tolist() for dim in dims])
    if len(labels) > GENERIC_CELLS:
        notes = (f"the first {GENERIC_CELLS} of {len(labels)} cells; suanli show has them all",)
    figures = {
        (label, "value"): figure(flat[:, i], flat_errors[:, i]) for i, label in enumerate(labels[:GENERIC_CELLS])
    }
    unit = str(levels.attrs.get("units", "1"))
    title = str(levels.attrs.get("long_name") or name) + (f", {unit}" if unit != "1" else "")
    rests = view.rests_on(view.draws(name)) if view.kept and name in view.tree["draws"].ds else None
    return _answer(name, title, figures, rests, notes)


def _labels(axes: Sequence[Sequence[Any]]) -> list[str]:
    labels = [""]
    for axis in axes:
        labels = [f"{label}, {value}" if label else str(value) for label in labels for value in axis]
    return labels


def from_draws(draws: np.ndarray, kind: str) -> Figure:
    """5 %, 50 %, 95 % of draws, with errors from the spread of the replicates (draw d belongs to d mod 16)."""
    values = np.quantile(draws, LEVELS)
    whole = len(draws) // REPLICATES * REPLICATES
    if whole < 2 * REPLICATES:
        return figure(values, np.full(len(LEVELS), np.nan), kind)
    replicates = np.quantile(draws[:whole].reshape(-1, REPLICATES), LEVELS, axis=0)
    return figure(values, replicates.std(axis=1, ddof=1) / np.sqrt(REPLICATES), kind)


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
