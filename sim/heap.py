"""What glibc's allocator does with memory that is let go of: a command gives it back, a cluster's worker keeps it.

Other allocators are left as they are.
"""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of mallopt, see malloc.h of glibc
LARGE = 4 << 20
LARGEST = 32 << 20  # glibc takes no more
KEPT = 256 << 20


def give_back(large: int = LARGE) -> bool:
    """Have arrays of ``large`` bytes and more mapped one by one, so that each is given back when it is let go of.

    By itself glibc raises that bound to the size of what is let go of, up to 32 MiB: a run's rooms then lie in its heaps, where
    what comes later seldom fits between. 589 -> 525 MiB at the peak of a run of 1,048,576 draws.

    Returns
    -------
    Whether it was done.
    """
    return _told((_M_MMAP_THRESHOLD, large))


def keep() -> bool:
    """Have arrays below :data:`LARGEST` bytes come from the heap, and up to :data:`KEPT` bytes of it kept while unused.

    Dask starts workers with ``MALLOC_TRIM_THRESHOLD_=65536``, so that what a task lets go of is soon the system's again. With
    glibc that also leaves every array above 128 KiB to be mapped and cleared anew each time: 20,000 page faults a leaf of the
    market, by which a worker took half as long again as a thread does.

    Returns
    -------
    Whether it was done.
    """
    return _told((_M_MMAP_THRESHOLD, LARGEST), (_M_TRIM_THRESHOLD, KEPT))


def _told(*settings: tuple[int, int]) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return all(mallopt(*setting) for setting in settings)
