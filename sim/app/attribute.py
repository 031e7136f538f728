"""``suanli attribute``: which change of an input makes how much of the gap between two scenarios."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import click

from sim.app import between, failures, options, refusals, terminal
from sim.app.numbers import percent, written

if TYPE_CHECKING:
    import xarray as xr

    from sim.batch import Recalled
    from sim.study.figures import Figure

INTERACTIONS = 3
CELLS = 36


class Of(click.ParamType):
    """A figure: ``mean``, a quantile such as ``95%`` or ``0.95``, or a chance such as ``>30000``."""

    name = "mean|q|>x"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text, which spells one of them."""
        text = str(value).strip()
        if text != "mean" and self.number(text) is None:
            expected = 'expected mean, a quantile such as 95%, or a chance such as ">30000"'
            self.fail(f'found "{value}", {expected}', param, ctx)
        return text

    @staticmethod
    def number(text: str) -> float | None:
        """The quantile's level or the chance's threshold; None for anything else."""
        above = text.startswith(">")
        digits = text.removeprefix(">").replace(",", "").strip()
        try:
            number = float(digits.removesuffix("%")) / (100.0 if digits.endswith("%") else 1.0)
        except ValueError:
            return None
        return number if above or 0.0 <= number <= 1.0 else None


@click.command("attribute", short_help="Split the gap between two scenarios over the inputs changed.")
@click.argument("words", nargs=-1, metavar="[FILE] BASE SCENARIO OUTPUT")
@between.at_labels
@click.option(
    "--of", "of", type=Of(), default="mean", show_default=True, help='The mean, a quantile (95%) or ">30000".'
)
@click.option("--orders", type=options.Count(4, 100_000), default=None, help="Orders to draw above ten changed inputs.")
@between.run_options
@options.as_json
def command(
    words: tuple[str, ...], at: tuple[tuple[str, str], ...], of: str, orders: int | None, json: bool, **run: Any
) -> None:
    """Split what SCENARIO changes in OUTPUT over the inputs that it changes: their Shapley values, which add up to the gap.

    Up to ten changed inputs all subsets of them are run, on the same draws; above, orders in which they change are drawn.
    Runs are laid out as in FILE, a kept result that has both scenarios, or by the options.

        suanli attribute baseline export_ban_strong_domestic market_purchases_year --at accelerator=h800 --at year=2024
    """
    files, names = between.parted(words)
    if len(files) > 1 or len(names) != 3:
        raise failures.Mistake(
            f"found {len(names)} names, expected BASE SCENARIO OUTPUT, and one FILE at most before them"
        )
    if files:
        between.fixed(run)
    asked = between.Asked(**run)
    dims = [dim for dim, _ in at]
    for dim in dims:
        if dims.count(dim) > 1:
            raise failures.Mistake(f"--at: found {dim} {dims.count(dim)} times, expected it once")
    with refusals.told(again=True):
        found, labels = _found(files, names, dict(at), of, orders, asked)
    if json:
        terminal.emit(_as_json(found))
    else:
        _printed(found, dict(at), labels)


def _found(
    files: list[str], names: list[str], at: dict[str, str], of: str, orders: int | None, asked: between.Asked
) -> tuple[xr.Dataset, dict[str, str]]:
    """The values, and what each changed input is called."""
    from sim.app.progress import bar
    from sim.study import attribution
    from sim.study.cells import chosen

    base, scenario, output = names
    if base == scenario:
        raise failures.Mistake(f'found "{base}" twice, expected two scenarios')
    laid = _laid_out(files, [base, scenario], asked)
    cells, left = chosen(laid.model, output, at)
    if len(cells) > CELLS:
        dim, labels = next(iter(left.items()))
        found = f"found {len(cells)} cells of {output}, expected {CELLS} at most"
        raise failures.Mistake(f"{found}; choose with --at, such as --at {dim}={labels[-1]}")
    draws = min(asked.draws or attribution.DRAWS, laid.settings.draws)
    with bar(draws * attribution.subsets(laid, (base, scenario), output, orders)) as progress:
        split = attribution.split(
            laid, (base, scenario), (output, at), _figure(of), draws,
            permutations=orders, threads=asked.threads, progress=progress,
        )  # fmt: skip
    return split, {name: laid.deck.labels[name].get("long_name") or name for name in split["override"].values.tolist()}


def _laid_out(files: list[str], scenarios: list[str], asked: between.Asked) -> Recalled:
    if not files:
        return asked.laid_out(scenarios)
    from sim import batch

    tree = options.open_result(files[0])
    laid = batch.recall({str(name): value for name, value in tree.attrs.items()})
    for name in scenarios:
        failures.require(name, laid.deck.priors, "scenario", files[0])
    return laid


def _figure(of: str) -> Figure:
    from sim.study.figures import Chance, Mean, Quantile

    number = Of.number(of)
    if number is None:
        return Mean()
    return Chance(number) if of.startswith(">") else Quantile(number)


def _as_json(found: xr.Dataset) -> dict[str, Any]:
    """All of it under stable keys, a record for each cell."""
    dims = [str(dim) for dim in found["gap"].dims]
    records = []
    for at in itertools.product(*(range(found.sizes[dim]) for dim in dims)):
        part = found.isel(dict(zip(dims, at, strict=True)))
        pairs = itertools.combinations(range(part.sizes["among"]), 2)
        records.append(
            {dim: found[dim].values[i].item() for dim, i in zip(dims, at, strict=True)}
            | {name: float(part[name]) for name in ("gap", "gap_mcse", "base_value", "value")}
            | {
                "shares": [
                    {"input": name, "share": float(part["share"][i]), "mcse": float(part["share_mcse"][i])}
                    for i, name in enumerate(part["override"].values.tolist())
                ],
                "interactions": [
                    {"inputs": [part["among"].values[k].item() for k in pair],
                     "value": float(part["interaction"][pair]), "mcse": float(part["interaction_mcse"][pair])}
                    for pair in pairs
                ],
            }
        )  # fmt: skip
    return {"about": dict(found.attrs), "units": found["gap"].attrs["units"], "cells": records}


def _printed(found: xr.Dataset, at: dict[str, str], labels: dict[str, str]) -> None:
    dims = [str(dim) for dim in found["gap"].dims]
    for place in itertools.product(*(range(found.sizes[dim]) for dim in dims)):
        part = found.isel(dict(zip(dims, place, strict=True)))
        where = at | {dim: str(found[dim].values[i]) for dim, i in zip(dims, place, strict=True)}
        terminal.say(sentence(part, where, labels))
        if float(part["gap"]) or part["share"].values.any():
            _table(part, labels)
        terminal.say()
    about = found.attrs
    terminal.say(f"{about['base']} to {about['scenario']}, {int(about['draws']):,} draws; {about['method']}.")


def sentence(part: xr.Dataset, where: dict[str, str], labels: dict[str, str]) -> str:
    """The gap and its largest parts in words: what takes, what gives back."""
    gap, error, units = float(part["gap"]), float(part["gap_mcse"]), part["gap"].attrs["units"]
    of, output = part.attrs["of"], part.attrs["output"]
    what = f"{output}" + (f" ({', '.join(where.values())})" if where else "") + ("" if of == "mean" else f", {of}")
    if gap == 0.0 and not part["share"].values.any():
        return f"{what}: no gap between {part.attrs['base']} and {part.attrs['scenario']}."
    unit = "" if units == "1" else f" {units}"
    told: list[str] = []
    shares, errors = part["share"].values.tolist(), part["share_mcse"].values.tolist()
    for name, share, wide in zip(part["override"].values.tolist(), shares, errors, strict=True):
        if len(told) < 3 and abs(share) >= 0.02 * abs(gap) and abs(share) > 2 * wide:
            told.append(f"{labels.get(name, name)} {_verb(share, gap)} {written(abs(share), wide)}")
    direction = "fewer" if gap < 0 else "more"
    rest = ", ".join(told) or "no single input makes a share that stands out"
    return f"Of the {written(abs(gap), error)}{unit} {direction} of {what}: {rest}."


def _verb(share: float, gap: float) -> str:
    if gap < 0:
        return "takes" if share < 0 else "gives back"
    return "adds" if share > 0 else "takes away"


def _table(part: xr.Dataset, labels: dict[str, str]) -> None:
    """Shares, largest first, and the largest interactions."""
    gap, rows, zero = float(part["gap"]), [], 0
    shares, errors = part["share"].values.tolist(), part["share_mcse"].values.tolist()
    for name, share, error in zip(part["override"].values.tolist(), shares, errors, strict=True):
        if share == 0.0:
            zero += 1
            continue
        value = written(share, error) + (f" ± {written(error, digits=2)}" if error > 0 else "")
        rows.append([name, labels.get(name, ""), value, percent(share / gap) if gap else "–"])
    terminal.table(["input", "", "share", "of the gap"], rows, right=["share", "of the gap"], keep=["input", "share"])
    if zero:
        terminal.say(f"{zero} more changed {'input makes' if zero == 1 else 'inputs make'} nothing of it")
    pairs = sorted(
        itertools.combinations(range(part.sizes["among"]), 2), key=lambda p: -abs(float(part["interaction"][p]))
    )
    for a, b in pairs[:INTERACTIONS]:
        extra, wide = float(part["interaction"][a, b]), float(part["interaction_mcse"][a, b])
        if abs(extra) > 2 * wide and abs(extra) >= 0.01 * abs(gap):
            both = f"{part['among'].values[a]} with {part['among'].values[b]}"
            terminal.say(f"Together beyond each alone: {both} {written(extra, wide)}")
