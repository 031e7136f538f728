"""The first run of an installation: its kernels are compiled on two cores, a process beside the command's doing one half.

Numba compiles one kernel at a time. What draws and evaluates is compiled by the command; what sums up, by a helper, whose
kernels the command then takes from the cache. Whatever becomes of the helper, the command compiles what it does not find.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.app import failures, terminal
from sim.threads import available_cores

if TYPE_CHECKING:
    from sim.batch import Batch
    from sim.model import Model


def compiled(process: failures.Process | None, model: Model) -> None:
    """Compile what a run of ``model`` needs, if nothing is compiled yet, in a process of our own with a core to spare."""
    from sim.kernels import nothing_cached

    if process is None or not process.own or not nothing_cached():
        return
    if sys.stderr is not None and sys.stderr.isatty():
        terminal.note("suanli: compiling its kernels, once after an install")
    if available_cores() < 2:
        return
    try:
        helper = start()
    except OSError:
        return
    with helper:  # waits, and lets its standard input go, which ends it if this process ends before
        _drawn_and_evaluated(_laid_out(model))
        helper.wait()


def start() -> subprocess.Popen[bytes]:
    """Start the helper, which finds modules where this process does. It ends when its standard input does."""
    code = "import sys; sys.path[:] = sys.argv[1:]; from sim.app.ahead import main; main()"
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-c", code, *sys.path]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)


def _laid_out(model: Model) -> Batch:
    """A batch as ``suanli run`` has it."""
    import priors
    from sim import asked, batch
    from sim.app.answers import BUILT_IN
    from sim.settings import Settings

    return batch.lay_out(*asked.planned(priors.load(), ["baseline"], model, Settings(keep="none"), BUILT_IN))


def _drawn_and_evaluated(laid: Batch) -> None:
    """Have a tile drawn and evaluated."""
    from sim.rooms import aligned

    engine = laid.engine
    inputs = aligned((len(engine.dense.columns), engine.tile), "float64")
    outputs = aligned(engine.shape(engine.tile), engine.model.dtype)
    engine.drawer.fill(0, inputs)
    engine.evaluate(inputs, outputs, engine.told[0])


class _NoDraws:
    """In place of what draws."""

    def __init__(self, drawer: Any) -> None:
        self.table_digest = drawer.table_digest

    def fill(self, first: int, columns: np.ndarray) -> None:
        """Nothing."""


def _summed_up(laid: Batch) -> None:
    """Have made-up outcomes summed up and told, those of a run on two threads."""
    from sim import batch, running
    from sim.app.answers import first_answers
    from sim.app.reading import OutcomeReading

    rng = np.random.default_rng(0)

    def blocks(inputs: np.ndarray, outputs: np.ndarray, told: int) -> None:
        outputs[...] = np.exp(3.0 * rng.standard_normal(outputs.shape))  # wide enough for some to have no counter

    engine = replace(laid.engine, drawer=_NoDraws(laid.engine.drawer), blocks=blocks)  # type: ignore[arg-type]
    kept = laid.room(0)
    run = running.Run(engine, kept, 2)
    run.to(laid.draws)
    first_answers(OutcomeReading(batch.came_to(laid, laid.draws, run.finish(), kept)))


def _end_with_parent() -> None:
    """End this process when whoever started it has ended, whose end of the pipe closes then."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    """Compile what sums up."""
    from sim import market

    threading.Thread(target=_end_with_parent, daemon=True).start()
    _summed_up(_laid_out(market.model()))
    os._exit(0)
