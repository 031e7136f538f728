"""Two results: what differs in how they were made, and whether their scenarios can be run on the same draws."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np
import xarray as xr

from sim import batch
from sim.model import Model
from sim.results import distribution
from sim.results.errors import ResultError
from sim.results.names import nearest
from sim.study import from_draws, horizon
from sim.study.narrow import narrowed
from sim.study.pairing import check, scenarios_of

# Attribute -> what it is called, and whether draws can still be shared where it differs.
ABOUT: Mapping[str, tuple[str, bool]] = {
    "book": ("book", True),
    "book_digest": ("book's content", True),
    "seed": ("seed", False),
    "sampler": ("sampler", False),
    "scheme": ("scheme of draws", False),
    "draws": ("draws", False),
    "version": ("version of suanli", False),
    "model": ("model", False),
    "model_arguments": ("arguments of the model", False),
}
_LONG = {"book_digest"}


@dataclass(frozen=True)
class Meeting:
    """A scenario of one result beside one of another.

    Attributes
    ----------
    label: the scenario's name, which others know it by.
    base_tree, tree: the results that hold the base and the scenario; one and the same where draws are paired.
    base, scenario: their names there.
    drawn: whether both kept all their draws, from which figures are to be had.
    """

    label: str
    base_tree: xr.DataTree
    tree: xr.DataTree
    base: str
    scenario: str
    drawn: bool = False


def differs(tree: xr.DataTree, other: xr.DataTree) -> list[str]:
    """What differs between how two results were made, a phrase each."""
    found = []
    for name, (words, _) in ABOUT.items():
        a, b = tree.attrs.get(name), other.attrs.get(name)
        if name == "model_arguments" and (shorter := horizon.common(tree, other)):
            ours, theirs = (horizon.quarters(each) for each in (tree, other))
            found.append(f"horizon ({ours} and {theirs} quarters; compared over the first {shorter.args[0]})")
        elif a != b:
            found.append(words if name in _LONG else f"{words} ({a} and {b})")
    ours, theirs = (json.loads(each.attrs.get("scenario_definitions", "{}")) for each in (tree, other))
    found += [f"definition of {name}" for name in ours if name in theirs and ours[name] != theirs[name]]
    return found


def apart(tree: xr.DataTree, other: xr.DataTree) -> str:
    """Why the two cannot be run on the same draws; empty where they can."""
    overlap = horizon.common(tree, other) is not None
    for name, (words, shared) in ABOUT.items():
        if name == "model_arguments" and overlap:
            continue  # over the common quarters both draw the same
        if not shared and tree.attrs.get(name) != other.attrs.get(name):
            return f"{words} differs"
    if tree.attrs.get("version") != version("suanli"):
        return f"both were made by suanli {tree.attrs.get('version')}, this is {version('suanli')}"
    ours, theirs = (json.loads(each.attrs.get("deck", "{}")) for each in (tree, other))
    if ours.get("streams") != theirs.get("streams"):
        return "stream numbers of inputs differ"
    return "" if ours.get("correlations") == theirs.get("correlations") else "correlations differ"


def couples(tree: xr.DataTree, other: xr.DataTree, base: str | None, scenarios: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs (scenario of ``tree``, scenario of ``other``) to compare: namesakes, or all with ``base``.

    Raises
    ------
    ResultError: for a scenario that is not there, or no namesakes.
    """
    ours, theirs = scenarios_of(tree), scenarios_of(other)
    for name, known in ((base, ours), *((each, theirs) for each in scenarios)):
        if name is not None and name not in known:
            raise ResultError(nearest("scenario", name, known))
    if base is not None:
        return [(base, name) for name in (scenarios or theirs)]
    found = [(name, name) for name in (scenarios or theirs) if name in ours]
    if not found:
        raise ResultError(f"compare: found no scenario that both results have ({', '.join(ours[:8])}); name the base")
    return found


def comparable(tree: xr.DataTree, other: xr.DataTree, outputs: Sequence[str] | None) -> list[str]:
    """The outputs to compare; refuses those that are not the same quantity in both.

    Raises
    ------
    ResultError: for an output that only one has, or that has another unit, other dims or other labels there.
    """
    names = check(tree, [], outputs)
    theirs = distribution.outputs(other)
    cut = horizon.DIMS if horizon.common(tree, other) else ()
    wrong = {name: _unlike(tree, other, name, cut) if name in theirs else "only one result has it" for name in names}
    found = [name for name, why in wrong.items() if not why]
    if (outputs is not None and len(found) < len(names)) or not found:
        name, why = next((name, why) for name, why in wrong.items() if why)
        raise ResultError(f'compare: output "{name}": {why}')
    return found


def _unlike(tree: xr.DataTree, other: xr.DataTree, name: str, cut: Sequence[str]) -> str:
    """Why an output is not the same quantity in both; empty where it is. Labels of the dims ``cut`` may go on in one."""
    a, b = (each["mean"].to_dataset()[name] for each in (tree, other))
    if a.attrs.get("units") != b.attrs.get("units"):
        return f"units differ ({a.attrs.get('units')} and {b.attrs.get('units')})"
    if a.dims != b.dims:
        return f"dims differ ({', '.join(map(str, a.dims))} and {', '.join(map(str, b.dims))})"
    for dim in a.dims[1:]:
        if dim not in cut and [str(x) for x in a[dim].values] != [str(x) for x in b[dim].values]:
            return f"labels of {dim} differ; run both over the same horizon"
    return ""


def meetings(
    tree: xr.DataTree,
    other: xr.DataTree,
    pairs: Sequence[tuple[str, str]],
    outputs: Sequence[str],
    *,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> tuple[list[Meeting], str]:
    """What to compare, and why draws are not paired (empty where they are).

    Raises
    ------
    ResultError: where draws are not paired and an output has no sketches of its replicates.
    """
    shorter = horizon.common(tree, other)
    model, why = shorter or model, apart(tree, other)
    drawn = from_draws.held(tree, [a for a, _ in pairs], outputs) and from_draws.held(
        other, [b for _, b in pairs], outputs
    )
    if drawn and not why and not shorter:
        return [Meeting(scenario, tree, other, base, scenario, True) for base, scenario in pairs], ""
    if not why:
        try:
            ours, theirs = (batch.recall(dict(each.attrs), model) for each in (tree, other))  # type: ignore[arg-type]
        except ValueError as error:
            why = str(error)
        else:
            options = {"threads": threads, "progress": progress}
            found = [_together(ours, theirs, pair, outputs, options) for pair in pairs]
            # A file tells a model's name alone.
            if (
                model is None
                or shorter
                or (_again(found, "base", tree, pairs) and _again(found, "other", other, pairs))
            ):
                return found, ""
            why = "the model given does not give the figures of both results"
    for name in outputs:
        if not all(name in json.loads(each.attrs["headline"]) for each in (tree, other)):
            raise ResultError(
                f'compare: output "{name}" is no headline output, so that it is compared draw by draw alone; but {why}'
            )
    if shorter:
        tree, other = (horizon.shortened(each, shorter, threads) for each in (tree, other))
    return [Meeting(scenario, tree, other, base, scenario) for base, scenario in pairs], why


def _together(
    ours: batch.Recalled,
    theirs: batch.Recalled,
    pair: tuple[str, str],
    outputs: Sequence[str],
    options: Mapping[str, Any],
) -> Meeting:
    """Both scenarios of a pair, run on the same draws."""
    base, name = pair
    scenario = name if name != base else f"{name} (other)"
    deck = replace(ours.deck, priors={base: ours.deck.priors[base], scenario: theirs.deck.priors[name]})
    settings = replace(ours.settings, keep="none", pairs=True, outputs=())
    definitions = {
        base: ours.about["scenario_definitions"].get(base, {}),
        scenario: theirs.about["scenario_definitions"].get(name, {}),
    }
    about = {"book": ours.about["book"], "book_digest": ours.about["book_digest"], "scenario_definitions": definitions}
    found = batch.execute(deck, narrowed(ours.model, outputs), settings, about, **options)
    return Meeting(name, found, found, base, scenario)


def _again(found: Sequence[Meeting], side: str, tree: xr.DataTree, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether what was run again has, on the side of the base or the other, the means of its result to the bit."""
    for meeting, (base, other) in zip(found, pairs, strict=True):
        here, there = (meeting.base, base) if side == "base" else (meeting.scenario, other)
        found_means, told_means = meeting.tree["mean"].to_dataset(), tree["mean"].to_dataset()
        for name in found_means.data_vars:
            own, told = found_means[name].sel(scenario=here), told_means[name].sel(scenario=there)
            if not np.array_equal(own.values, told.values, equal_nan=True):
                return False
    return True
