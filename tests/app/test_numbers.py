"""A figure printed with more digits than its error supports would claim knowledge that the run does not have."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.app import numbers
from sim.app.numbers import chance, duration, interval, month, percent, written


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (41_234.5, 0.0, "41,200"),
        (41_234.5, 60.0, "41,200"),
        (41_234.5, 300.0, "41,000"),
        (41_234.5, 5_000.0, "40,000"),
        (123_456_789.0, 0.0, "123,000,000"),
        (99_960.0, 0.0, "100,000"),
        (0.123456, 0.0, "0.123"),
        (0.123456, 0.02, "0.1"),
        (7.0, 0.0, "7.00"),
        (-1_234.0, 0.0, "−1,230"),
        (-0.0001, 0.01, "0"),
        (0.0, 0.0, "0"),
        (3.0e-9, 0.0, "3.00e-09"),
        (2.5e17, 0.0, "2.50e+17"),
        (math.nan, 1.0, "–"),
        (math.inf, 0.0, "∞"),
        (5.0, math.nan, "5.00"),
    ],
)
def test_written(value, error, text):
    assert written(value, error) == text


@pytest.mark.parametrize(
    ("share", "error", "text"),
    [
        (0.1734, 0.0, "17 %"),
        (0.0234, 0.0, "2.3 %"),
        (1.04, 0.0, "104 %"),
        (0.0234, 0.004, "2 %"),
        (0.0, 0.0, "0 %"),
        (-0.31, 0.0, "−31 %"),
        (math.nan, 0.0, "– %"),
    ],
)
def test_percent(share, error, text):
    assert percent(share, error) == text


@pytest.mark.parametrize(
    ("probability", "error", "text"),
    [
        (0.171, 0.001, "17 of 100"),
        (0.0, 0.0, "under 1 of 100"),
        (1e-4, 1e-5, "under 1 of 100"),
        (1.0, 0.0, "over 99 of 100"),
        (0.42, 0.03, "about 40 of 100"),
        (math.nan, 0.0, "–"),
    ],
)
def test_chance(probability, error, text):
    """A chance that no draw hit is small, not none; one known to ten points is not told to one."""
    assert chance(probability, error) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "Jan 2023"),
        (12.99, "Dec 2023"),
        (13.0, "Jan 2024"),
        (15.9, "Mar 2024"),
        (0.5, "Dec 2022"),
        (9999.0, "never"),
    ],
)
def test_month(number, text):
    """Month m is [m, m + 1): 12.99 is still December."""
    assert month(number) == text


def test_interval_of_a_fixed_figure_is_one_number():
    assert interval("24,000", "24,000", "24,000") == "24,000"
    assert interval("17 %", "9 %", "31 %") == "17 % (9–31 %)"


def test_duration():
    assert [duration(x) for x in (0.4242, 12.3, 125.0)] == ["0.42 s", "12 s", "2 min 5 s"]


@given(st.floats(min_value=1e-4, max_value=1e14), st.floats(min_value=1e-9, max_value=1e12))
def test_what_is_written_is_as_near_as_its_error(value, error):
    """The text is off by at most half a unit of the last place that error and three figures leave."""
    text = float(written(value, error).replace(",", ""))
    place = max(math.floor(math.log10(value)) - 2, math.ceil(math.log10(error)))
    assert abs(text - value) <= 0.5000001 * 10.0**place


def test_examples_in_the_docstrings():
    import doctest

    failed, tried = doctest.testmod(numbers)
    assert (failed, tried >= 4) == (0, True)
