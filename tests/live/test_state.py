"""A state goes into an address, a scenario and a TOML file and comes back the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import priors
from sim.live.state import (
    MOST_CHANGES,
    Refused,
    State,
    View,
    checked,
    from_query,
    scenario_of,
    to_query,
    with_scenarios,
)

BOOK = priors.load()
NAMES = st.sampled_from([*BOOK.quantities, "a", "_b", "算力.增速", "pin", "scenario", "x-y"])
TEXTS = st.text(max_size=12)
STATES = st.builds(State.of, NAMES, st.dictionaries(NAMES, TEXTS, max_size=6))


@given(st.builds(View, STATES, st.none() | STATES))
def test_an_address_holds_any_view(view):
    assert from_query(to_query(view)) == view


def _text(name: str, share: float, width: bool) -> str:
    """A change of a quantity that the book may accept."""
    quantity = BOOK.quantities[name]
    if quantity.switch or quantity.prior.atoms() is not None:
        return str(round(share))
    low, high = (float(x) for x in quantity.prior.ppf([0.01, 0.99]))
    return f"width({0.4 + 0.6 * share})" if width else f"{low + share * (high - low)!r}"


MOVES = st.lists(st.tuples(st.sampled_from(list(BOOK.quantities)), st.floats(0, 1), st.booleans()), max_size=5)


@settings(deadline=None)
@given(st.sampled_from(list(BOOK.scenarios)), MOVES)
def test_the_plainest_words_say_the_same(scenario, moves):
    state = State.of(scenario, {name: _text(name, share, width) for name, share, width in moves})
    try:
        plain = checked(state, BOOK)
    except Refused:
        return
    assert checked(plain, BOOK) == plain
    one, other = (with_scenarios(BOOK, [scenario_of(each, BOOK, "page")]).resolve("page") for each in (state, plain))
    assert {name: law.spec() for name, law in one.items()} == {name: law.spec() for name, law in other.items()}


def test_a_change_replaces_the_scenario_s_own():
    state = State.of("export_ban_strong_domestic", {"capacity.mlu": "*2"})
    found = with_scenarios(BOOK, [scenario_of(state, BOOK, "page")]).resolve("page")
    assert found["capacity.mlu"] == BOOK.quantities["capacity.mlu"].prior.scaled(2)
    assert found["capacity.br"] == BOOK.quantities["capacity.br"].prior.scaled(3)
    assert found["export.ban_quarter"].support == (3, 3)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("0.50", "0.5"), ("5e-1", "0.5"), ("*3.0", "*3"), ("* 3", "*3"), ("+0.10", "+0.1"), ("+-0.1", "+-0.1"),
     ("width( 0.50 )", "width(0.5)"), ("normal(0.4,  0.1)", "normal(0.4, 0.1)")],
)  # fmt: skip
def test_plainest_words(text, plain):
    assert checked(State.of("baseline", {"growth.cloud": text}), BOOK).changes == (("growth.cloud", plain),)


@pytest.mark.parametrize("name", [n for n, q in BOOK.quantities.items() if q.prior.atoms() is None])
def test_a_width_keeps_the_middle_and_the_limits(name):
    def law(factor):
        made = scenario_of(State.of("baseline", {name: f"width({factor})"}), BOOK, "page")
        return with_scenarios(BOOK, [made]).resolve("page")[name]

    quantity = BOOK.quantities[name]
    (low, high), (least, most) = (each.ppf([0.05, 0.95]) for each in (law(0.25), quantity.prior))
    assert 0.1 < (high - low) / (most - least) < 0.45
    assert least - 1e-9 * abs(least) <= low
    assert high <= most + 1e-9 * abs(most)
    limits = quantity.limits or (-float("inf"), float("inf"))
    wide = law(4)
    assert limits[0] <= wide.support[0]
    assert wide.support[1] <= limits[1]


def test_too_many_changes_are_refused():
    with pytest.raises(Refused, match="at most 500"):
        checked(State.of("baseline", {f"a{k}": "1" for k in range(MOST_CHANGES + 1)}), BOOK)


def test_a_refusal_names_the_quantity():
    with pytest.raises(Refused, match=r"growth\.cloud: found -2, expected a value within the limits") as refused:
        checked(State.of("baseline", {"growth.cloud": "-2"}), BOOK)
    assert refused.value.quantity == "growth.cloud"


def test_the_nearest_name_is_told():
    with pytest.raises(Refused, match=r'did you mean "growth\.cloud"'):
        checked(State.of("baseline", {"growth.cluod": "0.4"}), BOOK)
