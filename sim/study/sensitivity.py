"""``sim.sensitivity``: what drives an answer, input by input or group by group, with runs of its own.

What needs no run, from draws that were kept, is asked of the result itself: ``tree.sim.first_order``, ``.delta``,
``.rank_correlation`` and ``.tornado``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
import xarray as xr

import priors
from sim import draw, tiles
from sim.model import Model
from sim.results import figures, labels
from sim.results.estimate import Estimate
from sim.results.names import nearest
from sim.settings import RoundedDraws, Settings
from sim.study import effects, sobol
from sim.study.asked import Asked, asked
from sim.study.design import Design
from sim.study.orders import alone_and_others
from sim.study.pickfreeze import tied_players

DRAWS = 16_384
LEAST = 256
METHODS = ("sobol", "shapley")
WORDS = {"sobol": sobol.FIGURES, "shapley": effects.FIGURES}


def sensitivity(
    beliefs: priors.Book | xr.DataTree | None = None,
    scenario: str = "baseline",
    outputs: Sequence[str] | str = (),
    *,
    method: Literal["sobol", "shapley"] = "sobol",
    by: Literal["input", "basis", "chapter", "claim"] = "input",
    draws: int = DRAWS,
    seed: int | None = None,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> xr.DataTree:
    """How much of each answer's variance each input, or group of inputs, is behind.

    Parameters
    ----------
    beliefs: a book, the built-in interview unless given; or a result of :func:`sim.run`, of whose beliefs and seed this
        is asked. Its draws are not read.
    scenario: under which.
    outputs: names; the headline outputs unless given.
    method: ``"sobol"``, first-order and total indices; ``"shapley"``, shares that add up to 1, which is what to read
        where inputs are correlated and of groups.
    by: whom to tell it of: each input; what inputs rest on (claim, mixed or assumption); their chapter; their claims.
    draws: of the base sample, rounded up to 16 · 2^m; the model is run on so many for each input, and twice more, and on
        up to 8,192 to tell main effects from.
    seed: of the draws, that of the result or 0 unless given. Of the built-in book the design starts from what a run with
        this seed draws; one of one's own takes Sobol's low dimensions, see :mod:`sim.study.hybrid`.
    model: the built-in market unless given; needed for the result of a model of one's own.
    threads: all cores that this process may use unless given; they change no bit.
    progress: told the number of draws of the base sample done so far, in this thread.

    Returns
    -------
    xarray.DataTree
        a group an output, with variables ``first`` and ``total``, or ``shapley``, and ``…_mcse``, ``…_lower`` and
        ``…_upper`` (95 %) of each; dims ``input`` (or ``basis``, …) and the output's own. Inputs that do not vary, or
        that none of the outputs follows from, are left out. NaN for a cell that does not vary or is not always finite.

    Raises
    ------
    ValueError, TypeError: for a name that is not there, with the nearest that is; an argument out of range; a correlated
        block that more than 62 of the inputs or groups share.
    """
    if method not in METHODS:
        raise ValueError(nearest("method", method, METHODS))
    if threads is not None and threads < 1:
        raise ValueError(f"threads: found {threads}, expected at least 1")
    beliefs = priors.load() if beliefs is None else beliefs
    own = int(beliefs.attrs["seed"]) if isinstance(beliefs, xr.DataTree) else 0
    settings = Settings(draws, own if seed is None else seed)
    base = _base(settings.draws)
    question = asked(beliefs, scenario, [outputs] if isinstance(outputs, str) else outputs, model, by)
    masks = alone_and_others if method == "sobol" else effects.masks(question.members, settings.seed)
    plan = question.deck, question.model
    design = Design.of(plan, question.cells, question.members, settings.seed, masks)
    with np.errstate(all="ignore"):
        if method == "sobol":
            found = sobol.indices(design, base, threads, progress)
        else:
            found = effects.effects(design, base, settings.seed, threads, progress)
    about = {
        "method": method,
        "by": by,
        "scenario": scenario,
        "draws": base,
        "seed": settings.seed,
        "model": question.model.name,
        "scheme": draw.SCHEME,
        "version": version("suanli"),
        "correlated": [name for i, name in enumerate(question.groups) if i in tied_players(design.pair)],
    }
    return _labelled(question, found, by, WORDS[method], about)


def _base(draws: int) -> int:
    if draws < LEAST:
        raise ValueError(f"draws: found {draws}, expected at least {LEAST}: 16 replicates of 16 points")
    whole = tiles.round_up(draws)
    if whole != draws:
        warnings.warn(f"{draws:,} draws are run as {whole:,}, 16 whole Sobol nets", RoundedDraws, stacklevel=3)
    return whole


def _labelled(
    question: Asked, found: Mapping[str, Estimate], by: str, words: Mapping[str, str], about: Mapping[str, Any]
) -> xr.DataTree:
    """The figures, [players, cells], as a group an output."""
    groups = {"/": xr.Dataset(attrs=labels.plain(about))}
    players, first = _players(question, by), 0
    for output in question.outputs:
        shape = question.model.shape(output)
        last = first + int(np.prod(shape))
        part = {
            name: Estimate(*(getattr(each, field)[:, first:last] for field in ("value", "mcse", "lower", "upper")))
            for name, each in found.items()
        }
        coords = players | labels.coordinates(question.model, set(output.dims))
        group = figures.dataset(part, words, (by, *output.dims), coords)
        groups[f"/{output.name}"] = group.assign_attrs(labels.output_attributes(output))
        first = last
    return xr.DataTree.from_dict(groups)


def _players(question: Asked, by: str) -> dict[str, xr.Variable]:
    """The coordinate of the players, and of inputs what they rest on."""
    names = list(question.groups)
    found = {by: labels.coordinate(by, names, {"long_name": by, "long_name_zh": by, "units": "1"})}
    if by == "input":
        for key in ("basis", "claims"):
            told = [question.deck.labels.get(name, {}).get(key, "") for name in names]
            found[key] = xr.Variable((by,), np.array(told), {"long_name": key, "long_name_zh": key, "units": "1"})
    else:
        told = [" ".join(members) for members in question.groups.values()]
        found["inputs"] = xr.Variable(
            (by,), np.array(told), {"long_name": "inputs", "long_name_zh": "inputs", "units": "1"}
        )
    return found
