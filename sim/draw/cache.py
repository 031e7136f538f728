"""Tables are kept: in memory by what they are tables of, on disk by a digest of all that their content depends on.

A file is named by the digest of the shape's ``spec()``, the source of the shape's package and
of this one, and the versions of NumPy and SciPy; it holds its own digest first. What cannot be read, or is not what it
says, is built anew; what cannot be written is not kept. The table of a shape without ``spec()`` lives in memory alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from priors.cache import cache_root, read, write
from sim.draw.bends import Bends
from sim.draw.cubics import Cubics
from sim.draw.line import Line
from sim.draw.octaves import Octaves
from sim.draw.steps import Steps
from sim.draw.tabulate import Table, tabulate

_KINDS: dict[str, Any] = {kind.__name__: kind for kind in (Line, Octaves, Steps, Bends, Cubics)}
_memory: dict[Any, Table] = {}


def table_of(shape: Any) -> Table:
    """Table of a shape's quantile function: from memory, from disk, or built now and kept.

    Parameters
    ----------
    shape:
        Anything with ``ppf``, ``isf`` and ``support``; ``breaks()`` and ``spec()`` where it has them.

    Raises
    ------
    ValueError
        If its quantile function cannot be tabled; says why.
    """
    name = _name(shape)
    key: Any = name or shape
    table = _memory.get(key)
    if table is None:
        path = cache_root() / "tables" / f"{name}.table" if name else None
        payload = read(path) if path else None
        table = _unpacked(payload) if payload else tabulate(shape)
        if path and not payload:
            write(path, _packed(table))
        _memory[key] = table
    return table


def _name(shape: Any) -> str | None:
    """Digest of what the table's content depends on; None where that cannot be known."""
    spec = getattr(shape, "spec", None)
    module = type(shape).__module__
    origin = _source(module.partition(".")[0]) or _source(module)
    if spec is None or origin is None:
        return None
    content = [spec(), type(shape).__qualname__, origin, _source(__package__), _versions()]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _versions() -> list[str]:
    return [np.__version__, scipy.__version__]


@cache
def _source(package: str) -> str | None:
    """Digest of a package's source files, or of a module's one; None where there is no file."""
    file = getattr(sys.modules.get(package), "__file__", None)
    if file is None or package == "__main__":
        return None
    path = Path(file)
    digest = hashlib.sha256()
    for source in sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]:
        with contextlib.suppress(OSError):
            digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


def _packed(table: Table) -> bytes:
    parts = [np.asarray(part) for part in vars(table).values()]
    header = json.dumps([type(table).__name__, *((part.dtype.str, part.shape) for part in parts)]).encode()
    return b"".join([header, b"\n", *(part.tobytes() for part in parts)])


def _unpacked(payload: bytes) -> Table:
    header, _, rest = payload.partition(b"\n")
    name, *layout = json.loads(header)
    parts: list[Any] = []
    at = 0
    for dtype, shape in layout:
        parts.append(np.frombuffer(rest, dtype, math.prod(shape), at).reshape(shape))
        at += parts[-1].nbytes
    kind = _KINDS[name]
    if kind is not Steps:
        parts[-1] = tuple(parts[-1].tolist())  # the support
    return kind(*parts)
