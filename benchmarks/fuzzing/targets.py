"""The readers that are fuzzed: one line in :data:`TARGETS` a reader, and what it may answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.fuzzing import books, expressions, results, travelling

Check = Callable[[Any], None]


@dataclass(frozen=True)
class Target:
    """One reader.

    Attributes
    ----------
    prepare: given a folder to work in, the function that reads an input; called once, before any guard.
    seeds: inputs to begin with, all texts or all bytes.
    words: words and signs of the grammar.
    declared: the errors that it may raise.
    says: what the message of such an error must match.
    modules: folders or files, from the root of the tree, whose lines guide the search.
    weight: share of the inputs, beside the others' weights.
    """

    prepare: Callable[[Path], Check]
    seeds: Callable[[], Sequence[Any]]
    words: Sequence[Any]
    declared: tuple[type[BaseException], ...]
    says: re.Pattern[str]
    modules: tuple[str, ...]
    weight: float = 1.0


_FOUND, _LINE = re.compile("found"), re.compile(r"[^\n]+")
_PRIORS, _RESULTS = ("priors/",), ("sim/results/",)

TARGETS: dict[str, Target] = {
    "book": Target(books.whole, books.seeds, books.WORDS, books.DECLARED, _FOUND, _PRIORS, 0.5),
    "scenario": Target(books.scenario, books.scenario_seeds, books.WORDS, books.DECLARED, _FOUND, _PRIORS, 0.5),
    "toml": Target(books.toml, books.seeds, books.WORDS, books.DECLARED, _FOUND, _PRIORS, 10.0),
    "set": Target(books.sets, books.set_seeds, books.SET_WORDS, (ValueError,), _FOUND, _PRIORS, 30.0),
    "from": Target(books.figures, books.figure_seeds, books.FIGURE_WORDS, (ValueError,), _FOUND, _PRIORS, 30.0),
    "expression": Target(
        expressions.parsed, expressions.seeds, expressions.WORDS, expressions.DECLARED, _LINE, _RESULTS, 40.0
    ),
    "question": Target(
        expressions.asked, expressions.seeds, expressions.WORDS, expressions.DECLARED, _LINE, _RESULTS, 1.0
    ),
    "netcdf": Target(results.netcdf, results.netcdf_seeds, results.WORDS, results.DECLARED, _LINE, _RESULTS, 3.0),
    "structure": Target(results.structure, results.structure_seeds, (), results.DECLARED, _LINE, _RESULTS, 0.1),
    "zarr": Target(results.zarr, results.zarr_seeds, results.ZARR_WORDS, results.DECLARED, _LINE, _RESULTS, 0.5),
    "shard": Target(
        travelling.shard, travelling.shard_seeds, travelling.SHARD_WORDS, (ValueError,), _LINE, ("sim/shards/",), 3.0
    ),
    "message": Target(
        travelling.message,
        travelling.message_seeds,
        travelling.MESSAGE_WORDS,
        (ValueError,),
        _LINE,
        ("sim/live/",),
        10.0,
    ),
}
