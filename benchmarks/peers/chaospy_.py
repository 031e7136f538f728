"""chaospy: a joint distribution, sampled at random, the model on its columns."""

import chaospy
import numpy as np
from small import INPUTS, asked, beta_of, model

MAKE = {
    "normal": chaospy.Normal,
    "lognormal": lambda mu, sigma: chaospy.LogNormal(mu=mu, sigma=sigma),
    "uniform": chaospy.Uniform,
    "pert": lambda low, mode, high: chaospy.Beta(*beta_of(low, mode, high), low, high),
}


def run(draws, seed):
    """Answers of the three outputs."""
    joint = chaospy.J(*(MAKE[family](*parameters) for family, *parameters in INPUTS.values()))
    return [asked(np, values) for values in model(*joint.sample(draws, rule="random", seed=seed))]
