"""The two samplers: where the 32-bit words of a stream come from.

A sampler is an object that is passed, never a string. It says how many draws it has (``limit``) and, once told streams
and seed, gives a source: ``fill(first, words)`` writes words ``first`` … of every stream in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numba.extending import overload

from sim.draw.philox import fill_words
from sim.draw.scheme import FIRST_PADDED, REPLICATES, WORDS, key_of, tag
from sim.draw.sobol import fill_sobol, scrambles_of, steps_of
from sim.draw.strata import fill_strata, seeds_of
from sim.kernels import bare_kernel


class RandomWords(NamedTuple):
    """What independent words follow from: ``key``, uint32[2], and ``streams``, uint32[s]."""

    key: np.ndarray
    streams: np.ndarray


class SobolWords(NamedTuple):
    """What points follow from: of Sobol's dimensions as :func:`~sim.draw.sobol.fill_sobol` has it, then of strata."""

    steps: np.ndarray
    add: np.ndarray
    multiply: np.ndarray
    own_add: np.ndarray
    own_multiply: np.ndarray


def write_words(tables: Any, first: int, words: np.ndarray) -> None:
    """Write draws ``first`` … of every stream into uint32[streams, n], in kernels; both are multiples of 16."""
    raise NotImplementedError  # kernels see the sampler's own


@overload(write_words)
def _write_words(tables, first, words):  # type: ignore[no-untyped-def]  # Numba wants the same signature
    if tables.instance_class is RandomWords:
        purpose = np.uint32(tag(WORDS))

        def independent(tables, first, words):  # type: ignore[no-untyped-def]
            fill_words(tables.key, tables.streams, purpose, np.uint64(first) // np.uint64(4), words)

        return independent

    def points(tables, first, words):  # type: ignore[no-untyped-def]
        sobol, point = len(tables.steps), np.uint64(first) // np.uint64(REPLICATES)
        fill_sobol(tables.steps, tables.add, tables.multiply, point, words[:sobol])
        fill_strata(tables.own_add, tables.own_multiply, point, words[sobol:])

    return points


@bare_kernel
def _fill(tables: Any, first: int, words: np.ndarray) -> None:
    write_words(tables, first, words)


@dataclass(frozen=True, eq=False)
class Source:
    """Words of some streams under one seed, which follow from ``tables``; thread-safe."""

    tables: RandomWords | SobolWords

    def fill(self, first: int, words: np.ndarray) -> None:
        """Write draws ``first`` … into uint32[streams, n]; ``first`` and n are multiples of 16."""
        _fill(self.tables, first, words)


class Sampler(Protocol):
    """A way to make words."""

    @property
    def name(self) -> str:
        """Name in results and on the command line."""

    @property
    def limit(self) -> int:
        """Greatest number of draws."""

    def prepare(self, streams: np.ndarray, seed: int) -> Source:
        """Get ready to fill words of the streams, uint32[s]."""


@dataclass(frozen=True)
class Random:
    """Independent words of Philox4x32-10: word d is lane d mod 4 of block d div 4."""

    name: ClassVar[str] = "random"
    limit: ClassVar[int] = 1 << 62

    def prepare(self, streams: np.ndarray, seed: int) -> Source:
        """Get ready to fill words of the streams, uint32[s]."""
        return Source(RandomWords(np.array(key_of(seed), np.uint32), streams))


@dataclass(frozen=True)
class Sobol:
    """Scrambled Sobol points: draw d is point d div 16 of replicate d mod 16.

    The stream number is the dimension up to 999; streams of a user's own, from 1,000 on, are points of
    :mod:`sim.draw.strata`.
    """

    name: ClassVar[str] = "sobol"
    limit: ClassVar[int] = REPLICATES << 32

    def prepare(self, streams: np.ndarray, seed: int) -> Source:
        """Get ready to fill words of the streams, rising, uint32[s]."""
        sobol = int(np.searchsorted(streams, FIRST_PADDED))
        given, own = streams[:sobol], streams[sobol:]
        return Source(SobolWords(steps_of(given), *scrambles_of(seed, given), *seeds_of(seed, own)))
