"""A model of one's own whose kernel a worker imports: two inputs, three outcomes."""

import numba

import priors
import sim


@numba.njit(nogil=True)
def kernel(x, y):
    for d in range(x.shape[1]):
        y[0, d] = x[0, d] * x[1, d]
        y[1, d] = x[0, d] - x[1, d]
        y[2, d] = x[0, d] > 0.5


def book():
    guess = {"basis": "assumption", "rationale": "made up"}
    specs = [{"family": "uniform", "low": 0.0, "high": 1.0}, {"family": "normal", "mean": 1.0, "sd": 0.2}]
    return priors.book(
        [priors.quantity(f"own.x{i}", priors.make(spec), unit="1", **guess) for i, spec in enumerate(specs)]
    )


def model():
    outputs = [sim.Output("product"), sim.Output("difference"), sim.Output("chance")]
    return sim.Model(inputs=["own.x0", "own.x1"], outputs=outputs, kernel=kernel)
