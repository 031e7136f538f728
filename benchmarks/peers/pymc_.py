"""PyMC: a model's prior predictive."""

import logging

import numpy as np
import pymc as pm
from small import INPUTS, OUTPUTS, asked, beta_of, model

MAKE = {
    "normal": lambda name, mean, sd: pm.Normal(name, mean, sd),
    "lognormal": lambda name, mu, sigma: pm.LogNormal(name, mu, sigma),
    "uniform": lambda name, low, high: pm.Uniform(name, low, high),
    "pert": lambda name, low, mode, high: low + (high - low) * pm.Beta(name, *beta_of(low, mode, high)),
}
logging.getLogger("pymc").setLevel(logging.ERROR)


def run(draws, seed):
    """Answers of the three outputs."""
    with pm.Model():
        x = {name: MAKE[family](name, *parameters) for name, (family, *parameters) in INPUTS.items()}
        for name, value in zip(OUTPUTS, model(**x), strict=True):
            pm.Deterministic(name, value)
        found = pm.sample_prior_predictive(draws, var_names=list(OUTPUTS), random_seed=seed)
    return [asked(np, found.prior[name].to_numpy().ravel()) for name in OUTPUTS]
