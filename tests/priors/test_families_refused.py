"""Wrong parameters: each is refused in one line that names the key, what was found and what is expected."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from priors.families import FAMILIES, Distribution, Normal, ParameterError, Pert, empirical, make, wrap

INF, NAN = float("inf"), float("nan")
QUANTILES = [[0.1, 1], [0.5, 2], [0.9, 3]]

REFUSED: list[tuple[dict[str, Any], str, str, str]] = [  # table, key at fault, found, expected
    ({}, "family", "nothing", "one of uniform, triangular"),
    ({"family": "normall", "mean": 1, "sd": 1}, "family", "'normall'", 'did you mean "normal"?'),
    ({"family": 3}, "family", "3", "one of uniform"),
    ({"family": ["pert"]}, "family", "['pert']", "one of uniform"),
    ({"family": "wrapped", "digest": "0"}, "family", "'wrapped'", "lives in Python only"),
    ({"family": "uniform", "low": 1}, "high", "nothing", "{low, high} or quantiles"),
    ({"family": "uniform", "low": 1, "high": 1}, "high", "1, equal to low", "the family fixed"),
    ({"family": "uniform", "low": 2, "high": 1}, "high", "1, below low = 2", "above low"),
    ({"family": "uniform", "low": "1", "high": 2}, "low", "'1'", "a number"),
    ({"family": "uniform", "low": True, "high": 2}, "low", "True", "a number"),
    ({"family": "uniform", "low": -INF, "high": 2}, "low", "-inf", "a finite number"),
    ({"family": "uniform", "low": -1e308, "high": 1.7e308}, "high", "a width beyond", "a finite width"),
    ({"family": "uniform", "low": 0, "high": 10**400}, "high", "an integer beyond 1e308", "a finite number"),
    ({"family": "uniform", "lo": 1, "high": 2}, "lo", "a key it does not have", 'did you mean "low"?'),
    ({"family": "uniform", "low": 0, "high": 1, "truncate": [2, 3]}, "truncate", "[2, 3]", "meets the support [0, 1]"),
    ({"family": "triangular", "low": 0, "mode": 5, "high": 4}, "mode", "5", "[low, high] = [0, 4]"),
    ({"family": "pert", "low": 0, "mode": -1, "high": 4}, "mode", "-1", "[low, high] = [0, 4]"),
    ({"family": "pert", "low": 1, "mode": 1, "high": 1}, "high", "equal to low", "the family fixed"),
    ({"family": "pert", "quantiles": [[0.1, 1], [0.9, 2]]}, "quantiles", "2 of them", "at least 3"),
    ({"family": "normal", "mean": 1, "sd": 0}, "sd", "0", "above 0"),
    ({"family": "normal", "mean": NAN, "sd": 1}, "mean", "nan", "a finite number"),
    ({"family": "normal", "mean": 1, "sd": 1, "truncate": [3, 2]}, "truncate", "[3, 2]", "below the upper"),
    ({"family": "normal", "mean": 1, "sd": 1, "truncate": [30, 31]}, "truncate", "holds a chance of", "at least 1e-09"),
    ({"family": "normal", "mean": 1, "sd": 1, "truncate": 3}, "truncate", "3", "two numbers"),
    ({"family": "normal", "mean": 1, "sd": 1, "truncate": [NAN, 2]}, "truncate", "nan", "inf or -inf"),
    ({"family": "normal", "mean": 1, "quantiles": QUANTILES}, "mean", "beside quantiles", "not both"),
    ({"family": "normal", "quantiles": [[5, 1], [95, 3]]}, "quantiles[0]", "p = 5", "0.05 for 5 %"),
    ({"family": "normal", "quantiles": [[0.5, 2], [0.1, 1]]}, "quantiles[1]", "[0.1, 1] after [0.5, 2.0]", "both rise"),
    ({"family": "normal", "quantiles": [[0.1, 2], [0.5, 2]]}, "quantiles[1]", "[0.5, 2]", "both rise"),
    ({"family": "normal", "quantiles": [0.1, 2]}, "quantiles[0]", "0.1", "a pair [p, x]"),
    ({"family": "normal", "quantiles": 3}, "quantiles", "3", "[p, x] pairs"),
    ({"family": "lognormal", "median": 4, "p95": 3}, "p95", "3", "above the median = 4"),
    ({"family": "lognormal", "median": 0, "p95": 3}, "median", "0", "above 0"),
    ({"family": "lognormal", "median": 4, "sigma": 3}, "sigma", "beside median, p95", "one form or the other"),
    ({"family": "lognormal", "mu": 800, "sigma": 1}, "mu", "mu = 800", "<= 700"),
    ({"family": "lognormal", "quantiles": [[0.1, -1], [0.9, 1]]}, "quantiles", "a value of -1", "above 0"),
    ({"family": "beta", "a": -1, "b": 2}, "a", "-1", "above 0"),
    ({"family": "beta", "quantiles": [[0.1, 0.2], [0.9, 1.2]]}, "quantiles", "from 0.2 to 1.2", "(0, 1)"),
    ({"family": "gamma", "shape": 1, "scale": -2}, "scale", "-2", "above 0"),
    ({"family": "metalog", "quantiles": [[0.1, 1], [0.5, 8], [0.9, 9]]}, "quantiles", "falls near p =", "one smooth"),
    ({"family": "metalog", "quantiles": [[0.5, 1]]}, "quantiles", "1 of them", "at least 2"),
    ({"family": "metalog", "quantiles": QUANTILES, "low": 1}, "low", "1", "below the quantile 1"),
    ({"family": "metalog", "quantiles": QUANTILES, "high": 2.5}, "high", "2.5", "above the quantile 3"),
    (
        {"family": "metalog", "quantiles": [[0.01, 1], [0.02, 2], [0.03, 3], [0.04, 5]], "low": 0},
        "quantiles",
        "passes 1e308",
        "or a bound",
    ),
    ({"family": "metalog"}, "quantiles", "nothing", "{quantiles}"),
    ({"family": "empirical", "values": []}, "values", "an empty list", "at least one"),
    ({"family": "empirical", "values": [2, 2]}, "values", "1 distinct value", "the family fixed"),
    ({"family": "empirical", "values": [1, 2], "weights": [1]}, "weights", "1 for 2 values", "one for each"),
    ({"family": "empirical", "values": [1, 2], "weights": [1, -1]}, "weights[1]", "-1", "at least 0"),
    ({"family": "empirical", "values": [1, 2], "interpolate": 1}, "interpolate", "1", "true or false"),
    ({"family": "choice", "values": [1, "a"]}, "values[1]", "'a'", "a number"),
    ({"family": "choice", "values": [1, 1]}, "values", "one twice", "each value once"),
    ({"family": "choice", "values": [1]}, "values", "one value", "the family fixed"),
    ({"family": "choice", "values": "12"}, "values", "'12'", "a list of numbers"),
    ({"family": "choice", "values": [1, 2], "probabilities": [0.5, 0.4]}, "probabilities", "a sum of 0.9", "sum of 1"),
    ({"family": "choice", "values": [1, 2], "probabilities": [1.5, -0.5]}, "probabilities[0]", "1.5", "in [0, 1]"),
    ({"family": "choice", "values": [1, 2], "probabilities": 0.5}, "probabilities", "0.5", "a list of numbers"),
    ({"family": "choice", "values": [1, 2], "truncate": [0, 1]}, "truncate", "a key it does not have", "one of values"),
    ({"family": "bernoulli", "p": 1.2}, "p", "1.2", "in [0, 1]"),
    ({"family": "hazard", "rate": -0.1, "from": 1}, "rate", "-0.1", "in [0, 1]"),
    ({"family": "hazard", "rate": 0.1, "from": 1.5}, "from", "1.5", "a whole quarter"),
    ({"family": "hazard", "rate": 0.1, "from": 9999}, "from", "9999", "0 to 9998"),
    ({"family": "hazard", "rate": 0.1}, "from", "nothing", "{rate, from}"),
    ({"family": "fixed", "value": None}, "value", "None", "a number"),
    ({"family": "fixed"}, "value", "nothing", "{value}"),
]


@pytest.mark.parametrize(("spec", "key", "found", "expected"), REFUSED, ids=[str(i) for i in range(len(REFUSED))])
def test_a_wrong_table_is_answered_in_one_line(spec: dict[str, Any], key: str, found: str, expected: str) -> None:
    with pytest.raises(ParameterError) as caught:
        make(spec)
    error = caught.value
    assert error.key == key
    assert found in error.found
    assert expected in error.expected
    assert "\n" not in str(error)
    assert len(str(error)) < 300
    assert str(error).endswith(f"found {error.found}, expected {error.expected}")


def test_methods_refuse_what_tables_refuse() -> None:
    law = Normal(1, 2)
    for wrong in (0, INF, NAN, "2", True, None):
        with pytest.raises(ValueError, match=r"normal\.scale: found"):
            law.scaled(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"normal\.shift: found nan"):
        law.shifted(NAN)
    with pytest.raises(ValueError, match="meets the support"):
        Pert(0, 1, 2).truncated(2, 5)
    with pytest.raises(ValueError, match="never stays last"):
        make({"family": "hazard", "rate": 0.1, "from": 1}).scaled(-1)
    with pytest.raises(ValueError, match="a hazard is not cut"):
        make({"family": "hazard", "rate": 0.1, "from": 1}).truncated(0, 12)


class Falls:
    def ppf(self, p: Any) -> Any:
        return -np.asarray(p)


class Flat:
    def icdf(self, p: Any) -> Any:
        return np.ones_like(p)


@pytest.mark.parametrize(
    ("law", "words"),
    [
        (object(), "object without ppf or icdf"),
        (3.0, "float without ppf or icdf"),
        (Falls(), "values that fall as p rises"),
        (Flat(), "1 everywhere"),
        (stats.norm(0, -1), "not finite"),
        (stats.randint(0, 9000), "over 4096 values"),
    ],
)
def test_what_cannot_be_wrapped_is_refused(law: object, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        wrap(law)


def test_breaks_of_a_wrapped_law_lie_inside() -> None:
    with pytest.raises(ValueError, match="chances inside"):
        wrap(stats.norm(), breaks=(0.0, 0.5))
    assert wrap(stats.norm(), breaks=(0.5, 0.2)).breaks() == (0.2, 0.5)
    assert wrap(stats.norm(), breaks=(0.5,)) != wrap(stats.norm())


numbers = st.one_of(st.floats(), st.integers(), st.floats(-3, 3))
anything = st.recursive(
    st.one_of(numbers, st.none(), st.booleans(), st.text(max_size=3), st.sampled_from(["inf", "-inf"])),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_any_table_gives_a_sound_law_or_one_readable_line(data: st.DataObject) -> None:
    family = FAMILIES[data.draw(st.sampled_from(sorted(FAMILIES)))]
    keys = data.draw(st.sets(st.sampled_from(family.parameters))) | set(data.draw(st.sampled_from(family.forms)))
    values = st.one_of(numbers, anything, st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted)))
    spec = {"family": family.name} | {key: data.draw(values) for key in sorted(keys)}
    try:
        law = make(spec)
    except ParameterError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return
    assert isinstance(law, Distribution)
    x = law.ppf([0.0, 2.0**-33, 0.25, 0.5, 0.75, 1.0])
    assert not np.isnan(x).any()
    assert make(law.spec()) == law


def test_a_weight_of_zero_drops_its_value() -> None:
    assert empirical([1, 2, 3], [1, 0, 1]) == empirical([1, 3])
