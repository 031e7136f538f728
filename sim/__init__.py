"""From beliefs to results: a book of priors is drawn, run through a market model, and labelled.

>>> import sim
>>> tree = sim.run(scenarios=["baseline", "export_ban_2023q4"], draws=65_536, seed=7)  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.model import Model, Output
from sim.run import rerun, run
from sim.settings import NonfiniteDraws, RoundedDraws

if TYPE_CHECKING:
    from sim import market as market
    from sim.results.files import open as open  # noqa: A004 - sim.open reads a result, as xarray.open_… do
    from sim.results.files import write as write
    from sim.study.ask import ask as ask
    from sim.study.check import check as check
    from sim.study.stress import stress as stress

__all__ = [
    "Model",
    "NonfiniteDraws",
    "Output",
    "RoundedDraws",
    "ask",
    "market",
    "open",
    "rerun",
    "run",
    "stress",
    "write",
]

_STUDIES = {"stress": "sim.study.stress", "ask": "sim.study.ask", "check": "sim.study.check"}


def __getattr__(name: str) -> Any:
    """What needs Numba or xarray, imported when first asked for."""
    if name == "market":
        return import_module("sim.market")
    if name in ("open", "write"):
        return getattr(import_module("sim.results.files"), name)
    if name in _STUDIES:
        return getattr(import_module(_STUDIES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
