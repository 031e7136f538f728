"""Rows said to repeat another do so bit for bit, in every scenario; and no row that always does is left out."""

import numpy as np
import pytest

import priors
from sim import draw, inputs, market
from sim.market.copies import ZERO, copies
from tests.market import cases

WIDER = {  # than any prior, so that what priors alone keep equal differs here
    "race.alibaba_release_month": (1, 14), "race.tencent_release_month": (1, 14), "race.baidu_ratio": (0.3, 1.5),
    "avail.br100_tapeout_month": (0, 7), "avail.br100_lag": (0, 7),
}  # fmt: skip


def drawn(count: int, seed: int, quarters: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    wider = [{name: rng.uniform(*ends) for name, ends in WIDER.items()} for _ in range(count)]
    bans = [{"export.ban_quarter": float(ban)} for ban in rng.integers(0, quarters + 2, count)]
    return cases.tile([cases.random_case(rng) | a | b for a, b in zip(wider, bans, strict=True)])


def computed(inputs: np.ndarray, quarters: int, dtype: type = np.float32) -> np.ndarray:
    outputs = np.full((market.model(quarters).cells, inputs.shape[1]), np.nan, dtype)
    market.evaluate(inputs, outputs, quarters)
    return outputs


def assert_copies(outputs: np.ndarray, same: np.ndarray) -> None:
    origin = np.where((same == ZERO)[:, None], np.zeros_like(outputs), outputs[same])
    wrong = [row for row in range(len(same)) if origin[row].tobytes() != outputs[row].tobytes()]
    assert not wrong


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("quarters", [1, 3, 4, 5, 12, 18])
def test_copies_are_equal_bit_for_bit(quarters, dtype):
    assert_copies(computed(drawn(200, quarters, quarters), quarters, dtype), copies(quarters))


@pytest.mark.parametrize("quarters", [1, 5, 12])
def test_no_copy_is_missed(quarters):
    outputs = computed(drawn(1000, quarters, quarters), quarters, np.float64)
    first = {np.zeros(outputs.shape[1]).tobytes(): ZERO}
    expected = [first.setdefault(row.tobytes(), number) for number, row in enumerate(outputs)]
    assert copies(quarters).tolist() == expected


def test_copies_hold_in_every_scenario():
    model, book = market.model(), priors.load()
    laid = inputs.dense(inputs.deck(book, list(book.scenarios), model), model)
    columns = np.empty((len(laid.columns), 512))
    draw.prepare(laid.columns, laid.blocks, seed=7, sampler=draw.Sobol()).fill(0, columns)
    assert len(laid.rows) == 13
    for rows in laid.rows:
        assert_copies(computed(columns[rows], 12), copies(12))
