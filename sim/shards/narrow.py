"""Arrays of a shard in few bytes: whole numbers, mostly small or mostly one apart, in one or two bytes each.

Counts and keys of sketches are nearly all of a shard. What does not fit the bytes chosen is written behind them, place and
value. That takes a third to a quarter of the room at the speed of memory, where a general compressor takes a second for
100 MB.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

TYPES = ("<i8", "<i4", "<f8", "<f4", "|b1")
RAW, ONE, STEPS = "raw", "one", "steps"
_WIDTHS = {"u1": 1, "u2": 2}
_BESIDE = 16  # place and value of what does not fit


def stored(array: np.ndarray, ascending: bool = False) -> tuple[list[Any], list[memoryview]]:
    """How ``array`` is stored, in what JSON has, and its bytes; ``ascending`` tells of values mostly one apart.

    Type and shape; ``raw`` for as it is, ``one`` for a value that all have, ``u1`` or ``u2`` for the bytes of each, with
    ``steps`` behind it for each less the one before; how many do not fit.
    """
    plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    about = [plain.dtype.str, list(plain.shape)]
    flat = plain.reshape(-1)
    if flat.dtype.kind in "ib" and flat.size > 1 and (flat == flat[0]).all():
        return [*about, ONE, 0], [_raw(flat[:1])]
    if flat.dtype.kind != "i" or flat.size < 2:
        return [*about, RAW, 0], [_raw(flat)]
    values = flat
    if ascending:
        values = flat.copy()
        values[1:] -= flat[:-1]
    # As unsigned numbers negative ones are large, too.
    unsigned = values.view(f"<u{flat.itemsize}")
    best, least, beside = RAW, flat.nbytes, np.empty(0, np.bool_)
    for how, width in _WIDTHS.items():
        large = unsigned >= 1 << 8 * width
        size = flat.size * width + _BESIDE * int(np.count_nonzero(large))
        if size < least:
            best, least, beside = how, size, large
    if best == RAW:
        return [*about, RAW, 0], [_raw(flat)]
    places = np.flatnonzero(beside).astype("<i8")
    pieces = [values.astype(f"<{best}"), places, values[places].astype("<i8")]
    return [*about, best + (STEPS if ascending else ""), len(places)], [_raw(piece) for piece in pieces]


def sizes(how: Sequence[Any]) -> tuple[int, int]:
    """Bytes that an array takes as it is stored, and whole.

    Raises
    ------
    ValueError: for what :func:`stored` never tells.
    """
    kind, shape, way, places = how
    numbers = [*shape, places]
    width = _WIDTHS.get(str(way).removesuffix(STEPS), 0)
    known = kind in TYPES and (way in (RAW, ONE) or (width and kind[1] == "i"))
    if not known or any(type(n) is not int or n < 0 for n in numbers) or (places and not width):
        raise ValueError("damaged: it tells of an array such as no shard has")
    size, item = math.prod(shape), np.dtype(kind).itemsize
    take = {RAW: size * item, ONE: item}.get(way, size * width + _BESIDE * places)
    return take, size * item


def restored(how: Sequence[Any], data: memoryview) -> np.ndarray:
    """The array that :func:`stored` stored, in native order and memory of its own; ``data`` has the size of :func:`sizes`.

    Raises
    ------
    ValueError: if places are told that there are not.
    """
    kind, shape, way, places = how
    dtype = np.dtype(kind).newbyteorder("=")
    if way == ONE:
        return np.full(shape, np.frombuffer(data, kind)[0], dtype)
    if way == RAW:
        return np.frombuffer(data, kind).astype(dtype).reshape(shape)
    width, size = _WIDTHS[way.removesuffix(STEPS)], math.prod(shape)
    values = np.frombuffer(data, f"<u{width}", size).astype(dtype)
    at, value = np.frombuffer(data, "<i8", 2 * places, size * width).reshape(2, places)
    if places and not 0 <= at.min() <= at.max() < size:
        raise ValueError("damaged: it tells of places that an array has not")
    values[at] = value.astype(dtype)
    if way.endswith(STEPS):
        np.cumsum(
            values, out=values
        )  # in the type that the steps were taken in, so that even one that overflows comes back
    return values.reshape(shape)


def _raw(array: np.ndarray) -> memoryview:
    return memoryview(array.view(np.uint8)) if array.size else memoryview(b"")  # type: ignore[arg-type]
