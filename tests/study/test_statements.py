"""Statements about distributions: their statistics against NumPy, and what holds, fails or stays open."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy.stats import binom

from sim.results.errors import ExpressionError
from sim.results.expression import condition
from sim.study.statements import FAILS, HOLDS, OPEN, judged
from tests.results.made import make


@pytest.fixture(scope="module")
def made():
    return make(seed=5)


def of(made, text):
    return judged(made.tree, condition(text, statement=True))


def order(values, level):
    """The order statistic that the rest of the project takes, never a value between two."""
    return np.sort(values)[max(int(np.ceil(level * len(values) - 1e-9)), 1) - 1]


SIDES = {
    "mean(total)": lambda v, x: v[:, -1].mean(),
    "median(total)": lambda v, x: order(v[:, -1], 0.5),
    "sd(total)": lambda v, x: v[:, -1].std(ddof=1),
    "quantile(total, 0.9)": lambda v, x: order(v[:, -1], 0.9),
    "chance(total > growth.cloud and share[2023Q1] < 0.4)": lambda v, x: (
        (v[:, -1] > x[:, 0]) & (v[:, 0] < 0.4)
    ).mean(),
    "mean(sum(share)) / 2 - 1": lambda v, x: v[:, :3].sum(axis=1).mean() / 2 - 1,
    "max(mean(total), median(total), 0.1)": lambda v, x: max(v[:, -1].mean(), order(v[:, -1], 0.5), 0.1),
    "abs(mean(total) - 3)": lambda v, x: abs(v[:, -1].mean() - 3),
}


@pytest.mark.parametrize("text", SIDES)
def test_statistics_against_numpy(made, text):
    found = of(made, f"{text} > 0.25")
    for s in range(2):
        values, inputs = made.values[s], made.inputs[s]
        assert found.left[s, 0] == pytest.approx(SIDES[text](values, inputs), rel=1e-9)
        each = [SIDES[text](values[r::16], inputs[r::16]) for r in range(16)]
        assert found.margin[s] == pytest.approx(SIDES[text](values, inputs) - 0.25, rel=1e-9)
        assert found.error[s] == pytest.approx(np.std(each, ddof=1) / 4, rel=1e-9)


def test_the_margin_is_positive_where_it_holds(made):
    assert (of(made, "mean(total) < 100").margin > 0).all()
    assert (of(made, "mean(total) > 100").margin < 0).all()
    assert (of(made, "not mean(total) > 100").margin > 0).all()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("mean(total) < 100", HOLDS),
        ("mean(total) > 100", FAILS),
        ("chance(total > -1000) >= 0.99", HOLDS),
        ("chance(total > -1000) >= 0.9999", OPEN),
        ("chance(total > -1000) >= 1", OPEN),
        ("chance(total > -1000) > 1", FAILS),
        ("chance(total > -1000) <= 1", HOLDS),
        ("chance(total < -1000) <= 0.000005", OPEN),
        ("0.000005 >= chance(total < -1000)", OPEN),
        ("chance(total < -1000) > 0", OPEN),
        ("chance(total < -1000) >= 0", HOLDS),
        ("chance(total < -1000) > 0.1", FAILS),
        ("not mean(total) > 100", HOLDS),
    ],
)
def test_verdicts(made, text, verdict):
    assert (of(made, text).verdict == verdict).all()


def test_what_lies_within_the_error_is_open(made):
    level = of(made, "mean(total) > 0").left[0, 0] + 1e-6
    assert of(made, f"mean(total) > {level:.9f}").verdict[0] == OPEN
    assert of(made, f"not mean(total) > {level:.9f}").verdict[0] == OPEN


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        ("yes", "yes", HOLDS, HOLDS),
        ("yes", "no", FAILS, HOLDS),
        ("yes", "maybe", OPEN, HOLDS),
        ("no", "maybe", FAILS, OPEN),
        ("no", "no", FAILS, FAILS),
        ("maybe", "maybe", OPEN, OPEN),
    ],
)
def test_and_and_or_are_kleene_s(made, a, b, both, either):
    level = of(made, "mean(total) > 0").left[0, 0]
    parts = {"yes": "mean(total) < 100", "no": "mean(total) > 100", "maybe": f"mean(total) > {level:.9f}"}
    for one, other in ((a, b), (b, a)):
        assert of(made, f"{parts[one]} and {parts[other]}").verdict[0] == both
        assert of(made, f"{parts[one]} or {parts[other]}").verdict[0] == either


def test_a_joined_statement_tells_the_side_that_decides(made):
    found = of(made, "mean(total) < 100 and mean(share[2023Q1]) > 100")
    assert found.left[0, 0] == pytest.approx(made.values[0][:, 0].mean())
    assert (found.margin < 0).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mean(share) > 0", r"found a value for each quarter, expected one; name one, \[quarter=2023Q1\]"),
        ("mean(total) == 1", 'found "==" between statistics'),
        ("mean(totl) > 1", 'no output or input "totl"; did you mean "total"'),
    ],
)
def test_wrong_statements(made, text, says):
    with pytest.raises(ExpressionError, match=says):
        of(made, text)


def test_a_true_boundary_is_called_open_as_often_as_it_should():
    """1,000 runs of a chance of exactly one half: open 95 times of 100; two-sided binomial limits at 1e-6."""
    node = condition("chance(x > 0) > 0.5", statement=True)
    rng = np.random.default_rng(12)
    open_ = 0
    for _ in range(20):
        x = xr.Dataset({"x": (("scenario", "draw"), rng.normal(size=(50, 1_024)))})
        tree = xr.DataTree.from_dict({"/draws": x, "/inputs": x.rename(x="y")})
        open_ += int((judged(tree, node).verdict == OPEN).sum())
    low, high = binom.ppf([5e-7, 1 - 5e-7], 1_000, 0.95)
    assert low <= open_ <= high
