"""A batch of scenarios from their deck to the labelled tree: lay it out, run the tiles, put names on what comes out."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import draw, market, reduce, running, tiles
from sim.inputs import Deck, Dense, dense
from sim.mark import mark
from sim.model import Model
from sim.outcome import Outcome, labelling, tell_nonfinite
from sim.scalar import block_kernel, tile_kernel
from sim.settings import RoundedDraws, Settings
from sim.until import chosen, until

if TYPE_CHECKING:
    import xarray as xr

    import priors

SAMPLERS: dict[str, draw.Sampler] = {"sobol": draw.Sobol(), "random": draw.Random()}


@dataclass(frozen=True)
class Batch:
    """A batch laid out: all that its tiles follow, and what its result says of it.

    Attributes
    ----------
    plan, model, settings: what is run.
    about: joins the attributes of the result.
    laid: distinct columns, and whose they are.
    engine: what every thread shares.
    draws: of each scenario; the most where the run goes on until an error is reached.
    """

    plan: Deck
    model: Model
    settings: Settings
    about: Mapping[str, Any]
    laid: Dense
    engine: tiles.Engine
    draws: int

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios."""
        return list(self.plan.priors)

    @property
    def keep_draws(self) -> int:
        """How many of the first draws are kept one by one."""
        return min(self.settings.keep_draws, self.draws) if self.settings.kept_outputs(self.model) else 0

    def room(self, draws: int) -> tiles.Kept:
        """Room for so many draws to be kept."""
        return tiles.Kept.of(self.model, self.laid, draws, self.settings.kept_outputs(self.model))

    def attributes(self, draws: int, told: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a result of so many draws says of the batch, which :func:`recall` makes it of again, and what it is told."""
        return {
            **self.about,
            **(told or {}),
            **self.settings.as_attributes(),
            "draws": draws,
            "scheme": draw.SCHEME,
            "table_digest": self.engine.drawer.table_digest,
            "version": version("suanli"),
            "deck": self.plan.to_json(),
            "model_arguments": _arguments(self.model),
            **({} if self.model.built_in else {"model_mark": mark(self.model)}),
        }


def _arguments(model: Model) -> list[Any]:
    """The model's arguments as JSON has them, and what it does not have (an array) by its type; the mark tells it apart."""
    return [a if isinstance(a, str | int | float | bool | None) else type(a).__name__ for a in model.args]


def lay_out(plan: Deck, model: Model, settings: Settings, about: Mapping[str, Any]) -> Batch:
    """Lay out ``model`` under every scenario of ``plan``; ``about`` joins the attributes of the result.

    Raises
    ------
    ValueError: for more draws than the sampler has.
    """
    most = _whole_nets(settings.draws) if settings.until is None else _net_below(settings.max_draws)
    if settings.outputs:
        model = model.only(chosen(model, "outputs", settings.outputs))
    laid = dense(plan, model)
    drawer = draw.prepare(laid.columns, laid.blocks, seed=settings.seed, sampler=SAMPLERS[settings.sampler])
    if most > drawer.limit:
        raise ValueError(f"draws: found {most}, expected at most {drawer.limit} with {settings.sampler}")
    headline = _headline(model)
    paired = np.flatnonzero(headline) if settings.pairs and headline.any() else None
    tile = tiles.tile_size(model, laid)
    engine = tiles.Engine(drawer, laid, model, tile_kernel(model), headline, tile, paired, block_kernel(model))
    return Batch(plan, model, settings, about, laid, engine, most)


def came_to(
    batch: Batch,
    draws: int,
    found: Sequence[Sequence[reduce.Summary]],
    kept: tiles.Kept,
    told: Mapping[str, Any] | None = None,
) -> Outcome:
    """What a batch came to that ran ``draws`` draws; values that were no finite number are warned of.

    ``found`` are the summaries of each of the engine's families; ``told`` joins the attributes of the result.
    """
    tell_nonfinite(batch.model, found[0])
    return Outcome(batch.plan, batch.model, batch.laid, draws, found, kept, batch.attributes(draws, told))


def execute(plan: Deck, model: Model, settings: Settings, about: Mapping[str, Any], **options: Any) -> xr.DataTree:
    """Run ``model`` under every scenario of ``plan``; ``options`` are the threads and the progress of :func:`outcome`."""
    return outcome(plan, model, settings, about, meanwhile=labelling, **options).tree()


def outcome(
    plan: Deck,
    model: Model,
    settings: Settings,
    about: Mapping[str, Any],
    *,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
    meanwhile: Callable[[], Any] | None = None,
) -> Outcome:
    """As :func:`execute`, not labelled yet; ``about`` joins the attributes, ``meanwhile`` is called while the first tiles run."""
    check_threads(threads)
    batch = lay_out(plan, model, settings, about)
    kept = batch.room(batch.keep_draws)
    run, told = running.Run(batch.engine, kept, threads), dict[str, Any]()
    if settings.until is None:
        run.to(batch.draws, progress, meanwhile)
    else:
        run, told = until(run, settings, batch.scenarios, batch.draws, progress)
        kept.trim(run.draws)
    return came_to(batch, run.draws, run.finish(), kept, told)


def check_threads(threads: int | None) -> None:
    """Refuse fewer threads than one."""
    if threads is not None and threads < 1:
        raise ValueError(f"threads: found {threads}, expected at least 1")


@dataclass(frozen=True)
class Recalled:
    """What the attributes of a result say of the run that made it: all that it takes to run it again."""

    deck: Deck
    model: Model
    settings: Settings
    about: dict[str, Any]


def recall(attributes: Mapping[str, Any], model: Model | None = None) -> Recalled:
    """Read what a result's ``attributes`` say of its run; ``model`` where it came from a model of one's own.

    Raises
    ------
    ValueError: if the model is missing, the scheme is another than this version's, or a prior was an object of Python's.
    """
    if attributes["scheme"] != draw.SCHEME:
        raise ValueError(
            f"the result was drawn under scheme {attributes['scheme']}, this version draws under {draw.SCHEME}; "
            f"run it again with suanli {attributes['version']}"
        )
    if model is None:
        if attributes["model"] != market.model().name:
            raise ValueError(
                f"the result came from the model {attributes['model']!r}; give it as model= in Python; "
                "commands run the built-in model alone"
            )
        model = market.model(*json.loads(attributes["model_arguments"]))
    settings = Settings(
        int(attributes["draws"]),
        int(attributes["seed"]),
        attributes["sampler"],
        attributes["keep"],
        int(attributes["keep_draws"]),
        pairs=bool(attributes.get("pairs", False)),
        outputs=tuple(json.loads(attributes.get("outputs", "[]"))),
    )
    about = {name: attributes[name] for name in ("book", "book_digest")}
    about |= {name: value for name, value in attributes.items() if name.startswith(("until", "max_draws"))}
    about["scenario_definitions"] = json.loads(attributes["scenario_definitions"])
    try:
        plan = Deck.from_json(attributes["deck"])
    except ValueError as error:
        raise ValueError(
            "the result rests on a prior that was an object of Python's, which no file carries; use sim.run with its book"
        ) from error
    return Recalled(plan, model, settings, about)


def again(
    attributes: Mapping[str, Any],
    model: Model | None = None,
    *,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.DataTree:
    """Run what ``attributes`` of a result describe; see :func:`sim.rerun`."""
    found = recall(attributes, model)
    return execute(found.deck, found.model, found.settings, found.about, threads=threads, progress=progress)


def about_book(book: priors.Book, scenarios: Sequence[str]) -> dict[str, Any]:
    """What a result says of the book that it came from."""
    return {
        "book": book.name,
        "book_digest": book.digest,
        "scenario_definitions": book.definitions(scenarios),
    }


def _net_below(draws: int) -> int:
    """The largest R · 2^m that is not above ``draws``, at least one point a replicate."""
    return draw.REPLICATES << max(0, (draws // draw.REPLICATES).bit_length() - 1)


def _whole_nets(draws: int) -> int:
    whole = tiles.round_up(draws)
    if whole != draws:
        warnings.warn(f"{draws:,} draws are run as {whole:,}, 16 whole Sobol nets", RoundedDraws, stacklevel=6)
    return whole


def _headline(model: Model) -> np.ndarray:
    """bool[cells]: cells of headline outputs."""
    found = np.zeros(model.cells, bool)
    for output, cells in zip(model.outputs, model.slices().values(), strict=True):
        found[cells] = output.headline
    return found
