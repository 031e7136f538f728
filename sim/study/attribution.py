"""Which change of an input makes how much of the gap between two scenarios: Shapley values over the overrides.

Every subset of the overrides that make one scenario of the other is a scenario of its own, run on the same draws; the
worth of a subset is the figure asked for. Up to :data:`EXACT` overrides all subsets are run and values are exact for
these draws. Above, orders in which the overrides are made are drawn, each with its reverse (Castro, Gómez and Tejada
2009; Mitchell, Cooper, Frank and Holmes 2022), and values carry the error of that too. In either case they add up to the
gap, since they do in every order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from sim.batch import Recalled, recall
from sim.model import Model
from sim.results.errors import ResultError
from sim.results.labels import coordinate, coordinates
from sim.results.names import nearest
from sim.sample import standard_error
from sim.study.allotment import Allotment, exact, pairs_of, sampled
from sim.study.figures import Figure, Mean
from sim.study.game import Game
from sim.study.pairing import require_whole

EXACT = 10
DRAWS = 65_536


def attribute(
    tree: xr.DataTree,
    base: str,
    scenario: str,
    output: str,
    *,
    at: Mapping[str, Any] | None = None,
    of: Figure | None = None,
    draws: int = DRAWS,
    permutations: int | None = None,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.Dataset:
    """Split the gap between two scenarios over the inputs whose distributions differ.

    Parameters
    ----------
    tree: a result of :func:`sim.run` that has both scenarios; what it takes is run again from its attributes.
    base, scenario: the gap is the figure under ``scenario`` less that under ``base``.
    output: name of the output.
    at: dimension -> label of the output; dimensions left out stay, each cell with a gap of its own.
    of: :class:`~sim.study.figures.Mean` (unless given), ``Quantile(0.95)`` or ``Chance(30_000)``.
    draws: of the result's draws the first so many, rounded up to whole replicates; all if it has fewer.
    permutations: orders to draw where there are more than :data:`EXACT` overrides, an even number.
    model: needed where ``tree`` came from a model of one's own.
    threads: all cores that this process may use unless given. progress: told how many draws of all subsets are done.

    Returns
    -------
    xarray.Dataset
        dims override and the output's own: ``share``, what an override makes of the gap; ``interaction`` (among, with), what
        two overrides make together beyond what each makes; ``gap``, ``base_value``, ``value``; each with ``_mcse``.

    Raises
    ------
    ResultError: for a name or a label that is not there, with the nearest that is; two scenarios that do not differ; no
        draws; or draws under a condition.
    """
    require_whole(tree, "attribute")
    for name in (base, scenario):
        known = [str(each) for each in tree["mean"].to_dataset()["scenario"].values]
        if name not in known:
            raise ResultError(nearest("scenario", name, known))
    run = recall({str(name): value for name, value in tree.attrs.items()}, model)
    options: dict[str, Any] = {"permutations": permutations, "threads": threads, "progress": progress}
    return split(run, (base, scenario), (output, at or {}), of or Mean(), draws, **options)


def split(
    run: Recalled,
    scenarios: tuple[str, str],
    where: tuple[str, Mapping[str, Any]],
    figure: Figure,
    draws: int,
    *,
    permutations: int | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.Dataset:
    """As :func:`attribute`, of a run that need not have been made: base and scenario, output and labels."""
    if draws < 1:
        raise ResultError(f"draws: found {draws}, expected at least 1")
    deck = replace(run.deck, priors={name: run.deck.priors[name] for name in scenarios})
    run = replace(run, deck=deck)
    game = Game.of(run, scenarios, where, figure, draws, threads)
    if not game.overrides:
        raise ResultError(f'attribute: "{scenarios[1]}" changes no input of "{scenarios[0]}"; name two that differ')
    found = exact(game, progress) if len(game.players) <= EXACT else sampled(game, permutations, progress)
    about = {"base": scenarios[0], "scenario": scenarios[1], "output": where[0]}
    if where[1]:
        about["at"] = ", ".join(f"{dim}={label}" for dim, label in where[1].items())
    return _labelled(game, found, about)


def subsets(run: Recalled, scenarios: tuple[str, str], output: str, permutations: int | None = None) -> int:
    """About how many subsets :func:`split` runs; none where a name is not there."""
    known = {each.name for each in run.model.outputs}
    if output not in known or not set(scenarios) <= set(run.deck.priors):
        return 0
    base, scenario = (run.deck.priors[name] for name in scenarios)
    read = run.model.reads.get(output, run.model.inputs)
    players = sum(base[name].spec() != scenario[name].spec() for name in run.model.inputs if name in read)
    return 1 << players if players <= EXACT else pairs_of(players, permutations) * 2 * players


def _labelled(game: Game, found: Allotment, about: Mapping[str, str]) -> xr.Dataset:
    """Values by name, largest first; overrides that the output does not read are zero."""
    output = next(each for each in game.model.outputs if each.name == game.output)
    units = "1" if game.figure.pure else output.units
    names = [game.model.inputs[j] for j in game.overrides]
    shape = [len(labels) for labels in game.kept.values()]
    share, error = np.zeros((2, len(names), len(game.cells)))
    share[game.players], error[game.players] = found.share, found.share_mcse
    largest_first = np.argsort(-np.abs(share).max(axis=1), kind="stable")
    rank = {name: n for n, name in enumerate([names[i] for i in largest_first])}
    between = sorted(range(len(found.between)), key=lambda i: rank[names[game.players[found.between[i]]]])
    dims = tuple(game.kept)
    gap_each = found.ends_each[1] - found.ends_each[0]
    made = {
        "share": (("override", *dims), share[largest_first], "what the override makes of the gap"),
        "share_mcse": (("override", *dims), error[largest_first], "its standard error"),
        "gap": (dims, found.ends[1] - found.ends[0], f"{game.figure.label}: gap between the scenarios"),
        "gap_mcse": (dims, standard_error(gap_each), "its standard error"),
        "base_value": (dims, found.ends[0], f"{game.figure.label} under {about['base']}"),
        "value": (dims, found.ends[1], f"{game.figure.label} under {about['scenario']}"),
        "interaction": (("among", "with", *dims), found.interaction[np.ix_(between, between)], "what both make together"),
        "interaction_mcse": (("among", "with", *dims), found.interaction_mcse[np.ix_(between, between)], "its standard error"),
    }  # fmt: skip
    variables = {}
    for name, (along, values, words) in made.items():
        sizes = [*np.shape(values)[: len(along) - len(dims)], *shape]
        variables[name] = xr.Variable(along, np.reshape(values, sizes), {"units": units, "long_name": words})
    pair = [names[game.players[found.between[i]]] for i in between]
    coords = {
        "override": coordinate("override", list(rank), {"long_name": "input whose distribution differs", "units": "1"}),
        "among": coordinate("among", pair, {"long_name": "override", "units": "1"}),
        "with": coordinate("with", pair, {"long_name": "another override", "units": "1"}),
        **coordinates(game.model, set(dims)),
    }
    english = output.long_name or output.name
    about = {**about, "long_name": english, "long_name_zh": output.long_name_zh or english}
    attributes = {**about, "of": game.figure.label, "draws": game.draws, "method": found.method}
    return xr.Dataset(variables, coords, attributes)
