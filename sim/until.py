"""Net after net of draws, each twice the one before, until the error asked for is reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from priors.problems import nearest
from sim import precision
from sim.model import Model
from sim.running import Run
from sim.settings import Settings
from sim.tiles import LEAF

FIRST_NET = 1024


def until(
    run: Run, settings: Settings, scenarios: Sequence[str], most: int, progress: Callable[[int], Any] | None
) -> tuple[Run, dict[str, Any]]:
    """Run net after net, each twice the one before, until the error asked for is reached; the run, and what to tell."""
    target, model = float(settings.until or 0.0), run.engine.model
    names = chosen(model, "until", settings.until_outputs)
    draws = min(FIRST_NET, most)
    while True:
        if run.draws % LEAF:
            run = run.afresh()  # less than a leaf cannot go on, and costs little to repeat
        run.to(draws, progress)
        reached = precision.largest(model, names, scenarios, run.summaries())
        good = reached.error <= target
        if good or draws >= most:
            why = "error reached" if good else "max_draws"
            found = {"until_error": reached.error, "until_answer": reached.answer, "until_stopped": why}
            return run, {"until": target, "until_outputs": names, "max_draws": most, **found}
        draws = min(2 * draws, most)


def chosen(model: Model, argument: str, names: Sequence[str]) -> list[str]:
    """``names``, each an output of the model; the headline outputs, or all where there are none, if it is empty."""
    known = [output.name for output in model.outputs]
    for name in names:
        if name not in known:
            raise ValueError(f'{argument}: output "{name}" is not in the model{nearest(name, known)}')
    return list(names) or [output.name for output in model.outputs if output.headline] or known
