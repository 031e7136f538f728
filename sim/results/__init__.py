"""Summaries as a labelled DataTree, its accessor, and its files; reads, never runs.

Importing this package registers ``tree.sim`` on every :class:`xarray.DataTree`.
"""

from sim.results.accessor import SimAccessor
from sim.results.errors import ExpressionError, ResultError, WriteError
from sim.results.tree import build

__all__ = ["ExpressionError", "ResultError", "SimAccessor", "WriteError", "build"]
