"""The two samplers: where the 32-bit words of a stream come from.

A sampler is an object that is passed, never a string. It says how many draws it has (``limit``) and, once told streams
and seed, gives a source: ``fill(first, words)`` writes words ``first`` … of every stream in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from sim.draw.philox import fill_words
from sim.draw.scheme import REPLICATES, WORDS, key_of, tag
from sim.draw.sobol import fill_sobol, scrambles_of, steps_of


class Source(Protocol):
    """Words of some streams under one seed."""

    def fill(self, first: int, words: np.ndarray) -> None:
        """Write draws ``first`` … into uint32[streams, n]; ``first`` and n are multiples of 16. Thread-safe."""


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
        return _RandomSource(np.array(key_of(seed), np.uint32), streams)


@dataclass(frozen=True)
class Sobol:
    """Scrambled Sobol points: draw d is point d div 16 of replicate d mod 16, the stream number is the dimension."""

    name: ClassVar[str] = "sobol"
    limit: ClassVar[int] = REPLICATES << 32

    def prepare(self, streams: np.ndarray, seed: int) -> Source:
        """Get ready to fill words of the streams, uint32[s], each at most 21,201."""
        return _SobolSource(steps_of(streams), *scrambles_of(seed, streams))


@dataclass(frozen=True, eq=False)
class _RandomSource:
    key: np.ndarray
    streams: np.ndarray

    def fill(self, first: int, words: np.ndarray) -> None:
        fill_words(self.key, self.streams, np.uint32(tag(WORDS)), np.uint64(first // 4), words)


@dataclass(frozen=True, eq=False)
class _SobolSource:
    steps: np.ndarray
    add: np.ndarray
    multiply: np.ndarray

    def fill(self, first: int, words: np.ndarray) -> None:
        fill_sobol(self.steps, self.add, self.multiply, np.uint64(first // REPLICATES), words)
