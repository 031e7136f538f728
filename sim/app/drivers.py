"""What drives an answer, as a person reads it and as a program does: one cell in full, many by their greatest drivers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.app import terminal
from sim.app.numbers import percent, written

if TYPE_CHECKING:
    import xarray as xr

MOST = 4
LEAST = 0.01
SUFFIXES = ("_mcse", "_lower", "_upper")
READS = {
    "sobol": "first: share of the variance that goes once the input is known; total: that stays while it alone is unknown.",
    "shapley": "Shares of the variance; they add up to 100 %.",
    "first": "Share of the variance that goes once the input is known.",
    "delta": "Borgonovo's delta, from 0 to 1: how far knowing the input moves the whole distribution.",
    "rank": "Spearman's rank correlations; partial: what is left once the other inputs are known.",
    "tornado": "The answer where the input is in its lowest tenth, and in its highest: mean, and 5 % to 95 %.",
}


KEY = {"sobol": "total", "shapley": "shapley", "first": "first", "delta": "delta", "rank": "spearman"}
"""What players are ranked by; in a tornado, by how far the mean goes."""


def weight(found: xr.Dataset, way: str) -> xr.DataArray:
    """What players are ranked by, never negative; 0 where it cannot be told from nothing."""
    if way == "tornado":
        return abs(found["mean"].sel(end="high") - found["mean"].sel(end="low")).fillna(0.0)
    name = KEY[way]
    clear = (found[f"{name}_lower"] > 0) | (found[f"{name}_upper"] < 0)
    return abs(found[name]).where(clear, 0.0)


def show(output: str, found: xr.Dataset, way: str, most: int) -> None:
    """Print the cells of ``found``."""
    who, cells = _cells(found)
    unit = found.attrs.get("units", "1")
    title = f"{output}: {found.attrs.get('long_name', output)}" + (f", {unit}" if unit != "1" else "")
    terminal.say(title, bold=True)
    terminal.say(READS[way])
    terminal.say()
    if len(cells) == 1:
        at, cell = cells[0]
        _in_full(who, cell, way, most, ", ".join(f"{dim} {label}" for dim, label in at.items()))
    else:
        _by_drivers(who, cells, way)


def as_json(found: xr.Dataset, way: str) -> list[dict[str, Any]]:
    """Each cell: its labels, and its players with all their figures, the greatest first."""
    who, cells = _cells(found)
    return [{**at, "drivers": [_record(who, cell, i, way) for i in _order(cell, way)]} for at, cell in cells]


def _cells(found: xr.Dataset) -> tuple[str, list[tuple[dict[str, str], xr.Dataset]]]:
    """Name of the players' dimension, and each cell with its labels."""
    first = next(iter(found.data_vars.values()))
    who = str(first.dims[0])
    dims = [str(dim) for dim in first.dims if dim not in (who, "end")]
    cells = []
    for at in itertools.product(*(range(found.sizes[dim]) for dim in dims)):
        place = dict(zip(dims, at, strict=True))
        labels = {dim: str(found[dim].values[i]) for dim, i in place.items()}
        cells.append((labels, found.isel(place)))
    return who, cells


def _order(cell: xr.Dataset, way: str) -> list[int]:
    return [int(i) for i in np.argsort(-weight(cell, way).values, kind="stable")]


def _record(who: str, cell: xr.Dataset, i: int, way: str) -> dict[str, Any]:
    names = [name for name in (who, "basis", "claims", "inputs") if name in cell.coords]
    told: dict[str, Any] = {name: str(cell[name].values[i]) for name in names}
    for name, values in cell.data_vars.items():
        part = values.values[i]
        ends = dict(zip(("low", "high"), map(float, part), strict=True)) if way == "tornado" else float(part)
        told[str(name)] = ends
    return told


def _in_full(who: str, cell: xr.Dataset, way: str, most: int, where: str) -> None:
    order = [i for i in _order(cell, way) if weight(cell, way).values[i] > 0.0]
    if not order:
        terminal.say(f"{where}: nothing moves it." if where else "Nothing moves it.")
        return
    if way == "tornado":
        head, line = ["low", "5–95 % when low", "high", "5–95 % when high"], _ends
    else:
        head, line = [str(name) for name in cell.data_vars if not str(name).endswith(SUFFIXES)], _shares
    beside = "claims" if "claims" in cell.coords else ""
    rows = []
    for i in order[:most]:
        about = [_rests(cell, i)] if beside else []
        rows.append([str(cell[who].values[i]), *line(cell, i, way), *about])
    columns = [who, *head, *(["rests on"] if beside else [])]
    terminal.table(columns, rows, right=head, keep=[who], title=where)
    if len(order) > most:
        terminal.say(f"… and {len(order) - most} more; --rows says how many to print.")
    if way != "tornado" and len(order) < len(cell[who]):
        terminal.say(f"The other {len(cell[who]) - len(order)} cannot be told from nothing.")


def _rests(cell: xr.Dataset, i: int) -> str:
    basis, claims = str(cell["basis"].values[i]), str(cell["claims"].values[i])
    return basis if basis == "assumption" or not claims else f"{basis}: {claims.replace(' ', ', ')}"


def _shares(cell: xr.Dataset, i: int, way: str) -> list[str]:
    told: Callable[..., str] = _share if way in ("sobol", "shapley", "first") else _number
    names = [str(name) for name in cell.data_vars if not str(name).endswith(SUFFIXES)]
    return [told(*(float(cell[name + part].values[i]) for part in ("", "_lower", "_upper"))) for name in names]


def _share(value: float, lower: float, upper: float) -> str:
    """A share in percent with its 95 % interval, both cut to what a share can be.

    >>> _share(0.2877, 0.2781, 0.2973)
    '28.8 % (27.8–29.7)'
    """
    parts = [f"{100.0 * min(max(x, 0.0), 1.0):.1f}" for x in (value, lower, upper)]
    return f"{parts[0]} % ({parts[1]}–{parts[2]})" if np.isfinite(value) else "–"


def _number(value: float, lower: float, upper: float) -> str:
    return f"{value:.3f} ({lower:.3f} to {upper:.3f})".replace("-", "−") if np.isfinite(value) else "–"


def _ends(cell: xr.Dataset, i: int, way: str) -> list[str]:
    found = []
    for end in range(2):
        figures = {name: float(cell[name].values[i, end]) for name in ("mean", "mean_mcse", "q0.05", "q0.95")}
        found += [written(figures["mean"], figures["mean_mcse"])]
        found += [f"{written(figures['q0.05'])} to {written(figures['q0.95'])}"]
    return found


def _by_drivers(who: str, cells: Sequence[tuple[dict[str, str], xr.Dataset]], way: str) -> None:
    """A row a cell: its labels, and what drives it most; groups, of which there are few, a column each."""
    labels = list(cells[0][0])
    groups = [str(name) for name in cells[0][1][who].values]
    in_columns = way == "shapley" and len(groups) <= MOST
    rows = []
    for at, cell in cells:
        size = weight(cell, way).values
        if in_columns:
            values, errors = cell["shapley"].values, cell["shapley_mcse"].values
            told = [percent(max(v, 0.0), e) if np.isfinite(v) else "–" for v, e in zip(values, errors, strict=True)]
        else:
            order = [i for i in _order(cell, way)[:MOST] if size[i] > (0.0 if way == "tornado" else LEAST)]
            told = [", ".join(f"{groups[i]} {_brief(cell, i, way, size[i])}" for i in order) or "nothing moves it"]
        rows.append([*at.values(), *told])
    head = groups if in_columns else ["driven by"]
    terminal.table([*labels, *head], rows, right=groups if in_columns else (), keep=labels)


def _brief(cell: xr.Dataset, i: int, way: str, size: float) -> str:
    if way == "tornado":
        low, high = (float(x) for x in cell["mean"].values[i])
        return f"{written(low)}→{written(high)}"
    if way == "rank":
        return f"{float(cell['spearman'].values[i]):+.2f}".replace("-", "−")
    return f"{size:.2f}" if way == "delta" else percent(min(size, 1.0))
