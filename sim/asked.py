"""What is asked of a run, checked and carried out; ``sim.batch`` lays it out and ``sim.tiles`` runs it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from priors.nearness import unread
from sim.model import Model
from sim.settings import Settings, UnreadQuantities

if TYPE_CHECKING:
    import priors
    from sim.inputs import Deck
    from sim.outcome import Outcome


def found(
    book: priors.Book | None,
    scenarios: Sequence[str],
    model: Model | None,
    settings: Settings,
    outputs: Sequence[str] | Literal["all", "headline"],
    *,
    checkpoint: str | os.PathLike[str] | None = None,
    cluster: Any = None,
    store: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
    labels: bool = False,
) -> Outcome:
    """What :func:`sim.run` finds, before it is labelled; the arguments are its own, and what they raise.

    ``labels`` has what puts labels on it imported while the first tiles run.
    """
    until = settings.until
    if checkpoint is not None and until is not None:
        raise ValueError("checkpoint and until: found both, expected one; a checkpoint is of a fixed number of draws")
    beside = {"checkpoint": checkpoint, "until": until, "threads": threads}
    if cluster is not None and any(value is not None for value in beside.values()):
        name = next(name for name, value in beside.items() if value is not None)
        raise ValueError(
            f"cluster and {name}: found both, expected one; a cluster runs a fixed number of draws as it is"
        )
    if store is not None and cluster is None:
        raise ValueError("store: found it without cluster; write the result of a run on this machine with sim.write")
    plan = planned(book, scenarios, model, settings, outputs)
    from sim import batch

    if cluster is not None:
        from sim.cluster import run_on

        return run_on(batch.lay_out(*plan), cluster, store=store, progress=progress)
    if checkpoint is None:
        meanwhile = batch.labelling if labels else None
        return batch.outcome(*plan, threads=threads, progress=progress, meanwhile=meanwhile)
    from sim.shards import checkpoint as kept

    return kept.run(batch.lay_out(*plan), checkpoint, threads=threads, progress=progress)


def planned(
    book: priors.Book | None,
    scenarios: Sequence[str],
    model: Model | None,
    settings: Settings,
    outputs: Sequence[str] | str,
) -> tuple[Deck, Model, Settings, dict[str, Any]]:
    """What a batch is laid out of."""
    names = [scenarios] if isinstance(scenarios, str) else list(scenarios)
    if not names or len(set(names)) < len(names):
        raise ValueError(f"scenarios: found {names}, expected one or more names, each once")

    import priors
    from sim import batch, inputs, market

    book = priors.load() if book is None else _checked(book)
    model = market.model() if model is None else model
    told = unread(book.quantities, model.inputs) if model.built_in else ""
    if told:
        warnings.warn(told, UnreadQuantities, stacklevel=4)
    settings = replace(settings, outputs=_told(outputs, model))
    return inputs.deck(book, names, model), model, settings, batch.about_book(book, names)


def _checked(book: Any) -> priors.Book:
    """``book``, if it is one.

    Raises
    ------
    TypeError: for a path, which is to be loaded first, or anything else.
    """
    from priors.books import Book

    if isinstance(book, Book):
        return book
    if isinstance(book, str | os.PathLike):
        path = os.fspath(book)
        raise TypeError(f'book: found "{path}", expected a book; give priors.load("{path}")')
    raise TypeError(f"book: found a {type(book).__name__}, expected a book, as priors.load and priors.book make")


def _told(outputs: Sequence[str] | str, model: Model) -> tuple[str, ...]:
    """Names of the outputs asked for; none for all of them."""
    if outputs == "headline":
        return tuple(output.name for output in model.outputs if output.headline)
    if isinstance(outputs, str):
        return () if outputs == "all" else (outputs,)
    return tuple(outputs)
