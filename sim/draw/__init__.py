"""Stage 1: random words, scrambled Sobol points, inverse CDF tables, copula: one tile of inputs.

Draw d of a column is a pure function of (seed, :data:`SCHEME`, d, the column's stream): see :mod:`sim.draw.scheme`.
"""

from sim.draw.copula import Block
from sim.draw.plan import Column, Drawer, prepare
from sim.draw.samplers import Random, Sampler, Sobol
from sim.draw.scheme import REPLICATES, SCHEME

__all__ = ["REPLICATES", "SCHEME", "Block", "Column", "Drawer", "Random", "Sampler", "Sobol", "prepare"]
