"""NumPyro: a model's prior predictive, compiled, over a batch of all draws."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import Predictive
from small import INPUTS, LEVELS, OUTPUTS, beta_of, model

MAKE = {
    "normal": dist.Normal,
    "lognormal": dist.LogNormal,
    "uniform": dist.Uniform,
    "pert": lambda low, mode, high: dist.TransformedDistribution(
        dist.Beta(*beta_of(low, mode, high)), dist.transforms.AffineTransform(low, high - low)
    ),
}


COMPILED_FOR_ITS_SIZE = True


def prior():
    """The model as NumPyro has it."""
    x = {name: numpyro.sample(name, MAKE[family](*parameters)) for name, (family, *parameters) in INPUTS.items()}
    for name, value in zip(OUTPUTS, model(**x), strict=True):
        numpyro.deterministic(name, value)


@functools.partial(jax.jit, static_argnums=1)
def answers(key, draws):
    """Mean and quantiles of the outputs, [3, 4]."""
    found = Predictive(prior, num_samples=draws, parallel=True, return_sites=OUTPUTS)(key)
    rows = [jnp.concatenate([v.mean()[None], jnp.quantile(v, jnp.array(LEVELS))]) for v in map(found.get, OUTPUTS)]
    return jnp.stack(rows)


def run(draws, seed):
    """Answers of the three outputs."""
    return np.asarray(answers(jax.random.key(seed), draws), float).tolist()
