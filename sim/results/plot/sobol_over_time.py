"""Which inputs are behind an answer's spread, quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.results.errors import ResultError
from sim.results.plot import bands, canvas, colours, fonts, inputs, numbers, tips, words
from sim.results.plot.place import Place, find

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    import priors

PLAYERS = ("input", "basis", "chapter", "claim")
FIGURES = ("shapley", "first")
Part = tuple[str, str, np.ndarray]


def sobol_over_time(
    found: xr.Dataset,
    at: Mapping[str, Any] | None = None,
    *,
    book: priors.Book | None = None,
    rows: int = 8,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Stacked bars of first-order Sobol' indices, or of Shapley shares, over quarters or years.

    First-order indices leave over what inputs do only together, a bar of its own; Shapley shares leave nothing.

    Parameters
    ----------
    found: a group of what ``sim.sensitivity`` returned, ``found["market_domestic_share"].to_dataset()``, by input or by
        basis, chapter or claim; or what ``tree.sim.first_order(output)`` returned.
    at: label of each dimension besides time and that of the inputs.
    book: gives inputs their labels; names unless given.
    rows: inputs told by themselves, those with the largest shares; the rest are one bar.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a label that is not there, or dimensions left open besides time.
    """
    if rows < 1:
        raise ResultError(f"rows: found {rows}, expected at least 1")
    figure, player = _what(found)
    place = find(found[figure].rename("sensitivity"), at, 1, keep=(player,))
    lang = fonts.language(lang)
    (dim,) = place.free
    parts = _parts(place.narrowed(found[figure]).transpose(player, dim), player, rows, (book, lang))
    error = float(np.nanmax(place.narrowed(found[f"{figure}_mcse"]).values, initial=0.0))
    if figure == "first":
        together = np.clip(1.0 - sum(values for *_, values in parts), 0.0, None)
        parts.append((words.say("together", lang), colours.lighter(colours.GREY, 0.8), together))
    ax = canvas.axes(ax)
    _stack(ax, parts, [str(each) for each in place.like[dim].values])
    bands.time_axis(ax, place, lang)
    ax.set_xlim(-0.6, place.like.sizes[dim] - 0.4)
    ax.set_ylim(0.0, 1.0)
    ax.yaxis.set_major_formatter(lambda value, _: numbers.percent(value))
    canvas.label_y(ax, words.say("of_variance", lang))
    said = words.long_name(found.attrs, "", lang)
    title = " · ".join(each for each in (said, _scenario(place, book, lang), place.title(lang, scenario=False)) if each)
    ax.set_title(title, loc="left")
    canvas.label_x(ax, f"{ax.get_xlabel()} · {words.say('errors_up_to', lang, numbers.percent(error))}")
    canvas.beside(ax)
    fonts.dress(ax, lang)
    return ax


def _scenario(place: Place, book: priors.Book | None, lang: str) -> str:
    """The scenario for people, if indices of several were given."""
    if "scenario" not in place.chosen:
        return ""
    if book is not None and place.label("scenario") in book.scenarios:
        return words.of_record(book.scenarios, place.label("scenario"), lang)
    return place.name("scenario", lang)


def _what(found: xr.Dataset) -> tuple[str, str]:
    """The figure that is drawn, and the dimension of the inputs."""
    figure = next((name for name in FIGURES if name in found), None)
    player = next((dim for dim in PLAYERS if dim in found.dims), None)
    if figure is None or player is None:
        raise ResultError(
            f"sensitivity: found variables {', '.join(map(str, found.data_vars))}, expected first or shapley by one of "
            f"{', '.join(PLAYERS)}; give a group of what sim.sensitivity returned"
        )
    return figure, player


def _parts(values: xr.DataArray, player: str, rows: int, told: tuple[priors.Book | None, str]) -> list[Part]:
    """Label, colour and shares over time of the players with the largest shares, and of the rest together."""
    book, lang = told
    shares = np.nan_to_num(np.asarray(values.values, float))
    shares = np.clip(shares, 0.0, None)  # an estimate of nothing may fall below it
    over = np.maximum(shares.sum(axis=0), 1.0)
    shares = shares / over  # and all together come out above 1, by as little
    names = [str(each) for each in values[player].values]
    order = np.argsort(-shares.mean(axis=1), kind="stable")
    largest = [names[i] for i in order[:rows]]
    by_basis = player == "basis"
    label = {name: words.say(name, lang) for name in largest} if by_basis else inputs.labels(largest, book, lang)
    colour = colours.several(player, largest)
    parts = [(words.shortened(label[name], 58), colour[name], shares[names.index(name)]) for name in largest]
    if len(order) > rows:
        parts.append((words.say("rest", lang), colours.REST, shares[order[rows:]].sum(axis=0)))
    return parts


def _stack(ax: Axes, parts: list[Part], times: list[str]) -> None:
    """Bars from the bottom up, the largest first."""
    below = np.zeros(len(times))
    for label, colour, values in parts:
        made = ax.bar(
            range(len(times)),
            values,
            bottom=below,
            width=0.86,
            color=colour,
            edgecolor=canvas.paper(),
            linewidth=0.5,
            label=label,
        )
        for bar, share, time in zip(made, values, times, strict=True):
            tips.tie(bar, f"{time}, {label}: {numbers.percent(float(share))}")
        below = below + values
