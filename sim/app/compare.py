"""``suanli compare``: what changes between scenarios, draw by draw, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.app import between, differences, failures, options, refusals, terminal
from sim.app.show import narrowed

if TYPE_CHECKING:
    import xarray as xr

ROWS = 3


@click.command("compare", short_help="Compare scenarios with a base, draw by draw.")
@click.argument("words", nargs=-1, metavar="[FILE …] [BASE [SCENARIO …]]")
@click.option("--output", "--outputs", "outputs", multiple=True, metavar="OUTPUT", help="Of this one; may be repeated.")
@between.at_labels
@click.option("--rows", type=options.Count(1, 100_000), default=None, help="Cells of each output to print.")
@between.run_options
@options.as_json
def command(
    words: tuple[str, ...],
    outputs: tuple[str, ...],
    at: tuple[tuple[str, str], ...],
    rows: int | None,
    json: bool,
    **run: Any,
) -> None:
    """Compare each SCENARIO with BASE: differences draw by draw, how often it is more, how far apart the two are.

    Scenarios are run unless a FILE that has them is named; without a scenario all of the file's are compared with its
    first. Two files are compared scenario by scenario: on the same draws where both can be run again on them, else as
    distributions alone; what differs between them is said.

    Of each output the three cells are printed whose distributions are furthest apart, all where --output names it.
    Dominance: "more" where the scenario has the larger outcomes at every level of chance, "less" the other way round, "?"
    where these draws cannot tell; two words where first and second order (for all who dislike risk) differ.
    """
    files, scenarios = between.parted(words)
    if len(files) > 2:
        raise failures.Mistake(f"found {len(files)} files, expected one or two")
    if files:
        between.fixed(run)
    elif len(scenarios) < 2:
        found = f'one scenario, "{scenarios[0]}"' if scenarios else "no scenario"
        raise failures.Mistake(f"found {found}, expected two, or a file that has them: suanli compare BASE SCENARIO")
    trees = [options.open_result(file) for file in files]
    compared = _compared(trees, scenarios, (list(dict.fromkeys(outputs)), list(at)), between.Asked(**run))
    chosen = {name: _narrowed(compared[name].to_dataset(), list(at), name) for name in compared.children}
    if json:
        terminal.emit(
            {
                "about": dict(compared.attrs),
                "outputs": {name: differences.records_of(part) for name, part in chosen.items()},
            }
        )
    else:
        differences.printed(compared, chosen, rows or (10_000 if outputs else ROWS))


Wanted = tuple[list[str], list[tuple[str, str]]]
"""Outputs and labels asked for."""


def _compared(trees: list[xr.DataTree], scenarios: list[str], wanted: Wanted, asked: between.Asked) -> xr.DataTree:
    import sim  # xarray, 0.3 s
    from sim.app.progress import bar
    from sim.study import pairing

    names: list[str] | None = None
    with refusals.told(again=True):
        if trees and any(wanted):
            names = _chosen(*wanted, _of_file(trees[0]), _headline(trees[0]), "the file")
        if len(trees) == 2:
            base = scenarios[0] if scenarios else None
            return sim.compare(trees[0], base, *scenarios[1:], other=trees[1], outputs=names, threads=asked.threads)
        if trees:
            return sim.compare(trees[0], *scenarios, outputs=names, threads=asked.threads)
        if len(set(scenarios)) < len(scenarios):
            raise failures.Mistake(f"found {', '.join(scenarios)}, expected each scenario once")
        laid = asked.laid_out(scenarios)
        model = laid.model
        known: Known = {o.name: {dim: list(model.coords[dim]) for dim in o.dims} for o in model.outputs}
        headline = [output.name for output in model.outputs if output.headline]
        names = _chosen(*wanted, known, headline, "the model; see suanli outputs")
        with bar(laid.settings.draws) as progress:
            tree = pairing.run(laid, scenarios, names, threads=asked.threads, progress=progress)
        return sim.compare(tree, outputs=names)


Known = dict[str, dict[str, list[Any]]]
"""Labels of each dimension of each output."""


def _of_file(tree: xr.DataTree) -> Known:
    means = tree["mean"].data_vars if "mean" in tree.children else {}
    return {
        str(name): {str(dim): mean[dim].values.tolist() for dim in mean.dims if dim != "scenario"}
        for name, mean in means.items()
    }


def _headline(tree: xr.DataTree) -> list[str]:
    from json import loads

    return list(loads(tree.attrs.get("headline", "[]")))


def _chosen(outputs: list[str], at: list[tuple[str, str]], known: Known, headline: list[str], where: str) -> list[str]:
    """The outputs to compare: those asked for, or the headline ones that have the dimensions of --at.

    Raises
    ------
    Mistake: for an output, a dimension or a label that is not there; before anything is run.
    """
    for name in outputs:
        failures.require(name, known, "output", where)
    names = outputs or [name for name in headline if name in known]
    for dim, label in at:
        every = list(dict.fromkeys(each for name in names for each in known[name]))
        failures.require(dim, every, "dimension", "the outputs compared" if len(names) != 1 else names[0])
        names = [name for name in names if dim in known[name]]
        labels = list(dict.fromkeys(str(each) for name in names for each in known[name][dim]))
        failures.require(label, labels, dim, where)
    return names


def _narrowed(part: xr.Dataset, at: list[tuple[str, str]], name: str) -> xr.Dataset:
    """``part`` at the labels asked for, as far as it has their dimensions."""
    own = [(dim, label) for dim, label in at if dim in part["difference_mean"].dims]
    for dim, label in own:
        place = narrowed(part["difference_mean"].rename(name), [(dim, label)], "the comparison")[dim]
        part = part.isel({dim: [part[dim].values.tolist().index(each) for each in place.values.tolist()]})
    return part
