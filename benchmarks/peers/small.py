"""The common small model: ten uncertain inputs, three outputs, what is asked of them, and what the answers are.

What a fleet can compute, how much of it answering takes, and what its new cards cost::

    compute = held + bought · (share · perf + 1 − share)                                            A100
    load    = answers · seconds / ((1 + gain) · 86,400 · utilisation) / compute                     1
    spend   = bought · (share · price_new + (1 − share) · price_old) · 1e-6                         bn RMB

Asked of each output: mean, 5 %, 50 % and 95 % quantile. Nothing is imported here but the standard library: every tool's
own environment reads this file.
"""

LEVELS = (0.05, 0.5, 0.95)
OUTPUTS = ("compute", "load", "spend")

# family, then: normal mean, sd; lognormal mu, sigma; uniform low, high; pert low, mode, high
INPUTS = {
    "held": ("lognormal", 11.7, 0.2),
    "bought": ("normal", 50_000.0, 6_000.0),
    "share": ("uniform", 0.2, 0.8),
    "perf": ("pert", 1.8, 2.2, 3.0),
    "answers": ("lognormal", 16.8, 1.0),
    "seconds": ("pert", 7.5, 10.0, 12.5),
    "gain": ("pert", 0.1, 0.5, 1.5),
    "utilisation": ("pert", 0.3, 0.5, 0.7),
    "price_old": ("normal", 90.0, 8.0),
    "price_new": ("lognormal", 5.52, 0.1),
}


def beta_of(low, mode, high):
    """The shape of the beta that a PERT is: a, b, to be stretched over low to high."""
    width = high - low
    return 1.0 + 4.0 * (mode - low) / width, 1.0 + 4.0 * (high - mode) / width


def model(held, bought, share, perf, answers, seconds, gain, utilisation, price_old, price_new):
    """The three outputs, for numbers or arrays of any library."""
    compute = held + bought * (share * perf + (1.0 - share))
    load = answers * seconds / ((1.0 + gain) * 86_400.0 * utilisation) / compute
    spend = bought * (share * price_new + (1.0 - share) * price_old) * 1e-6
    return compute, load, spend


def asked(np, values):
    """Mean and quantiles of one output's draws, by NumPy."""
    return [float(values.mean()), *(float(q) for q in np.quantile(values, LEVELS))]
