"""What a report is made from: a result, the book that it rests on as far as that is at hand, and the language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.app.answers import Answer, first_answers, has_built_in
from sim.app.reading import TreeReading
from sim.app.report.language import Language
from sim.app.report.narrow import Narrow
from sim.results.plot import words

if TYPE_CHECKING:
    import xarray as xr

    import priors

TIME = ("quarter", "year")
KEY_OUTPUTS = ("market_domestic_share", "market_spend_year", "cloud_revenue_year", "market_optical_modules_year")
KEY_LABELS = {"speed": "400"}
MOST_KEYS = 4


@dataclass(frozen=True)
class Key:
    """A cell of an output that the report follows through: its labels as the file has them."""

    output: str
    at: dict[str, Any]

    @property
    def words(self) -> str:
        """As an expression has it, ``market_domestic_share[2024Q4]``."""
        return self.output + (f"[{', '.join(map(str, self.at.values()))}]" if self.at else "")


@dataclass(frozen=True, eq=False)
class Source:
    """A result and what is known of it.

    Attributes
    ----------
    tree: the result.
    book: what tells claims, hedges and reasons.
    file: name of the result's file; of its folders nothing is told.
    book_file: the book as the command line named it, empty for the built-in one.
    say: the language.
    """

    tree: xr.DataTree
    book: priors.Book
    file: str
    book_file: str
    say: Language

    @cached_property
    def scenarios(self) -> list[str]:
        """Names in the order of the file; the first is the base that others are compared with."""
        return [str(name) for name in self.tree["mean"].ds["scenario"].values]

    @cached_property
    def narrow(self) -> Narrow:
        """Small trees of the result, for pictures."""
        known = [self.book.scenarios.get(name) for name in self.scenarios]
        plain = [name.replace("_", " ") for name in self.scenarios]
        english = [(each is not None and each.label) or name for each, name in zip(known, plain, strict=True)]
        chinese = [(each is not None and each.label_zh) or label for each, label in zip(known, english, strict=True)]
        return Narrow(self.tree, {"scenario_label": english, "scenario_zh": chinese})

    @cached_property
    def deck(self) -> dict[str, Any]:
        """Inputs as the run had them; empty where the file does not say."""
        found: dict[str, Any] = json.loads(self.tree.attrs.get("deck", "{}"))
        return found

    @cached_property
    def definitions(self) -> dict[str, Any]:
        """Scenarios as the run had them."""
        found: dict[str, Any] = json.loads(self.tree.attrs.get("scenario_definitions", "{}"))
        return found

    @property
    def kept(self) -> int:
        """How many draws of each scenario the file has, one by one."""
        there = "draws" in self.tree.children and "inputs" in self.tree.children
        return int(self.tree["draws"].sizes["draw"]) if there else 0

    @property
    def built_in(self) -> bool:
        """Whether the outputs are those of the built-in market."""
        return has_built_in(TreeReading(self.tree).outputs)

    @cached_property
    def answers(self) -> dict[str, list[Answer]]:
        """The first answers of each scenario."""
        return first_answers(TreeReading(self.tree), self.book)

    @cached_property
    def _chances(self) -> dict[tuple[str, str], xr.DataArray]:
        return {}

    def chance(self, expression: str, quarter: str) -> xr.DataArray:
        """Chance that ``expression`` holds in a quarter, by scenario; asked of the sketches once for all of them."""
        if (expression, quarter) not in self._chances:
            tree = self.narrow.of(expression.split()[0], sketch=True, replicates=True)
            self._chances[expression, quarter] = tree.sim.prob(expression, quarter=quarter)
        return self._chances[expression, quarter]

    @cached_property
    def strangers(self) -> list[str]:
        """Inputs that the book lacks or has otherwise than the run had them."""
        labels, base = self.deck.get("labels", {}), self.deck.get("base", {})
        return [name for name in base if not self._same(name, labels.get(name, {}))]

    def _same(self, name: str, label: dict[str, str]) -> bool:
        if name not in self.book.quantities:
            return False
        own = self.book.quantities[name]
        return (own.basis, own.unit) == (label.get("basis"), label.get("units")) and self._drawn_as(name)

    def _drawn_as(self, name: str) -> bool:
        """Whether the book has the input's prior as the first scenario drew it, or changes it there."""
        changed = {key for each in self.definitions.values() for key in each.get("change", {})}
        stated = any(each.get("all_stated") for each in self.definitions.values())
        return stated or name in changed or bool(self.book.quantities[name].prior.spec() == self.deck["base"][name])

    def known(self, name: str) -> Any:
        """The book's record of an input, or None where it is not the run's."""
        return None if name in self.strangers or name not in self.book.quantities else self.book.quantities[name]

    def scenario(self, name: str) -> str:
        """What a scenario is called, with its name in brackets where that is another."""
        if name not in self.book.scenarios:
            return name
        label = self.say.words.pick(self.book.scenarios[name].label, self.book.scenarios[name].label_zh)
        return self.say.words("phrase.named", label=label, name=name) if label and label != name else name

    def called(self, name: str) -> str:
        """A scenario's label alone, for lists and headings; the first table of the page says whose it is."""
        known = self.book.scenarios.get(name)
        return (known is not None and self.say.words.pick(known.label, known.label_zh)) or name

    def input(self, name: str) -> str:
        """What an input is called."""
        label = self.deck.get("labels", {}).get(name, {})
        return self.say.words.pick(label.get("long_name"), label.get("long_name_zh")) or name

    def output(self, name: str, *, unit: bool = True) -> str:
        """What an output is called, with its unit."""
        about = self.tree["mean"].ds[name].attrs
        label = self.say.words.pick(about.get("long_name"), about.get("long_name_zh")) or name
        units = self.say.unit(str(about.get("units", "1")))
        return self.say.words("phrase.unit", label=label, unit=units) if unit and units else label

    def label(self, dim: str, value: Any) -> str:
        """A label of a dimension for people, in Chinese where the file has it."""
        found = self._labels.get((dim, str(value)), str(value))
        known = self.built_in and self.say.words.has(f"label.{dim}")
        return self.say.words(f"label.{dim}", label=found) if known else found

    def any_label(self, value: str) -> str:
        """A label whatever its dimension."""
        for (_, name), found in self._labels.items():
            if name == value:
                return found
        return value

    @cached_property
    def _labels(self) -> dict[tuple[str, str], str]:
        means = self.tree["mean"].ds
        if self.say.lang != "zh":
            return {
                (dim, str(label)): words.name_of(dim, str(label), "en")
                for dim in map(str, means.dims)
                if self.built_in and dim in words.NAMES and not self.say.words.has(f"label.{dim}")
                for label in means[dim].values
            }
        return {
            (dim, str(name)): str(zh)
            for dim in map(str, means.dims)
            if f"{dim}_zh" in means.coords
            for name, zh in zip(means[dim].values, means[f"{dim}_zh"].values, strict=True)
        }

    def switch(self, name: str) -> bool:
        """Whether an output is 0 or 1 in every draw, as far as its quantiles tell."""
        return bool(np.isin(self.tree["quantile"].ds[name].values, (0.0, 1.0)).all())

    def key(self, key: Key, *, unit: bool = True) -> str:
        """What a cell is called."""
        name = self.output(key.output, unit=unit)
        labels = [self.label(dim, value) for dim, value in key.at.items()]
        return self.say.words("phrase.at", name=name, labels=self.say.listed(labels)) if labels else name

    @cached_property
    def keys(self) -> list[Key]:
        """The cells that the report follows through: some of the headline, in the middle year."""
        means = self.tree["mean"].ds
        headline = json.loads(self.tree.attrs["headline"])
        chosen = [name for name in KEY_OUTPUTS if name in means]
        if not self.built_in:
            chosen = [name for name in headline if not self.switch(name)] or headline
        return [Key(name, self._at(means[name])) for name in chosen[:MOST_KEYS]]

    def _at(self, values: xr.DataArray) -> dict[str, Any]:
        dims = [str(dim) for dim in values.dims if dim != "scenario"]
        return {dim: self._label_of(dim, values[dim].values.tolist()) for dim in dims}

    def _label_of(self, dim: str, labels: list[Any]) -> Any:
        if dim == "quarter":
            years = sorted({str(label)[:4] for label in labels})
            return [label for label in labels if str(label).startswith(years[len(years) // 2])][-1]
        if dim == "year":
            return labels[len(labels) // 2]
        wanted = [label for label in labels if str(label) == KEY_LABELS.get(dim)]
        return wanted[0] if wanted else labels[-1]
