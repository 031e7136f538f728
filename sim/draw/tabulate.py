"""From a distribution to its table: the fastest kind that holds it.

In this order: a line; polynomials of the octaves, where the quantile function is smooth but for one kink; a few lines;
steps, where it does nothing else; cubics on pieces, which hold anything.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.draw.bends import Bends, bends_of
from sim.draw.cubics import Cubics, pack
from sim.draw.fit import Shape, fit
from sim.draw.line import Line, line_of
from sim.draw.octave_fit import octaves_of
from sim.draw.octaves import Octaves
from sim.draw.steps import Steps, steps_of

Table = Line | Octaves | Bends | Steps | Cubics


def tabulate(shape: Shape) -> Table:
    """Table of a quantile function.

    Parameters
    ----------
    shape:
        Has vectorised ``ppf`` and ``isf``, and ``support``; ``breaks()``, the probabilities of its kinks and jumps, if it
        has any.

    Raises
    ------
    ValueError
        If the quantile function is not finite, or too rough to be tabled.
    """
    given: Any = shape
    low, high = given.support() if callable(given.support) else given.support
    support = float(low), float(high)
    breaks = np.asarray(given.breaks() if hasattr(given, "breaks") else (), np.float64)
    breaks = breaks[(breaks > 0.0) & (breaks < 1.0)]
    if low < high:
        aside = breaks[breaks != 0.5]  # two polynomials meet at the median in any case
        found: Table | None = (line_of(shape, support) if len(aside) == 0 else None) or bends_of(shape, support, breaks)
        if found is None and len(aside) <= 1:
            found = octaves_of(shape, support, *aside)
        if found is not None:
            return found
    pieces = fit(shape)
    return steps_of(pieces) or pack(pieces, support)
