"""What shards are parts of: a batch told in one line of JSON, laid out again wherever it is needed.

Two shards belong together when their jobs are the same text: same deck, seed, sampler, draws, scheme, version, tables and
model. The job is what the attributes of a result say of its run, so that a file can be gone on from.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from typing import Any

from sim import batch
from sim.model import Model
from sim.tiles import LEAF

# What a result has beside what tells of its run.
_TOLD = ("until", "max_draws")
_WORDS = {
    "draws": "number of draws",
    "deck": "priors",
    "scenario_definitions": "scenarios",
    "book_digest": "digest of the book",
    "table_digest": "digest of the tables",
    "model_arguments": "arguments of the model (quarters)",
    "model_mark": "the model's outputs or kernel",
}
_SHOWN = 60


def job_of(laid: batch.Batch) -> str:
    """The batch as one line of JSON.

    Raises
    ------
    ValueError: if a prior is an object of Python's, which no JSON carries, or the run goes on until an error is reached.
    """
    if laid.settings.until is not None:
        raise ValueError("shards are of a fixed number of draws; give draws= instead of until=")
    attributes = {k: v for k, v in laid.attributes(laid.draws).items() if not k.startswith(_TOLD)}
    attributes["model"] = laid.model.name
    if laid.model.built_in:  # told by the version, but for what is left of it
        attributes["model_mark"] = [[o.name for o in laid.model.outputs], list(laid.model.args)]
    plain = {k: v if isinstance(v, str | int | float) else _json(v) for k, v in attributes.items() if v is not None}
    job = _json({name: plain[name] for name in sorted(plain)})
    batch.recall(plain, laid.model)  # refuses what could not be read back
    return job


def laid_out(job: str, model: Model | None = None) -> batch.Batch:
    """The batch that ``job`` tells of; ``model`` where it is one of one's own.

    Raises
    ------
    ValueError: if the job is of another version, scheme, set of tables or model than are here.
    """
    for known, its_model, laid in _recent:
        if known == job and its_model is model:
            return laid
    laid = _lay_out(job, model)
    _recent.append((job, model, laid))
    return laid


# A worker gets many shards of few batches, and models cannot be hashed.
_recent: deque[tuple[str, Model | None, batch.Batch]] = deque(maxlen=2)


def _lay_out(job: str, model: Model | None) -> batch.Batch:
    wanted = read(job)
    try:
        found = batch.recall(wanted, model)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a job of suanli: {error}") from error
    laid = batch.lay_out(found.deck, found.model, found.settings, found.about)
    refuse_stranger(job_of(laid), job, "this machine", "the shard")
    return laid


def read(job: str) -> dict[str, Any]:
    """What a job says, by name.

    Raises
    ------
    ValueError: if it is no JSON object.
    """
    try:
        content = json.loads(job)
    except RecursionError:
        content = None
    if not isinstance(content, dict):
        raise ValueError("not a job of suanli: expected a JSON object")
    return content


def leaves_of(job: str) -> int:
    """How many leaves of draws the whole batch has."""
    return -(-int(read(job)["draws"]) // LEAF)


def refuse_stranger(ours: str, theirs: str, here: str, there: str) -> None:
    """Refuse a shard of another job.

    Raises
    ------
    ValueError: naming the first difference; those that a person chooses come first.
    """
    if ours == theirs:
        return
    a, b = read(ours), read(theirs)
    chosen = ("version", "scheme", "model", "seed", "sampler", "draws", "scenario_definitions", "book", "pairs", "keep")
    for name in [*chosen, *sorted(a | b)]:
        if a.get(name) != b.get(name):
            words = _WORDS.get(name, name.replace("_", " "))
            told = f": {_shown(name, a.get(name))} in {here}, {_shown(name, b.get(name))} in {there}"
            raise ValueError(f"not of one batch: another {words}{told}")
    raise ValueError("not of one batch: the jobs are written differently")


def _shown(name: str, value: Any) -> str:
    if name == "scenario_definitions":
        found = json.loads(value) if isinstance(value, str) else {}
        value = ", ".join(map(str, found)) if isinstance(found, Mapping) else value
    text = "none" if value is None else f"{value:,}" if name == "draws" and isinstance(value, int) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
