"""Waterfall: from one scenario to the other, change by change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.results.errors import ResultError
from sim.results.plot import canvas, colours, fonts, inputs, tips, words
from sim.results.plot.place import Place, find
from sim.results.plot.scales import Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    import priors


@dataclass(frozen=True)
class Step:
    """A bar: its label, the name in code, where it starts, by how much it goes on, and the error of that."""

    label: str
    name: str
    start: float
    change: float
    error: float


def waterfall(
    found: xr.Dataset,
    at: Mapping[str, Any] | None = None,
    *,
    book: priors.Book | None = None,
    rows: int = 10,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """What each override makes of the gap between two scenarios; the bars between the two ends add up to it.

    Parameters
    ----------
    found: what ``sim.attribute`` returned.
    at: label of each dimension left in it.
    book: gives scenarios and inputs their labels; names unless given.
    rows: overrides told by themselves, those with the largest shares; the rest are one bar.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a label that is not there, or a dimension left open.
    """
    if rows < 1 or not {"share", "gap", "base_value", "value"} <= set(found):
        raise ResultError("waterfall: found no attribution, expected at least one row of what sim.attribute returned")
    place = find(found["gap"].rename(str(found.attrs.get("output", "gap"))), at, 0)
    lang = fonts.language(lang)
    base, value = (float(place.narrowed(found[name])) for name in ("base_value", "value"))
    steps = _steps(found, place, base, rows, inputs.labels(map(str, found["override"].values), book, lang), lang)
    names = [_scenario(str(found.attrs.get(key, key)), book, lang) for key in ("base", "scenario")]
    ax = canvas.axes(ax, 1.2 + 0.3 * (len(steps) + 2))
    scale = place.scale([base, value], lang)
    _ends(ax, (base, value), (found, names), scale, len(steps))
    apart = place.scale([base, value], lang, difference=True)
    for k, step in enumerate(steps):
        _bar(ax, step, len(steps) - k, apart)
    labels = [names[0], *(step.label for step in steps), names[1]]
    canvas.row_labels(ax, labels, range(len(labels))[::-1])
    ax.set_ylim(-0.6, len(labels) - 0.4)
    ax.margins(x=0.2)
    scale.on(ax.xaxis, most=2)  # labels of rows and what is written beside bars leave little
    said = _figure(found, lang)
    canvas.label_x(ax, scale.label(said), share=canvas.BESIDE_ROWS)
    canvas.bare(ax, "left", "right", "top")
    canvas.head(ax, " · ".join(each for each in (_at(found, lang), place.title(lang)) if each))
    fonts.dress(ax, lang)
    return ax


def _figure(found: xr.Dataset, lang: str) -> str:
    """What the figure is of: the output's label if the attribution carries it, else its name, and the kind of figure."""
    output = words.long_name(found.attrs, str(found.attrs.get("output", "")).replace("_", " "), lang)
    kind = str(found.attrs.get("of", ""))
    return f"{output}, {words.say(kind, lang) if kind in words.PHRASES else kind}" if kind else output


def _at(found: xr.Dataset, lang: str) -> str:
    """The labels that the attribution was narrowed to, for people."""
    pairs = (each.partition("=") for each in str(found.attrs.get("at", "")).split(", ") if each)
    return " · ".join(words.name_of(dim, label, lang) for dim, _, label in pairs)


def _scenario(name: str, book: priors.Book | None, lang: str) -> str:
    found = words.of_record({} if book is None else book.scenarios, name, lang)
    return found.replace("_", " ") if found == name else found


def _steps(found: xr.Dataset, place: Place, base: float, rows: int, labels: Mapping[str, str], lang: str) -> list[Step]:
    """The largest shares, and the rest as one, each starting where the one before ended."""
    names = [str(each) for each in found["override"].values]
    share, error = (np.asarray(place.narrowed(found[name]).values, float) for name in ("share", "share_mcse"))
    order = np.argsort(-np.abs(share), kind="stable")
    # What the output does not read makes nothing of the gap, and is left out.
    order = order[(share[order] != 0) | (error[order] != 0)]
    picked = [(labels[names[i]], names[i], share[i], error[i]) for i in order[:rows]]
    if len(order) > rows:
        rest = order[rows:]
        # Errors of shares that rest on the same draws: added, which is the most that they can come to.
        picked.append((words.say("rest", lang), "", share[rest].sum(), error[rest].sum()))
    steps, start = [], base
    for label, name, change, wrong in picked:
        steps.append(Step(label, name, start, float(change), float(wrong)))
        start += float(change)
    return steps


def _ends(ax: Axes, values: tuple[float, float], what: tuple[xr.Dataset, list[str]], scale: Scale, steps: int) -> None:
    """The bars of the two scenarios, from zero."""
    found, names = what
    told = colours.several("scenario", [str(found.attrs.get(key, key)) for key in ("base", "scenario")])
    for value, colour, name, line in zip(values, told.values(), names, (steps + 1, 0), strict=True):
        (bar,) = ax.barh(line, value, height=0.72, color=colour, linewidth=0)
        tips.tie(bar, f"{name}: {scale.write(value)} {scale.unit}".rstrip())
        _write(ax, value, line, scale.write(value), right=value >= 0)
    ax.axvline(0.0, color=canvas.ink(), linewidth=0.8)


def _bar(ax: Axes, step: Step, line: int, scale: Scale) -> None:
    """One change, with the thin line that leads on to the next."""
    end = step.start + step.change
    colour = colours.UP if step.change >= 0 else colours.DOWN
    (bar,) = ax.barh(line, step.change, left=step.start, height=0.72, color=colour, linewidth=0)
    text = scale.signed(step.change, step.error)
    if step.error > 0:
        text += f" ± {scale.write(step.error, 0.04 * step.error)}"  # to one figure or two
    if scale.kind == "points":
        text += f" {words.say('points', scale.lang)}"
    unit = "" if scale.kind == "points" else scale.unit
    tips.tie(bar, f"{step.label}{f' ({step.name})' if step.name else ''}: {text} {unit}".rstrip())
    ax.plot([end, end], [line - 1.36, line + 0.36], color=colours.GREY, linewidth=0.7)
    _write(ax, max(end, step.start), line, text, right=True)


def _write(ax: Axes, x: float, line: int, text: str, *, right: bool) -> None:
    ax.annotate(
        text,
        (x, line),
        xytext=(4 if right else -4, 0),
        textcoords="offset points",
        va="center",
        ha="left" if right else "right",
        fontsize=canvas.small(),
    )
