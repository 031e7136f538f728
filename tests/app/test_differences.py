"""The table of a comparison: a cell that differs within bins alone is not told to be the same."""

import numpy as np

import priors
import sim
from sim.app import differences

GUESS = {"basis": "assumption", "rationale": "a test", "unit": "1"}


def test_a_shift_within_a_bin_is_told(capsys):
    even = priors.make({"family": "uniform", "low": 1.5005, "high": 1.5006})
    book = priors.book(quantities=[priors.quantity("own.x", even, **GUESS)]).with_set("more", ["own.x=+5e-4"])

    def kernel(x, y):
        y[0], y[1] = x[0], np.ones(x.shape[1])

    model = sim.Model(["own.x"], [sim.Output("y"), sim.Output("one")], kernel)
    tree = sim.run(book, model=model, scenarios=["baseline", "more"], draws=256)
    compared = sim.compare(tree)
    differences.printed(compared, {name: compared[name].to_dataset() for name in ("y", "one")}, 5)
    of_y, of_one = capsys.readouterr().out.split("one: ")
    assert "the same" not in of_y
    assert "0.0005" in of_y
    assert "more" in of_y
    assert "the same in every draw" in of_one
