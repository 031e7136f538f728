"""Tables: within the promise of scipy's quantiles deep into both tails, exact for steps, never past a bound."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.draw.fit import PROMISE, TARGET, fit
from sim.draw.table import flatten, look_up, pack
from tests.draw.laws import SMOOTH, STEPS, Dented, Law, Steps, build, deep_words, exact, tabled

WORDS = deep_words()


def scale_of(law: Any) -> float:
    low, high = law.ppf(np.array([0.25, 0.75]))
    return float(high - low) or 1.0


@pytest.mark.parametrize("name", SMOOTH)
def test_within_the_promise_of_the_exact_quantile(name: str) -> None:
    law = SMOOTH[name]
    found, expected = tabled(law, WORDS), exact(law, WORDS)
    assert np.max(np.abs(found - expected) / np.maximum(np.abs(expected), scale_of(law))) < PROMISE
    # Well within it, so that means are not moved: measured 2e-8, and 3e-8 where a check point misses the worst place.
    middle = float(law.ppf(np.array([0.5]))[0])
    assert np.max(np.abs(found - expected) / np.maximum(np.abs(expected - middle), scale_of(law))) < 3 * TARGET


@pytest.mark.parametrize("name", STEPS)
def test_steps_are_exact(name: str) -> None:
    np.testing.assert_array_equal(tabled(STEPS[name], WORDS), exact(STEPS[name], WORDS))


@pytest.mark.parametrize("named", [True, False])
def test_both_sides_of_a_jump_to_the_word(named: bool) -> None:
    """Words around every jump and kink, told of or found."""
    for law in (Dented(named), Steps(np.array([1.0, 5.0, 6.0]), np.array([0.2, 0.7, 0.1]), named)):
        at = np.array(type(law)(*(law.values, law.chances) if isinstance(law, Steps) else ()).breaks())
        near = (np.floor(at * 2.0**32)[:, None] + np.arange(-50, 50)).astype(np.uint32).ravel()
        np.testing.assert_allclose(tabled(law, near), exact(law, near), rtol=0, atol=1e-7)


def test_a_break_on_a_words_own_probability_belongs_to_its_left() -> None:
    for word in (3, 1 << 30, (1 << 32) - 4):
        cut = (word + 0.5) / 2.0**32
        law = Steps(np.array([0.0, 1.0]), np.array([cut, 1.0 - cut]))
        near = np.arange(word - 2, word + 3, dtype=np.int64).astype(np.uint32)
        assert tabled(law, near).tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("name", ["pert", "normal", "gamma", "lognormal"])
def test_means_and_variances_are_not_moved(name: str) -> None:
    """Evenly spaced words: a table's errors change sign and leave the moments alone."""
    words = (np.arange(1 << 16, dtype=np.uint32) << np.uint32(16)) + np.uint32(1 << 15)
    found, expected = tabled(SMOOTH[name], words), exact(SMOOTH[name], words)
    assert abs(found.mean() - expected.mean()) < 2e-9 * scale_of(SMOOTH[name])
    assert abs(found.var() - expected.var()) < 2e-8 * expected.var()


def test_values_do_not_fall_as_words_rise() -> None:
    words = np.sort(np.unique(WORDS))
    for name in ("uniform", "normal", "lognormal, wide", "pert", "3,000 values"):
        law = {**SMOOTH, **STEPS}[name]
        assert np.diff(tabled(law, words)).min() >= -4 * TARGET * scale_of(law)


@pytest.mark.parametrize("name", [*SMOOTH, *STEPS])
def test_no_value_passes_a_bound(name: str) -> None:
    law = {**SMOOTH, **STEPS}[name]
    values = tabled(law, WORDS)
    assert np.isfinite(values).all()
    assert law.support[0] <= values.min()
    assert values.max() <= law.support[1]


def test_loc_and_scale_are_applied_last() -> None:
    law = SMOOTH["pert"]
    np.testing.assert_array_equal(tabled(law, WORDS, 3.0, 7.0), 3.0 + 7.0 * tabled(law, WORDS))


def test_tables_end_to_end_say_what_each_says_alone() -> None:
    laws = [SMOOTH["normal"], STEPS["3,000 values"], SMOOTH["pert"], STEPS["bernoulli"], SMOOTH["gamma"]]
    flat = flatten([build(law) for law in laws])
    values = np.empty(len(WORDS))
    for number, law in enumerate(laws):
        look_up(flat, number, WORDS, 0.0, 1.0, values)
        np.testing.assert_array_equal(values, tabled(law, WORDS))


def test_the_same_law_makes_the_same_table() -> None:
    assert build(SMOOTH["gamma"]).digest == build(SMOOTH["gamma"]).digest
    assert build(SMOOTH["gamma"]).digest != build(SMOOTH["pert"]).digest


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=40),
    st.booleans(),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=50),
)
def test_any_steps_are_exact(weights: list[float], named: bool, words: list[int]) -> None:
    chances = np.array(weights) / np.sum(weights)
    law = Steps(np.arange(len(chances)) * 1.7 - 3.0, chances, named)
    near = np.floor(law.rising * 2.0**32)[:, None] + np.arange(-2, 3)
    tried = np.concatenate([words, np.clip(near, 0, 2**32 - 1).ravel()]).astype(np.uint32)
    np.testing.assert_array_equal(tabled(law, tried), exact(law, tried))


@settings(deadline=None, max_examples=15)
@given(st.floats(0.2, 20.0), st.floats(0.2, 20.0))
def test_any_beta_is_within_the_promise(a: float, b: float) -> None:
    law = Law(stats.beta(a, b))
    words = WORDS[::37]
    expected = exact(law, words)
    assert np.max(np.abs(tabled(law, words) - expected) / np.maximum(expected, scale_of(law))) < PROMISE


def test_a_law_that_is_not_finite_is_refused() -> None:
    class Hole(Dented):
        def ppf(self, p: np.ndarray) -> np.ndarray:
            return np.where(np.asarray(p) < 1e-3, np.nan, p)

    with pytest.raises(ValueError, match=r"ppf is not finite at the probability .* truncate it"):
        fit(Hole())


def test_noise_is_refused() -> None:
    class Noise(Dented):
        def ppf(self, p: np.ndarray) -> np.ndarray:
            return np.modf(np.asarray(p) * 1e9)[0]

    with pytest.raises(ValueError, match="too rough to be tabled; give its values as an empirical"):
        fit(Noise())


def test_sizes_are_modest() -> None:
    """A table's size is what a tile has to pull through the cache."""
    assert len(pack(fit(SMOOTH["normal"]), SMOOTH["normal"].support).stop) < 1200
    assert len(build(STEPS["3,000 values"]).stop) < 30_000


def test_a_cubic_that_oversteps_is_held_at_the_bound() -> None:
    table = replace(build(SMOOTH["normal"]), support=(-1.0, 2.0))
    values = np.empty(len(WORDS))
    look_up(flatten([table]), 0, WORDS, 0.0, 1.0, values)
    np.testing.assert_array_equal(values, np.clip(tabled(SMOOTH["normal"], WORDS), -1.0, 2.0))
