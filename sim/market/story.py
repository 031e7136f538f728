"""The decorator of functions that only call kernels: written into their caller, they cost no compile of their own.

Numba compiles a kernel together with all that it calls, again at each level of calls: with the market's chapters nested
four deep the whole took 33 s, with the levels that merely order the calls written into ``evaluate`` 23 s, and with
every kernel written into it 39 s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def story(function: Callable[..., Any]) -> Any:
    """Write ``function`` into the kernel that calls it, statement by statement."""
    return numba.njit(inline="always", nogil=True, error_model="numpy")(function)
