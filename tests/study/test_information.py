"""The value of information against closed forms and against nested simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, t

from sim.study.information import Stakes
from tests.study.made_decisions import linear, nested, sampled, shop_payoffs, unit_normal_loss


def partial(payoffs, *inputs):
    stakes = Stakes(payoffs)
    return stakes.partial(list(inputs), [stakes.curves(x) for x in inputs])


@pytest.mark.parametrize("mean", [0.0, -0.4, 1.0, 2.0])
def test_a_linear_decision_has_its_closed_form(mean):
    """Five standard errors, one seed each: a false alarm in some thousand."""
    x, payoffs = linear(1, 16_384, mean)
    found = partial(payoffs, x)
    assert abs(found.value - unit_normal_loss(mean, 1.0)) < 5 * found.mcse + 1e-4
    perfect = Stakes(payoffs).perfect()
    assert abs(perfect.value - unit_normal_loss(mean, np.sqrt(2.0))) < 5 * perfect.mcse


def test_errors_are_those_of_sixteen_replicates():
    _, payoffs = linear(8, 2_048, 0.3)
    perfect = Stakes(payoffs).perfect()
    gain = np.maximum(payoffs[:, 1] - payoffs[:, 0], 0.0)  # doing it is better on the whole
    each = [gain[r::16].mean() for r in range(16)]
    assert (perfect.value, perfect.mcse) == pytest.approx((gain.mean(), np.std(each, ddof=1) / 4))
    low, high = perfect.interval
    assert high - low == pytest.approx(2 * t(15).ppf(0.975) * perfect.mcse)


def test_scale_and_origin_of_the_payoff_do_not_matter():
    x, payoffs = linear(2, 2_048, 0.3)
    one, other = partial(payoffs, x), partial(1e6 * payoffs - 3e7, x)
    assert other.value == pytest.approx(1e6 * one.value, rel=1e-6)
    assert other.mcse == pytest.approx(1e6 * one.mcse, rel=1e-6)


def test_the_order_of_the_options_does_not_matter():
    x, payoffs = linear(3, 2_048, 0.3)
    assert partial(payoffs[:, ::-1], x).value == pytest.approx(partial(payoffs, x).value, rel=1e-9)


def test_to_know_what_does_not_matter_is_worth_nothing():
    """Fitted values of noise make the usual estimate positive; here it is level with 0, whatever the seed."""
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        _, payoffs = linear(seed + 100, 4_096, 0.02)
        found.append(partial(payoffs, rng.normal(size=4_096)))
    z = [each.value / each.mcse for each in found if each.mcse > 0]
    assert np.mean([each.value for each in found]) < 2e-3
    assert max(z, default=0.0) < 5.0


def test_a_switch_is_worth_what_its_two_cases_say():
    rng = np.random.default_rng(4)
    works = (rng.random(16_384) < 0.3).astype(float)
    payoffs = np.column_stack([4.0 * works - 1.0 + rng.normal(size=16_384), np.zeros(16_384)])
    found = partial(payoffs, works)
    assert abs(found.value - (0.3 * 3.0 - 0.2)) < 5 * found.mcse  # E max(…) = 0.3 · 3, and doing it pays 0.2


def test_knowing_more_is_worth_more_and_everything_the_most():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(16_384, 3))
    payoffs = np.column_stack([x[:, 0] * x[:, 1] + 0.5 * x[:, 2], np.zeros(16_384)])
    one, two, three = (partial(payoffs, *x.T[:k]) for k in (1, 2, 3))
    assert one.value < two.value < three.value
    assert three.value == pytest.approx(Stakes(payoffs).perfect().value, rel=0.01)


def test_too_few_draws_and_one_option_are_refused():
    with pytest.raises(ValueError, match="found 1,000 kept draws, expected at least 1,024"):
        Stakes(np.zeros((1_000, 2)))
    with pytest.raises(ValueError, match="found one option"):
        Stakes(np.zeros((2_048, 1)))


def covered(mean: float, draws: int, seeds: range) -> int:
    truth, hits = unit_normal_loss(mean, 1.0), 0
    for seed in seeds:
        x, payoffs = linear(seed, draws, mean)
        low, high = partial(payoffs, x).interval
        hits += low <= truth <= high
    return hits


@pytest.mark.slow
@pytest.mark.parametrize("mean", [0.0, 0.1, 0.5, 1.0, 1.5])
def test_intervals_hold_the_truth_as_often_as_they_say(mean):
    """1,000 seeds at 16,384 draws; two-sided binomial limits, 1e-6 over the five cases together."""
    hits = covered(mean, 16_384, range(1_000))
    low, high = binom.ppf([1e-7, 1 - 1e-7], 1_000, 0.95)
    assert low <= hits <= high


def test_intervals_hold_the_truth_a_sample():
    """60 seeds; fewer than 46 hits of 60 happen once in a million times where the chance is 0.95."""
    assert covered(0.5, 4_096, range(60)) >= binom.ppf(1e-6, 60, 0.95)


@pytest.mark.parametrize("known", [[0], [1], [2], [3], pytest.param([0, 1], id="both")])
def test_against_nested_simulation(known):
    x = sampled(np.random.default_rng(6), 65_536)
    found = partial(shop_payoffs(x), *(x[i] for i in known))
    truth, error = nested(known, 7)
    assert abs(found.value - truth) < 5 * np.hypot(found.mcse, error) + 0.02
