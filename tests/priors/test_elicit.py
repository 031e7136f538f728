"""Hedges to widths, by the table at the foot of the ledger; expressions over claims."""

import math

import numpy as np
import pytest

import priors
from priors import arithmetic
from priors.elicit import elicit
from priors.families import make
from priors.figures import Figure, figure

TABLE = priors.load().hedges
CLAIMS = priors.load().claims


def law(said, *words, combine="squares"):
    said = Figure("value", (float(said),)) if isinstance(said, int | float) else said
    return elicit(said, [TABLE[word] for word in words], TABLE, combine)


def pert(low, mode, high):
    return make({"family": "pert", "low": low, "mode": mode, "high": high})


def same(a, b):
    np.testing.assert_allclose(a.ppf([0.01, 0.3, 0.5, 0.99]), b.ppf([0.01, 0.3, 0.5, 0.99]), rtol=1e-12)


@pytest.mark.parametrize(
    ("words", "width"),
    [
        ([], 0.1),
        (["none"], 0.1),
        (["about"], 0.25),
        (["expected"], 0.3),
        (["maybe"], 0.4),
        (["order_of"], 0.3),
        (["expected", "order_of"], math.sqrt(0.18)),
        (["expected", "about", "maybe"], math.sqrt(0.09 + 0.0625 + 0.16)),
    ],
)
def test_relative_widths_add_in_squares(words, width):
    same(law(200, *words), pert(200 * (1 - width), 200, 200 * (1 + width)))
    same(law(-200, *words), pert(-200 * (1 + width), -200, -200 * (1 - width)))


def test_other_ways_to_combine():
    same(law(10, "about", "maybe", combine="sum"), pert(3.5, 10, 16.5))
    same(law(10, "about", "maybe", combine="widest"), pert(6, 10, 14))


def test_bounds():
    same(law(20_000, "odd"), pert(20_000, 22_500, 30_000))
    at_least = law(100, "at_least")
    assert at_least.support[0] == 100
    np.testing.assert_allclose(at_least.ppf([0.5, 0.95]), [115, 160])
    and_up = law(1000, "and_up")
    assert and_up.support == (1000, 10_000)
    assert law(1000, "at_least", "and_up") == and_up, "the longest tail counts"


@pytest.mark.parametrize("word", ["odd", "at_least", "and_up"])
def test_a_bound_stays_a_bound_under_other_hedges(word):
    plain, hedged = law(1000, word), law(1000, word, "maybe")
    assert hedged.support[0] == plain.support[0] == 1000
    assert hedged.ppf(0.9) > plain.ppf(0.9)


def test_ranges():
    said = Figure("range", (0.3, 0.5))
    np.testing.assert_allclose(law(said, "range").ppf([0.05, 0.5, 0.95]), [0.3, 0.4, 0.5])
    half = math.hypot(0.1, 0.1)  # about: a quarter of 0.4
    np.testing.assert_allclose(law(said, "range", "about").ppf([0.05, 0.5, 0.95]), [0.4 - half, 0.4, 0.4 + half])
    assert law(said) == law(said, "range"), "a range is one without the word too"


def test_choices_windows_and_facts():
    values, chances = law(Figure("choices", (8.0, 9.0)), "named").atoms()
    assert (list(values), list(chances)) == ([8, 9], [0.5, 0.5])
    assert law(Figure("window", (4.0, 7.0)), "window", "about").spec() == {"family": "uniform", "low": 4, "high": 7}
    same(law(Figure("window", (7.0, 13.0), mode=10.0), "window"), pert(7, 10, 13))
    assert law(Figure("value", (24.0,), fact=True), "about").support == (24, 24)
    with pytest.raises(ValueError, match="values named one by one"):
        law(Figure("choices", (8.0, 9.0)), "named", "about")


def test_figures_of_claims():
    assert figure("Q04.12 / Q04.11", CLAIMS).stated == 0.6
    assert figure("Q05.5.volume_lag", CLAIMS).stated == 6
    assert figure("Q04.6", CLAIMS) == Figure("range", (0.3, 0.5))
    assert figure("Q04.6 + 0", CLAIMS).stated == 0.4


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 / 2 / 2", 2),
        ("2 - 3 - 4", -5),
        ("-(2 - 5)", 3),
        ("1_000 * 1e-3", 1),
        (".5", 0.5),
    ],
)
def test_arithmetic(text, value):
    assert arithmetic.evaluate(text, lambda name: 0.0) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "found the end, expected a number"),
        ("1 2", 'found "2" at character 3, expected the end'),
        ("2 ** 3", 'found "*" at character 4'),
        ("f(2)", 'found "(" at character 2, expected the end'),
        ("__import__('os')", 'found "(" at character 11|found "\'os'),
        ("(" * 30 + "1" + ")" * 30, "within one another"),
        ("1" * 501, "at most 500"),
        ("1e308 * 10", "expected a finite number"),
        ("1e999", "beyond doubles"),
        ("1.2.3", 'found "1.2.3'),
    ],
)
def test_arithmetic_refuses(text, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace("*", r"\*")):
        arithmetic.evaluate(text, lambda name: 1.0)
