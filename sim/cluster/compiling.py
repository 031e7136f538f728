"""One process of a machine compiles at a time, and the others wait for it; where all is compiled nobody waits.

Numba's cache is not made to be filled by several at a time (numba issues 4807 and 10128). What has been compiled is marked
beside it, so that the many workers of a large machine start together.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from priors.cache import cache_root
from sim.kernels import source_digest

try:
    import fcntl
except ImportError:  # Windows, where processes do not wait for one another
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def alone(kind: str | None) -> Iterator[None]:
    """Let no other process of this machine compile while the block runs, unless kernels of this kind of batch are compiled.

    ``kind`` is None for kernels that nobody can tell of. Without a folder that can be written nothing is shared, and nobody
    waits.
    """
    lock: Any = None
    if fcntl is not None and not (kind and _mark(kind).exists()):
        with contextlib.suppress(OSError):
            root = cache_root()
            root.mkdir(parents=True, exist_ok=True)
            lock = os.open(root / "compiling.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def done(kind: str) -> None:
    """Tell all processes that kernels of this kind of batch are compiled, for this sort of processor."""
    mark = _mark(kind)
    with contextlib.suppress(OSError):
        if mark.parent.is_dir():  # else they were not kept
            mark.touch()


def _mark(kind: str) -> Path:
    """A file beside the engine's kernels, which goes when they do."""
    from numba.core.registry import cpu_target

    processor = cpu_target.target_context.codegen().magic_tuple()  # what Numba tells its cached kernels apart by
    name = hashlib.sha256(repr((kind, processor)).encode()).hexdigest()[:16]
    return cache_root() / "kernels" / source_digest(above=False) / f"compiled-{name}"
