"""Tornado: what an answer is where an input is low, and where it is high."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.results import tornado as ends
from sim.results.errors import ResultError
from sim.results.evaluate import array
from sim.results.plot import canvas, colours, fonts, inputs, tips, words
from sim.results.plot.place import Place, cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHARE = 0.1
LOW_END = 0.55
"""How much of white is in the colour of an input's low end."""


def tornado(
    tree: xr.DataTree,
    output: str,
    at: Mapping[str, Any] | None = None,
    *,
    rows: int = 10,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Mean of one answer over the draws with an input's lowest and highest tenth, widest bar on top.

    Bars start at the mean of all kept draws. An input is coloured by its basis: claim, mixed or assumption.

    Parameters
    ----------
    tree: a result with kept draws of the output.
    output: name of an output.
    at: label of each of its dimensions, the scenario among them.
    rows: inputs to show, those with the widest bars.
    lang: ``"en"`` or ``"zh"``.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name or a label that is not there, a dimension left open, or too few kept draws.
    """
    if rows < 1:
        raise ResultError(f"rows: found {rows}, expected at least 1")
    place = cell(tree, output, at)
    lang = fonts.language(lang)
    narrow = _narrowed(tree, output, place)
    found = ends.dataset(narrow, output, SHARE, levels=()).isel(scenario=0)
    middle = float(np.nanmean(array(narrow, "draws", output).values))
    low, high = (found["mean"].sel(end=end).values for end in ends.ENDS)
    widest = np.argsort(-np.abs(high - low), kind="stable")[:rows]
    names = [str(found["input"].values[i]) for i in widest]
    told = inputs.labels_kept(narrow["inputs"].to_dataset(), names, lang)
    ax = canvas.axes(ax, 1.2 + 0.27 * len(names))
    scale = place.scale([low, high], lang)
    bases = [str(found["basis"].values[i]) for i in widest]
    for k, (i, basis) in enumerate(zip(widest, bases, strict=True)):
        line, colour = len(names) - 1 - k, inputs.colour_of(basis)
        for value, shade, key in ((low[i], colours.lighter(colour, LOW_END), "low_end"), (high[i], colour, "high_end")):
            (bar,) = ax.barh(line, value - middle, left=middle, height=0.72, color=shade, linewidth=0)
            tips.tie(bar, f"{told[names[k]]} ({names[k]}); {words.say(key, lang)}: {scale.write(value)} {scale.unit}")
    ax.axvline(middle, color=canvas.ink(), linewidth=0.9)
    canvas.row_labels(ax, [told[name] for name in names], range(len(names))[::-1])
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.margins(x=0.06)
    scale.on(ax.xaxis, narrow=True)
    label = scale.label(f"{place.words(lang)}, {words.say('mean', lang)}")
    canvas.label_x(ax, label, share=canvas.BESIDE_ROWS)
    canvas.bare(ax, "left", "right", "top")
    canvas.head(ax, place.title(lang), _legend(bases, lang))
    fonts.dress(ax, lang)
    return ax


def _narrowed(tree: xr.DataTree, output: str, place: Place) -> xr.DataTree:
    """The kept draws of one cell under one scenario, as a result that the estimate reads."""
    if "inputs" not in tree.children or "draws" not in tree.children or output not in tree["draws"].data_vars:
        raise ResultError(f'{output}: no draws of it were kept; run again with keep="all"')
    s = place.chosen.get("scenario", 0)
    values = place.narrowed(array(tree, "draws", output), scenario=False).isel(scenario=[s])
    spare = [name for name in values.coords if name not in ("scenario", "draw", "holds")]
    kept = values.drop_vars(spare).to_dataset(name=output)
    groups = {
        "/": xr.Dataset(attrs=tree.attrs),
        "/draws": kept,
        "/inputs": tree["inputs"].to_dataset().isel(scenario=[s]),
    }
    return xr.DataTree.from_dict(groups)


def _legend(bases: list[str], lang: str) -> list[Any]:
    from matplotlib.patches import Patch

    grey = colours.GREY
    return [
        *inputs.legend(bases, lang),
        Patch(color=colours.lighter(grey, LOW_END), label=words.say("low", lang)),
        Patch(color=grey, label=words.say("high", lang)),
    ]
