"""Decisions as they are stated: what each option pays, and what is refused, with its place."""

from __future__ import annotations

import numpy as np
import pytest

from sim.results.errors import ExpressionError
from sim.study import kept
from sim.study.kept import Setup
from sim.study.payoffs import decision, paid
from tests.study.made_decisions import MODEL, book


@pytest.fixture(scope="module")
def tree():
    return kept.run(book(), ["baseline"], ["profit"], Setup(1_024, model=MODEL))


def test_options_pay_what_their_expressions_say(tree):
    profit = tree["draws"]["profit"].values[0]
    cost = tree["inputs"]["shop.cost"].values[0]
    found = paid(tree, decision({"a": "profit[old] - 2 * shop.cost", "b": "sum(profit)", "c": "3"}), "baseline")
    expected = np.column_stack([profit[:, 0] - 2 * cost, profit.sum(axis=1), np.full(1_024, 3.0)])
    np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize("text", ["profit[old] > 1", "1 < profit[old]", "profit[old] >= 1", "1 <= profit[old]"])
@pytest.mark.parametrize("loss", ["distance", "call"])
def test_a_wrong_call_costs_and_a_right_one_does_not(tree, text, loss):
    x = tree["draws"]["profit"].values[0, :, 0]
    cost = np.abs(x - 1) if loss == "distance" else np.ones(len(x))
    found = paid(tree, decision(text, loss), "baseline")
    expected = np.column_stack([np.where(x > 1, 0, -cost), np.where(x > 1, -cost, 0)])
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_only_what_is_named_is_kept(tree):
    assert list(tree["draws"].data_vars) == ["profit"]
    assert len(tree["inputs"].data_vars) == 4
    assert kept.run(book(), ["baseline"], [], Setup(1_024, model=MODEL))["inputs"].sizes["draw"] == 1_024


WRONG = [
    ({}, "found no option, expected two or more"),
    ({"buy": "1"}, "found one option, buy"),
    ({"buy": "profit[old] >", "wait": "0"}, 'option "buy": expression "profit[old] >", character 14: found the end'),
    ({"buy": "profit[old] > 1", "wait": "0"}, "found a condition, expected a number; when(condition, 1, 0)"),
    ({"buy": "1", "wait": "0"}, "found constants only"),
    ({"buy": "mean(profit[old])", "wait": "0"}, "found mean, a statistic of all draws"),
    ("profit[old]", "expected a comparison"),
    ("profit[old] == 1", "found more than a single < or >"),
    ("0 < profit[old] < 1", "found more than a single < or >"),
]


@pytest.mark.parametrize(("given", "says"), WRONG)
def test_what_is_no_decision_is_refused(given, says):
    with pytest.raises(ExpressionError) as caught:
        decision(given)
    assert says in str(caught.value)


MISFITS = [
    ("1 + profit[ol]", 'option "buy", character 5: profit: no label "ol"; did you mean "old"?'),
    ("1 + profit[prodct=old]", 'character 5: profit: no dimension "prodct"; did you mean "product"?'),
    ("profit", "found a payoff for each product, expected one number a draw; name one, [product=old], or take sum(…)"),
    ("1 / (profit[old] - profit[old])", "found no finite payoff in 1,024 of 1,024 draws"),
]


@pytest.mark.parametrize(("text", "says"), MISFITS)
def test_what_does_not_fit_the_result_is_refused_with_its_place(tree, text, says):
    with pytest.raises(ExpressionError) as caught:
        paid(tree, decision({"buy": text, "wait": "0"}), "baseline")
    assert says in str(caught.value)


def test_an_unknown_output_is_told_before_any_run():
    chosen = decision({"buy": "1 + profitt[old]", "wait": "0"})
    with pytest.raises(ExpressionError, match=r'option "buy", character 5: no output or input "profitt".*"profit"'):
        kept.outputs_named(chosen.expressions(), MODEL)
