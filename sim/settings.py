"""What a run was asked to do, checked before anything starts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from sim.model import Model

Keep = Literal["headline", "all", "none"]
SAMPLERS = ("sobol", "random")
KEEPS = ("headline", "all", "none")
DRAWS = 65_536
MAX_DRAWS = 1 << 26


class RoundedDraws(UserWarning):
    """The number of draws asked for was rounded up to 16 whole Sobol nets."""


class CheckpointNotice(UserWarning):
    """A run goes on from what its checkpoint folder holds, or found something damaged there, which it runs again."""


class NonfiniteDraws(UserWarning):
    """A kernel gave NaN or infinity for some draws; they are counted and in no other figure."""


class UnreadQuantities(UserWarning):
    """The book has quantities of one's own that the built-in model does not read; a misspelt name, more often than not."""


@dataclass(frozen=True)
class Settings:
    """Arguments of :func:`sim.run` that change its numbers.

    Attributes
    ----------
    draws: draws of each scenario, at least 1.
    seed: 0 ≤ seed < 2^63.
    sampler: ``"sobol"`` or ``"random"``.
    keep: outputs kept draw by draw: ``"headline"``, ``"all"`` or ``"none"``.
    keep_draws: how many of the first draws are kept.
    until: the largest Monte Carlo error that the run goes on for, see :mod:`sim.precision`; None for a fixed number of
        draws, which are then its first.
    until_outputs: names of the outputs whose error counts; the headline ones if empty.
    max_draws: draws of each scenario that ``until`` never goes beyond.
    pairs: whether differences from, and ratios to, the first scenario are summed up for the headline outputs.
    outputs: names of the outputs that are summed up and told; all of the model's if empty.
    """

    draws: int = DRAWS
    seed: int = 0
    sampler: Literal["sobol", "random"] = "sobol"
    keep: Keep = "headline"
    keep_draws: int = 65_536
    until: float | None = None
    until_outputs: tuple[str, ...] = ()
    max_draws: int = MAX_DRAWS
    pairs: bool = False
    outputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be run.

        Raises
        ------
        TypeError, ValueError: naming the argument, what was found and what is expected.
        """
        for name, low, high in (
            ("draws", 1, 1 << 62),
            ("seed", 0, (1 << 63) - 1),
            ("keep_draws", 0, 1 << 62),
            ("max_draws", 1, 1 << 62),
        ):
            value = getattr(self, name)
            if isinstance(value, bool) or not hasattr(value, "__index__"):
                raise TypeError(f"{name}: found {value!r}, expected a whole number")
            if not low <= value <= high:
                raise ValueError(f"{name}: found {value}, expected a whole number from {low} to {high}")
            object.__setattr__(self, name, int(value))
        if self.until is not None and not 0.0 < float(self.until) < 1.0:
            raise ValueError(f"until: found {self.until}, expected an error between 0 and 1, such as 0.001")
        for name, known in (("sampler", SAMPLERS), ("keep", KEEPS)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name}: found {getattr(self, name)!r}, expected one of {', '.join(known)}")

    def kept_outputs(self, model: Model) -> list[str]:
        """Names of the outputs to keep draw by draw."""
        if self.keep == "none" or not self.keep_draws:
            return []
        return [output.name for output in model.outputs if self.keep == "all" or output.headline]

    def as_attributes(self) -> dict[str, Any]:
        """The settings as plain attributes of a result; how long it was to run is told by what came of it."""
        plain = {name: value for name, value in asdict(self).items() if not name.startswith(("until", "max_"))}
        # What is rarely asked for is told only where it was.
        return {name: value for name, value in plain.items() if value or name not in ("pairs", "outputs")}
