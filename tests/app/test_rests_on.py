"""A wrong attribution would send the analyst to the wrong statement."""

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from sim.app import rests_on
from sim.app.rests_on import Driver, Inputs, classes, drivers
from sim.sample import rank_scores


def shares(inputs, outcomes):
    made = Inputs.of({f"x.{j}": column for j, column in enumerate(np.asarray(inputs, float).T)})
    return rests_on.shares(made, rank_scores(outcomes.T))


def slow_share(codes, ranks):
    """Variance between the means of classes, over all of it, less what noise alone would make."""
    means = {code: ranks[codes == code].mean() for code in set(codes.tolist())}
    between = np.mean([(means[code] - ranks.mean()) ** 2 for code in codes.tolist()])
    return between / ranks.var() - (len(means) - 1) / len(codes)


@pytest.fixture
def drawn():
    rng = np.random.default_rng(5)
    inputs = np.column_stack([rng.random(512), rng.geometric(0.5, 512), rng.normal(size=512), np.full(512, 3.0)])
    outcomes = np.column_stack([inputs[:, 0] ** 3 + 0.2 * inputs[:, 2], inputs[:, 1] - inputs[:, 2], np.ones(512)])
    return inputs, outcomes


def test_equals_the_slow_way_with_ties(drawn):
    """Outcomes with ties get mid-ranks; one that never varies takes no part in the mean."""
    inputs, outcomes = drawn
    for cells in ([0], [1], [0, 1, 2]):
        expected = [
            np.mean([slow_share(classes(inputs[:, j]), rankdata(outcomes[:, c])) for c in cells if c < 2])
            for j in (0, 1, 2)
        ]
        best, share = shares(inputs, outcomes[:, cells])[0]
        assert (best, share) == (int(np.argmax(expected)), pytest.approx(max(expected), rel=1e-6))


def test_classes_are_the_values_themselves_or_equally_likely():
    assert classes(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [2, 0, 2, 1]
    assert np.bincount(classes(np.random.default_rng(3).permutation(800.0 + np.arange(800)))).tolist() == [100] * 8


def test_a_threshold_and_a_hump_are_told_in_full():
    """A rank correlation would tell none of the hump and two fifths of the switch."""
    rng = np.random.default_rng(7)
    x, noise = rng.random((2, 4_096))
    hump, switch = (x - 0.5) ** 2, (x > 0.75) + 0.05 * noise
    assert spearmanr(x, hump).statistic ** 2 < 0.01
    assert shares(np.column_stack([x, noise]), hump[:, None])[0][1] > 0.9
    assert spearmanr(x, switch).statistic ** 2 < 0.6
    (best, share), (rest, left) = shares(np.column_stack([x, noise]), switch[:, None])
    assert (best, rest) == (0, 1)
    assert share > 0.55
    assert share + left <= 1.0


def test_an_answer_that_is_certain_rests_on_nothing(drawn):
    assert shares(drawn[0], np.ones((512, 2))) == []


def test_one_that_is_merely_correlated_with_a_driver_is_none():
    """The cloud's growth does not rest on a buyer's because our copula ties the two."""
    rng = np.random.default_rng(1)
    driver, tied, other = rng.multivariate_normal([0, 0, 0], [[1, 0.7, 0], [0.7, 1, 0], [0, 0, 1]], 4_096).T
    outcome = driver + 0.5 * other
    assert spearmanr(tied, outcome).statistic ** 2 > 0.3
    found = shares(np.column_stack([tied, other, driver]), outcome[:, None])
    assert [j for j, _ in found] == [2, 1]
    assert sum(share for _, share in found) <= 1.0


def test_a_copy_of_a_driver_adds_nothing(drawn):
    inputs = np.column_stack([drawn[0], drawn[0]])
    assert len(shares(inputs, drawn[1][:, :1])) == len(shares(drawn[0], drawn[1][:, :1]))


def test_the_greatest_come_first_and_the_faint_not_at_all(drawn):
    inputs, outcomes = drawn
    found = drivers(Inputs.of({f"x.{j}": inputs[:, j] for j in range(4)}), outcomes[:, :1], None)
    assert [driver.name for driver in found] == ["x.0", "x.2"]
    assert found[0].share > found[1].share >= 0.01


def test_told():
    """An assumption shows as one wherever its number does."""
    assert Driver("buy.baidu_2023", ("Q04.9",), "claim", 0.312).told() == "Q04.9 buy.baidu_2023 31 %"
    assert Driver("growth.baidu", (), "assumption", 0.1).told() == "growth.baidu (assumed) 10 %"
    assert Driver("x", ("Q01.1", "Q02.1"), "mixed", 0.1).told() == "Q01.1, Q02.1 x (in part assumed) 10 %"


def test_equals_inputs_taken_one_after_the_other():
    """The slow way: take from the outcomes' ranks the means of the classes of those taken, and look at what is left."""
    rng = np.random.default_rng(8)
    inputs = rng.normal(size=(900, 5)) @ rng.normal(size=(5, 5))
    outcomes = np.column_stack([inputs @ rng.normal(size=5), inputs[:, 2] ** 3])
    codes, left, expected = [classes(column) for column in inputs.T], rank_scores(outcomes.T), []
    while len(expected) < rests_on.MOST:
        size = (left**2).sum(axis=1)
        share = [
            np.mean([slow_share(each, row) * total for row, total in zip(left, size, strict=True)]) for each in codes
        ]
        best = int(np.argmax(share))
        if share[best] < rests_on.LEAST:
            break
        expected.append((best, share[best]))
        for row in left:
            row -= np.array([row[codes[best] == code].mean() for code in range(codes[best].max() + 1)])[codes[best]]
    found = shares(inputs, outcomes)
    assert [j for j, _ in found] == [j for j, _ in expected]
    np.testing.assert_allclose([share for _, share in found], [share for _, share in expected], rtol=1e-6)


def test_a_value_that_is_no_number_ties_with_the_others_for_the_last():
    ranks = rank_scores(np.array([[2.0, np.nan, 1.0, np.nan]]))[0]
    assert ranks[1] == ranks[3] > ranks[0] > ranks[2]
