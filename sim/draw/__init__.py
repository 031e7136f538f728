"""Beliefs to inputs: random words or scrambled Sobol points, through tabled quantile functions, a tile at a time.

Draw d of a stream is a pure function of (seed, scheme, d, stream): no thread, tile, batch or neighbour changes a bit.
"""

from sim.draw.copula import Block
from sim.draw.plan import Column, Drawer, prepare
from sim.draw.samplers import Random, Sampler, Sobol
from sim.draw.scheme import REPLICATES, SCHEME

__all__ = ["REPLICATES", "SCHEME", "Block", "Column", "Drawer", "Random", "Sampler", "Sobol", "prepare"]
