"""The walk through the bins of two distributions against its slow twin, cell by cell, whatever the values."""

import numpy as np
import pytest

from sim import reduce
from sim.study import dominance, measures
from sim.study.sides import of_node
from tests.study import twin_of_steps as twin

DRAWS = 2_048
LEVELS = np.array([0.5])
RNG = np.random.default_rng(7)
Z, W = RNG.normal(size=(2, DRAWS))
# (other, base): shapes that walks go wrong on.
CASES = {
    "shifted": (Z + 0.3, Z),
    "wider": (2 * Z, Z),
    "apart": (np.abs(Z) + 10, -np.abs(W)),
    "independent": (W, Z),
    "counts": (np.floor(np.abs(3 * W)), np.floor(np.abs(2 * Z))),
    "chances": ((W > 0.5).astype(float), (Z > 0).astype(float)),
    "constants": (np.full(DRAWS, 2.0), np.full(DRAWS, 3.0)),
    "a point and a bulk": (np.where(W > 0, 0.0, Z), np.where(Z > 0, 0.0, Z)),
    "huge and tiny": (1e200 * Z, 1e-200 * W),
    "few apart": (np.where(np.arange(DRAWS) < 16, 5.0, Z), Z),
    "with holes": (np.where(W > 1, np.nan, Z), np.where(Z > 1, np.inf, W)),
}


def side(rows):
    values = np.ascontiguousarray(np.stack(rows))
    accumulator = reduce.Accumulator(len(values), np.ones(len(values), bool))
    for first in range(0, DRAWS, 512):
        accumulator.add(np.ascontiguousarray(values[:, first : first + 512]))
    node = accumulator.leaf_done()
    return of_node(reduce.combine([accumulator.sketch]), node)


@pytest.fixture(scope="module")
def sides():
    return tuple(side(rows) for rows in zip(*CASES.values(), strict=True))


@pytest.mark.parametrize("turned", [False, True], ids=["other beside base", "base beside other"])
def test_as_its_slow_twin(sides, turned):
    other, base = sides[::-1] if turned else sides
    found = measures.marginal(other, base, LEVELS)
    for cell, name in enumerate(CASES):
        grids = twin.grids(other, base, cell)
        for key, exact in twin.distances(other, base, cell, grids).items():
            np.testing.assert_allclose(found[key][cell], exact, rtol=1e-9, atol=1e-300, err_msg=f"{name}: {key}")
        for order in dominance.ORDERS:
            verdict = getattr(twin, order)(grids[1])
            assert found[order][cell] == verdict.word, (name, order)
            for field in ("margin", "margin_mcse", "reverse", "reverse_mcse"):
                size = max(abs(verdict.margin), abs(verdict.reverse))
                np.testing.assert_allclose(
                    found[f"{order}_{field}"][cell], getattr(verdict, field), rtol=1e-9, atol=1e-11 * size,
                    err_msg=f"{name}: {order} {field}",
                )  # fmt: skip


def test_what_is_the_same_has_no_distance(sides):
    found = measures.marginal(sides[0], sides[0], LEVELS)
    assert set(found["first_order"]) == set(found["second_order"]) == {"the same"}
    for name in ("wasserstein", "wasserstein_mcse", "ks", "ks_mcse", "first_order_margin", "second_order_reverse_mcse"):
        np.testing.assert_array_equal(found[name], 0.0)
    assert np.isnan(found["ks_at"]).all()


def test_one_without_a_value_decides_nothing():
    none, some = side([np.full(DRAWS, np.nan)]), side([Z])
    found = measures.marginal(none, some, LEVELS)
    assert np.isnan(found["ks"][0])
    assert np.isnan(found["wasserstein"][0])
    assert found["first_order"][0] == found["second_order"][0] == "not decided"


# 1.5 to 1.50195 is one bin, of all draws, and lies within one of a replicate.
WITHIN = 1.5005 + 1e-4 * np.random.default_rng(3).random(DRAWS)


@pytest.mark.parametrize("turned", [False, True], ids=["other above base", "base above other"])
def test_what_lies_apart_within_a_bin_is_told_by_its_extremes(turned):
    """Equal counts, and yet every value of the one is above every one of the other."""
    above, below = side([WITHIN + 5e-4]), side([WITHIN])
    np.testing.assert_array_equal(above.counts.key, below.counts.key)
    other, base = (below, above) if turned else (above, below)
    found = measures.marginal(other, base, LEVELS)
    assert found["first_order"][0] == found["second_order"][0] == ("is dominated" if turned else "dominates")
    assert (found["ks"][0], found["ks_mcse"][0], found["ks_at"][0]) == (1.0, 0.0, WITHIN.max())
    assert found["wasserstein"][0] == pytest.approx(5e-4, rel=1e-9)
    assert found["wasserstein_mcse"][0] < 1e-12
    assert np.isnan(found["first_order_margin"][0])


def test_what_lies_apart_in_a_bin_that_both_share_is_told_by_its_extremes():
    """Three of four values of the one in a bin of their own."""
    quarter = np.where(np.arange(DRAWS) // 16 % 4 == 0, WITHIN + 5e-4, WITHIN + 1.0)
    found = measures.marginal(side([quarter]), side([WITHIN]), LEVELS)
    assert (found["ks"][0], found["ks_at"][0], found["first_order"][0]) == (1.0, WITHIN.max(), "dominates")
    assert found["wasserstein"][0] == pytest.approx(5e-4 + 0.75 * (1.0 - 5e-4), rel=1e-9)


def test_what_overlaps_within_a_bin_is_not_decided():
    found = measures.marginal(side([WITHIN + 5e-5]), side([WITHIN]), LEVELS)
    assert found["first_order"][0] == found["second_order"][0] == "not decided"
    assert found["wasserstein"][0] == pytest.approx(5e-5, rel=1e-9)


def test_single_points_in_another_order_are_the_same():
    """Means of a third differ in their last bit by the order of summation."""
    points = np.where(Z > 0, 0.25, 1024.0)
    found = measures.marginal(side([points]), side([points[::-1].reshape(-1, 16)[:, ::-1].ravel()]), LEVELS)
    assert found["first_order"][0] == "the same"


def test_of_nothing_there_is_no_variance_no_error_and_no_interval():
    """One replicate has a single value, and one has none."""
    replicate = np.arange(DRAWS) % 16
    some = np.where(((replicate == 3) & (np.arange(DRAWS) > 16)) | (replicate == 5), np.nan, Z)
    variance = side([some]).replicate_variance[0]
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(variance)), [3, 5])
    nothing = side([np.full(DRAWS, np.nan)])
    found = measures.paired(nothing, side([Z]), nothing, nothing, LEVELS)
    assert found["ratio_undefined"][0] == 1.0
    for name in ("ratio_sd", "difference_sd", "chance_greater"):
        assert np.isnan(found[name][0])
        assert np.isnan(found[f"{name}_mcse"][0]), name
    for name in ("chance_greater", "chance_less"):
        assert np.isnan([found[f"{name}_lower"][0], found[f"{name}_upper"][0]]).all()


def test_a_ratio_to_what_is_infinite_is_a_ratio():
    """0 in every draw, while the difference is none in any."""
    infinite = side([np.full(DRAWS, np.inf)])
    found = measures.paired(side([Z]), infinite, infinite, side([np.zeros(DRAWS)]), LEVELS)
    assert found["ratio_undefined"][0] == 0.0
