"""squigglepy: distributions sampled one by one, combined as arrays."""

import numpy as np
import squigglepy as sq
from small import INPUTS, asked, model

MAKE = {
    "normal": lambda mean, sd: sq.norm(mean=mean, sd=sd),
    "lognormal": lambda mu, sigma: sq.lognorm(norm_mean=mu, norm_sd=sigma),
    "uniform": sq.uniform,
    "pert": sq.pert,
}


def run(draws, seed):
    """Answers of the three outputs."""
    sq.set_seed(seed)
    x = {name: sq.sample(MAKE[family](*parameters), n=draws) for name, (family, *parameters) in INPUTS.items()}
    return [asked(np, values) for values in model(**x)]
