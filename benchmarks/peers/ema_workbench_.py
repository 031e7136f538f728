"""EMA Workbench: experiments of a Python model, drawn at random, run one by one as it does."""

import ema_workbench as ema
import numpy as np
import scipy.stats as st
from small import INPUTS, OUTPUTS, asked, beta_of, model

MAKE = {
    "normal": lambda mean, sd: st.norm(mean, sd),
    "lognormal": lambda mu, sigma: st.lognorm(sigma, scale=np.exp(mu)),
    "uniform": lambda low, high: st.uniform(low, high - low),
    "pert": lambda low, mode, high: st.beta(*beta_of(low, mode, high), loc=low, scale=high - low),
}


def function(**x):
    """One experiment."""
    return dict(zip(OUTPUTS, model(**x), strict=True))


def run(draws, seed):
    """Answers of the three outputs."""
    np.random.seed(seed)  # noqa: NPY002 - what SciPy's frozen distributions draw from
    problem = ema.Model("small", function=function)
    problem.uncertainties = [
        ema.RealParameter.from_dist(name, MAKE[family](*parameters)) for name, (family, *parameters) in INPUTS.items()
    ]
    problem.outcomes = [ema.ScalarOutcome(name) for name in OUTPUTS]
    _, found = ema.perform_experiments(problem, scenarios=draws, uncertainty_sampling=ema.Samplers.MC)
    return [asked(np, np.asarray(found[name])) for name in OUTPUTS]
