"""Chances: what they count, which error they carry, and which questions are refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.results.errors import ExpressionError
from tests.results.made import DRAWS, MODEL, make


def of(made, name, cell=0):
    """float64[scenarios, draws] of one cell."""
    return made.values[..., MODEL.slices()[name].start + cell]


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
def test_one_output_against_a_number_is_answered_by_the_sketch(made, tree, sign):
    found = tree.sim.prob(f"total {sign} 1.25")
    holds = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}[sign](of(made, "total"), 1.25)
    np.testing.assert_allclose(found.values, holds.mean(axis=1), atol=1e-3)
    replicate = holds.reshape(2, -1, 16).mean(axis=1)
    np.testing.assert_allclose(found["mcse"].values, replicate.std(axis=1, ddof=1) / 4, rtol=0.2)


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("x", [0.0, 1.0])
def test_atoms_are_told_from_their_neighbourhood(made, tree, sign, x):
    compare = {
        "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
    }[sign]  # fmt: skip
    exact = compare(of(made, "first"), x).mean(axis=1)
    np.testing.assert_allclose(tree.sim.prob(f"first {sign} {x}", buyer="baidu").values, exact, atol=1e-12)
    mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
    np.testing.assert_allclose(tree.sim.prob(f"{x} {mirrored} first[buyer=baidu]").values, exact, atol=1e-12)


def test_a_share_of_zeros_is_exact(made, tree):
    exact = (of(made, "sales", 2) == 0).mean(axis=1)
    np.testing.assert_allclose(tree.sim.prob("sales == 0", buyer="baidu", quarter="2023Q3").values, exact, atol=1e-12)


def test_joint_chances_come_from_the_kept_draws(made, tree):
    found = tree.sim.prob(
        "share > 0.3 and (total + 1 > 2 * growth.cloud or not export.ban_quarter < 4)", quarter="2023Q2"
    )
    holds = (of(made, "share", 1) > 0.3) & (
        (of(made, "total") + 1 > 2 * made.inputs[..., 0]) | ~(made.inputs[..., 1] < 4)
    )
    np.testing.assert_array_equal(found.values, holds.mean(axis=1))
    np.testing.assert_array_equal(found["hits"].values, holds.sum(axis=1))
    replicate = holds.reshape(2, -1, 16).mean(axis=1)
    np.testing.assert_allclose(found["mcse"].values, replicate.std(axis=1, ddof=1) / 4, rtol=1e-12)
    half = stats.t(15).ppf(0.975) * found["mcse"].values
    np.testing.assert_allclose(found["upper"].values - found.values, half, rtol=1e-12)


def test_labels_in_brackets_let_one_output_stand_twice(made, tree):
    found = tree.sim.prob("share[quarter=2023Q2] > share[quarter=2023Q1]")
    assert found.dims == ("scenario",)
    np.testing.assert_array_equal(found.values, (of(made, "share", 1) > of(made, "share", 0)).mean(axis=1))


def test_what_no_label_picks_stays_a_dimension(tree):
    assert tree.sim.prob("share > 0.3").dims == ("scenario", "quarter")
    assert tree.sim.prob("share > 0.3", quarter=["2023Q3", "2023Q1"]).sizes["quarter"] == 2
    assert tree.sim.prob("share > 0.3 and first > 0").dims == ("scenario", "quarter", "buyer")
    assert tree.sim.prob("share > 0.3 and total > 0", scenario="停售", quarter="2023Q1").dims == ()
    one = tree.sim.prob("share > 0.3", scenario="停售", quarter="2023Q1")
    assert float(one) == pytest.approx(float(tree.sim.prob("share > 0.3").sel(scenario="停售", quarter="2023Q1")))


def test_few_hits_get_an_exact_bound_never_zero(tree):
    for text in ("total > 1e6", "total > 1e6 and share > 0"):
        found = tree.sim.prob(text, **({} if "share" not in text else {"quarter": "2023Q1"}))
        assert found.values.tolist() == [0.0, 0.0]
        assert found["lower"].values.tolist() == [0.0, 0.0]
        np.testing.assert_allclose(found["upper"].values, 1 - 0.025 ** (1 / DRAWS), rtol=1e-9)
    sure = tree.sim.prob("total > -1e6")
    np.testing.assert_allclose(sure["lower"].values, 0.025 ** (1 / DRAWS), rtol=1e-9)


def test_outputs_without_replicates_get_a_binomial_error(made, tree):
    found = tree.sim.prob("sales > 10000", buyer="baidu", quarter="2023Q1")
    p = (of(made, "sales") > 10_000).mean(axis=1)
    np.testing.assert_allclose(found["mcse"].values, np.sqrt(p * (1 - p) / DRAWS), rtol=0.01)


def test_intervals_hold_the_truth_as_often_as_they_say():
    # 40 made-up runs of 1,024 draws, two scenarios: 80 intervals of 95 %; two-sided binomial limits at 1e-6.
    held = 0
    for seed in range(40):
        tree = make(seed, draws=1024, keep=None, nodes=False).tree
        found = tree.sim.prob("first > 0.5", buyer="baidu")
        held += int(((found["lower"] <= stats.norm.cdf(0.5)) & (stats.norm.cdf(0.5) <= found["upper"])).sum())
    low, high = stats.binom(80, 0.95).ppf([5e-7, 1 - 5e-7])
    assert low <= held <= high


@pytest.mark.parametrize(
    ("text", "labels", "says"),
    [
        ("shar > 0.3", {}, 'no output or input "shar"; did you mean "share"?'),
        ("growth.clod > 0.3", {}, 'did you mean "growth.cloud"?'),
        ("sales > 1 and share > 0", {}, '"sales" was not kept draw by draw; compare it alone with a number'),
        ("share > 0.3", {"quarter": "2023Q9"}, 'share: no quarter "2023Q9"; did you mean'),
        ("share > 0.3", {"quartr": "2023Q1"}, 'no dimension "quartr"; did you mean "quarter"?'),
        ("share > 0.3 and total > 0", {"buyer": "baidu"}, 'no dimension "buyer"; expected one of scenario, quarter'),
        ("share[buyer=baidu] > 0.3", {}, 'share: no dimension "buyer"'),
        ("total[draw=3] > 1 or share > 2", {}, 'no dimension "draw"'),
        ("1 > 2", {}, "found no name in it"),
        ("share", {}, "expected a comparison"),
    ],
)
def test_questions_that_do_not_fit_are_refused(tree, text, labels, says):
    with pytest.raises(ExpressionError) as caught:
        tree.sim.prob(text, **labels)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_kept_draws_the_remedy_is_told():
    with pytest.raises(ExpressionError, match='no draws were kept; run again with keep="headline"'):
        make(draws=64, keep=None).tree.sim.prob("share > 0.3 and total > 0")
