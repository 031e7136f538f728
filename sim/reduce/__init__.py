"""Outcomes to moments and quantile sketches: arrays in, small and mergeable arrays out; no labels.

Values come as tiles, float64[cells, draws]. Draw d belongs to replicate d mod 16. An :class:`Accumulator` takes a
thread's tiles; each leaf of draws gives a :class:`Node`, and a :class:`Tree` merges nodes by leaf number; sketches of
all threads combine to :class:`Counts`. A :class:`Summary` holds both.
"""

from sim.reduce.accumulator import Accumulator
from sim.reduce.bins import RELATIVE_ERROR
from sim.reduce.combining import combine
from sim.reduce.counts import Counts, merge
from sim.reduce.errors import chance_bounds, mcse_quantiles
from sim.reduce.estimates import Moments, moments_of
from sim.reduce.forest import Forest, blocks_of
from sim.reduce.lanes import LANES as REPLICATES
from sim.reduce.node import Node
from sim.reduce.quantiles import quantiles
from sim.reduce.shares import cdf, keys, lumps
from sim.reduce.sketch import AT_ONCE, Sketch, waiting_room
from sim.reduce.summary import Part, Summary, spread, summarise, summarise_all, used_up
from sim.reduce.tree import Tree
from sim.reduce.values import Beside, copy_row

__all__ = [
    "AT_ONCE",
    "RELATIVE_ERROR",
    "REPLICATES",
    "Accumulator",
    "Beside",
    "Counts",
    "Forest",
    "Moments",
    "Node",
    "Part",
    "Sketch",
    "Summary",
    "Tree",
    "blocks_of",
    "cdf",
    "chance_bounds",
    "combine",
    "copy_row",
    "keys",
    "lumps",
    "mcse_quantiles",
    "merge",
    "moments_of",
    "quantiles",
    "spread",
    "summarise",
    "summarise_all",
    "used_up",
    "waiting_room",
]
