"""Fans: how the answers spread over time under each scenario, on one scale; what does not go by time, as dots."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.app.answers import Figure
from sim.app.report.pictures import Studio
from sim.app.report.source import TIME
from sim.results.report import Block, Paragraph, Part, Picture, Pictures, Section
from sim.sample import LEVELS

if TYPE_CHECKING:
    from sim.app.report.source import Source

MOST = 4
DOTS = 20
STATED = "stated"


def section(source: Source, studio: Studio) -> Section:
    """A part for each output that goes by quarter or year, a fan in it for each scenario."""
    words = source.say.words
    outputs = by_time(source)
    blocks: list[Block] = [Paragraph(words("fans.read") if outputs else words("fans.none"), "note")]
    if studio.without_chinese(source.say.lang):
        blocks.append(Paragraph(words("fans.no_font"), "note"))
    blocks += [_part(source, studio, name) for name in outputs]
    dots = [_dots(source, studio, number) for number in range(len(source.keys))]
    blocks.append(Part(words("fans.dots"), (Paragraph(words("fans.dots_read", n=DOTS), "note"), Pictures(tuple(dots)))))
    return Section("fans", words("section.fans"), tuple(blocks))


def _part(source: Source, studio: Studio, name: str) -> Part:
    """Fans of an output under the base and every scenario in which it spreads otherwise.

    With everything as stated an output is a line, which stands in every fan.
    """
    base, *others = source.scenarios
    same = [scenario for scenario in others if alike(source, name, base, scenario)]
    drawn = [each for each in source.scenarios if each not in same and (each != STATED or each == base)]
    fans = tuple(_fan(source, studio, name, each) for each in drawn)
    blocks: list[Block] = [Pictures(fans)]
    if same:
        told = source.say.listed([source.called(each) for each in same])
        blocks.append(Paragraph(source.say.words("fans.same", scenarios=told), "note"))
    return Part(source.output(name), tuple(blocks))


def alike(source: Source, name: str, base: str, scenario: str) -> bool:
    """Whether an output has the same quantiles, to the bit, under both."""
    values = source.tree["quantile"].ds[name]
    one, other = (values.isel(scenario=source.scenarios.index(each)).values for each in (base, scenario))
    return bool(np.array_equal(one, other, equal_nan=True))


def by_time(source: Source) -> list[str]:
    """Outputs of one number a quarter, then headline ones of one a year that no quarterly one says already.

    Chances of 0 and 1 have no fan.
    """
    means = source.tree["mean"].ds
    headline = set(json.loads(source.tree.attrs["headline"]))
    one_a = {
        dim: [str(name) for name, values in means.data_vars.items() if set(values.dims) == {"scenario", dim}]
        for dim in TIME
    }
    quarterly = [name for name in one_a["quarter"] if not source.switch(name)]
    yearly = [name for name in one_a["year"] if name in headline and not name.startswith(tuple(quarterly) or ("\0",))]
    first_headline = sorted(quarterly, key=lambda name: name not in headline)
    return (first_headline + yearly)[:MOST]


def _fan(source: Source, studio: Studio, name: str, scenario: str) -> Picture:
    from sim.results import plot

    def draw() -> partial[Any]:
        tree, at = source.narrow.of(name, [scenario]), {"scenario": scenario}
        about = {"stated": _stated(source, name), "lang": source.say.lang}
        return partial(_within, _limits(source, name), plot.fan, tree, name, at, **about)

    title = source.called(scenario)
    return studio.axes(f"fan-{name}-{scenario}", (title, _told(source, name, scenario)), draw, like=f"fan-{name}")


def _within(limits: tuple[float, float], draw: Callable[..., Any], *args: Any, ax: Any, **kwargs: Any) -> None:
    """Draw on axes that reach from one limit to the other, and did so before: numbers beside them keep apart by that."""
    ax.set_ylim(*limits)
    draw(*args, ax=ax, **kwargs)


def _stated(source: Source, name: str) -> Any:
    """The answer with everything as said, where the file has that scenario."""
    if STATED not in source.scenarios:
        return None
    return source.tree["quantile"].ds[name].isel(scenario=source.scenarios.index(STATED)).sel(quantile=0.5)


def _limits(source: Source, name: str) -> tuple[float, float]:
    """The same for all scenarios, so that fans can be compared by eye."""
    shown = source.tree["quantile"].ds[name].sel(quantile=[0.05, 0.95]).values
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    reach = (high - low) or abs(high) or 1.0
    return (0.0 if 0.0 <= low < 0.5 * high else low - 0.05 * reach), high + 0.05 * reach


def _told(source: Source, name: str, scenario: str) -> str:
    """What a fan shows, in a sentence."""
    first, last = (figure_at(source, name, scenario, end) for end in (0, -1))
    time = next(dim for dim in TIME if dim in source.tree["mean"].ds[name].dims)
    labels = [str(label) for label in source.tree["mean"].ds[name][time].values[[0, -1]]]
    return source.say.words(
        "fans.alt",
        output=source.output(name),
        scenario=source.scenario(scenario),
        first=labels[0],
        last=labels[1],
        start=source.say.spread(first),
        end=source.say.spread(last),
    )


def figure_at(source: Source, name: str, scenario: str, place: int) -> Figure:
    """5 %, 50 % and 95 % of an output at a place in time."""
    at = source.scenarios.index(scenario)
    parts = [
        source.tree[group].ds[name].isel(scenario=at).sel(quantile=list(LEVELS)).transpose("quantile", ...)
        for group in ("quantile", "mcse_quantile")
    ]
    values, errors = (tuple(float(x) for x in part.values[:, place]) for part in parts)
    return Figure(values, errors, kind_of(source, name))


def kind_of(source: Source, name: str) -> str:
    """How the numbers of an output are written."""
    units = str(source.tree["mean"].ds[name].attrs.get("units", "1"))
    return {"1": "share", "month": "month"}.get(units, "number") if source.built_in else "number"


def _dots(source: Source, studio: Studio, number: int) -> Picture:
    from sim.results import plot

    key, base = source.keys[number], source.scenarios[0]
    at = {"scenario": base, **key.at}
    title = source.key(key)
    alt = source.say.words("fans.dots_alt", name=title, scenario=source.scenario(base), n=DOTS)

    def draw() -> partial[Any]:
        tree = source.narrow.of(key.output, [base], sketch=True)
        return partial(plot.dotplot, tree, key.output, at, dots=DOTS, lang=source.say.lang)

    return studio.axes(f"dots-{key.words}", (title, alt), draw)
