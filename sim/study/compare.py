"""Compare scenarios with a base: what changes between two worlds, how surely, and how much of it is chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import xarray as xr

from sim.model import Model
from sim.pairs import KINDS
from sim.results.errors import ResultError
from sim.results.labels import coordinate
from sim.results.parts import LEVELS
from sim.results.tree import FROM_REPLICATES
from sim.study import between, from_draws, measures, pairing
from sim.study.between import Meeting
from sim.study.measures import MEASURES, OUTPUT, Arrays
from sim.study.sides import Side, Summed
from sim.threads import available_cores


def compare(
    tree: xr.DataTree,
    base: str | None = None,
    *scenarios: str,
    other: xr.DataTree | None = None,
    outputs: Sequence[str] | None = None,
    quantiles: Sequence[float] = LEVELS,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.DataTree:
    """Compare scenarios of a result with one of them, or with those of another result.

    Parameters
    ----------
    tree: a result of :func:`sim.run`, fresh or read back. Run with ``pairs=True`` it holds the paired differences from
        its first scenario; what it lacks comes from its kept draws, if those are all that it had, or is run again from
        its attributes, on the same draws: to the bit the same.
    base: the scenario that others are compared with; the first unless given.
    scenarios: those to compare; all others unless given.
    other: another result, whose scenarios are compared with ``base`` of ``tree`` (with their namesakes there unless
        ``base`` is given). Draw by draw where both can be run on the same draws; else their distributions alone, with
        errors as of independent runs. What differs between the two is told in ``differs`` of the attributes.
    outputs: names; the headline outputs unless given.
    quantiles: probabilities from 0 to 1.
    model: needed for a run where ``tree`` came from a model of one's own.
    threads, progress: as of :func:`sim.run`.

    Returns
    -------
    xarray.DataTree
        a group for each output, in it a variable for each of :data:`sim.study.measures.MEASURES`, dims scenario, quantile
        where it is one, and the output's own, with ``<measure>_mcse`` beside it, its standard error (an interval takes
        Student's t with 15 degrees of freedom). A difference is the scenario less the base.

    Raises
    ------
    ResultError: for a name that is not there, a single scenario, or results that cannot be compared; says why.
    ValueError: if a run cannot be laid out from the attributes.
    """
    levels = _levels(quantiles)
    options: dict[str, Any] = {"model": model, "threads": threads, "progress": progress}
    if other is not None:
        chosen_outputs = between.comparable(tree, other, outputs)
        couples = between.couples(tree, other, base, scenarios)
        found, apart = between.meetings(tree, other, couples, chosen_outputs, **options)
        about = {"base": base or "the same scenario of the other result", "apart": apart}
        about["differs"] = "; ".join(between.differs(tree, other)) or "nothing"
        return _assembled(found, chosen_outputs, levels, about, threads)
    names = pairing.scenarios_of(tree) if "mean" in tree.children else []
    base = (names or [""])[0] if base is None else base
    chosen = list(dict.fromkeys(scenarios)) or [name for name in names if name != base]
    outputs = pairing.check(tree, [base, *chosen], outputs)
    if not chosen or base in chosen:
        raise ResultError(f'compare: found one scenario, "{base}", expected another to compare it with')
    drawn = not pairing.holds(tree, base, outputs) and from_draws.held(tree, [base, *chosen], outputs)
    whole = tree if drawn else pairing.paired(tree, [base, *chosen], outputs, **options)
    found = [Meeting(name, whole, whole, base, name, drawn) for name in chosen]
    return _assembled(found, outputs, levels, {"base": base}, threads)


def _levels(quantiles: Sequence[float]) -> np.ndarray:
    levels = np.atleast_1d(np.asarray(quantiles, float))
    if not levels.size or not np.all((levels >= 0) & (levels <= 1)):
        raise ResultError(f"quantiles: found {levels.tolist()}, expected probabilities from 0 to 1")
    return levels


def _assembled(
    meetings: Sequence[Meeting], outputs: Sequence[str], levels: np.ndarray, about: dict[str, Any], threads: int | None
) -> xr.DataTree:
    """The labelled comparison; draws are paired unless ``about`` says why they are ``apart``."""
    first, paired = meetings[0].base_tree, not about.get("apart")
    attributes = {"title": "scenarios compared", "draws": first.attrs["draws"], "paired": int(paired), **about}
    groups = {"/": xr.Dataset(attrs=attributes)}
    scenario = coordinate("scenario", [each.label for each in meetings])
    sources = Sources(paired)
    bases = {(id(each.base_tree), each.base): each for each in meetings}

    def arrays(output: str) -> list[Arrays]:
        below = {key: sources.of(each, each.base_tree).side(output, each.base) for key, each in bases.items()}
        return [_arrays(each, output, below[id(each.base_tree), each.base], levels, sources) for each in meetings]

    with ThreadPoolExecutor(threads or available_cores(), thread_name_prefix="suanli") as pool:
        for output, found in zip(outputs, pool.map(arrays, outputs), strict=True):
            like = first["mean"].to_dataset()[output].isel(scenario=0, drop=True)
            groups[f"/{output}"] = _dataset(like, scenario, found, levels)
    return xr.DataTree.from_dict(groups)


class Sources:
    """What sides come from, made once for each tree; ``paired`` if draws are."""

    def __init__(self, paired: bool) -> None:
        self._paired = paired
        self._made: dict[int, Summed | from_draws.Drawn] = {}

    def of(self, meeting: Meeting, tree: xr.DataTree) -> Summed | from_draws.Drawn:
        """The counts that ``tree`` holds, or its draws where those are what a meeting has."""
        if id(tree) not in self._made:
            self._made[id(tree)] = from_draws.Drawn(tree) if meeting.drawn else Summed(tree)
        return self._made[id(tree)]

    def paired(self, meeting: Meeting, output: str) -> tuple[Side, Side] | None:
        """Difference and ratio, draw by draw; None where draws are not paired."""
        if meeting.drawn:
            return from_draws.paired(meeting.base_tree, meeting.tree, output, meeting.base, meeting.scenario)
        if not self._paired:
            return None
        kinds = (self.of(meeting, meeting.tree.children[kind]) for kind in KINDS)
        difference, ratio = (each.side(output, meeting.scenario) for each in kinds)
        return difference, ratio


def _arrays(meeting: Meeting, output: str, base: Side, levels: np.ndarray, sources: Sources) -> Arrays:
    """All measures of one output of one meeting."""
    own, beside = sources.of(meeting, meeting.tree).side(output, meeting.scenario), sources.paired(meeting, output)
    found = measures.marginal(own, base, levels)
    return found if beside is None else found | measures.paired(own, base, *beside, levels)


def _dataset(like: xr.DataArray, scenario: xr.Variable, found: Sequence[Arrays], levels: np.ndarray) -> xr.Dataset:
    """Measures of one output, one of ``found`` a scenario, shaped and labelled like the output itself."""
    unit = str(like.attrs.get("units", "1"))
    variables = {}
    for name, (of, words) in MEASURES.items():
        for key, label in ((name, words), (f"{name}_mcse", f"Monte Carlo standard error of the {words}")):
            if key not in found[0]:
                continue
            stacked = np.stack([arrays[key] for arrays in found])
            along = ("quantile",) if stacked.ndim == 3 else ()
            values = np.moveaxis(stacked, -1, 1) if along else stacked
            shaped = values.reshape(*values.shape[: 1 + len(along)], *like.shape)
            attributes = {"units": unit if of == OUTPUT else "1", "long_name": label}
            if key != name:
                attributes["estimated_from"] = FROM_REPLICATES
            variables[key] = xr.Variable(("scenario", *along, *like.dims), shaped, attributes)
    own = {str(name): coord.variable for name, coord in like.coords.items()}
    coords = {"scenario": scenario, "quantile": coordinate("quantile", levels), **own}
    attributes = {
        name: like.attrs[name] for name in ("units", "long_name", "long_name_zh", "description") if name in like.attrs
    }
    return xr.Dataset(variables, coords, attributes)
