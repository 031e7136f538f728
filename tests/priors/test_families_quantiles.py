"""From quantiles to laws: exact where determined, least squares where not, and the misfit told; the metalog."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize
from scipy.special import ndtri

from priors.families import (
    Beta,
    Distribution,
    Gamma,
    Lognormal,
    Metalog,
    Normal,
    ParameterError,
    Pert,
    Triangular,
    Uniform,
    from_quantiles,
    make_told,
)

TRUE: list[tuple[Distribution, dict[str, float]]] = [
    (Uniform(-3, 5), {}),
    (Normal(0.4, 0.0608), {}),
    (Lognormal(15, 60), {}),
    (Lognormal(15, 60, 100), {"shift": 100}),
    (Gamma(3, 2), {}),
    (Gamma(0.6, 20, 5), {"shift": 5}),
    (Gamma(900, 1), {}),
    (Beta(2, 5), {}),
    (Beta(40, 3, -2, 6), {"low": -2, "high": 6}),
    (Beta(0.8, 0.9), {}),
    (Triangular(0, 1, 4), {}),
    (Triangular(2, 4, 5), {}),
    (Pert(0.6, 0.85, 1.05), {}),
    (Pert(2250, 3000, 3750), {}),
    (Pert(0, 3.9, 4), {}),
]


@pytest.mark.parametrize(("law", "known"), TRUE, ids=[repr(law) for law, _ in TRUE])
@pytest.mark.parametrize("chances", [(0.05, 0.5, 0.95), (0.1, 0.25, 0.5, 0.75, 0.9), (0.01, 0.3, 0.8)])
def test_a_laws_own_quantiles_give_it_back(law: Distribution, known: dict[str, float], chances: tuple[float]) -> None:
    fitted, misfit = from_quantiles(law.family, [(p, float(law.ppf(p))) for p in chances], **known)
    p = np.linspace(0.001, 0.999, 99)
    np.testing.assert_allclose(fitted.ppf(p), law.ppf(p), rtol=1e-6, atol=1e-6 * float(law.isf(0.05) - law.ppf(0.05)))
    assert [row[:2] for row in misfit] == [(p, float(law.ppf(p))) for p in chances]
    assert all(got == pytest.approx(wanted, rel=1e-7) for _, wanted, got in misfit)


@pytest.mark.parametrize(
    ("family", "known"),
    [("uniform", {}), ("normal", {}), ("lognormal", {}), ("gamma", {}), ("beta", {"low": 0, "high": 100})],
)
def test_two_quantiles_are_met_exactly(family: str, known: dict[str, float]) -> None:
    law, misfit = from_quantiles(family, [(0.05, 30), (0.95, 50)], **known)
    assert law.ppf(0.05) == pytest.approx(30, rel=1e-9)
    assert law.ppf(0.95) == pytest.approx(50, rel=1e-9)
    assert len(misfit) == 2


def test_the_range_hedge_is_a_normal_with_its_ends_at_5_and_95_percent() -> None:
    law, _ = from_quantiles("normal", [(0.05, 0.30), (0.95, 0.50)])
    assert law.mean() == pytest.approx(0.40, rel=1e-15)
    assert np.sqrt(law.var()) == pytest.approx(0.1 / 1.6448536269514722, rel=1e-14)


UNEVEN = [(0.1, 1.0), (0.3, 1.4), (0.5, 2.5), (0.7, 2.9), (0.9, 6.0)]


def test_too_many_quantiles_are_met_in_least_squares_and_the_misfit_is_told() -> None:
    p, x = np.array(UNEVEN).T
    law, misfit = from_quantiles("normal", UNEVEN)
    slope, level = np.polyfit(ndtri(p), x, 1)
    assert isinstance(law, Normal)
    assert (law.mu, law.sigma) == pytest.approx((level, slope))
    np.testing.assert_allclose([got for *_, got in misfit], level + slope * ndtri(p))
    assert max(abs(wanted - got) for _, wanted, got in misfit) > 0.3


@pytest.mark.parametrize("kind", [Pert, Triangular])
def test_no_other_peak_fits_better(kind: type[Pert] | type[Triangular]) -> None:
    p, x = np.array(UNEVEN).T

    def cost(theta: np.ndarray) -> float:
        low, up, down = theta[0], np.exp(theta[1]), np.exp(theta[2])
        return float(np.sum((kind(low, low + up, low + up + down).ppf(p) - x) ** 2))

    law, misfit = from_quantiles(kind.family, UNEVEN)
    ours = sum((wanted - got) ** 2 for _, wanted, got in misfit)
    starts = [np.array([0.5, s, 1.5]) for s in (-3.0, 0.0, 1.0)]
    best = min(optimize.minimize(cost, s, method="Nelder-Mead", options={"maxiter": 4000}).fun for s in starts)
    assert ours <= best * (1 + 1e-6)
    assert isinstance(law, kind)


def test_a_cut_after_a_fit_shows_in_the_misfit() -> None:
    law, misfit = make_told({"family": "normal", "quantiles": [[0.05, 0], [0.95, 2]], "truncate": [0, 2]})
    assert law.support == (0.0, 2.0)
    assert misfit[0][2] > 0.05


def keelin(p: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Keelin's coefficients straight from his equation 6, by least squares on the square basis."""
    return np.linalg.lstsq(basis(p, p.size), x, rcond=None)[0]


def basis(p: np.ndarray, terms: int) -> np.ndarray:
    log, c = np.log(p / (1 - p)), p - 0.5
    columns = [np.ones_like(p), log, c * log, c, c**2, c**2 * log, c**3, c**3 * log, c**4, c**4 * log]
    return np.column_stack(columns[:terms])


@pytest.mark.parametrize("terms", range(2, 11))
@pytest.mark.parametrize("bounds", [(-np.inf, np.inf), (0.0, np.inf), (-np.inf, 300.0), (0.0, 300.0)])
def test_a_metalog_of_any_number_of_terms_is_keelins(terms: int, bounds: tuple[float, float]) -> None:
    low, high = bounds
    coefficients = np.array([0.2, 0.6, 0.1, 0.3, 0.2, 0.15, 0.3, 0.1, 0.2, 0.1])[:terms]

    def curve(p: np.ndarray) -> np.ndarray:
        z = basis(p, terms) @ coefficients
        if np.isfinite(low) and np.isfinite(high):
            return (low + high * np.exp(z)) / (1 + np.exp(z))
        if np.isfinite(low):
            return low + np.exp(z)
        return high - np.exp(-z) if np.isfinite(high) else z

    p, grid = ((np.arange(terms) + 0.5) / terms) ** 1.1, np.linspace(0.01, 0.99, 99)
    law = Metalog(tuple(zip(p.tolist(), curve(p).tolist(), strict=True)), low, high)
    np.testing.assert_allclose(law.ppf(grid), curve(grid), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(law.ppf(p), curve(p), rtol=1e-9)
    np.testing.assert_allclose(law.cdf(law.ppf(grid)), grid, atol=1e-10)


@settings(max_examples=300, deadline=None)
@given(
    chances=st.lists(st.integers(1, 99), min_size=2, max_size=6, unique=True).map(sorted),
    steps=st.lists(st.floats(0.05, 3.0), min_size=6, max_size=6),
    bounded=st.tuples(st.booleans(), st.booleans()),
)
def test_a_metalog_rises_everywhere_or_is_refused(
    chances: list[int], steps: list[float], bounded: tuple[bool, bool]
) -> None:
    p = np.array(chances) / 100.0
    x = np.cumsum(steps)[: p.size]
    low = 0.0 if bounded[0] else -np.inf
    high = float(x[-1] + 1.0) if bounded[1] else np.inf
    t = np.linspace(-12.0, 12.0, 4001)
    try:
        law = Metalog(tuple(zip(p.tolist(), x.tolist(), strict=True)), low, high)
    except ParameterError as error:
        assert error.key == "quantiles"  # noqa: PT017
        assume(not any(bounded) and "1e308" not in error.found)
        far = basis(1 / (1 + np.exp(-np.linspace(-36.0, 36.0, 8001))), p.size) @ keelin(p, x)
        assert np.diff(far).min() < 1e-6  # it falls, or all but does
        return
    some = np.exp(t[t < 0])  # down to 6e-6
    assert np.all(np.diff(law.ppf(some)) >= 0.0)
    assert np.all(np.diff(law.isf(some)) <= 0.0)
    inner = np.linspace(0.001, 0.999, 57)
    inner = inner[(law.ppf(inner) - low > 1e-5) & (high - law.ppf(inner) > 1e-5)]  # doubles tell no more at a bound
    np.testing.assert_allclose(law.cdf(law.ppf(inner)), inner, atol=1e-10)


def test_seven_quantiles_that_mirror_each_other_have_a_metalog() -> None:
    """The plain choice of 5, 10, 25, 50, 75, 90, 95 % is where Keelin's seven terms depend on each other."""
    chances = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
    assert np.linalg.cond(basis(np.array(chances), 7)) > 1e13
    law = Metalog(tuple((p, float(Lognormal(15, 60).ppf(p))) for p in chances), low=0.0)
    p = np.linspace(0.02, 0.98, 97)
    np.testing.assert_allclose(law.ppf(p), Lognormal(15, 60).ppf(p), rtol=0.01)
    np.testing.assert_allclose(law.ppf(chances), Lognormal(15, 60).ppf(chances), rtol=1e-12)


def test_a_feasible_metalog_is_not_refused() -> None:
    """Keelin's rule for three terms: feasible where the middle divides the spread between k and 1 - k."""
    p = 0.1
    k = 0.5 * (1 - 1.66711 * (0.5 - p))
    for place in np.linspace(k + 0.005, 1 - k - 0.005, 11):
        Metalog(((p, 0.0), (0.5, float(place)), (1 - p, 1.0)))
    for place in (k - 0.005, 1 - k + 0.005):
        with pytest.raises(ParameterError, match="density not positive"):
            Metalog(((p, 0.0), (0.5, float(place)), (1 - p, 1.0)))


def test_a_heavy_tail_has_no_finite_mean() -> None:
    law = Metalog(((0.25, 0.1), (0.75, 4.0)), low=0.0)  # log-logistic of index 0.6
    assert law.mean() == np.inf
    assert law.var() == np.inf
    assert Metalog(((0.25, -4.0), (0.75, -0.1)), high=0.0).mean() == -np.inf
