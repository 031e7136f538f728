"""Runs that keep, draw by draw, just the outputs that a question names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from priors.problems import nearest
from sim.results.errors import ExpressionError
from sim.results.syntax import Node, names

if TYPE_CHECKING:
    import xarray as xr

    import priors
    from sim.model import Model


LEAST = 1_024


@dataclass(frozen=True)
class Setup:
    """How a question's runs are made; as of :func:`sim.run`.

    Attributes
    ----------
    draws: draws of each scenario, all of which are kept; rounded up to 16 · 2^m.
    seed: the seed.
    model: the built-in market over 12 quarters unless given.
    threads, progress: as of :func:`sim.run`.
    """

    draws: int = 65_536
    seed: int = 0
    model: Model | None = None
    threads: int | None = None
    progress: Callable[[int], Any] | None = None

    def after(self, done: int) -> Setup:
        """The same for a run that follows others, whose draws count as done."""
        told = self.progress
        return replace(self, progress=None if told is None else lambda more: told(done + more))

    @property
    def model_is_built_in(self) -> bool:
        """Whether the model is the market, of whatever horizon."""
        from sim import market

        return self.model is None or self.model.name == market.model().name

    def __post_init__(self) -> None:
        """Refuse too few draws for errors from replicates.

        Raises
        ------
        ValueError: saying how many it takes.
        """
        if self.draws < LEAST:
            raise ValueError(f"draws: found {self.draws}, expected at least {LEAST:,}, 64 for each of 16 replicates")

    @property
    def chosen(self) -> Model:
        """The model, the built-in one where none was given."""
        from sim import market

        return market.model() if self.model is None else self.model


def run(book: priors.Book, scenarios: Sequence[str], outputs: Iterable[str], setup: Setup) -> xr.DataTree:
    """Run ``scenarios`` and keep every draw of ``outputs`` and of all inputs; no other output is summed up or kept."""
    import sim

    model = setup.chosen
    wanted = set(outputs) or {model.outputs[0].name}  # inputs are kept beside outputs only
    marked = [replace(output, headline=output.name in wanted) for output in model.outputs]
    return sim.run(
        book,
        scenarios=scenarios,
        draws=setup.draws,
        seed=setup.seed,
        model=replace(model, outputs=marked),
        outputs=sorted(wanted),
        keep="headline",
        keep_draws=1 << 40,
        threads=setup.threads,
        progress=setup.progress,
    )


def outputs_named(nodes: Iterable[tuple[str, Node]], model: Model) -> list[str]:
    """Outputs that expressions name; each comes with what it is called in messages, such as ``option "buy"``.

    Raises
    ------
    ExpressionError: for a name that is neither an output nor an input of the model: where it stands, and the nearest one.
    """
    known = [output.name for output in model.outputs]
    found: dict[str, None] = {}
    for what, node in nodes:
        for name in names(node):
            if name.name in known:
                found[name.name] = None
            elif name.name not in model.inputs:
                hint = nearest(name.name, [*known, *model.inputs]) or "; see suanli outputs and suanli priors"
                raise ExpressionError(
                    f'{what}, character {name.at + 1}: no output or input "{name.name}" in the model{hint}'
                )
    return list(found)
