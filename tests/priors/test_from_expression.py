"""An expression over claims carries the doubt about the first figure that it names, and about nothing else.

A failure means that a constant, or a figure named in passing, was hedged, or that a hedge was lost on the way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from priors.elicit import believed
from priors.families import make
from priors.figures import line
from priors.records import Claim, Hedge

Q = np.array([1e-6, 0.05, 0.5, 0.95, 1 - 1e-6])
ABOUT = Hedge("about", "relative", parameters={"half_width": 0.25}, reason="r")
AT_LEAST = Hedge("at_least", "at_least", parameters={"median": 0.15, "p95": 0.6}, reason="r")
RANGE = Hedge("range", "range", parameters={"low_p": 0.05, "high_p": 0.95}, reason="r")
HEDGES = {hedge.name: hedge for hedge in (ABOUT, AT_LEAST, RANGE)}
CLAIMS = {
    "Q1.1": Claim("Q1.1", "seven tenths", ("prior",), value=0.7),
    "Q1.2": Claim("Q1.2", "six to seven tenths", ("prior",), range=(0.6, 0.7)),
    "Q1.3": Claim("Q1.3", "a fact of 24", ("fact",), value=24.0, numbers={"servers": 3.0}),
}


def of(text: str, *hedges: Hedge) -> tuple[Any, float]:
    return believed(text, hedges, CLAIMS, HEDGES, "squares")


@pytest.mark.parametrize(
    ("text", "low", "mode", "high"),
    [
        ("Q1.1", 0.525, 0.7, 0.875),
        ("Q1.1 / Q1.2 - 1", 0.525 / 0.65 - 1, 0.7 / 0.65 - 1, 0.875 / 0.65 - 1),
        ("2 * Q1.1 + Q1.2", 1.05 + 0.65, 1.4 + 0.65, 1.75 + 0.65),
        ("1 - Q1.1", 0.125, 0.3, 0.475),
        ("Q1.1 * Q1.1", 0.49 * 0.75, 0.49, 0.49 * 1.25),  # no line: the value itself is the figure
        ("14 / Q1.1", 15, 20, 25),
    ],
)
def test_the_hedge_acts_on_the_first_figure_named(text: str, low: float, mode: float, high: float) -> None:
    found, stated = of(text, ABOUT)
    assert stated == pytest.approx(mode, rel=1e-12)
    expected = make({"family": "pert", "low": low, "mode": mode, "high": high})
    np.testing.assert_allclose(found.ppf(Q), expected.ppf(Q), rtol=1e-9)
    assert found.support == pytest.approx((low, high), rel=1e-12)


def test_a_bound_carried_along_a_falling_line_is_an_upper_bound() -> None:
    found, _ = of("1 - Q1.1", AT_LEAST)
    assert found.support[1] == pytest.approx(0.3, rel=1e-12)
    assert float(found.ppf(0.5)) == pytest.approx(0.3 - 0.7 * 0.15, rel=1e-9)


def test_a_range_in_an_expression_keeps_its_rule() -> None:
    found, stated = of("10 * Q1.2", RANGE)
    assert stated == pytest.approx(6.5)
    np.testing.assert_allclose(found.ppf(np.array([0.05, 0.95])), [6.0, 7.0], rtol=1e-12)


def test_a_fact_stays_certain_in_an_expression() -> None:
    found, stated = of("Q1.3 / 8")
    assert found.support == (3.0, 3.0)
    assert stated == 3.0


@pytest.mark.parametrize("text", ["Q1.1", "3", "Q1.1 * Q1.1", "Q1.1 - Q1.1", "1 / Q1.1"])
def test_what_draws_no_line(text: str) -> None:
    assert line(text, CLAIMS) is None


def test_a_named_number_of_a_claim_is_a_plain_figure() -> None:
    found, stated = of("Q1.3.servers * 2", ABOUT)
    assert stated == 6.0
    assert found.support == pytest.approx((4.5, 7.5))
