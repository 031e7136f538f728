"""Plain NumPy: Generator's own methods, all draws kept, np.quantile."""

import numpy as np
from small import INPUTS, asked, beta_of, model


def draw(rng, family, parameters, n):
    """Draws of one input."""
    if family == "pert":
        low, _, high = parameters
        return low + (high - low) * rng.beta(*beta_of(*parameters), n)
    return getattr(rng, family)(*parameters, n)


def run(draws, seed):
    """Answers of the three outputs."""
    rng = np.random.default_rng(seed)
    x = {name: draw(rng, family, parameters, draws) for name, (family, *parameters) in INPUTS.items()}
    return [asked(np, values) for values in model(**x)]
