"""What ``tree.sim`` shows of itself in a notebook: what was run, the headline answers with their errors, how to go on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

import numpy as np
import xarray as xr

from sim.results import distribution
from sim.results.evaluate import array
from sim.results.plot import words
from sim.results.plot.scales import Scale, scale
from sim.sample import LEVELS

TIMES = ("quarter", "year")
SCENARIOS, LABELS, ROWS = 3, 6, 30
STYLE = "white-space:nowrap;text-align:left;padding:0.1em 0.9em 0.1em 0"


def html(tree: xr.DataTree) -> str:
    """A small page of a result; every text that comes from a book or a model is escaped.

    One line a cell of the headline outputs, at the last quarter or year: the median with its standard error, and 5–95 %.
    """
    names = _headline(tree)
    if not names:
        return "<p>not a result of suanli: no group /mean</p>"
    values = {name: _answers(tree, name) for name in names}
    scenarios = [str(each) for each in next(iter(values.values()))[0]["scenario"].values]
    rows = [row for name in names for row in _rows(tree, name, *values[name])]
    head = "".join(f'<th style="{STYLE}">{escape(text)}</th>' for text in ["", *scenarios[:SCENARIOS]])
    body = "".join(
        f"<tr>{''.join(f'<td style={chr(34)}{STYLE}{chr(34)}>{escape(text)}</td>' for text in row)}</tr>"
        for row in rows[:ROWS]
    )
    notes = ["median ± its standard error (5 – 95 %), or a chance ± its own, at the last quarter or year"]
    notes += [f"{len(rows) - ROWS} more answers"] * (len(rows) > ROWS)
    notes += [f"{len(scenarios) - SCENARIOS} more scenarios"] * (len(scenarios) > SCENARIOS)
    return (
        f"<div><p><b>{escape(str(tree.attrs.get('title', 'a result')))}</b><br>{escape(_run(tree))}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{'; '.join(notes)}</p>"
        f"<p>{_onward(names[0], values[names[0]][0])}</p></div>"
    )


def text(tree: xr.DataTree) -> str:
    """The same in a line, for a terminal."""
    return f"<suanli result: {len(distribution.outputs(tree))} outputs; {_run(tree)}>"


def _headline(tree: xr.DataTree) -> list[str]:
    """The headline outputs that can be asked about, all where none are marked."""
    known = distribution.outputs(tree)
    marked = json.loads(tree.attrs.get("headline", "[]"))
    return [name for name in marked if name in known] or known


def _run(tree: xr.DataTree) -> str:
    """Draws, sampler, seed and version, and the condition if there is one."""
    about = tree.attrs
    told = [f"{int(about['draws']):,} draws"] if "draws" in about else []
    told += [f"{key} {about[key]}" for key in ("sampler", "seed", "version") if key in about]
    if distribution.conditioned(tree):
        number = array(tree, "condition", "effective_number")
        told.append(f"given {about['condition']}: {', '.join(f'{each:,.0f}' for each in number.values)} draws")
    return ", ".join(told)


def _answers(tree: xr.DataTree, name: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Quantiles and their standard errors, dims scenario, quantile and the output's own but time, of which the last."""
    if distribution.conditioned(tree):
        found = [distribution.quantile(tree, name, np.array(LEVELS), error=error) for error in (False, True)]
    else:  # as stored: from the sketches of a large result it would take seconds
        found = [array(tree, group, name).sel(quantile=list(LEVELS)) for group in ("quantile", "mcse_quantile")]
    last = {dim: -1 for dim in TIMES if dim in found[0].dims}
    quantile, error = (each.isel(last) for each in found)
    return quantile, error


def _rows(tree: xr.DataTree, name: str, quantile: xr.DataArray, error: xr.DataArray) -> Iterator[list[str]]:
    """A line for each of the first cells that is not always nothing: its label, and the answer under each scenario."""
    how = scale(name, str(quantile.attrs.get("units", "1")), quantile.values, "en")
    own = [str(dim) for dim in quantile.dims if dim not in ("scenario", "quantile")]
    time = [str(quantile[dim].values) for dim in TIMES if dim in quantile.coords]
    what = how.label(words.long_name(quantile.attrs, name, "en"))
    chances = _chances(tree, name, quantile)
    if chances is not None:
        quantile, error = chances
    shown = list(np.ndindex(*(quantile.sizes[dim] for dim in own)))
    cells = [quantile.isel(dict(zip(own, place, strict=True))) for place in shown]
    for place, cell in [(place, cell) for place, cell in zip(shown, cells, strict=True) if cell.values.any()][:LABELS]:
        at = dict(zip(own, place, strict=True))
        labels = [words.name_of(dim, quantile[dim].values[k], "en", quantile.coords) for dim, k in at.items()]
        wrong = error.isel(at).transpose("scenario", "quantile").values
        found = zip(cell.transpose("scenario", "quantile").values[:SCENARIOS], wrong[:SCENARIOS], strict=True)
        yield [", ".join([what, *labels, *time]), *(_written(how, *each) for each in found)]


def _written(how: Scale, values: np.ndarray, errors: np.ndarray) -> str:
    """The median or the chance with its error, and 5 – 95 % of what has them."""
    middle = len(values) // 2
    doubt = float(errors[middle])
    text = how.write(float(values[middle]), doubt)
    if doubt > 0 and how.kind in ("number", "percent"):
        text += f" ± {how.write(doubt, 0.04 * doubt)}"
    return text if len(values) == 1 else f"{text} ({how.write(float(values[0]))} – {how.write(float(values[-1]))})"


def _chances(tree: xr.DataTree, name: str, quantile: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray] | None:
    """Of an output that is 0 or 1 in every draw its mean, with the standard error, in place of quantiles; else None."""
    if distribution.conditioned(tree) or not np.isin(quantile.values, (0.0, 1.0)).all():
        return None
    if not all(np.isin(array(tree, group, name).values, (0.0, 1.0)).all() for group in ("min", "max")):
        return None
    last = {dim: -1 for dim in TIMES if dim in array(tree, "mean", name).dims}
    mean, error = (array(tree, group, name).isel(last).expand_dims("quantile") for group in ("mean", "mcse"))
    return mean, error


def _onward(name: str, like: xr.DataArray) -> str:
    """Three ways to go on, with names that are there."""
    middle = float(like.sel(quantile=0.5).values.ravel()[0])
    asked = [f'tree.sim.summary("{name}")', f'tree.sim.prob("{name} > {middle:.2g}")']
    over_time = [dim for dim in TIMES if dim in like.coords]
    asked.append(f'tree.sim.plot.fan("{name}")' if over_time else f'tree.sim.plot.dotplot("{name}")')
    return "Go on with " + ", ".join(f"<code>{escape(each)}</code>" for each in asked)
