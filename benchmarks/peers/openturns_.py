"""OpenTURNS: a joint distribution and a symbolic function, the statistics its own."""

import openturns as ot
from small import INPUTS, LEVELS, beta_of

MAKE = {
    "normal": ot.Normal,
    "lognormal": lambda mu, sigma: ot.LogNormal(mu, sigma, 0.0),
    "uniform": ot.Uniform,
    "pert": lambda low, mode, high: ot.Beta(*beta_of(low, mode, high), low, high),
}
COMPUTE = "held + bought * (share * perf + 1 - share)"
FORMULAS = [
    COMPUTE,
    f"answers * seconds / ((1 + gain) * 86400 * utilisation) / ({COMPUTE})",
    "bought * (share * price_new + (1 - share) * price_old) * 1e-6",
]


def run(draws, seed):
    """Answers of the three outputs."""
    ot.RandomGenerator.SetSeed(seed)
    joint = ot.JointDistribution([MAKE[family](*parameters) for family, *parameters in INPUTS.values()])
    values = ot.SymbolicFunction(list(INPUTS), FORMULAS)(joint.getSample(draws))
    mean = values.computeMean()
    quantiles = [values.computeQuantilePerComponent(level) for level in LEVELS]
    return [[mean[i], *(quantile[i] for quantile in quantiles)] for i in range(len(FORMULAS))]
