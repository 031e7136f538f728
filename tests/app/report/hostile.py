"""Texts that would do something if a page let them, put into every text field of a book and of a result."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import xarray as xr

import priors
from priors.records import Records

PAYLOADS = (
    "<script>window.stung=1</script>",
    "</script><script>window.stung=1</script>",
    "</style><script>window.stung=1</script>",
    "</title><script>window.stung=1</script>",
    "--><script>window.stung=1</script>",
    "]]><script>window.stung=1</script>",
    "</text></svg><script>window.stung=1</script>",
    "</td></tr></table><img src=x onerror=window.stung=1>",
    '"><img src=x onerror="window.stung=1">',
    "'><svg onload='window.stung=1'>",
    '" onmouseover="window.stung=1" x="',
    "' onfocus='window.stung=1' autofocus='",
    "javascript:window.stung=1",
    "[go](javascript:window.stung=1)",
    "![x](http://example.invalid/x.png)",
    "<http://example.invalid>",
    "<a href=javascript:window.stung=1>go</a>",
    "<iframe srcdoc='<script>parent.stung=1</script>'></iframe>",
    "<meta http-equiv=refresh content='0;url=http://example.invalid'>",
    "<link rel=stylesheet href=//example.invalid/x.css>",
    "<base href=//example.invalid/>",
    "<form action=//example.invalid><button>go</button></form>",
    "<style>@import '//example.invalid/x.css'</style>",
    "<math><mtext></mtext><script>window.stung=1</script></math>",
    "&lt;script&gt;window.stung=1&lt;/script&gt;",
    "&#60;script&#62;window.stung=1&#60;/script&#62;",
    "{{ 7 * 7 }}{% raw %}{{ config }}",
    "{0.__class__}{words}{unit}%s%(x)s",
    "${window.stung=1}`+window.stung+`",
    "$\\frac{1}{0$ $x^{2",
    "\\u003cscript\\u003ewindow.stung=1",
    "| a | b |\n|---|---|\n# heading\n```\n<script>window.stung=1</script>",
    "\u202e<script>window.stung=1</script>\u200b\u0007",
    "＜script＞window.stung=1＜/script＞",
)


class Venom:
    """Payloads one after the other, each told apart by a number."""

    def __init__(self) -> None:
        self.given = 0
        self._next: Iterator[str] = itertools.cycle(PAYLOADS)

    def text(self) -> str:
        """Another payload."""
        self.given += 1
        return f"{next(self._next)} {self.given}"

    def into(self, value: Any, fields: set[str]) -> Any:
        """A record with payloads in all fields named that hold texts."""
        changed: dict[str, Any] = {}
        for field in dataclasses.fields(value):
            if field.name not in fields:
                continue
            found = getattr(value, field.name)
            if isinstance(found, str):
                changed[field.name] = self.text()
            elif isinstance(found, tuple) and all(isinstance(each, str) for each in found):
                changed[field.name] = tuple(self.text() for _ in range(max(len(found), 2)))
        return dataclasses.replace(value, **changed)


def book(venom: Venom, scenarios: tuple[str, ...]) -> tuple[priors.Book, list[str]]:
    """The built-in book with a payload in every text that is free, and in the names of ``scenarios``."""
    own = priors.load()
    claims = {name: venom.into(each, {"text", "unit", "enters", "note"}) for name, each in own.claims.items()}
    hedges = {name: venom.into(each, {"reason", "en", "zh"}) for name, each in own.hedges.items()}
    free = {"unit", "rationale", "limits_reason", "label", "label_zh", "source", "note", "derived_from"}
    quantities = {name: venom.into(each, free) for name, each in own.quantities.items()}
    names = {name: venom.text().replace("\u0007", "") for name in scenarios}
    worded = {names[name]: venom.into(own.scenarios[name], {"label", "label_zh", "description"}) for name in scenarios}
    about = venom.into(own.about, {"title", "title_zh", "speaker", "language", "description", "source", "note"})
    pairs = tuple(venom.into(each, {"rationale"}) for each in own.correlations)
    made = dataclasses.replace(
        own,
        name=venom.text(),
        claims=Records(claims, "claim"),
        hedges=Records(hedges, "hedge"),
        quantities=Records(quantities, "quantity"),
        scenarios=Records({name: dataclasses.replace(each, name=name, extends=None) for name, each in worded.items()}),
        correlations=pairs,
        about=about,
    )
    return made, list(names.values())


def tree(venom: Venom, plain: xr.DataTree) -> xr.DataTree:
    """A result with payloads as labels of its dimensions and in all attributes that are texts."""
    labels: dict[str, str] = {}

    def stung(dataset: xr.Dataset) -> xr.Dataset:
        made = dataset.copy()
        for name in made.coords:
            if made[name].dtype.kind == "U" and made[name].ndim == 1 and name not in ("quarter", "output"):
                values = [labels.setdefault(str(each), venom.text()) for each in made[name].values]
                made = made.assign_coords({name: (made[name].dims, np.array(values))})
        for variable in made.variables.values():
            variable.attrs.update({key: venom.text() for key, each in variable.attrs.items() if _words(key, each)})
        return made

    return plain.map_over_datasets(stung)


def _words(key: str, value: Any) -> bool:
    return isinstance(value, str) and key in ("long_name", "long_name_zh", "description", "units")


def fields_of(attributes: Mapping[str, Any]) -> int:
    """How many attributes are texts."""
    return sum(isinstance(value, str) for value in attributes.values())
