"""One draw again, whole, from its number: all inputs, all outputs, and how unusual each is.

How unusual a value is, is told by its place: the chance of a smaller one, and half that of the same. An input's place is
in its prior, an output's in its distribution in the result. A value is unusual at a place of 1 % at most or 99 % at least,
as one in fifty is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from sim import reduce
from sim.batch import Recalled, recall
from sim.model import Model
from sim.results import distribution, labels
from sim.results.errors import ResultError
from sim.results.names import nearest
from sim.study.cells import chosen
from sim.study.pairing import require_whole, scenarios_of
from sim.study.stream import Stream

UNUSUAL = 0.01
_PLACE = "chance of a smaller value, and half that of the same"


def world(
    tree: xr.DataTree,
    draw: int | None = None,
    *,
    output: str | None = None,
    quantile: float | None = None,
    at: Mapping[str, Any] | None = None,
    scenario: str | None = None,
    model: Model | None = None,
    threads: int | None = None,
) -> xr.DataTree:
    """Rebuild one draw of a result from its attributes.

    Parameters
    ----------
    tree: a result of :func:`sim.run`, fresh or read back.
    draw: its number, from 0; or instead
    output, quantile, at, scenario: the draw whose ``output``, at the labels ``at``, comes nearest to its quantile under
        ``scenario`` (the first unless given); of several as near the first.
    model: needed where ``tree`` came from a model of one's own. threads: all cores unless given.

    Returns
    -------
    xarray.DataTree
        groups ``inputs`` and ``outputs``, values by name, dims scenario and the output's own; ``input_place`` and
        ``output_place``, from 0 to 1, with 0.5 where nothing else was possible. The number is the attribute ``draw``.

    Raises
    ------
    ResultError: for a number beyond the result's draws, a name or a label that is not there, with the nearest that is, or
        draws under a condition.
    ValueError: if the result cannot be run again from its attributes.
    """
    require_whole(tree, "world")
    run, names = _told(recall({str(name): value for name, value in tree.attrs.items()}, model), tree)
    stream = Stream(run, threads)
    about: dict[str, Any] = {"title": "one draw, whole"}
    if draw is None:
        if output is None or quantile is None:
            raise ResultError(
                "world: found neither a draw nor an output with a quantile, expected draw=, or both of these"
            )
        scenario = names[0] if scenario is None else scenario
        if scenario not in names:
            raise ResultError(nearest("scenario", scenario, names))
        draw, value = _nearest(tree, stream, (output, at or {}), quantile, names.index(scenario))
        about |= {"nearest_to": f"{100 * quantile:g} % quantile of {output} under {scenario}", "value": value}
    elif output is not None or quantile is not None:
        raise ResultError("world: found a draw and an output or a quantile, expected one way to choose the draw")
    if not 0 <= int(draw) < stream.draws:
        raise ResultError(
            f"world: found draw {draw}, expected a number from 0 to {stream.draws - 1:,}, as the result has"
        )
    inputs, outputs = stream.one(int(draw))
    groups = {
        "/": xr.Dataset(attrs=labels.plain(about | {"draw": int(draw), "replicate": int(draw) % reduce.REPLICATES}))
    }
    groups |= _inputs(run, names, inputs) | _outputs(tree, run.model, outputs)
    return xr.DataTree.from_dict(groups)


def _told(run: Recalled, tree: xr.DataTree) -> tuple[Recalled, list[str]]:
    """The run with the scenarios and the outputs that are in its result alone, and the scenarios' names."""
    names, held = scenarios_of(tree), set(tree["mean"].data_vars)
    deck = replace(run.deck, priors={name: run.deck.priors[name] for name in names})
    model = run.model.only([output.name for output in run.model.outputs if output.name in held])
    return replace(run, deck=deck, model=model), names


def _nearest(
    tree: xr.DataTree, stream: Stream, where: tuple[str, Mapping[str, Any]], quantile: float, scenario: int
) -> tuple[int, float]:
    """The draw nearest to a quantile of one cell, and the quantile."""
    cells, left = chosen(stream.model, *where)
    if left:
        dim, known = next(iter(left.items()))
        raise ResultError(f"{where[0]}: found no label of {dim}, expected one, such as {dim}={known[-1]}")
    levels = np.array([quantile], float)
    found = distribution.quantile(tree, where[0], levels).isel(scenario=scenario, quantile=0)
    place = int(cells[0]) - stream.model.slices()[where[0]].start
    target = float(np.ravel(found.values)[place])
    values = stream.values(stream.rows[[scenario]], cells, stream.draws)[0, 0].astype(float)
    return int(np.nanargmin(np.abs(values - target))), target


def _inputs(run: Recalled, scenarios: Sequence[str], values: np.ndarray) -> dict[str, xr.Dataset]:
    """Inputs and their places, float64[scenarios, inputs]."""
    scenario = labels.coordinate("scenario", list(scenarios))
    held, places = {}, {}
    for j, name in enumerate(run.model.inputs):
        about = labels.input_attributes(name, run.deck.labels.get(name, {}))
        laws = [run.deck.priors[each][name] for each in scenarios]
        place = [_place(float(law.cdf(np.nextafter(x, -np.inf))), float(law.sf(x)))
                 for law, x in zip(laws, values[:, j], strict=True)]  # fmt: skip
        held[name] = xr.Variable(("scenario",), values[:, j], about)
        places[name] = xr.Variable(("scenario",), place, {"units": "1", "long_name": _PLACE})
    coords = {"scenario": scenario}
    return {"/inputs": xr.Dataset(held, coords), "/input_place": xr.Dataset(places, coords)}


def _outputs(tree: xr.DataTree, model: Model, values: np.ndarray) -> dict[str, xr.Dataset]:
    """Outputs and their places, float64[scenarios, cells]."""
    tree["sketch"].load()
    held, places = {}, {}
    means = tree["mean"].to_dataset()
    for output, cells in zip(model.outputs, model.slices().values(), strict=True):
        like = means[output.name]
        place = np.empty((len(values), cells.stop - cells.start))
        for s, row in enumerate(values):
            counts, low, high = distribution.counts(tree, output.name, s, replicates=False)
            x = row[cells, None]
            both = np.concatenate([np.nextafter(x, -np.inf), x], axis=1)
            chances = reduce.cdf(counts, both, low, high)
            place[s] = (chances[:, 0] + chances[:, 1]) / 2.0
        held[output.name] = like.copy(data=values[:, cells].reshape(like.shape))
        held[output.name].attrs.pop("statistic", None)
        places[output.name] = like.copy(data=place.reshape(like.shape))
        places[output.name].attrs = {"units": "1", "long_name": _PLACE}
    return {"/outputs": xr.Dataset(held), "/output_place": xr.Dataset(places)}


def _place(below: float, above: float) -> float:
    """Where a value stands between what is smaller and what is greater."""
    return (below + 1.0 - above) / 2.0


def unusual(place: np.ndarray) -> np.ndarray:
    """Whether values at these places are among the 1 % at either end."""
    return (place <= UNUSUAL) | (place >= 1.0 - UNUSUAL)
