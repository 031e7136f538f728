"""What the page is told of a comparison: a few quantiles of every headline cell, with their errors, as JSON.

Quantiles and means are told to six digits, which no Monte Carlo error here supports and no screen shows; ``Told`` has them
whole.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from sim import precision, reduce
from sim.live.comparison import Found

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
ERROR_LEVELS = (0.05, 0.5, 0.95)
_DIGITS = 6


@dataclass(frozen=True)
class Told:
    """Figures of one of the three, cells as the model's headline outputs have them, one after the other.

    Attributes
    ----------
    quantile, mcse_quantile: float64[levels, cells], of :data:`LEVELS` and of :data:`ERROR_LEVELS`.
    mean, mcse: float64[cells].
    """

    quantile: np.ndarray
    mcse_quantile: np.ndarray
    mean: np.ndarray
    mcse: np.ndarray


def told(summary: reduce.Summary) -> Told:
    """The figures of a summary."""
    moments = summary.moments
    return Told(
        summary.quantile(np.array(LEVELS)).T,
        summary.mcse_quantile(np.array(ERROR_LEVELS)).T,
        moments.mean,
        moments.mcse,
    )


def figures(found: Found) -> dict[str, Any]:
    """All that the page draws, in JSON's types; numbers that are none are null.

    ``error`` is the largest among the state's means and 5 %, 50 % and 95 % quantiles, relative as :mod:`sim.precision` has
    it; ``error_at`` the cell and which of these four.
    """
    errors = precision.errors_of(found.state)
    cell, figure = np.unravel_index(np.argmax(errors), errors.shape)
    return {
        "draws": found.draws,
        "error": _number(float(errors[cell, figure])),
        "error_at": [int(cell), int(figure)],
        "paired": found.paired,
        "state": _plain(told(found.state)),
        "base": _base(found.base),
        "difference": _plain(told(found.difference)),
    }


@lru_cache(maxsize=8)
def _base(summary: reduce.Summary) -> dict[str, Any]:
    """The figures of a base, which move after move has the same."""
    return _plain(told(summary))


def encoded(content: dict[str, Any]) -> str:
    """The content as JSON in the fewest characters."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(of: Told) -> dict[str, Any]:
    return {
        "q": [_numbers(row) for row in of.quantile],
        "eq": [_numbers(row) for row in of.mcse_quantile],
        "m": _numbers(of.mean),
        "em": _numbers(of.mcse),
    }


def _numbers(values: np.ndarray) -> list[float | None]:
    return [_number(value) for value in values.tolist()]


def _number(value: float) -> float | None:
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
