"""Shapley effects against closed forms, for correlated inputs and groups, and what must hold exactly."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.study import effects, shapley
from sim.study.orders import FEW, Orders, orders, sets
from tests.study import analytic
from tests.study.test_sobol_indices import CORRELATED, agree

NORMALS = [1, 2, -1, 0.5, 1]


@pytest.mark.parametrize("few", [10, 0], ids=["all sets", "random orders"])
@pytest.mark.parametrize(
    ("case", "near"),
    [
        (analytic.ishigami(), 0.03),
        (analytic.g([0, 1, 4.5, 9, 99, 99]), 0.03),
        (analytic.linear(NORMALS, CORRELATED), 0.02),
        (analytic.linear([1, 1], [(0, 1, 0.9)]), 0.02),
    ],
    ids=["ishigami", "g of six", "correlated normals", "two close ones"],
)
def test_effects_have_their_closed_form(monkeypatch, case, near, few):
    monkeypatch.setattr(effects, "FEW", few)
    found = sim.sensitivity(case.book, model=case.model, method="shapley")["y"]
    agree(found, {"shapley": case.truth["shapley"]}, near)
    assert abs(float(found["shapley"].sum()) - 1) < 1e-14


@pytest.mark.parametrize("few", [10, 0], ids=["all sets", "random orders"])
def test_groups_that_share_a_correlated_block(monkeypatch, few):
    """x.0 and x.3 claimed, x.1 mixed, x.2 and x.4 assumed, all of x.0 … x.2 correlated."""
    monkeypatch.setattr(effects, "FEW", few)
    case = analytic.linear(NORMALS, CORRELATED, [(0, 3), (1,), (2, 4)])
    bases = ["claim", "mixed", "assumption", "claim", "assumption"]
    laws = [{"family": "normal", "mean": 0.0, "sd": 1.0}] * 5
    book = analytic.book(laws, CORRELATED, bases)
    found = sim.sensitivity(book, model=case.model, method="shapley", by="basis")["y"]
    assert found["basis"].values.tolist() == ["claim", "mixed", "assumption"]
    assert found["inputs"].values.tolist() == ["x.0 x.3", "x.1", "x.2 x.4"]
    agree(found, {"shapley": case.truth["shapley"]}, 0.02)
    closed = sim.sensitivity(book, model=case.model, by="basis")["y"]
    agree(closed, case.truth, 0.02)


def test_shares_of_the_market_by_basis_add_up_to_one():
    """How much rests on the expert and how much on us, of every headline answer that varies at all."""
    found = sim.sensitivity(method="shapley", by="basis", draws=1024)
    assert len(found.children) == 14
    for name, group in found.children.items():
        share = group["shapley"]
        total = share.sum("basis", skipna=False)
        varies = np.isfinite(total)
        assert varies.any(), name
        assert float(abs(total - 1).max()) < 1e-12


def test_an_input_that_an_output_does_not_read_has_exactly_no_share():
    found = sim.sensitivity(outputs=["cloud_revenue_year", "parity_month"], method="shapley", draws=256)
    months = found["parity_month"]["shapley"]
    race = [str(name).startswith("race.") for name in months["input"].values]
    assert 0 < sum(race) < len(race)
    assert (months.values[~np.array(race)] == 0).all()


def test_of_independent_inputs_it_lies_between_first_and_total():
    case = analytic.g([0, 1, 4.5, 9, 99, 99])
    indices = sim.sensitivity(case.book, model=case.model)["y"]
    effect = sim.sensitivity(case.book, model=case.model, method="shapley")["y"]
    room = 5 * effect["shapley_mcse"] + 5 * indices["first_mcse"]
    assert (effect["shapley"] >= indices["first"] - room).all()
    assert (effect["shapley"] <= indices["total"] + room).all()


def test_every_draw_has_an_order_of_its_own_reversed_in_the_next():
    keys = np.random.default_rng(1).random((5, 64))
    found = orders(keys)
    assert (np.sort(found, axis=0) == np.arange(5)[:, None]).all()
    points = found.reshape(5, 4, 16)
    np.testing.assert_array_equal(points[:, 1], points[::-1, 0])
    assert len({tuple(order) for order in found.T[:16]}) > 10
    assert (np.sort(orders(keys[:, :48]), axis=0) == np.arange(5)[:, None]).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=4), st.floats(-0.45, 0.9))
def test_any_equally_correlated_normals(weights, r):
    """Effects are within their errors of the closed form whatever the weights, by all sets."""
    if max(map(abs, weights)) < 0.1:
        weights = [1.0, *weights[1:]]
    n = len(weights)
    r = max(r, -0.9 / (n - 1))
    case = analytic.linear(weights, [(i, j, r) for j in range(n) for i in range(j)])
    if analytic_variance(weights, r) < 1e-2:
        return
    found = sim.sensitivity(case.book, model=case.model, method="shapley", draws=1024)["y"]
    agree(found, {"shapley": case.truth["shapley"]}, 0.3)


def analytic_variance(weights, r):
    w = np.array(weights)
    return float((1 - r) * w @ w + r * w.sum() ** 2)


def ten_normals():
    """Ten equally correlated normals; the truth from all 1,024 sets of them (Owen, Prieur 2017, section 4)."""
    n, r = 10, 0.3
    w = np.array([2.0, 1, 1, 1, 0.5, 0.5, -0.5, -1, 1, 1])
    sigma = np.full((n, n), r) + (1 - r) * np.eye(n)
    pairs = [(i, j, r) for j in range(n) for i in range(j)]
    cost = np.zeros(1 << n)
    for mask in range(1, 1 << n):
        u = [i for i in range(n) if mask >> i & 1]
        v = [i for i in range(n) if not mask >> i & 1]
        left = sigma[np.ix_(u, u)] - sigma[np.ix_(u, v)] @ np.linalg.solve(sigma[np.ix_(v, v)], sigma[np.ix_(v, u)])
        cost[mask] = w[u] @ left @ w[u]
    whole = cost[-1]
    book = analytic.book([{"family": "normal", "mean": 0.0, "sd": 1.0}] * n, pairs)
    truth = {
        "shapley": shapley.values(cost) / whole,
        "total": cost[[1 << i for i in range(n)]] / whole,
        "first": 1 - cost[[(1 << n) - 1 - (1 << i) for i in range(n)]] / whole,
    }
    return analytic.Case(book, analytic.model(n, lambda x: w @ x), truth)


def test_more_than_eight_players_in_a_block_come_in_few_orders():
    case = ten_normals()
    found = sim.sensitivity(case.book, model=case.model, method="shapley", draws=2048)["y"]
    agree(found, {"shapley": case.truth["shapley"]}, 0.1)
    assert abs(float(found["shapley"].sum()) - 1) < 1e-12
    indices = sim.sensitivity(case.book, model=case.model, draws=2048)["y"]
    agree(indices, {name: case.truth[name] for name in ("first", "total")}, 0.1)


def test_the_few_orders_are_those_whose_sets_have_laws():
    """Every set that a draw passes on its way is there, each player comes first as often as chance has it."""
    made = Orders(12, [tuple(range(1, 11))], seed=4)
    known = set(sets(10, seed=4)) | {0, (1 << 10) - 1}
    assert len(known) < 16 * 2 * FEW * 9 + 3
    for first in (0, 96):
        order = made.of(first, 96)
        assert (np.sort(order, axis=0) == np.arange(12)[:, None]).all()
        for way in order.T:
            mask = 0
            for player in way:
                if 1 <= player <= 10:
                    mask |= 1 << int(player) - 1
                    assert mask in known


def test_more_players_than_a_set_can_number_are_told_what_to_do():
    pairs = [(i, j, 0.3) for j in range(63) for i in range(j)]
    book = analytic.book([{"family": "normal", "mean": 0.0, "sd": 1.0}] * 63, pairs)
    model = analytic.model(63, lambda x: x.sum(axis=0))
    with pytest.raises(ValueError, match="63 inputs is shared by 63 players, expected at most 62; ask for groups"):
        sim.sensitivity(book, model=model, draws=256)
    whole = sim.sensitivity(book, model=model, draws=256, by="basis", method="shapley")["y"]
    assert whole["shapley"].values.tolist() == [1.0]


def test_a_wrong_credit_would_show():
    """The walk's own sum: steps of one draw add up to half its squared distance."""
    rng = np.random.default_rng(3)
    values = rng.normal(size=(4, 1, 16))
    found = np.zeros((1, 16, 3))
    for step in range(3):
        player = np.full(16, step)
        effects.credit(values[0], values[step], values[step + 1], player, found)
    np.testing.assert_allclose(found.sum(axis=2)[0], 0.5 * (values[0, 0] - values[3, 0]) ** 2, rtol=1e-12)


def test_the_order_of_players_changes_no_share():
    case = analytic.linear(NORMALS, CORRELATED)
    turned = dataclasses.replace(
        case.model, inputs=case.model.inputs[::-1], kernel=lambda x, y: case.model.kernel(x[::-1], y)
    )
    first = sim.sensitivity(case.book, model=case.model, draws=1024)["y"]
    other = sim.sensitivity(case.book, model=turned, draws=1024)["y"].isel(input=slice(None, None, -1))
    np.testing.assert_allclose(first["total"], other["total"], rtol=1e-9)
    np.testing.assert_allclose(first["first"], other["first"], rtol=1e-9, atol=1e-12)
