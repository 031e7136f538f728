"""monaco: a simulation of cases, drawn at random, run one by one as it does."""

import monaco
import numpy as np
import scipy.stats as st
from small import INPUTS, OUTPUTS, asked, beta_of, model

MAKE = {
    "normal": lambda mean, sd: (st.norm, {"loc": mean, "scale": sd}),
    "lognormal": lambda mu, sigma: (st.lognorm, {"s": sigma, "scale": np.exp(mu)}),
    "uniform": lambda low, high: (st.uniform, {"loc": low, "scale": high - low}),
    "pert": lambda low, mode, high: (
        st.beta,
        dict(zip("ab", beta_of(low, mode, high), strict=True)) | {"loc": low, "scale": high - low},
    ),
}


def before(case):
    """Inputs of one case."""
    return tuple(case.invals[name].val for name in INPUTS)


def after(case, *values):
    """Outputs of one case."""
    for name, value in zip(OUTPUTS, values, strict=True):
        case.addOutVal(name, value)


def run(draws, seed):
    """Answers of the three outputs."""
    steps = {"preprocess": before, "run": model, "postprocess": after}
    sim = monaco.Sim(
        "small", draws, steps, samplemethod=monaco.SampleMethod.RANDOM, seed=seed, singlethreaded=True, verbose=False
    )
    for name, (family, *parameters) in INPUTS.items():
        sim.addInVar(name, *MAKE[family](*parameters))
    sim.runSim()
    return [asked(np, np.asarray(sim.outvars[name].nums)) for name in OUTPUTS]
