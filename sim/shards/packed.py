"""Shards as bytes: a line of what they are, the arrays, and a digest of all of it; no pickle.

A mark and the format's number; eight bytes that tell how long the header is; the header, JSON: the job, the leaves, and
of each array its name, type, shape and how it is stored (:mod:`sim.shards.narrow`); the arrays, little-endian, one behind
the other; SHA-256 of all before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from sim import reduce
from sim.reduce import Node
from sim.reduce.bins import LAST_KEY
from sim.shards import narrow
from sim.shards.shard import Part, Piece, Shard

MARK = b"suanli shard 1\n"
_DIGEST = 32
# What is stored in fewer bytes may come to so many times the bytes there are.
_GROWTH, _ROOM = 8, 1 << 20


def to_bytes(shard: Shard) -> bytes:
    """The shard as bytes; equal shards give equal ones."""
    arrays = dict[str, np.ndarray]()
    for p, part in enumerate(shard.parts):
        for field in Node._fields:
            arrays[f"{p}/node/{field}"] = np.stack([getattr(node, field) for node in part.nodes])
        for field in ("row_start", "key", "count", "headline", "on_edge"):
            arrays[f"{p}/counts/{field}"] = getattr(part.counts, field)
    for k, piece in enumerate(shard.pieces):
        arrays[f"kept/{k}"] = piece.columns
        arrays |= {f"kept/{k}/{name}": values for name, values in piece.outputs.items()}
    told, stored = [], []
    for name, array in arrays.items():
        how, pieces = narrow.stored(array, ascending=name.endswith(("/key", "/row_start")))
        told.append([name, *how])
        stored += pieces
    first = [piece.first for piece in shard.pieces]
    header = {"job": shard.job, "leaves": shard.leaves, "parts": len(shard.parts), "kept": first, "arrays": told}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    content: list[Any] = [MARK, len(text).to_bytes(8, "little"), text, *stored]
    digest = hashlib.sha256()
    for each in content:
        digest.update(each)
    return b"".join([*content, digest.digest()])


def from_bytes(data: bytes | bytearray | memoryview) -> Shard:
    """The shard that :func:`to_bytes` made ``data`` of.

    Raises
    ------
    ValueError: if it is no shard, or was changed or cut short, or what it holds does not fit together.
    """
    view = memoryview(data)
    if bytes(view[: len(MARK)]) != MARK:
        raise ValueError("not a shard of this version of suanli; expected what `suanli run --part` wrote")
    body = view[:-_DIGEST]
    if len(view) < len(MARK) + 8 + _DIGEST or hashlib.sha256(body).digest() != bytes(view[-_DIGEST:]):
        raise ValueError("damaged: its checksum does not fit its content; run that part again, or take a copy")
    try:
        return _shard(body)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError) as error:
        if str(error).startswith("damaged"):
            raise
        raise ValueError(f"damaged: its parts do not fit together ({type(error).__name__})") from error


def _shard(body: memoryview) -> Shard:
    start = len(MARK) + 8
    length = int.from_bytes(body[len(MARK) : start], "little")
    header = json.loads(bytes(body[start : start + length]))
    arrays = _arrays(header["arrays"], body[start + length :])
    leaves = tuple((int(first), int(last)) for first, last in header["leaves"])
    if any(first >= last for first, last in leaves) or any(a[1] >= b[0] for a, b in pairwise(leaves)):
        raise ValueError("damaged: its leaves are not in order")
    parts = tuple(_part(arrays, p, leaves) for p in range(int(header["parts"])))
    pieces = []
    for k, first in enumerate(header["kept"]):
        mark = f"kept/{k}/"
        outputs = {name.removeprefix(mark): values for name, values in arrays.items() if name.startswith(mark)}
        pieces.append(Piece(int(first), arrays[f"kept/{k}"], outputs))
    if not leaves or not parts or not isinstance(header["job"], str):
        raise ValueError("damaged: it holds nothing")
    return Shard(header["job"], leaves, parts, tuple(pieces))


def _arrays(told: list[Any], content: memoryview) -> dict[str, np.ndarray]:
    """The arrays by name."""
    found, at, room = dict[str, np.ndarray](), 0, _GROWTH * len(content) + _ROOM
    for name, *how in told:
        stored, whole = narrow.sizes(how)
        room -= whole
        if room < 0 or at + stored > len(content):
            raise ValueError(f"damaged: {name} is larger than what there is of it")
        found[name] = narrow.restored(how, content[at : at + stored])
        at += stored
    if at != len(content):
        raise ValueError("damaged: there is more of it than it tells")
    return found


def _part(arrays: Mapping[str, np.ndarray], p: int, leaves: tuple[tuple[int, int], ...]) -> Part:
    fields = [arrays[f"{p}/node/{field}"] for field in Node._fields]
    counts = reduce.Counts(*(arrays[f"{p}/counts/{f}"] for f in ("row_start", "key", "count", "headline", "on_edge")))
    _check_counts(counts)
    blocks = len(list(reduce.blocks_of(leaves)))
    cells, wide = (blocks, counts.cells), (blocks, counts.cells, reduce.REPLICATES)
    for name, field in zip(Node._fields, fields, strict=True):
        dtype = {"exponent": np.int32, "finite": np.int64, "nonfinite": np.int64}.get(name, np.float64)
        if field.shape != (cells if name in ("exponent", "low", "high") else wide) or field.dtype != dtype:
            raise ValueError(f"damaged: its {name} is of another shape")
    nodes = tuple(Node(*(field[block] for field in fields)) for block in range(blocks))
    return Part(nodes, counts)


def _check_counts(counts: reduce.Counts) -> None:
    """Kernels look at no bounds, so what they go by must hold: rows in order, keys ascending in each, all there."""
    rows, key, headline = counts.row_start, counts.key, counts.headline
    one_dimensional = all(each.ndim == 1 for each in (rows, key, counts.count, headline, counts.on_edge))
    types = rows.dtype == np.int64 == headline.dtype and key.dtype == np.int32 and counts.on_edge.dtype == np.bool_
    if not (one_dimensional and types and counts.count.dtype.kind == "i"):
        raise ValueError("damaged: its counts are of another type")
    lengths = np.diff(rows)
    good = len(rows) == counts.cells + reduce.REPLICATES * len(headline) + 1
    good = good and rows[0] == 0 and bool((lengths >= 0).all()) and rows[-1] == len(key) == len(counts.count)
    good = (
        good
        and bool((np.diff(headline) > 0).all())
        and not (len(headline) and not 0 <= headline[0] <= headline[-1] < counts.cells)
    )
    if good and len(key):
        ascending = np.diff(key.astype(np.int64)) > 0
        ascending[rows[1:-1][(rows[1:-1] > 0) & (rows[1:-1] < len(key))] - 1] = True
        good = bool(ascending.all()) and abs(int(key.min())) <= LAST_KEY >= int(key.max()) and counts.count.min() > 0
    if not good:
        raise ValueError("damaged: its counts do not fit together")
