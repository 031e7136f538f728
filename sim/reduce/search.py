"""Where a value stands among sorted ones. NumPy's ``searchsorted`` in a kernel has SciPy imported wherever it is loaded."""

from __future__ import annotations

import numpy as np

from sim.kernels import inlined_kernel


@inlined_kernel
def count_below(ascending: np.ndarray, x: int) -> int:
    """How many of the whole numbers ``ascending`` are below ``x``."""
    low, high = 0, len(ascending)
    while low < high:
        middle = (low + high) // 2
        if ascending[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low
