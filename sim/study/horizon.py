"""Two results of the market over different numbers of quarters: both are looked at over the shorter horizon.

A shorter run is the exact prefix of a longer one, so that over the common quarters both can be run again on the same
draws; what sums up a horizon (a year cut short, when parity is reached) is then the same quantity in both.
"""

from __future__ import annotations

import json
from dataclasses import replace

import xarray as xr

from sim import batch, market
from sim.model import Model
from sim.results.errors import ResultError

DIMS = ("quarter", "year")


def quarters(tree: xr.DataTree) -> int | None:
    """Quarters that a result of the market runs over; None for that of another model."""
    if tree.attrs.get("model") != market.model().name:
        return None
    found = json.loads(tree.attrs["model_arguments"])
    return int(found[0]) if found else None


def common(tree: xr.DataTree, other: xr.DataTree) -> Model | None:
    """The market over the shorter horizon of two results; None where there is one horizon, or another model."""
    ours, theirs = quarters(tree), quarters(other)
    if ours is None or theirs is None or ours == theirs:
        return None
    return market.model(min(ours, theirs))


def shortened(tree: xr.DataTree, model: Model, threads: int | None = None) -> xr.DataTree:
    """``tree`` itself if it is over the horizon of ``model``, else its scenarios run again over that, on the same draws.

    Raises
    ------
    ResultError: if it cannot be run again; says why.
    """
    if quarters(tree) == model.args[0]:
        return tree
    try:
        found = batch.recall({str(name): value for name, value in tree.attrs.items()})
    except ValueError as error:
        message = f"compare: horizons differ ({quarters(tree)} and {model.args[0]} quarters), and {error}"
        raise ResultError(message) from error
    settings = replace(found.settings, keep="none", pairs=False)
    about = {name: value for name, value in found.about.items() if not name.startswith(("until", "max_draws"))}
    return batch.execute(found.deck, model, settings, about, threads=threads)
