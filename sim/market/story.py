"""The decorator of functions that only call kernels: written into their caller, they cost no compile of their own.

Numba compiles a kernel together with all that it calls, and again at each level of calls. With the functions that merely
order the chapters written into :func:`~sim.market.evaluate.sixteen` the whole compiles in 5.6 s instead of 6.9, and runs
in 730 ns a draw instead of 762.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def story(function: Callable[..., Any]) -> Any:
    """Write ``function`` into the kernel that calls it, statement by statement."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return numba.njit(inline="always", nogil=True, error_model="numpy", **options)(function)
