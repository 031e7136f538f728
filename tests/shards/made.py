"""A small model of three inputs, its book, and batches of it that run in milliseconds."""

import numpy as np

import priors
import sim
from sim import batch, inputs, shards
from sim.settings import Settings

GUESS = {"basis": "assumption", "rationale": "a test"}


def kernel(x, y):
    """A product, a half that is often zero, and something that is sometimes no number."""
    y[0] = x[0] * x[1]
    y[1] = np.maximum(x[2] - 0.5, 0.0)
    y[2] = np.exp(8 * x[2])
    y[3] = np.where(x[2] < 0.001, np.nan, x[0])


MODEL = sim.Model(
    ["own.a", "own.b", "own.c"],
    [sim.Output("product"), sim.Output("part", ("k",)), sim.Output("aside", headline=False)],
    kernel,
    coords={"k": ["excess", "growth"]},
    reads={"product": ["own.a", "own.b"], "part": ["own.c"], "aside": ["own.a", "own.c"]},
    name="small",
)


def book():
    """Two scenarios beside the baseline; each leaves some outputs alone."""
    made = priors.book(
        quantities=[
            priors.quantity("own.a", priors.make({"family": "lognormal", "mu": 0, "sigma": 0.5}), **GUESS),
            priors.quantity("own.b", priors.make({"family": "normal", "mean": 3, "sd": 1}), **GUESS),
            priors.quantity("own.c", priors.make({"family": "uniform", "low": 0, "high": 1}), **GUESS),
        ]
    )
    return made.with_set("more", ["own.a=*2"]).with_set("other", ["own.c=+0.25"])


def spec(names=("baseline", "more"), model=MODEL, of=None, **settings):
    """All leaves of a batch."""
    of = of or book()
    plan = inputs.deck(of, list(names), model)
    return shards.spec_of(batch.lay_out(plan, model, Settings(**settings), batch.about_book(of, list(names))))
