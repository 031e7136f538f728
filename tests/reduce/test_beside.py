"""Differences and ratios, made as they are summed up, against the same made beforehand."""

import numpy as np
import pytest

from sim import reduce
from tests.reduce.made import same_counts, same_node

DRAWS, ROOM = 4096, 4112
ROWS = np.array([[0, 2, 3, 1], [1, 0, 3, 2]])  # of outcomes, and of the base beside them


def rooms(dtype: str, seed: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and a base with zeros of either sign, numbers far apart, infinities and none at all, and equal rows."""
    rng = np.random.default_rng(seed)
    found = rng.standard_normal((2, 4, ROOM)) * np.exp(6.0 * rng.standard_normal((2, 4, ROOM)))
    found[:, :, ::7], found[:, :, 3::70] = 0.0, -0.0
    found[:, 0, :DRAWS:1000], found[:, 2, 5:DRAWS:997] = np.nan, np.inf
    found[1, 3] = found[0, 3]
    return found[0].astype(dtype), found[1].astype(dtype)


def told(accumulators: list[reduce.Accumulator]) -> list[tuple[reduce.Node, reduce.Counts]]:
    return [(each.leaf_done(), reduce.combine([each.sketch])) for each in accumulators]


def mine(kind: bool, outcomes: np.ndarray, base: np.ndarray, rows: np.ndarray, step: int) -> reduce.Accumulator:
    accumulator = reduce.Accumulator(rows.shape[1], np.array([True, False, True, True])[: rows.shape[1]])
    for first in range(0, DRAWS, step):
        accumulator.add_beside(reduce.Beside(outcomes, base, rows, first, min(step, DRAWS - first), kind))
    return accumulator


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("ratio", [False, True])
@pytest.mark.parametrize("at_once", [False, True])
def test_they_are_those_of_rows_made_beforehand(monkeypatch, dtype: str, ratio: bool, at_once: bool) -> None:
    monkeypatch.setattr("sim.reduce.sketch.AT_ONCE", 64 if at_once else 0)
    outcomes, base = rooms(dtype)
    with np.errstate(all="ignore"):
        x, y = outcomes[ROWS[0], :DRAWS].astype(float), base[ROWS[1], :DRAWS].astype(float)
        expected = reduce.Accumulator(4, np.array([True, False, True, True]))
        expected.add(np.ascontiguousarray(x / y if ratio else x - y))
    found = told([expected, mine(ratio, outcomes, base, ROWS, DRAWS), mine(ratio, outcomes, base, ROWS, 624)])
    for node, counts in found[1:]:
        assert same_node(node, found[0][0])
        assert same_counts(counts, found[0][1])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("ratio", [False, True])
@pytest.mark.parametrize("at_once", [False, True])
def test_a_base_beside_itself_is_what_it_is_beside_its_equal(
    monkeypatch, dtype: str, ratio: bool, at_once: bool
) -> None:
    """Known without reckoning; whole rows without a number among them, and rows that begin without one."""
    monkeypatch.setattr("sim.reduce.sketch.AT_ONCE", 64 if at_once else 0)
    base = rooms(dtype)[0]
    base[1, :40], base[2], base[3, 16:] = 0.0, 0.0, np.nan
    rows = np.tile(np.arange(4), (2, 1))
    for step in (DRAWS, 624):
        (node, counts), (expected, reckoned) = told([
            mine(ratio, base, base, rows, step), mine(ratio, base, base.copy(), rows, step)
        ])  # fmt: skip
        assert same_node(node, expected)
        assert same_counts(counts, reckoned)
        assert 0 < node.nonfinite.sum() < node.nonfinite.size * DRAWS
