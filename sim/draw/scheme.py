"""What fixes the bits of every draw: the scheme's number, the counter's layout, the key made of a seed.

Draw d of the input with stream number j is a pure function of (seed, scheme, d, j), by way of Philox4x32-10:

- key: the seed's low and high 32 bits;
- counter: block's low 32 bits, block's high 32 bits, stream, ``tag(purpose)`` = 256 · SCHEME + purpose.

Purposes: ``WORDS``, where word d is lane d mod 4 of block d div 4; ``SCRAMBLES``, whose first 32 words seed the 16
scrambles of a Sobol dimension, and whose next 32 the shuffles of a user's own streams. No two purposes, streams or seeds
share a counter and key.
"""

from __future__ import annotations

import operator
from typing import SupportsIndex

SCHEME = 2
"""Number of the scheme; any change of any bit of any draw, of a table's rule or of the counter's layout raises it."""

REPLICATES = 16
"""Independent scrambles R: draw d is point d div R of replicate d mod R. A tile starts and ends on a multiple of R."""

FIRST_PADDED = 1_000
"""Streams from here on, a user's own, are no Sobol dimensions but strata in an order of their own, see ``strata.py``."""

WORDS = 1
SCRAMBLES = 2


def tag(purpose: int) -> int:
    """Fourth counter word of a purpose under this scheme."""
    return SCHEME << 8 | purpose


def key_of(seed: SupportsIndex) -> tuple[int, int]:
    """Philox key of a seed: its low and its high 32 bits.

    Raises
    ------
    ValueError: if ``seed`` is not a whole number with 0 <= seed < 2**64.
    """
    try:
        value = -1 if isinstance(seed, bool) else operator.index(seed)
    except TypeError:
        value = -1
    if not 0 <= value < 1 << 64:
        raise ValueError(
            f"seed: found {seed!r}, expected a whole number from 0 to 2**64 - 1 (0 is a seed like any other)"
        )
    return value & 0xFFFFFFFF, value >> 32
