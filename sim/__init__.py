"""From beliefs to results: a book of priors is drawn, run through a market model, and labelled.

>>> import sim
>>> tree = sim.run(scenarios=["baseline", "export_ban_2023q4"], draws=65_536, seed=7)  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.model import Model, Output
from sim.run import rerun, run, run_part
from sim.settings import CheckpointNotice, NonfiniteDraws, RoundedDraws, UnreadQuantities

if TYPE_CHECKING:
    from sim import market as market
    from sim.results.files import open as open  # noqa: A004 - sim.open reads a result, as xarray.open_… do
    from sim.results.files import write as write
    from sim.shards.extension import extend as extend
    from sim.shards.files import merge as merge
    from sim.study.ask import ask as ask
    from sim.study.attribution import attribute as attribute
    from sim.study.check import check as check
    from sim.study.compare import compare as compare
    from sim.study.integrated import integrated as integrated
    from sim.study.sensitivity import sensitivity as sensitivity
    from sim.study.stress import stress as stress
    from sim.study.world import world as world

# What starts or joins runs, each a function of a module that is imported when first asked for.
_ELSEWHERE = {
    "ask": "sim.study.ask",
    "attribute": "sim.study.attribution",
    "check": "sim.study.check",
    "compare": "sim.study.compare",
    "extend": "sim.shards.extension",
    "merge": "sim.shards.files",
    "integrated": "sim.study.integrated",
    "sensitivity": "sim.study.sensitivity",
    "stress": "sim.study.stress",
    "world": "sim.study.world",
}

__all__ = [
    "CheckpointNotice",
    "Model",
    "NonfiniteDraws",
    "Output",
    "RoundedDraws",
    "UnreadQuantities",
    "ask",
    "attribute",
    "check",
    "compare",
    "extend",
    "integrated",
    "market",
    "merge",
    "open",
    "rerun",
    "run",
    "run_part",
    "sensitivity",
    "stress",
    "world",
    "write",
]


def __getattr__(name: str) -> Any:
    """What needs Numba or xarray, imported when first asked for."""
    if name == "market":
        return import_module("sim.market")
    if name in ("open", "write"):
        return getattr(import_module("sim.results.files"), name)
    if name in _ELSEWHERE:
        return getattr(import_module(_ELSEWHERE[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
