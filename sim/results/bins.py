"""Bins that are about equally full, and never part equal values."""

from __future__ import annotations

import numpy as np


def codes(values: np.ndarray, most: int) -> tuple[np.ndarray, int]:
    """The bin of each value, int64[n], and how many bins there are, at most ``most``.

    Values of few kinds have a bin each, if each is at least as likely as a bin.
    """
    ordered = np.sort(values)
    places = (np.arange(1, most) * len(values)) // most
    edges = np.unique(ordered[places])
    edges = edges[edges > ordered[0]]
    return np.searchsorted(edges, values, side="right"), len(edges) + 1
