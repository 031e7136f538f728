"""First-order and total indices against SALib's, on the same models."""

import numpy as np
import pytest

import sim
from tests.study import analytic

# SALib comes with the extra `test`.


@pytest.mark.filterwarnings("ignore")  # SALib's own, of pandas and NumPy
@pytest.mark.parametrize(
    ("case", "low", "high"),
    [(analytic.ishigami(), -np.pi, np.pi), (analytic.g([0, 1, 4.5, 9, 99, 99]), 0.0, 1.0)],
    ids=["ishigami", "g of six"],
)
def test_both_say_the_same(case, low, high):
    from SALib.analyze import sobol
    from SALib.sample import sobol as sample

    names = list(case.model.inputs)
    problem = {"num_vars": case.inputs, "names": names, "bounds": [[low, high]] * case.inputs}
    x = sample.sample(problem, 8_192, calc_second_order=False, seed=1)
    y = np.empty((1, len(x)))
    case.model.kernel(np.ascontiguousarray(x.T), y)
    theirs = sobol.analyze(problem, y[0], calc_second_order=False, seed=1)
    ours = sim.sensitivity(case.book, model=case.model)["y"]
    for key, figure in (("S1", "first"), ("ST", "total")):
        room = 3 * theirs[f"{key}_conf"] + 5 * ours[f"{figure}_mcse"].values
        assert np.all(np.abs(theirs[key] - ours[figure].values) <= room), figure
        assert np.all(np.abs(theirs[key] - ours[figure].values) < 0.05)
