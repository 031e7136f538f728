"""``suanli sensitivity``: what drives an answer, input by input or by what inputs rest on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from sim.app import changes, failures, options, refusals, terminal
from sim.app.between import SUFFIXES
from sim.app.show import Label, narrowed
from sim.app.study import MOST

if TYPE_CHECKING:
    import xarray as xr

    import priors


DESIGNS = ("sobol", "shapley")
GIVEN = ("first", "delta", "rank", "tornado")
BY = ("input", "basis", "chapter", "claim")
BASE, KEPT = 16_384, 65_536
Progress = Callable[[int], object] | None


@dataclass(frozen=True)
class Asked:
    """What the command line asks for; the names are those of its options."""

    source: str
    output: str
    at: tuple[tuple[str, str], ...]
    method: str | None
    by: str
    scenario: str | None
    rows: int
    draws: int | None
    seed: int | None
    quarters: int
    book: str | None
    alone: bool
    changes: tuple[str, ...]
    threads: int | None
    json: bool

    @property
    def way(self) -> str:
        """The method: indices of inputs, shares of groups, unless one is named."""
        return self.method or ("sobol" if self.by == "input" else "shapley")


@click.command("sensitivity", short_help="Tell what drives an answer.")
@click.argument("source", metavar="SCENARIO|FILE")
@click.argument("output")
@click.option(
    "--at", "at", multiple=True, type=Label(), metavar="dim=label", help="Only this label, such as year=2024."
)
@click.option("--method", type=options.Choice(*DESIGNS, *GIVEN), default=None, help="See above.")
@click.option("--by", type=options.Choice(*BY), default="input", show_default=True, help="Whom to tell it of.")
@click.option("--scenario", default=None, help="Which scenario of FILE; its first unless given.")
@click.option("--rows", type=options.Count(1, 10_000), default=12, show_default=True, help="Rows to print at most.")
@click.option(
    "--draws", type=options.Count(1, MOST), default=None, help="Base sample (16,384), or draws kept (65,536)."
)
@click.option("--seed", type=options.Count(0, options.SEEDS), default=None, help="0, or that of FILE.")
@options.quarters
@options.own_book
@changes.option
@options.threads
@options.as_json
def command(**given: object) -> None:
    """Tell how much of OUTPUT each input is behind, under SCENARIO or in a result FILE.

    --method sobol (of inputs unless another is named) runs a design of its own for first-order and total indices: the
    share of the variance that goes once the input is known, and that stays while it alone is unknown. shapley (of groups)
    splits the variance into shares that add up to 1, correlated inputs too: --by basis is the interview against our
    assumptions. From kept draws alone, with no design: first, first-order indices; delta, how far an input moves the whole
    distribution (Borgonovo); rank, Spearman's correlations; tornado, the answer where an input is low or high.

    Of several cells each is told by its greatest drivers; --at narrows to one, which is told in full, with errors.
    """
    asked = Asked(**given)  # type: ignore[arg-type]
    if asked.way in GIVEN and asked.by != "input":
        raise failures.Mistake(
            f"--by {asked.by}: --method {asked.way} tells of inputs only; give --method sobol or shapley"
        )
    quiet = asked.json or asked.way in GIVEN
    with refusals.told_with_progress(asked.draws or BASE, quiet=quiet) as progress:
        found, about = _found(asked, progress)
    found = _narrowed(found, asked)
    from sim.app import drivers

    if asked.json:
        terminal.emit({"about": about, "cells": drivers.as_json(found, asked.way)})
    else:
        drivers.show(asked.output, found, asked.way, asked.rows)


def _found(asked: Asked, progress: Progress) -> tuple[xr.Dataset, dict[str, object]]:
    """The figures of the output's cells, and what they rest on."""
    import sim  # xarray, 0.3 s

    source, scenario = _source(asked)
    _check_labels(asked, source)
    if asked.way in GIVEN:
        tree = _kept(asked, source, scenario)
        names = [str(name) for name in tree["mean"].data_vars]
        failures.require(asked.output, names, "output", "the model; see suanli outputs")
        accessor = tree.sim
        ways = {
            "first": accessor.first_order,
            "delta": accessor.delta,
            "rank": accessor.rank_correlation,
            "tornado": accessor.tornado,
        }
        found = ways[asked.way](asked.output).sel(scenario=scenario, drop=True)
        draws = tree["inputs"].sizes["draw"]
        return found, {"method": asked.way, "scenario": scenario, "draws": draws, "seed": int(tree.attrs["seed"])}
    tree = sim.sensitivity(
        source,
        scenario,
        asked.output,
        method=asked.way,  # type: ignore[arg-type]  # checked by its option
        by=asked.by,  # type: ignore[arg-type]
        draws=asked.draws or BASE,
        seed=asked.seed,
        model=None if asked.source.endswith(SUFFIXES) else sim.market.model(asked.quarters),
        threads=asked.threads,
        progress=progress,
    )
    return tree[asked.output].to_dataset(), {str(name): value for name, value in tree.attrs.items()}


def _source(asked: Asked) -> tuple[priors.Book | xr.DataTree, str]:
    """A book or a result, and the name of the scenario in it.

    Raises
    ------
    Mistake: for a file, a scenario or a quantity that is not there.
    """
    if asked.source.endswith(SUFFIXES):
        for option, value in (("--priors", asked.book), ("--set", asked.changes)):
            if value:
                raise failures.Mistake(
                    f"{option}: found it beside a file, which has its own book; leave one of them out"
                )
        tree = options.open_result(asked.source)
        names = [str(name) for name in tree["mean"].to_dataset()["scenario"].values]
        scenario = asked.scenario or names[0]
        failures.require(scenario, names, "scenario", asked.source)
        return tree, scenario
    if asked.scenario:
        raise failures.Mistake(f'--scenario: goes with a FILE; found scenario "{asked.source}" named already')
    book = options.load_book(asked.book, asked.alone)
    failures.require(asked.source, book.scenarios, "scenario", "the book")
    book, (name,) = changes.changed(book, [asked.source], asked.changes)
    return book, name


def _check_labels(asked: Asked, source: priors.Book | xr.DataTree) -> None:
    """Refuse labels that the output lacks before anything is run.

    Raises
    ------
    Mistake: for a dimension or a label that is not there.
    """
    import xarray as xr

    import sim

    if isinstance(source, xr.DataTree):
        mean = source["mean"].to_dataset().get(asked.output)
        known = {} if mean is None else {str(dim): mean[dim].values.tolist() for dim in mean.dims if dim != "scenario"}
    else:
        model = sim.market.model(asked.quarters)
        dims = next((output.dims for output in model.outputs if output.name == asked.output), ())
        known = {dim: list(model.coords[dim]) for dim in dims}
    for dim, label in asked.at if known else ():
        failures.require(dim, known, "dimension", asked.output)
        failures.require(label, [str(each) for each in known[dim]], dim, asked.output)


def _kept(asked: Asked, source: priors.Book | xr.DataTree, scenario: str) -> xr.DataTree:
    """A result with kept draws: the file, or a run that keeps what is asked about."""
    import xarray as xr

    import sim

    if isinstance(source, xr.DataTree):  # the others would take their time too
        return source.map_over_datasets(lambda each: each.sel(scenario=[scenario]) if "scenario" in each.dims else each)
    model = sim.market.model(asked.quarters)
    headline = any(output.name == asked.output and output.headline for output in model.outputs)
    draws = asked.draws or KEPT
    return sim.run(
        source,
        scenarios=[scenario],
        draws=draws,
        seed=asked.seed or 0,
        model=model,
        keep="headline" if headline else "all",
        keep_draws=2 * draws,
        threads=asked.threads,
    )


def _narrowed(found: xr.Dataset, asked: Asked) -> xr.Dataset:
    """The cells at the labels asked for."""
    import xarray as xr

    if not asked.at:
        return found
    parts = {
        str(name): narrowed(values.rename(asked.output), list(asked.at), "the answer") for name, values in found.items()
    }
    return xr.Dataset({name: part.rename(name) for name, part in parts.items()}, attrs=found.attrs)
