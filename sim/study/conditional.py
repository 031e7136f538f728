"""Correlated inputs drawn anew given others: the conditional law of a Gaussian copula, as a block of the engine's own.

Let z be the normal scores of a block, with correlations Σ. Members u are drawn anew given members v, which they leave
as they are, from independent unit normals e:

    y_u = W z_v + C e,   W = Σ_uv Σ_vv⁻¹,   C C' = Σ_uu − W Σ_vu,

so that (z_v, y_u) has the law of (z_v, z_u), and given z_v the two are independent. (z, y_u) is a Gaussian vector again:
its correlations make a :class:`sim.draw.Block`, which the engine draws like any other, by the same tables.

Source: Mara, Tarantola, Annoni, "Non-parametric methods for global sensitivity analysis of model output with dependent
inputs", Environ. Model. Softw. 72 (2015) 173; the conditional normal law.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from priors.correlate import pearson, spearman
from sim.draw import Block


def redrawn(block: Block, drawn: Sequence[int], given: Sequence[int], anew: Sequence[int]) -> Block:
    """The block's members together with those of ``drawn`` once more, given those of ``given``.

    Parameters
    ----------
    block: streams and their rank correlations.
    drawn, given: positions of members, rising; none in both.
    anew: streams that those of ``drawn`` are drawn on, rising, above all streams of the block.
    """
    sigma = pearson(np.array(block.spearman, float))
    u, v = list(drawn), list(given)
    weights = np.linalg.solve(sigma[np.ix_(v, v)], sigma[np.ix_(v, u)]).T
    across = weights @ sigma[v]
    joint = np.block([[sigma, across.T], [across, sigma[np.ix_(u, u)]]])
    return Block((*block.streams, *anew), spearman(joint))
