"""First-order and total indices against closed forms, and what must hold to the bit."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import priors
import sim
from tests.study import analytic

# Two-sided 1e-6 over some thirty figures, from replicates that are near enough normal.
LIMIT = float(stats.t.isf(1e-6 / 60, 15))
CORRELATED = [(0, 1, 0.6), (1, 2, 0.3), (0, 2, 0.4)]


def agree(found, truth, near):
    for name, value in truth.items():
        if name in found:
            got, error = found[name].values, found[f"{name}_mcse"].values
            assert np.all(np.abs(got - value) <= LIMIT * error + 1e-12), (name, got, value, error)
            assert np.all(np.abs(got - value) <= near), (name, got, value)


@pytest.mark.parametrize(
    ("case", "near"),
    [
        (analytic.ishigami(), 0.03),
        (analytic.g([0, 1, 4.5, 9, 99, 99]), 0.02),
        (analytic.g([0.0] * 4), 0.04),
        (analytic.linear([1, 2, -1, 0.5, 1], CORRELATED), 0.01),
    ],
    ids=["ishigami", "g of six", "g of four alike", "correlated normals"],
)
def test_indices_have_their_closed_form(case, near):
    found = sim.sensitivity(case.book, "baseline", "y", model=case.model)["y"]
    agree(found, {name: case.truth[name] for name in ("first", "total")}, near)


def test_the_known_numbers_of_ishigami():
    """Digits as published, so that the closed form above is not wrong in the same way."""
    truth = analytic.ishigami().truth
    np.testing.assert_allclose(truth["first"], [0.3139, 0.4424, 0], atol=5e-5)
    np.testing.assert_allclose(truth["total"], [0.5576, 0.4424, 0.2437], atol=5e-5)


def test_an_input_that_does_nothing_has_exactly_none():
    case = analytic.ishigami()
    model = replace(case.model, kernel=lambda x, y: np.copyto(y, x[1:2] ** 3))
    found = sim.sensitivity(case.book, model=model, draws=1024)["y"]
    for figure in ("first", "total", "first_mcse", "total_mcse"):
        assert found[figure].values[[0, 2]].tolist() == [0, 0]
    np.testing.assert_allclose(found["first"][1], 1, atol=0.02)
    np.testing.assert_allclose(found["total"][1], 1, atol=0.1)


def test_one_thread_or_three_give_the_same_bits():
    case = analytic.linear([1, 2, -1, 0.5, 1], CORRELATED)
    for method in ("sobol", "shapley"):
        first = sim.sensitivity(case.book, model=case.model, draws=4096, method=method, threads=1)
        assert first.identical(sim.sensitivity(case.book, model=case.model, draws=4096, method=method, threads=3))


def test_a_fixed_member_of_a_block_is_not_conditioned_on():
    """With x.0 fixed, x.1 and x.2 are what is left: two correlated normals."""
    case = analytic.linear([1, 2, -1], CORRELATED)
    book = case.book.with_set("fixed", ["x.0=0.7"])
    found = sim.sensitivity(book, "fixed", model=case.model)["y"]
    assert found["input"].values.tolist() == ["x.1", "x.2"]
    agree(found, {k: v for k, v in analytic.linear([2, -1], [(0, 1, 0.3)]).truth.items() if k != "shapley"}, 0.02)


def test_draws_are_those_of_a_run():
    """The design's x is what a run of the same seed draws, so that what it explains is what was shown."""
    from sim import inputs
    from sim.study.design import Design
    from sim.study.orders import alone_and_others

    model = sim.market.model()
    book = priors.load()
    deck = inputs.deck(book, ["baseline"], model)
    row = {name: i for i, name in enumerate(model.inputs)}
    players = [[row["growth.cloud"]], [row["growth.baidu"]], [row["buy.baidu_2023"]]]
    design = Design.of((deck, model), np.arange(model.cells), players, 7, alone_and_others)
    (drawn, room), *_ = design.tiles(256, 512)
    tree = sim.run(book, draws=1024, seed=7)
    for name, values in tree["inputs"].data_vars.items():
        np.testing.assert_array_equal(drawn.x[row[name]], values.values[0, 256:352], err_msg=name)
    share = model.slices()["market_domestic_share"]
    np.testing.assert_array_equal(
        (room.of(drawn.x) + design.centre[:, None])[share].T, tree["draws"]["market_domestic_share"].values[0, 256:352]
    )


def test_a_cell_that_does_not_vary_has_no_index():
    case = analytic.ishigami()
    outputs = [sim.Output("y"), sim.Output("one")]
    still = replace(
        case.model, outputs=outputs, kernel=lambda x, y: np.copyto(y, [x[0] * x[1], np.full(x.shape[1], 0.1)])
    )
    found = sim.sensitivity(case.book, model=still, draws=1024)
    assert np.isnan(found["one"]["first"]).all()
    assert np.isnan(found["one"]["total"]).all()
    assert np.isfinite(found["y"]["total"]).all()


def test_points_do_not_depend_on_what_streams_a_book_has():
    """Sobol's high dimensions, where a book of one's own has its streams, are no good: the design takes the low ones."""
    case = analytic.linear([1, 2, -1, 0.5, 1], CORRELATED)
    far = [replace(q, stream=q.stream * 3) for q in case.book.quantities.values()]
    moved = priors.book(quantities=far, correlations=case.book.correlations)
    first = sim.sensitivity(case.book, model=case.model, draws=1024)
    assert sim.sensitivity(moved, model=case.model, draws=1024).identical(first)
