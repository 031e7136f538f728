"""Stacked shares over time: which accelerators, which buyers, domestic against NVIDIA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.results import distribution
from sim.results.errors import ResultError
from sim.results.evaluate import array
from sim.results.names import nearest
from sim.results.plot import bands, canvas, colours, fonts, numbers, tips, words
from sim.results.plot.place import Place, find, whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAMPS = ("nvidia", "domestic")
WRITTEN = 0.055
"""Shares of at least so much are written into their bars."""


def shares(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    by: str = "accelerator",
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Shares of the mean of an output over quarters or years, stacked to 100 %.

    Parameters
    ----------
    tree: a result.
    output: name of an output with the dimension ``by`` and quarter or year, such as ``market_purchases_year``.
    at: label of each other dimension, the scenario among them.
    by: the dimension to split by, or ``"domestic"``: domestic accelerators against NVIDIA's.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, or dimensions left open besides these.
    """
    like = whole(tree, output)
    dim = "accelerator" if by == "domestic" else by
    if dim not in like.dims or (by == "domestic" and "domestic" not in like.coords):
        known = [str(each) for each in like.dims if each != "scenario"] + ["domestic"] * ("domestic" in like.coords)
        raise ResultError(f"{output}: {nearest('dimension', by, known)}")
    place = find(like, at, 1, keep=(dim,))
    lang = fonts.language(lang)
    (time,) = place.free
    mean = array(tree, "draws", output).mean("draw") if distribution.conditioned(tree) else array(tree, "mean", output)
    values = np.asarray(place.narrowed(mean).transpose(dim, time).values, float)
    names, values = _split(place, dim, by, values)
    total = values.sum(axis=0)
    share = values / np.where(total > 0, total, np.nan)
    ax = canvas.axes(ax)
    _stack(ax, place, (by, names, share), lang)
    bands.time_axis(ax, place, lang)
    ax.set_xlim(-0.6, place.like.sizes[time] - 0.4)
    ax.set_ylim(0.0, 1.0)
    ax.yaxis.set_major_formatter(lambda value, _: numbers.percent(value))
    canvas.label_y(ax, f"{place.words(lang)}: {words.say('of_mean', lang)}")
    canvas.head(ax, place.title(lang))
    canvas.beside(ax)
    fonts.dress(ax, lang)
    return ax


def _split(place: Place, dim: str, by: str, values: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Labels and values of the parts that there are any of, from the bottom up."""
    if by == "domestic":
        flags = np.asarray(place.like["domestic"].values).astype(bool)
        return list(CAMPS), np.stack([values[~flags].sum(axis=0), values[flags].sum(axis=0)])
    there = np.nanmax(values, axis=1) > 0
    names = [str(each) for each in place.like[dim].values]
    return [name for name, any_of_it in zip(names, there, strict=True) if any_of_it], values[there]


def _stack(ax: Axes, place: Place, what: tuple[str, list[str], np.ndarray], lang: str) -> None:
    by, names, share = what
    told = colours.several(by, names)
    times = [str(each) for each in place.like[place.free[0]].values]
    below = np.zeros(len(times))
    roomy = len(times) <= 6
    for name, values in zip(names, np.nan_to_num(share), strict=True):
        label = words.say(name, lang) if by == "domestic" else words.name_of(by, name, lang, place.like.coords)
        made = ax.bar(
            range(len(times)), values, bottom=below, width=0.8 if roomy else 0.9, color=told[name], edgecolor=canvas.paper(),
            linewidth=0.6, label=label,
        )  # fmt: skip
        for k, (bar, part) in enumerate(zip(made, values, strict=True)):
            tips.tie(bar, f"{times[k]}, {label}: {numbers.percent(float(part))}")
            if roomy and part >= WRITTEN:
                ax.text(
                    k, below[k] + part / 2, numbers.percent(float(part)), ha="center", va="center",
                    fontsize=canvas.small(), color=colours.on(told[name]),
                )  # fmt: skip
        below = below + values
