"""All parts of the benchmark in one dictionary, which the command and the tests walk.

A part is a module with ``TITLE``, ``measure(size)``, which returns what JSON can hold, and ``rows(content)``, which makes
lines of the table of it. ``size`` is ``"full"``, ``"quick"`` (minutes become seconds, more noise) or ``"tiny"`` (does it
run at all).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from benchmarks import accuracy, engine, growth, kernels, main_job, questions, small
from benchmarks.report import Row


class Part(Protocol):
    """What a part's module has."""

    TITLE: str

    def measure(self, size: str) -> dict[str, Any]:
        """Measure; a dictionary in JSON's types."""

    def rows(self, content: dict[str, Any]) -> Sequence[Row]:
        """Lines of the table."""


PARTS: dict[str, Part] = {
    "jobs": main_job,
    "kernels": kernels,
    "engine": engine,
    "peers": small,
    "accuracy": accuracy,
    "growth": growth,
    "questions": questions,
}
