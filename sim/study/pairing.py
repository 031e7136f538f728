"""A result that holds the paired differences asked for: the one at hand, or another run on the same draws."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import xarray as xr

from sim import batch
from sim.model import Model
from sim.pairs import DIFFERENCE
from sim.results import distribution
from sim.results.errors import ResultError
from sim.results.names import nearest
from sim.study.narrow import narrowed


def scenarios_of(tree: xr.DataTree) -> list[str]:
    """Names of a result's scenarios."""
    return [str(name) for name in tree["mean"].to_dataset()["scenario"].values]


def require_whole(tree: xr.DataTree, what: str) -> None:
    """Refuse draws that meet a condition, of which no run tells.

    Raises
    ------
    ResultError: saying what to take instead.
    """
    if distribution.conditioned(tree):
        raise ResultError(
            f"{what}: found draws under a condition, expected a whole result; take the tree before .where()"
        )


def check(tree: xr.DataTree, scenarios: Sequence[str], outputs: Sequence[str] | None) -> list[str]:
    """The outputs to compare, the headline ones unless given; refuses what ``tree`` does not have.

    Raises
    ------
    ResultError: for draws under a condition, or a scenario or an output that is not there, with the nearest that is.
    """
    require_whole(tree, "compare")
    names = distribution.outputs(tree)
    if outputs is None:
        outputs = [name for name in json.loads(tree.attrs["headline"]) if name in names] or names
    outputs = [outputs] if isinstance(outputs, str) else list(dict.fromkeys(outputs))
    for output in outputs:
        distribution.require_output(tree, output)
    for scenario in scenarios:
        if scenario not in scenarios_of(tree):
            raise ResultError(nearest("scenario", scenario, scenarios_of(tree)))
    return outputs


def paired(
    tree: xr.DataTree,
    scenarios: Sequence[str],
    outputs: Sequence[str],
    *,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.DataTree:
    """``tree`` if it holds differences of ``outputs`` from the first of ``scenarios``, else the run that does.

    That run is laid out from the attributes of ``tree``: the same seed, the same draws, the same bits.

    Raises
    ------
    ValueError: if the run cannot be laid out from its attributes; says what is missing.
    """
    if holds(tree, scenarios[0], outputs):
        return tree
    found = batch.recall({str(name): value for name, value in tree.attrs.items()}, model)
    return run(found, scenarios, outputs, threads=threads, progress=progress)


def run(
    laid: batch.Recalled,
    scenarios: Sequence[str],
    outputs: Sequence[str],
    *,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.DataTree:
    """Run ``scenarios``, the first being the base, for ``outputs`` and their paired differences alone."""
    deck = replace(laid.deck, priors={name: laid.deck.priors[name] for name in scenarios})
    about = {name: value for name, value in laid.about.items() if not name.startswith(("until", "max_draws"))}
    about["scenario_definitions"] = {name: about["scenario_definitions"].get(name, {}) for name in scenarios}
    settings = replace(laid.settings, keep="none", pairs=True, outputs=())
    return batch.execute(deck, narrowed(laid.model, outputs), settings, about, threads=threads, progress=progress)


def holds(tree: xr.DataTree, base: str, outputs: Sequence[str]) -> bool:
    """Whether ``tree`` holds differences of ``outputs`` from ``base``."""
    if DIFFERENCE not in tree.children or tree.children[DIFFERENCE].attrs["base"] != base:
        return False
    return set(outputs) <= set(distribution.outputs(tree.children[DIFFERENCE]))
