"""Words of the engine on stdout, in orders that would show what neighbours have in common.

    python -m benchmarks.quality.words streams65536 --bytes 32GiB | RNG_test stdin32 -tlmax 32GB
    python -m benchmarks.quality.words keys | dieharder -g 200 -a

The words come from the kernels that runs use (:func:`sim.draw.philox.fill_words`, ``fill_sobol``, ``fill_strata``), under the
counters that runs use. A uniform of a run is (word + 1/2) / 2^32 and nothing else, so what is found of words holds of it.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator

import numpy as np

from sim.draw.philox import fill_words
from sim.draw.scheme import FIRST_PADDED, REPLICATES, SCRAMBLES, WORDS, key_of, tag
from sim.draw.sobol import fill_sobol, steps_of
from sim.draw.strata import fill_strata
from sim.kernels import kernel

_BLOCK = 1 << 22
_WORDS, _SCRAMBLES = np.uint32(tag(WORDS)), np.uint32(tag(SCRAMBLES))
_SEEDS = 2 * REPLICATES
_OWN = 64
_POINT = np.uint64(5)
_ONE, _HALF = np.uint32(1), np.uint64(32)


def interleaved(streams: int, seed: int) -> Iterator[np.ndarray]:
    """Word 0 of streams 1, 2, … ``streams``, then word 1 of each, as a tile's columns are read from draw to draw."""
    key, numbers = np.array(key_of(seed), np.uint32), np.arange(1, streams + 1, dtype=np.uint32)
    words = np.empty((streams, max(4, _BLOCK // streams)), np.uint32)
    first = 0
    while True:
        fill_words(key, numbers, _WORDS, np.uint64(first // 4), words)
        yield np.ascontiguousarray(words.T)
        first += words.shape[1]


def keys(seed: int) -> Iterator[np.ndarray]:
    """The first block of stream 1 under seeds 0, 1, 2, … and 2^32 ``seed``: the same counter, successive keys."""
    words = np.empty((_BLOCK // 4, 4), np.uint32)
    first = seed << 32
    while True:
        _by_key(np.uint64(first), np.ones(1, np.uint32), words)
        yield words
        first += len(words)


def inputs(seed: int) -> Iterator[np.ndarray]:
    """The first block of streams 1, 2, 3, … up to 2^32 - 1: the same draws, successive inputs."""
    key, words = np.array(key_of(seed), np.uint32), np.empty((_BLOCK // 4, 4), np.uint32)
    first = 1
    while first + len(words) <= 1 << 32:
        fill_words(key, np.arange(first, first + len(words), dtype=np.uint32), _WORDS, np.uint64(0), words)
        yield words
        first += len(words)


def replicates(seed: int) -> Iterator[np.ndarray]:
    """One point in its 16 scrambles, of dimensions 1 to 64 and of own streams 1,000 to 1,063, under seeds as of ``keys``."""
    sobol = np.arange(1, _OWN + 1, dtype=np.uint32)
    own = np.arange(FIRST_PADDED, FIRST_PADDED + _OWN, dtype=np.uint32)
    steps = steps_of(sobol)
    words = np.empty((_BLOCK // (2 * _OWN * REPLICATES), 2 * _OWN, REPLICATES), np.uint32)
    first = seed << 32
    while True:
        _by_scramble(np.uint64(first), sobol, own, steps, words)
        yield words
        first += len(words)


@kernel
def _by_key(first, streams, words):
    """Fill row i of ``words`` with the first words of the stream under seed ``first`` + i."""
    key = np.empty(2, np.uint32)
    for i in range(np.uint64(words.shape[0])):
        seed = first + i
        key[0], key[1] = np.uint32(seed), np.uint32(seed >> _HALF)
        fill_words(key, streams, _WORDS, np.uint64(0), words[i : i + np.uint64(1)])


@kernel
def _by_scramble(first, sobol, own, steps, words):
    """Fill row i of ``words`` with the point under seed ``first`` + i: of each dimension, then of each own stream."""
    key = np.empty(2, np.uint32)
    raw, more = np.empty((sobol.size, 32), np.uint32), np.empty((own.size, 64), np.uint32)
    add, multiply = np.empty((sobol.size, 16), np.uint32), np.empty((sobol.size, 16), np.uint32)
    own_add, own_multiply = np.empty((own.size, 32), np.uint32), np.empty((own.size, 32), np.uint32)
    for i in range(words.shape[0]):
        seed = first + np.uint64(i)
        key[0], key[1] = np.uint32(seed), np.uint32(seed >> _HALF)
        fill_words(key, sobol, _SCRAMBLES, np.uint64(0), raw)
        fill_words(key, own, _SCRAMBLES, np.uint64(0), more)
        for s in range(sobol.size):
            for r in range(16):
                add[s, r], multiply[s, r] = raw[s, r], raw[s, 16 + r] | _ONE
                for k in range(2):
                    own_add[s, 16 * k + r] = more[s, 32 * k + r]
                    own_multiply[s, 16 * k + r] = more[s, 32 * k + 16 + r] | _ONE
        fill_sobol(steps, add, multiply, _POINT, words[i, : sobol.size])
        fill_strata(own_add, own_multiply, _POINT, words[i, sobol.size :])


LAYOUTS: dict[str, Callable[[int], Iterator[np.ndarray]]] = {
    "streams1024": lambda seed: interleaved(1 << 10, seed),
    "streams65536": lambda seed: interleaved(1 << 16, seed),
    "keys": keys,
    "inputs": inputs,
    "replicates": replicates,
}


def take(layout: str, count: int, seed: int = 0) -> np.ndarray:
    """The first ``count`` words of a layout under a seed, uint32[count]."""
    found: list[np.ndarray] = []
    for part in LAYOUTS[layout](seed):
        found.append(part.ravel().copy())
        if sum(map(len, found)) >= count:
            break
    return np.concatenate(found)[:count]


def size(text: str) -> int:
    """Bytes of such as ``32GiB``, ``8GB`` (taken as GiB, as PractRand does) or ``4096``."""
    match = re.fullmatch(r"(\d+)([KMGT]?)(?:i?B)?", text)
    if not match:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected such as 32GiB")
    return int(match[1]) << 10 * " KMGT".index(match[2] or " ")


def main() -> None:
    """Write a layout's words until so many bytes are written, or nobody reads any more."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.words", description=__doc__.splitlines()[0])
    parser.add_argument("layout", choices=list(LAYOUTS))
    parser.add_argument("--bytes", type=size, default=size("64GiB"), help="such as 32GiB; 64GiB unless given")
    parser.add_argument("--seed", type=int, default=0, help="other words of the same order, below 2^31; 0 unless given")
    asked = parser.parse_args()
    left, out = asked.bytes, sys.stdout.fileno()
    for part in LAYOUTS[asked.layout](asked.seed):
        view = memoryview(part).cast("B")[:left]
        left -= len(view)
        try:
            while view:
                view = view[os.write(out, view) :]
        except BrokenPipeError:
            return
        if not left:
            return


if __name__ == "__main__":
    main()
