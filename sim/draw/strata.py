"""Points for the streams of a user's own inputs: each evenly spread by itself, in an order of its own.

A Sobol dimension is good company to its neighbours. Inputs that are numbered by their names fall anywhere among 20,000
dimensions, and points of two of those may lie on few lines: errors of what inputs do together were up to twice those of
independent draws. So a stream from :data:`~sim.draw.scheme.FIRST_PADDED` on takes the first dimension, van der Corput's, at
indices that are shuffled for it alone, in each replicate anew, and scrambled as ever::

    word = reverse(scramble(shuffle(index)))

A shuffle of an index is a nested scramble from its highest bit down, which takes any first 2^m indices to 2^m that follow
one another. So every first 2^m points of a replicate have one point in each of 2^m equal intervals, and two streams are as
independent as shuffles are: Latin hypercube sampling that grows, of which no mean is worse than n / (n − 1) times the
variance of independent draws, and sums of functions of one input each are told as by Sobol points.

Sources: McKay, Beckman, Conover, Technometrics 21 (1979) 239; Owen, SIAM J. Numer. Anal. 34 (1997) 1884; Burley, "Practical
hash-based Owen scrambling", JCGT 9 (2020), who shuffles indices so to pad Sobol points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from sim.draw import lanes
from sim.draw.lanes import INTS
from sim.draw.philox import words_of
from sim.draw.scheme import REPLICATES, SCRAMBLES
from sim.draw.sobol import nested
from sim.kernels import bare_kernel

_R, _SEEDS = np.uint64(REPLICATES), np.uint64(2 * REPLICATES)


@lanes.emitted
def _shuffled(typingctx: Any, index: Any, add: Any, multiply: Any, seeds: Any, row: Any, at: Any) -> Any:
    """Write 16 words of ``row`` from element ``at`` on: the point ``index`` in 16 replicates.

    From element ``seeds`` on are what 16 scrambles add and multiply by, then what 16 shuffles do.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        add, multiply, row = (lanes.array_of(context, builder, signature.args[i], args[i]) for i in (1, 2, 4))
        value = lanes.reversed_bits(builder, lanes.spread(builder, args[0], INTS))
        for seeds in (builder.add(args[3], lanes.LONG(REPLICATES)), args[3]):
            value = lanes.reversed_bits(builder, nested(builder, value, add, multiply, seeds))
        lanes.store(builder, value, row, args[5])
        return context.get_dummy_value()

    return types.void(types.uint32, add, multiply, types.uint64, row, types.uint64), codegen


@bare_kernel
def fill_strata(add: np.ndarray, multiply: np.ndarray, first: int, words: np.ndarray) -> None:
    """Write points ``first``, ``first`` + 1, … of each stream in 16 replicates.

    Parameters
    ----------
    add, multiply:
        uint32[s, 32], of :func:`seeds_of`.
    first:
        uint64, below 2^32.
    words:
        uint32[s, 16 · points]; word 16 i + r becomes point ``first`` + i of replicate r.
    """
    for s in range(np.uint64(words.shape[0])):
        row = words[s]
        for i in range(np.uint64(row.size) // _R):
            _shuffled(np.uint32(first + i), add, multiply, _SEEDS * s, row, _R * i)


def seeds_of(seed: int, streams: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw what scrambles and shuffles add and multiply by (odd), uint32[s, 32] each.

    Of Philox's words 0-15 and 16-31 are the scrambles', as of a Sobol dimension; 32-47 and 48-63 the shuffles'.
    """
    words = words_of(seed, streams, SCRAMBLES, 4 * REPLICATES).reshape(len(streams), 2, 2, REPLICATES)
    add, multiply = (words[:, :, kind].reshape(len(streams), 2 * REPLICATES) for kind in range(2))
    return np.ascontiguousarray(add), np.ascontiguousarray(multiply) | np.uint32(1)
