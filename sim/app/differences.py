"""A comparison on the terminal: the cells that differ most, and their figures."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from sim.app import terminal
from sim.app.numbers import interval, percent, written

if TYPE_CHECKING:
    import xarray as xr

VERDICTS = {"dominates": "more", "is dominated": "less", "neither": "neither", "not decided": "?", "the same": "same"}
PAIRED = ("mean", "median (5 %–95 %)", "more in", "distance", "KS", "dominance")
APART = ("mean", "median", "distance", "KS", "dominance")
CHANGED = ("ks", "difference_mean", "difference_sd")
"""A cell differs where one of these is not zero; distances look at bins, within which means may differ."""


def records_of(part: xr.Dataset) -> list[dict[str, Any]]:
    """One record for each scenario and cell: labels, then all measures, quantiles by level."""
    dims = [str(dim) for dim in part["difference_mean"].dims]
    levels = [f"{float(level):g}" for level in part["quantile"].values]
    found = []
    for at in itertools.product(*(range(part.sizes[dim]) for dim in dims)):
        cell = dict(zip(dims, at, strict=True))
        record: dict[str, Any] = {dim: part[dim].values[i].item() for dim, i in cell.items()}
        for name, variable in part.data_vars.items():
            values = variable.variable.isel(cell).values
            by_level = "quantile" in variable.dims
            record[str(name)] = dict(zip(levels, values.tolist(), strict=True)) if by_level else values.item()
        found.append(record)
    return found


def printed(compared: xr.DataTree, chosen: dict[str, xr.Dataset], most: int) -> None:
    """A table an output and scenario, of ``most`` cells at most."""
    about = compared.attrs
    terminal.say(f"Beside {about['base']}, {int(about['draws']):,} draws. A difference is the scenario less the base.")
    if about.get("differs"):
        terminal.say(f"What differs between the two results: {about['differs']}.")
    if about.get("apart"):
        terminal.say(f"Not draw by draw, since {about['apart']}: distributions alone, with errors of independent runs.")
    for name, part in chosen.items():
        _table(name, part, most)


def _table(name: str, part: xr.Dataset, most: int) -> None:
    """One output: a row for each cell and scenario, those furthest apart if not all are printed."""
    records = records_of(part)
    dims = [str(dim) for dim in part["difference_mean"].dims]
    changed = [record for record in records if any(abs(record.get(name, 0.0)) > 0 for name in CHANGED)]
    furthest = sorted(sorted(changed, key=lambda r: -r["ks"])[:most], key=records.index)
    unit = part.attrs.get("units", "1")
    title = f"{name}: {part.attrs.get('long_name', name)}" + (f", {unit}" if unit != "1" else "")
    terminal.say()
    if not furthest:
        terminal.say(title, bold=True)
        terminal.say("the same in every draw")
        return
    terminal.say(title, bold=True)
    for scenario in dict.fromkeys(record["scenario"] for record in furthest):
        _scenario(scenario, [record for record in furthest if record["scenario"] == scenario], dims[1:])
    rest, same = len(changed) - len(furthest), len(records) - len(changed)
    notes = [f"{rest} more {'cell differs' if rest == 1 else 'cells differ'} (--rows)"] * bool(rest)
    notes += [f"{same} {'cell is' if same == 1 else 'cells are'} the same in every draw"] * bool(same)
    if notes:
        terminal.say("; ".join(notes))
    factors = [record["pairing_factor"] for record in furthest if math.isfinite(record.get("pairing_factor", math.inf))]
    if factors:
        low, high = (written(pick(factors), digits=2) for pick in (min, max))
        terminal.say(
            f"Sharing draws divides the variance of a difference by {low if low == high else f'{low} to {high}'}"
        )


def _scenario(scenario: str, records: list[dict[str, Any]], dims: list[str]) -> None:
    """One scenario's cells."""
    paired = "chance_greater" in records[0]
    head = PAIRED if paired else APART
    made = []
    for record in records:
        figures = _figures(record, paired)
        made.append([", ".join(str(record[dim]) for dim in dims), *(figures[name] for name in head)])
    terminal.table(["", *head], made, right=head[:-1], keep=head, title=scenario)


def _figures(record: dict[str, Any], paired: bool) -> dict[str, str]:
    """The figures of one row, by head."""
    error = record["difference_mean_mcse"]
    mean = written(record["difference_mean"], error)
    found = {"mean": mean + (f" ± {written(error, digits=2)}" if error > 0 else "")}
    if paired:
        values, errors = record["difference_quantile"], record["difference_quantile_mcse"]
        low, middle, high = (written(values[level], errors[level]) for level in ("0.05", "0.5", "0.95"))
        found["median (5 %–95 %)"] = interval(middle, low, high)
        found["more in"] = percent(record["chance_greater"], record["chance_greater_mcse"])
    found["median"] = written(record["quantile_shift"]["0.5"], record["quantile_shift_mcse"]["0.5"])
    found["distance"] = written(record["wasserstein"], record["wasserstein_mcse"])
    found["KS"] = written(record["ks"], record["ks_mcse"], digits=2)
    verdicts = [VERDICTS[record[order]] for order in ("first_order", "second_order")]
    found["dominance"] = verdicts[0] if verdicts[0] == verdicts[1] else f"{verdicts[1]} (2nd)"
    return found
