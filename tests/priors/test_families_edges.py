"""Places where rounding once gave, or would give, a wrong answer; each a fixed case."""

import numpy as np
import pytest
from scipy.special import betaln

from priors.families import NEVER, Beta, Hazard, Normal, wrap
from tests.priors.laws import OnlyPpf


@pytest.mark.parametrize("rate", [0.037835198018639, 0.015858344340147656, 0.08, 0.15, 1 / 3, 0.9])
def test_a_hazards_quantile_is_the_least_value_with_enough_chance(rate: float) -> None:
    law = Hazard(rate, 0)
    values = np.arange(200.0)
    values = values[law.sf(values) > 1e-9]
    at = law.cdf(values)
    for p in (at, np.nextafter(at, 0.0), np.nextafter(at, 1.0)):
        x = law.ppf(p)
        assert np.all(law.cdf(x) >= p)
        assert np.all(law.cdf(x - 1.0) < p)
    left = law.sf(values)
    for q in (left, np.nextafter(left, 0.0), np.nextafter(left, 1.0)):
        x = law.isf(q)
        assert np.all(law.sf(x) <= q)
        assert np.all(law.sf(x - 1.0) > q)


def test_a_rare_hazard_that_is_halved_reaches_no_quarter_above_its_last() -> None:
    law = Hazard(1e-5, 0).scaled(0.25)
    last = 0.25 * 9998
    chance = -np.expm1(9999 * np.log1p(-1e-5))
    np.testing.assert_allclose(law.cdf([last, last + 1.0, 9998.9]), chance, rtol=1e-12)
    assert law.ppf(chance * (1 + 1e-9)) == NEVER
    values, chances = law.atoms()
    assert (values[-2], values[-1]) == (last, NEVER)
    assert chances[-1] == pytest.approx(1.0 - chance, rel=1e-12)


@pytest.mark.parametrize(("a", "b"), [(3, 3), (26.76, 0.44), (29.44, 0.49), (10.52, 9.36), (27.55, 5.51), (0.7, 1.5)])
def test_beta_rises_where_scipys_roots_go_astray(a: float, b: float) -> None:
    p = np.sort(np.append(10.0 ** -np.linspace(1.0, 305.0, 1001), [3.734622314108725e-297, 9.92488673040065e-182]))
    law = Beta(a, b)
    z = law.ppf(p)
    assert np.all(np.diff(z) >= -1e-12 * z[1:])
    first = np.exp((np.log(p) + np.log(a) + betaln(a, b)) / a)
    tiny = (first < 1e-10) & (p > 1e-100) & (first > 1e-290)
    np.testing.assert_allclose(z[tiny], first[tiny], rtol=1e-8)
    up = law.isf(p)
    assert np.all(np.diff(up) <= 1e-15)


def test_a_bound_far_from_zero_is_kept_in_few_steps() -> None:
    """Moved by last bits of the value, not of the place, this would go on for 1e10 steps."""
    law = Normal(1e9, 1e-3).truncated(1e9 - 0.0007, 1e9 + 0.0011)
    shape, loc, scale = law.standard()
    assert law.support[0] <= loc + scale * shape.support[0] < loc + scale * shape.support[1] <= law.support[1]


def test_a_law_without_isf_ends_where_doubles_end() -> None:
    law = wrap(OnlyPpf())
    assert law.isf(2.0**-60) == law.isf(2.0**-53) == pytest.approx(2.0 * 53.0 * np.log(2.0))
    assert law.isf(0.0) == np.inf
