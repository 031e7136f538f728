"""The decorator of every kernel: compiled once, cached on disk, never stale.

Numba decides whether a cached kernel is fresh by the file that defines it alone, so an edit in a file that the kernel
imports from goes unnoticed (numba issue 1833). Here the cache folder carries a hash of all source that the kernel can
import from: any edit there leads to another folder. Rooms above the engine have a folder of their own, so that an edit
of theirs does not compile the engine anew; import contracts keep the engine from importing them. Only our own kernels
are led there; what else a process compiles keeps its own settings.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core import types
from numba.core.runtime import rtsys

from priors.cache import cache_root
from sim.wide import PartCompiler, WideCompiler

# Rooms that import the engine and are never imported by it, see the import contracts.
ABOVE = frozenset({"__main__", "app", "bench", "cli", "cluster", "live", "results", "shards", "study"})


def source_digest(above: bool) -> str:
    """SHA-256 of what a kernel can import, with the interpreter's and Numba's versions, 16 hex digits.

    ``above`` takes in every source file of ``sim``; the engine's own kernels see no more than the rest.
    """
    digest = hashlib.sha256(f"{sys.version_info[:3]} numba {numba.__version__}".encode())
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        if above or place.parts[0].removesuffix(".py") not in ABOVE:
            digest.update(place.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def _folder(above: bool) -> Path | None:
    """Where kernels are cached; None where nothing can be written."""
    folder = cache_root() / "kernels" / source_digest(above)
    return folder if _usable(folder) else None


def nothing_cached() -> bool:
    """Whether the engine's kernels can be cached, and none is."""
    folder = _folder(False)
    return folder is not None and not any(folder.rglob("*.nbi"))


def _usable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _lead(cache: Any) -> None:
    """Let ``cache``, a dispatcher's, load at once, and go without where it cannot save.

    Before its first load Numba fills in all that it can compile (SciPy's linear algebra included), 0.15 s which no kernel
    needs that is compiled already; the compiler fills it in itself. A kernel that cannot be saved (a full disk, a quota)
    is compiled again next time, instead of ending the run.
    """
    save = cache.save_overload

    def load_overload(signature: Any, target: Any) -> Any:
        rtsys.initialize(target)  # what the kernels call at run time
        with cache._guard_against_spurious_io_errors():
            return cache._load_overload(signature, target)

    def save_overload(signature: Any, data: Any) -> None:
        with contextlib.suppress(OSError):
            save(signature, data)

    cache.load_overload, cache.save_overload = load_overload, save_overload


def kernel(function: Callable[..., Any]) -> Any:
    """Compile ``function`` without the GIL, with IEEE divisions (no branch for zero), cached where a folder allows.

    No ``fastmath``: equal inputs give equal bits. A cache folder that cannot be written costs compile time, not the run.
    """
    return _compiled(function)


def bare_kernel(function: Callable[..., Any]) -> Any:
    """As :func:`kernel`, for a kernel that makes no array, its views of what it is given aside.

    It counts no references. Numba counts those of every array that a call passes, with atomic instructions: some 0.1 µs
    a call of four arrays, which is what a row of 500 values takes to be summed. An ``np.empty`` in it is an error.
    """
    return _compiled(function, _nrt=False)


def inlined_kernel(function: Callable[..., Any]) -> Any:
    """As :func:`bare_kernel`, compiled into whatever kernel calls it: a call of one that takes six arrays costs 30 ns."""
    return _compiled(function, _nrt=False, forceinline=True)


def lane_kernel(function: Callable[..., Any], **more: Any) -> Any:
    """A part of a kernel, of :mod:`sim.lanes`: compiled with the kernel that calls it, and out of Python's reach."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
    options |= {"nogil": True, "error_model": "numpy"} | more
    dispatcher = numba.njit(**options)(function)
    _widened(dispatcher, dispatcher)
    return dispatcher


def inlined_lane_kernel(function: Callable[..., Any]) -> Any:
    """As :func:`lane_kernel`, compiled into whatever kernel calls it, so that lanes stay in registers."""
    return lane_kernel(function, forceinline=True)


def _compiled(function: Callable[..., Any], **more: Any) -> Any:
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "pipeline_class": WideCompiler} | more
    options["no_cfunc_wrapper"] = True  # for kernels that are passed as values; ours are not
    place = function.__module__.split(".")
    folder = _folder(place[0] != "sim" or place[1] in ABOVE)
    if folder is None:
        return _with_part(numba.njit(**options)(function), options)
    config: Any = numba.config  # its attributes are made at run time
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        dispatcher: Any = numba.njit(cache=True, **options)(function)
    finally:
        config.CACHE_DIR = before
    _lead(dispatcher._cache)
    return _with_part(dispatcher, options)


def _with_part(dispatcher: Any, options: dict[str, Any]) -> Any:
    """``dispatcher``, which other kernels have compiled in a form that only they can call.

    What Python calls has a wrapper that takes Python's objects apart, and is cached. Most kernels are parts of others and
    need neither, nor machine code of their own: with :func:`_widened` a third of what it takes to compile the built-in path.
    """
    bare = options | {"no_cpython_wrapper": True, "pipeline_class": PartCompiler}
    _widened(dispatcher, numba.njit(**bare)(dispatcher.py_func))
    return dispatcher


def _widened(dispatcher: Any, part: Any) -> None:
    """Have kernels that call ``dispatcher`` call ``part``, compiled once for all numbers that are written out in calls.

    Numba would compile ``part(x, 1)`` and ``part(x, 2)`` apart, to the same code.
    """
    template = part.get_call_template

    def get_call_template(args: Sequence[Any], kws: Mapping[str, Any]) -> Any:
        return template(tuple(map(types.unliteral, args)), {name: types.unliteral(kws[name]) for name in kws})

    dispatcher.get_call_template, dispatcher.get_overload = get_call_template, part.get_overload
