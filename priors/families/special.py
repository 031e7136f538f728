"""SciPy's special functions, imported when the first is asked for: a run whose tables are kept does without them."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """Look the function ``name`` of :mod:`scipy.special` up."""
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(import_module("scipy.special"), name)
