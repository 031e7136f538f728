"""Numbers of each draw: functions and labels against the same in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from sim.results.errors import ExpressionError
from sim.results.evaluate import number, truth
from sim.results.expression import condition, parse
from tests.results.made import MODEL


def of_baseline(made, text):
    return number(made.tree, parse(text)).isel(scenario=0).values


def test_functions_against_numpy(made):
    share, total = made.values[0][:, :3], made.values[0][:, -1]
    growth = made.inputs[0][:, 0]
    expected = {
        "sum(share) - 2 * share[2023Q2]": share.sum(axis=1) - 2 * share[:, 1],
        "sum(share[2023Q3])": share[:, 2],
        "abs(total)": np.abs(total),
        "max(total, 0, growth.cloud)": np.maximum(np.maximum(total, 0), growth),
        "min(total, 1)": np.minimum(total, 1),
        "when(total > growth.cloud and not total > 2, total, -1)": np.where((total > growth) & ~(total > 2), total, -1),
        "first[腾讯] / (1 + first[buyer=baidu])": made.values[0][:, 10] / (1 + made.values[0][:, 9]),
    }
    for text, values in expected.items():
        np.testing.assert_allclose(of_baseline(made, text), values, rtol=1e-14, err_msg=text)


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("bound", [0, 1])
def test_conditions_on_draws_know_the_bound_itself(made, sign, bound):
    """An output of zeros and ones against either, draw by draw: five of the six signs differ there."""
    first = made.values[0][:, MODEL.slices()["first"].start]
    holds = truth(made.tree, condition(f"first[baidu] {sign} {bound}"), {})[0].isel(scenario=0).values
    compare = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal}
    np.testing.assert_array_equal(holds, compare.get(sign, np.not_equal)(first, bound))


def test_a_constant_is_a_number(made):
    assert number(made.tree, parse("2 - 3 / 4")) == 1.25


def test_single_precision_is_reckoned_with_in_double(made):
    tree = made.tree.copy()
    tree["draws"] = tree["draws"].to_dataset().astype(np.float32)
    total = tree["draws"]["total"].values.astype(float)
    np.testing.assert_array_equal(number(tree, parse("total * total")).values, total * total)


def test_a_bare_label_is_of_the_only_dimension_that_has_it(made):
    with pytest.raises(ExpressionError, match='share: no label "2023Q9"; did you mean "2023Q'):
        number(made.tree, parse("share[2023Q9]"))
    twice = made.tree.copy()
    draws = twice["draws"].to_dataset()
    twice["draws"] = draws.assign(both=draws["share"] * draws["first"]).assign_coords(buyer=["2023Q1", "x"])
    with pytest.raises(ExpressionError, match='both: "2023Q1" is a label of quarter and buyer; write quarter=2023Q1'):
        number(twice, parse("both[2023Q1]"))
