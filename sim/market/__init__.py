"""Inputs to market outcomes: one chapter of the model a file, and the names and dimensions of what goes in and out."""

from __future__ import annotations

from sim.market.evaluate import evaluate
from sim.market.labels import model
from sim.market.names import ACCELERATORS, BUYERS, INPUTS, LABS, SPEEDS
from sim.market.outputs import OUTPUTS

__all__ = ["ACCELERATORS", "BUYERS", "INPUTS", "LABS", "OUTPUTS", "SPEEDS", "evaluate", "model"]
