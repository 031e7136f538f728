"""Outputs in single precision against the same kernel in double: 5e-6 of the larger of value and cell's largest magnitude."""

import numpy as np
import pytest

import priors
from sim import draw, inputs, market
from tests.market import cases

CONTRACT = 5e-6
SWITCHES = ("overtake", "first_to_parity")


def both(inputs: np.ndarray, quarters: int) -> tuple[np.ndarray, np.ndarray]:
    single, double = (np.empty((market.model(quarters).cells, inputs.shape[1]), t) for t in (np.float32, np.float64))
    market.evaluate(inputs, single, quarters)
    market.evaluate(inputs, double, quarters)
    return single.astype(float), double


def close(inputs: np.ndarray, quarters: int) -> None:
    model = market.model(quarters)
    single, double = both(np.ascontiguousarray(inputs), quarters)
    assert np.all(
        np.abs(single - double) <= CONTRACT * np.maximum(np.abs(double), np.abs(double).max(1, keepdims=True))
    )
    for name in SWITCHES:
        cells = model.slices()[name]
        assert np.array_equal(single[cells], double[cells]), name


@pytest.mark.parametrize(("quarters", "count"), [(12, 3000), (1, 300), (80, 300)])
def test_single_is_close_to_double_over_every_switch(quarters, count):
    close(cases.tile(cases.random_cases(count, 21)), quarters)


def test_single_is_close_to_double_in_every_scenario():
    model, book = market.model(), priors.load()
    laid = inputs.dense(inputs.deck(book, list(book.scenarios), model), model)
    columns = np.empty((len(laid.columns), 4096))
    draw.prepare(laid.columns, laid.blocks, seed=3, sampler=draw.Sobol()).fill(0, columns)
    for rows in laid.rows:
        close(columns[rows], 12)


def test_who_is_ahead_by_a_hair_is_decided_in_double():
    """Baidu's stock is set so that it meets ByteDance's compute to 1e-8 in the sixth quarter; sums of fleets tell."""
    model, at = market.model(), 5
    drawn = [case | {"export.ban_quarter": cases.NEVER} for case in cases.random_cases(400, 8)]
    compute = cases.run(drawn)["compute"][:, at]
    for case, baidu, bytedance, hair in zip(drawn, compute[2], compute[3], np.linspace(-1, 1, 400), strict=True):
        stock = case["stock.total"] * case["stock.ratio_bytedance"]
        case["stock.ratio_baidu"] += (bytedance - baidu) / stock + 1e-8 * hair
    inputs = cases.tile(drawn)
    single = np.empty((model.cells, len(drawn)), np.float32)
    market.evaluate(inputs, single, 12)
    found = cases.labelled(single)
    x = dict(zip(market.INPUTS, inputs, strict=True))
    chips = [x[f"perf.{c}"] for c in ("h800", "mlu370", "mlu590", "ppu", "mlu370", "dcu", "br100")]
    chips[4] = chips[4] * (1.0 + x["perf.ascend_premium"])
    perf = np.array([np.full(400, 0.4), np.ones(400), np.ones(400), *chips])
    held = (found["fleet"][2:4, :, at].astype(float) * perf).cumsum(axis=1)[:, -1]  # in the kernel's order
    assert np.array_equal(found["overtake"][at], held[0] > held[1])
    in_single = found["compute"][2, at] > found["compute"][3, at]
    assert np.any(found["overtake"][at] != in_single)  # which single precision would have got wrong
