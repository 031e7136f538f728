"""The two samplers: where the 32-bit words of a stream come from.

A sampler is an object that is passed, never a string. It says how many draws it has (``limit``) and, once told streams
and seed, gives a source: ``fill(first, words)`` writes words ``first`` … of every stream in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from sim.draw.philox import fill_words
from sim.draw.scheme import FIRST_PADDED, REPLICATES, WORDS, key_of, tag
from sim.draw.sobol import fill_sobol, scrambles_of, steps_of
from sim.draw.strata import fill_strata, seeds_of


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
        return _SobolSource(sobol, steps_of(given), *scrambles_of(seed, given), *seeds_of(seed, own))


@dataclass(frozen=True, eq=False)
class _RandomSource:
    key: np.ndarray
    streams: np.ndarray

    def fill(self, first: int, words: np.ndarray) -> None:
        fill_words(self.key, self.streams, np.uint32(tag(WORDS)), np.uint64(first // 4), words)


@dataclass(frozen=True, eq=False)
class _SobolSource:
    """The first ``sobol`` rows are Sobol's, the others strata."""

    sobol: int
    steps: np.ndarray
    add: np.ndarray
    multiply: np.ndarray
    own_add: np.ndarray
    own_multiply: np.ndarray

    def fill(self, first: int, words: np.ndarray) -> None:
        point = np.uint64(first // REPLICATES)
        if self.sobol:
            fill_sobol(self.steps, self.add, self.multiply, point, words[: self.sobol])
        if self.sobol < len(words):
            fill_strata(self.own_add, self.own_multiply, point, words[self.sobol :])
