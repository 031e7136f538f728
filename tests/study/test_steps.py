"""The walk through the bins of two distributions against its slow twin, cell by cell, whatever the values."""

import numpy as np
import pytest

from sim import reduce
from sim.study import dominance, measures
from sim.study.sides import Side
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
    moments, counts = reduce.moments_of(node), reduce.combine([accumulator.sketch])
    variance = node.m2 / (node.finite - 1.0)
    return Side(counts, moments.low, moments.high, moments.mean, moments.sd, moments.replicate_mean, variance)


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
