"""A model with fewer outputs: what a question looks at need not be summed up with all the rest."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.model import Model
from sim.scalar import tile_kernel


def narrowed(model: Model, outputs: Sequence[str]) -> Model:
    """``model`` with ``outputs`` alone, in its own order, all of them headline; the same numbers to the bit.

    Everything is computed as before, in a room of each thread's own, and what is asked for copied out.
    """
    chosen = [output for output in model.outputs if output.name in set(outputs)]
    where = model.slices()
    cells = np.concatenate([np.arange(where[o.name].start, where[o.name].stop) for o in chosen])
    call, room = tile_kernel(model), threading.local()

    def kernel(inputs: np.ndarray, found: np.ndarray) -> None:
        draws = inputs.shape[1]
        whole = getattr(room, "whole", None)
        if whole is None or whole.shape[1] != draws:
            whole = room.whole = np.empty((model.cells, draws), model.dtype)
        call(inputs, whole)
        np.take(whole, cells, axis=0, out=found, mode="clip")

    return replace(
        model,
        outputs=[replace(output, headline=True) for output in chosen],
        kernel=kernel,
        form="tile",
        args=(),
        same=None,
        blocks=None,
        proportional={},
        reads={output.name: model.reads[output.name] for output in chosen if output.name in model.reads},
    )
