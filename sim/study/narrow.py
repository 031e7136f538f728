"""A model with fewer outputs: what a question looks at need not be summed up with all the rest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sim.model import Model


def narrowed(model: Model, outputs: Collection[str]) -> Model:
    """``model`` with ``outputs`` alone, in its own order, all of them headline; the same numbers to the bit."""
    few = model.only(outputs)
    return replace(few, outputs=[replace(output, headline=True) for output in few.outputs])
