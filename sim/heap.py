"""Memory that a worker lets go of is kept for its next shard.

Dask starts workers with ``MALLOC_TRIM_THRESHOLD_=65536``, so that what a task lets go of is soon the system's again. With
glibc that also leaves every array above 128 KiB to be mapped and cleared anew each time: 20,000 page faults a leaf of the
market, by which a worker took half as long again as a thread does.
"""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of mallopt, see malloc.h of glibc
LARGEST = 32 << 20  # glibc takes no more
KEPT = 256 << 20


def keep() -> bool:
    """Have arrays below :data:`LARGEST` bytes come from the heap, and up to :data:`KEPT` bytes of it kept while unused.

    Returns
    -------
    Whether it was done; other allocators than glibc's are left as they are.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
        return bool(mallopt(_M_MMAP_THRESHOLD, LARGEST)) and bool(mallopt(_M_TRIM_THRESHOLD, KEPT))
    except (OSError, AttributeError):
        return False
