"""A wrong suggestion costs more than none: only what is really near is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import priors
from priors.nearness import closest, distance, unread

QUANTITIES = list(priors.load().quantities)
SCENARIOS = list(priors.load().scenarios)


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("export.ban", QUANTITIES, "export.ban_quarter"),  # not export.leak, nor another group's
        ("growth.clud", QUANTITIES, "growth.cloud"),
        ("growht.cloud", QUANTITIES, "growth.cloud"),
        ("Price.H800", QUANTITIES, "price.h800"),
        ("ban_quarter", QUANTITIES, "export.ban_quarter"),
        ("growth", QUANTITIES, None),  # a whole group, of which none is nearer than another
        ("nope", QUANTITIES, None),
        ("nope", SCENARIOS, None),
        ("fast", SCENARIOS, None),
        ("export_ban", SCENARIOS, "export_ban_2023q4"),
        ("basline", SCENARIOS, "baseline"),
        ("rnu", ["run", "bench"], "run"),
        ("", QUANTITIES, None),
        ("x" * 101, ["x" * 100], None),
        (3, QUANTITIES, None),
    ],
)
def test_known_slips(name, known, meant):
    assert closest(name, known) == meant


def test_a_slip_within_the_group_comes_first():
    """``rate.clu`` is one slip from ``rates.clu`` and two from ``rate.cloud``; who writes a group knows the group."""
    assert closest("rate.clu", ["rates.clu", "rate.cloud"]) == "rate.cloud"


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_distance_is_one(one, other):
    """Symmetric, zero for the same alone, and no more than the letters."""
    found = distance(one, other)
    assert found == distance(other, one)
    assert (found == 0) == (one == other)
    assert abs(len(one) - len(other)) <= found <= max(len(one), len(other))


def test_unread():
    assert unread(["a.price", "b.cost"], ["a.price", "b.cost", "c"]) == ""
    told = unread(["growth.clud", "shop.x"], QUANTITIES)
    assert (
        told == 'nothing reads growth.clud (did you mean "growth.cloud"?), shop.x: the built-in model has no such input'
    )
    assert "and 4 more:" in unread([f"q{i}x" for i in range(9)], ["growth.cloud"])
