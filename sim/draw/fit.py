"""Quantile functions as piecewise cubics: pieces as long as the error allows, split exactly at the special points.

A word w means the probability u = (w + 1/2) / 2^32. Both tails are handled alike: the upper half of the words is
counted from the top and evaluated with ``isf``. On a side, a word is its *place* t = 2 · rank + 1, an odd number from 1
to 2^32 - 1, so that its tail probability is exactly t / 2^33. Pieces begin and end on even places, between words.

Every piece runs through the exact values at its first and last word; the error is looked at in five places inside, and
a piece that misses the target is split, down to single words if need be. So a jump nobody told of costs some pieces but
no accuracy. Only what the nine points of a piece step over goes unseen: a spike narrower than a quarter of a piece,
which has to be named in ``breaks()``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

TARGET = 2e-8
"""Error aimed at, relative to max(|x - median|, interquartile range): a hundredth of what is promised."""

PROMISE = 2e-6
"""Error never exceeded, relative to max(|x|, interquartile range)."""

END = np.int64(1) << np.int64(32)
_MANY, _TOO_MANY = 1 << 14, 1 << 18
_NODES = np.array([0.0, 0.25, 0.75, 1.0])
# Between the four nodes, and where the error of a cubic through them is greatest.
_CHECKS = np.array([0.105, 0.35, 0.5, 0.65, 0.895])
_AT = np.concatenate([_NODES, _CHECKS])


class Shape(Protocol):
    """What a table is made of: a quantile function, vectorised over float64."""

    def ppf(self, p: np.ndarray) -> np.ndarray:
        """Quantile at p."""

    def isf(self, q: np.ndarray) -> np.ndarray:
        """Quantile at 1 - q."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Cubics on consecutive ranges of places, lower side first.

    Attributes
    ----------
    side: int64[n], 0 lower, 1 upper.
    start: int64[n], even place before the first word; the piece ends where the next one starts, or at 2^32.
    coef: float64[n, 4] in z = (t - first) / (last - first), the places of the piece's first and last word.
    """

    side: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    coef: np.ndarray


def fit(shape: Shape, target: float = TARGET) -> Pieces:
    """Fit the quantile function of ``shape``.

    Parameters
    ----------
    shape:
        Has vectorised ``ppf`` and ``isf``, and ``breaks()``, the probabilities of its kinks and jumps, if it has any.
    target:
        Error aimed at, relative to max(|x - median|, interquartile range).

    Raises
    ------
    ValueError
        If the quantile function is not finite, or too rough to be held within :data:`PROMISE`.
    """
    middle, spread = _middle_and_spread(shape)
    side, start, stop = _first_cut(_breaks(shape))
    done: list[tuple[np.ndarray, ...]] = []
    count = 0
    first = True
    while side.size:
        values = _evaluate(shape, side, start, stop)
        coef = through_nodes(values[:, :4])
        error = np.max(np.abs(_cubic(coef, _CHECKS) - values[:, 4:]), axis=1)
        size = np.maximum(np.max(np.abs(values - middle), axis=1), spread)
        # A quantile function that is noise at this scale is taken at half the promise rather than chased for ever.
        excess = error / (size * (target if count + side.size < _MANY + len(_breaks(shape)) * 4 else PROMISE / 2))
        good = (excess <= 1.0) | (stop - start <= 2)
        done.append((side[good], start[good], stop[good], coef[good]))
        count += int(good.sum())
        if count + 2 * int((~good).sum()) > _TOO_MANY:
            raise ValueError(
                f"{shape!r}: its ppf is too rough to be tabled; give its values as an empirical distribution"
            )
        # Halving a smooth piece divides the error by 16: the first split goes straight to the length needed.
        times = 1 if not first else 1 + (excess[~good] > 16) + (excess[~good] > 256)
        side, start, stop = _split(side[~good], start[~good], stop[~good], np.broadcast_to(times, int((~good).sum())))
        first = False
    return _joined(*(np.concatenate(parts) for parts in zip(*done, strict=True)))


def tail(place: np.ndarray) -> np.ndarray:
    """Tail probability of a place."""
    return place * 2.0**-33


def _middle_and_spread(shape: Shape) -> tuple[float, float]:
    low, middle, high = np.asarray(shape.ppf(np.array([0.25, 0.5, 0.75])), np.float64)
    spread = float(high - low)
    if spread == 0.0:
        one = np.array([2.0**-33])
        spread = min(1.0, float(shape.isf(one)[0] - shape.ppf(one)[0])) or 1.0
    return float(middle), spread


def _breaks(shape: Shape) -> np.ndarray:
    given = getattr(shape, "breaks", None)
    found: Sequence[float] = given() if given else ()
    p = np.asarray(found, np.float64)
    return p[(p > 0.0) & (p < 1.0)]


def _first_cut(breaks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pieces to start with: every octave of both tails in 8 where it has the words, cut at the breaks."""
    octave = np.concatenate([[0], np.int64(1) << np.arange(1, 33, dtype=np.int64)])
    even = np.unique(np.concatenate([octave, *(octave[4:-1] * (8 + i) // 8 for i in range(1, 8))]))
    even = even[even % 2 == 0]
    lower = breaks[breaks <= 0.5]
    upper = breaks[breaks > 0.5]
    # A word with u = p exactly belongs to the left of the break, as ppf is continuous from the left.
    cuts = (2 * np.floor(lower * 2.0**32 + 0.5), 2 * np.ceil((1.0 - upper) * 2.0**32 - 0.5))
    sides, starts, stops = [], [], []
    for side, cut in enumerate(cuts):
        place = np.clip(cut.astype(np.int64), 0, END)
        edges = np.unique(np.concatenate([even, place]))
        starts.append(edges[:-1])
        stops.append(edges[1:])
        sides.append(np.full(len(edges) - 1, side, np.int64))
    return np.concatenate(sides), np.concatenate(starts), np.concatenate(stops)


def _evaluate(shape: Shape, side: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Exact values at the nodes and checks of each piece, float64[n, 9]."""
    first, last = start + 1, stop - 1
    p = tail(first[:, None] + (last - first)[:, None] * _AT)
    values = np.empty_like(p)
    values[side == 0] = shape.ppf(p[side == 0])
    values[side == 1] = shape.isf(p[side == 1])
    if not np.all(np.isfinite(values)):
        at = p[~np.isfinite(values)][0]
        raise ValueError(f"{shape!r}: its ppf is not finite at the probability {at:g} from an end; truncate it")
    return values


def through_nodes(values: np.ndarray) -> np.ndarray:
    """Cubic coefficients through values at z = 0, 1/4, 3/4, 1; equal values give exactly a constant."""
    a, b, c = (values[:, i] - values[:, 0] for i in (1, 2, 3))
    linear = 8.0 * a - (8.0 / 3.0) * b + c
    square = -(56.0 / 3.0) * a + (40.0 / 3.0) * b - (16.0 / 3.0) * c
    cube = (32.0 / 3.0) * (a - b) + (16.0 / 3.0) * c
    return np.stack([values[:, 0], linear, square, cube], axis=1)


def _cubic(coef: np.ndarray, z: np.ndarray) -> np.ndarray:
    c = coef[:, :, None]
    return ((c[:, 3] * z + c[:, 2]) * z + c[:, 1]) * z + c[:, 0]


def _split(side: np.ndarray, start: np.ndarray, stop: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, ...]:
    """Halve each piece as often as told, at the roundest binary place inside, so that pieces fit the table's cells."""
    while np.any(times > 0):
        todo = (times > 0) & (stop - start > 2)
        a, b = start[todo], stop[todo] - 1
        bit = np.frexp((a ^ b).astype(np.float64))[1] - 1
        middle = b >> bit << bit
        side, times = np.concatenate([side, side[todo]]), np.concatenate([times - 1, times[todo] - 1])
        start, stop = np.concatenate([start, middle]), np.concatenate([stop, stop[todo]])
        stop[np.flatnonzero(todo)] = middle
    return side, start, stop


def _joined(side: np.ndarray, start: np.ndarray, stop: np.ndarray, coef: np.ndarray) -> Pieces:
    """Pieces in order, runs of one constant made one piece."""
    order = np.lexsort((start, side))
    side, start, stop, coef = side[order], start[order], stop[order], coef[order]
    flat = np.all(coef[:, 1:] == 0.0, axis=1)
    same = flat[1:] & flat[:-1] & (coef[1:, 0] == coef[:-1, 0]) & (side[1:] == side[:-1])
    keep = np.concatenate([[True], ~same])
    last = np.concatenate([~same, [True]])
    return Pieces(side[keep], start[keep], stop[last], coef[keep])
