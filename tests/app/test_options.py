"""What people type: a number read wrongly would run another experiment than was asked for."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.app.options import Assignment, Choice, Count, whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("65536", 65_536),
        ("1_048_576", 1_048_576),
        ("1,048,576", 1_048_576),
        ("1e6", 1_000_000),
        ("1E6", 1_000_000),
        ("2.5M", 2_500_000),
        ("64k", 64_000),
        ("1.50e1", 15),
        ("1e18", 10**18),
        ("0", 0),
    ],
)
def test_whole(text, number):
    assert whole(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "-5", "1.5", "1e", "k", "1.2345k", "0x10", "1e999", "٣", "nan", "inf", "1 000", "1,5", "1,0000", "9" * 40],
)
def test_not_whole(text):
    """No number, not whole, or one that would need a million digits; the last must not hang."""
    assert whole(text) is None


@given(st.integers(min_value=0, max_value=10**20))
def test_whole_is_exact(number):
    """Beyond 2^53 a detour through floats would change the seed."""
    assert whole(str(number)) == whole(f"{number:,}") == whole(f"{number:_}") == number


def test_limits_are_told():
    with pytest.raises(click.BadParameter, match=r'found "0", expected a whole number from 1 to 400'):
        Count(1, 400).convert("0", None, None)


@pytest.mark.parametrize("text", ["growth.cloud", "=3", "growth.cloud=", " = "])
def test_assignment_without_name_or_value(text):
    with pytest.raises(click.BadParameter, match="expected NAME=VALUE"):
        Assignment().convert(text, None, None)


def test_assignment_keeps_the_value_as_typed():
    assert Assignment().convert(" capacity.mlu = *3 ", None, None) == "capacity.mlu=*3"
    assert Assignment().convert("x=pert(low=1, mode=2, high=3)", None, None) == "x=pert(low=1, mode=2, high=3)"


def test_choice():
    assert Choice("sobol", "random").convert("Sobol", None, None) == "sobol"
    with pytest.raises(click.BadParameter, match='found "halton", expected sobol or random'):
        Choice("sobol", "random").convert("halton", None, None)
