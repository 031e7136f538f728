"""The scenarios beside one another: an overview, then each against the first of the file, with what makes the gap."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.app.answers import Figure
from sim.app.report.differences import Difference, difference
from sim.app.report.fans import STATED, alike, by_time, kind_of
from sim.app.report.gaps import Gaps
from sim.app.report.pictures import WIDTH, Studio
from sim.app.scenarios import distribution
from sim.results.report import Block, Cell, Folded, Items, Paragraph, Part, Picture, Pictures, Section, Table, row
from sim.sample import LEVELS

if TYPE_CHECKING:
    from sim.app.report.source import Key, Source

MOST_CHANGES = 8


def section(source: Source, studio: Studio, gaps: Gaps) -> Section:
    """An overview of all scenarios, then a part for each other than the first."""
    words = source.say.words
    if len(source.scenarios) < 2:
        return Section("compared", words("section.compared"), (Paragraph(words("compared.alone"), "note"),))
    blocks: list[Block] = [_overview(source), Pictures(tuple(_ridges(source, studio)))]
    if not source.kept and "difference" not in source.tree.children:
        blocks.append(Paragraph(words("compared.no_draws"), "warn"))
    blocks += [_part(source, studio, gaps, name) for name in source.scenarios[1:]]
    return Section("compared", words("section.compared"), tuple(blocks))


def _overview(source: Source) -> Table:
    """Every key cell under every scenario."""
    words = source.say.words
    rows = [
        row(source.called(name), *(source.say.cell(_figure(source, name, key)) for key in source.keys))
        for name in source.scenarios
    ]
    head = (words("table.scenario"), *(source.key(key) for key in source.keys))
    return Table(words("compared.overview"), head, tuple(rows))


def _figure(source: Source, scenario: str, key: Key) -> Figure:
    at = {"scenario": scenario, **key.at}
    values, errors = (
        tuple(float(x) for x in source.tree[group].ds[key.output].sel(at).sel(quantile=list(LEVELS)).values)
        for group in ("quantile", "mcse_quantile")
    )
    return Figure(values, errors, kind_of(source, key.output))


def _ridges(source: Source, studio: Studio) -> list[Picture]:
    """A picture of each key cell that some scenario changes."""
    from sim.results import plot

    found, base = [], source.scenarios[0]
    for key in source.keys:
        others = [name for name in source.scenarios[1:] if name != STATED]
        if others and all(alike(source, key.output, base, name) for name in others):
            continue
        words = source.key(key), source.say.words("compared.ridge_alt", name=source.key(key))
        height = 1.2 + 0.32 * len(source.scenarios)

        def draw(key: Key = key) -> partial[Any]:
            tree = source.narrow.of(key.output, sketch=True)
            return partial(plot.ridge, tree, key.output, key.at, lang=source.say.lang)

        found.append(studio.axes(f"ridge-{key.words}", words, draw, (WIDTH, height)))
    return found


def _part(source: Source, studio: Studio, gaps: Gaps, name: str) -> Part:
    blocks: list[Block] = []
    description = source.book.scenarios[name].description if name in source.book.scenarios else ""
    if description:
        blocks.append(Paragraph(description))
    blocks += _changes(source, name) if source.deck else []
    found = {key.words: difference(source, name, key) for key in source.keys}
    told = {key.words: each for key in source.keys if (each := found[key.words]) is not None}
    if told and all(each.same for each in told.values()):
        return Part(_heading(source, name), (*blocks, Paragraph(source.say.words("compared.nothing"))))
    if told:
        blocks.append(_table(source, name, told))
    pictures = _overlay(source, studio, name) if told else []
    gap = gaps.of(name, {key.words: each.size for key, each in _sized(source, told)})
    if gap is not None:
        blocks += gap.blocks
        pictures += gap.pictures
    if pictures:
        blocks.append(Pictures(tuple(pictures)))
    return Part(_heading(source, name), tuple(blocks))


def _heading(source: Source, name: str) -> str:
    return source.say.words("compared.part", scenario=source.called(name), base=source.called(source.scenarios[0]))


def _sized(source: Source, told: Mapping[str, Difference]) -> list[tuple[Key, Difference]]:
    return [(key, told[key.words]) for key in source.keys if key.words in told]


def _changes(source: Source, name: str) -> list[Block]:
    """What a scenario changes of the base, each with its old and new prior."""
    words = source.say.words
    base, own = (source.deck.get("scenarios", {}).get(each, {}) for each in (source.scenarios[0], name))
    before = {**source.deck.get("base", {}), **base}
    after = {**source.deck.get("base", {}), **own}
    changed = [key for key in after if after[key] != before[key]]
    if not changed:
        return [Paragraph(words("compared.changes_nothing"), "note")]
    told = tuple(_change(source, key, before[key], after[key]) for key in changed)
    if len(told) <= MOST_CHANGES:
        return [Items(told)]
    return [Folded(words("compared.changes", n=len(told)), (Items(told),))]


def _change(source: Source, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    texts = {when: distribution(dict(spec)).removeprefix("= ") for when, spec in (("before", before), ("after", after))}
    return source.say.words("compared.change", input=source.input(name), name=name, **texts)


def _table(source: Source, name: str, told: Mapping[str, Difference]) -> Table:
    words = source.say.words
    rows = []
    for key, found in _sized(source, told):
        if found.same:
            rows.append(row(source.key(key), Cell(words("compared.same"), 0.0), Cell("–"), Cell("–")))
            continue
        more = source.say.cell(found.more) if found.more is not None else Cell("–")
        mean = found.mean
        text = source.say.number(mean.values[0], mean.errors[0], mean.kind) + source.say.error(
            mean.errors[0], mean.kind
        )
        rows.append(row(source.key(key), Cell(text, mean.values[0]), source.say.cell(found.spread), more))
    head = ("", words("compared.mean"), words("compared.spread"), words("compared.more"))
    draws = f"{source.kept or int(source.tree.attrs['draws']):,}"
    return Table(words("compared.differences", scenario=name, base=source.scenarios[0], draws=draws), head, tuple(rows))


def _overlay(source: Source, studio: Studio, name: str) -> list[Picture]:
    from sim.results import plot

    kept = [each for each in by_time(source) if source.kept and each in source.tree["draws"].data_vars]
    outputs = [each for each in kept if not alike(source, each, source.scenarios[0], name)]
    if not outputs:
        return []
    output, pair = outputs[0], (source.scenarios[0], name)
    title = source.say.words("compared.over", output=source.output(output, unit=False))
    alt = source.say.words("compared.over_alt", output=source.output(output), base=pair[0], scenario=name)

    def draw() -> partial[Any]:
        tree = source.narrow.of(output, pair, draws=slice(None))
        return partial(plot.overlay, tree, output, pair, lang=source.say.lang)

    return [studio.figure(f"overlay-{output}-{name}", (title, alt), draw, (WIDTH, 4.2))]
