"""What the engine's pieces cost on this machine, each beside the bare limit measured in the same run.

:data:`FIGURES` names every piece; ``suanli bench``, ``benchmarks/`` and the tests walk it. Nothing in the engine imports
this room.
"""

from sim.bench.engine import floor, market_rate, pieces
from sim.bench.figures import FIGURES, Figure, Trial
from sim.bench.measure import Measured, measured
from sim.bench.quick import Expected, expected
from sim.bench.tables import load, machine, reference, table
from sim.bench.timer import Timing, alternate

__all__ = [
    "FIGURES",
    "Expected",
    "Figure",
    "Measured",
    "Timing",
    "Trial",
    "alternate",
    "expected",
    "floor",
    "load",
    "machine",
    "market_rate",
    "measured",
    "pieces",
    "reference",
    "table",
]
