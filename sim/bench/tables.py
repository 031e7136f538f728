"""The table of reference figures that the package ships, and the machine that figures are of."""

from __future__ import annotations

import datetime
import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.threads import available_cores

PATH = Path(__file__).with_name("reference.json")


def machine() -> dict[str, Any]:
    """The machine at hand, in words: processor, cores, versions."""
    return {
        "processor": _processor(),
        "cores": available_cores(),
        "python": platform.python_version(),
        "numba": version("numba"),
        "numpy": version("numpy"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    told = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if "model name" not in told:
        return platform.processor() or platform.machine()
    # A virtual machine may hide the name; family and model tell the generation all the same.
    return f"{told['model name']} (family {told.get('cpu family', '?')}, model {told.get('model', '?')})"


def load() -> float | None:
    """Processes that wanted a core in the last minute, None where the system does not tell."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def reference() -> dict[str, Any] | None:
    """The shipped table: machine, date, ``figures`` by name and ``market``; None where a build has none."""
    return json.loads(PATH.read_text("utf-8")) if PATH.exists() else None


def table(figures: dict[str, Any], market: dict[str, Any]) -> dict[str, Any]:
    """A table as :func:`reference` gives it, of this machine and of today."""
    return {"machine": machine(), "date": datetime.date.today().isoformat(), "figures": figures, "market": market}
