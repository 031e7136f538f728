"""What drives the answers under the first scenario, from kept draws: input by input, and the interview against assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.app.numbers import percent
from sim.app.report.pictures import WIDTH, Studio
from sim.results.errors import ResultError
from sim.results.report import Block, Cell, Paragraph, Part, Picture, Pictures, Section, Table, row

if TYPE_CHECKING:
    from sim.app.report.source import Key, Source

DRAWS = 16_384
"""Of the kept draws the first so many: an index is good to a point in 100 then, and the page is made in time."""
ROWS = 8
BASES = ("claim", "mixed", "assumption")


@dataclass(frozen=True)
class Drivers:
    """First-order indices of one cell: name, basis and claims of each input, its index, and the index's standard error."""

    names: list[str]
    basis: list[str]
    claims: list[str]
    first: np.ndarray
    error: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def order(self) -> list[int]:
        """Inputs that can be told from nothing, the greatest first."""
        found = [i for i in np.argsort(-np.nan_to_num(self.first), kind="stable") if self.lower[i] > 0.0]
        return [int(i) for i in found]


def section(source: Source, studio: Studio) -> Section:
    """The split by what inputs rest on, then a part for each key cell."""
    words = source.say.words
    title = words("section.sensitivity")
    found, refused = _all(source)
    if not found:
        return Section("sensitivity", title, (Paragraph(refused, "warn"),))
    draws = f"{min(source.kept, DRAWS):,}"
    read = words("sensitivity.read", scenario=source.scenario(source.scenarios[0]), draws=draws)
    blocks: list[Block] = [Paragraph(read, "note"), _split(source, found)]
    blocks += [_part(source, studio, key, found[key.words]) for key in source.keys if key.words in found]
    return Section("sensitivity", title, tuple(blocks))


def _all(source: Source) -> tuple[dict[str, Drivers], str]:
    """Drivers of each key cell that varies, or why there are none."""
    if not source.kept:
        return {}, source.say.words("sensitivity.no_draws")
    found, refused = {}, source.say.words("sensitivity.nothing")
    for key in source.keys:
        try:
            drivers = _drivers(source, key)
        except ResultError as error:
            refused = source.say.words("sensitivity.refused", reason=str(error))
            continue
        if np.isfinite(drivers.first).any():
            found[key.words] = drivers
    return found, refused


def _drivers(source: Source, key: Key) -> Drivers:
    found = few(source, key).sim.first_order(key.output).isel(scenario=0)
    cell = dict.fromkeys(key.at, 0)
    value, error, lower, upper = (
        np.asarray(found[f"first{suffix}"].isel(cell).values, float) for suffix in ("", "_mcse", "_lower", "_upper")
    )
    names, basis, claims = ([str(x) for x in found[name].values] for name in ("input", "basis", "claims"))
    return Drivers(names, basis, claims, value, error, lower, upper)


def few(source: Source, key: Key) -> xr.DataTree:
    """The kept draws of one cell under the first scenario, as many as are read, with all inputs."""
    if key.output not in source.tree["draws"].data_vars:
        raise ResultError(source.say.words("sensitivity.not_kept", output=key.output))
    tree = source.narrow.of(key.output, source.scenarios[:1], draws=slice(0, DRAWS), inputs=True)
    at = {dim: [label] for dim, label in key.at.items()}
    groups = {name: tree[name].ds.sel(at) for name in ("draws", "mean")}
    return xr.DataTree.from_dict(
        {"/": tree.ds, "/inputs": tree["inputs"].ds, **{f"/{n}": d for n, d in groups.items()}}
    )


def _split(source: Source, found: Mapping[str, Drivers]) -> Table:
    """How much of each answer's spread rests on what: the interview, in part ours, ours, and only on several together."""
    words, rows = source.say.words, []
    for key in source.keys:
        if key.words in found:
            shares, rest = by_basis(found[key.words])
            cells = [Cell(percent(max(value, 0.0), error), value) for value, error in shares]
            rows.append(row(source.key(key, unit=False), *cells, Cell(percent(max(rest, 0.0), shares[0][1]), rest)))
    head = ("", *(words(f"sensitivity.{basis}") for basis in BASES), words("sensitivity.together"))
    return Table(words("sensitivity.split"), head, tuple(rows))


def by_basis(drivers: Drivers) -> tuple[list[tuple[float, float]], float]:
    """Sum of the first-order indices of each basis with its error, and what of the spread no input makes alone."""
    shares = []
    for basis in BASES:
        at = [i for i, each in enumerate(drivers.basis) if each == basis]
        shares.append((float(np.nansum(drivers.first[at])), float(np.sqrt(np.nansum(drivers.error[at] ** 2)))))
    return shares, 1.0 - float(np.nansum(drivers.first))


def _part(source: Source, studio: Studio, key: Key, drivers: Drivers) -> Part:
    words, order = source.say.words, drivers.order()
    if not order:
        return Part(source.key(key, unit=False), (Paragraph(words("sensitivity.nothing"), "note"),))
    rows = []
    for i in order[:ROWS]:
        share = Cell(percent(min(drivers.first[i], 1.0), drivers.error[i]), float(drivers.first[i]))
        reach = f"{percent(max(drivers.lower[i], 0.0)).removesuffix(' %')}–{percent(min(drivers.upper[i], 1.0))}"
        rests = words(f"sensitivity.rests_{drivers.basis[i] or 'none'}", claims=", ".join(drivers.claims[i].split()))
        rows.append(row(source.input(drivers.names[i]), drivers.names[i], share, reach, rests))
    head = ("", words("table.input"), words("sensitivity.share"), "95 %", words("table.rests_on"))
    table = Table(words("sensitivity.caption", name=source.key(key, unit=False)), head, tuple(rows), (1, 4))
    top = Paragraph(_sentence(source, key, drivers, order))
    return Part(source.key(key, unit=False), (top, Pictures((_tornado(source, studio, key),)), table))


def _sentence(source: Source, key: Key, drivers: Drivers, order: list[int]) -> str:
    first = order[0]
    shares, _ = by_basis(drivers)
    return source.say.words(
        "sensitivity.sentence",
        input=source.input(drivers.names[first]),
        share=percent(min(drivers.first[first], 1.0), drivers.error[first]),
        claims=percent(max(shares[0][0], 0.0), shares[0][1]),
        assumed=percent(max(shares[2][0], 0.0), shares[2][1]),
    )


def _tornado(source: Source, studio: Studio, key: Key) -> Picture:
    from sim.results import plot

    at: dict[str, Any] = {"scenario": source.scenarios[0], **key.at}
    title = source.say.words("sensitivity.tornado", name=source.key(key))
    alt = source.say.words("sensitivity.tornado_alt", name=source.key(key))

    def draw() -> partial[Any]:
        return partial(plot.tornado, few(source, key), key.output, at, rows=ROWS, lang=source.say.lang)

    return studio.axes(f"tornado-{key.words}", (title, alt), draw, (WIDTH, 3.4))
