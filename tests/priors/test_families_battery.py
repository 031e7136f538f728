"""Every family follows its law: against SciPy's quantiles, moments and 1e6 draws by inverse CDF.

One table (`laws.py`) drives it. The statistical tests together raise a false alarm with a chance of 1e-6.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from priors.families import Beta, Distribution, Gamma, Lognormal, Normal, Pert, quadrature
from tests.priors.laws import CONTINUOUS, DISCRETE, LAWS

TAILS = 2.0 ** -np.array([60.0, 45, 33, 20, 10, 4])
INNER = np.linspace(0.001, 0.999, 333)
P = np.concatenate([TAILS, INNER, 1.0 - TAILS[2:]])
SCIPYS = np.concatenate([TAILS, INNER, 1.0 - TAILS[3:]])  # nearer to 1 its truncated normal is off by 1e-8
ALARM = 1e-6 / (4 * len(CONTINUOUS) + len(DISCRETE))

continuous = pytest.mark.parametrize("name", CONTINUOUS)
discrete = pytest.mark.parametrize("name", DISCRETE)


def spread(law: Distribution) -> float:
    return float(law.isf(0.05) - law.ppf(0.05))


@continuous
def test_quantiles_and_chances_are_scipys_far_into_both_tails(name: str) -> None:
    law, oracle = CONTINUOUS[name]
    exact = {"rtol": 1e-9, "atol": 1e-15 * max(1.0, float(np.abs(law.ppf(INNER)).max()))}
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(law.ppf(SCIPYS), oracle.ppf(SCIPYS), **exact)
        # without isf of its own, an upper tail ends where 1 - q is told apart no more
        tails = TAILS[1:] if name in ("wrapped ppf only", "wrapped standard library") else TAILS
        rtol = 0.02 if tails is not TAILS else 1e-9
        np.testing.assert_allclose(law.isf(tails), oracle.isf(tails), **exact | {"rtol": rtol})
    x = law.ppf(INNER)
    np.testing.assert_allclose(law.cdf(x), oracle.cdf(x), rtol=1e-9)
    np.testing.assert_allclose(law.sf(x), oracle.sf(x), rtol=1e-9)


@pytest.mark.parametrize("name", [n for n in LAWS if not LAWS[n].discrete])
def test_cdf_undoes_ppf(name: str) -> None:
    law = LAWS[name]
    np.testing.assert_allclose(law.cdf(law.ppf(P)), P, atol=1e-10, rtol=0)
    np.testing.assert_allclose(law.sf(law.isf(P)), P, atol=1e-10, rtol=0)
    np.testing.assert_allclose(law.isf(P[P > 1e-3]), law.ppf(1.0 - P[P > 1e-3]), atol=1e-9 * spread(law), rtol=1e-9)


@pytest.mark.parametrize("name", [n for n in CONTINUOUS if "wrapped" not in n])
def test_moments_are_scipys_and_the_quadratures(name: str) -> None:
    law, oracle = CONTINUOUS[name]
    heavy = name in ("metalog from low", "metalog up to high")  # tail index 1.58: the mean is there, no variance is
    assert law.mean() == pytest.approx(float(oracle.mean()), rel=1e-7, abs=1e-9)
    assert quadrature.mean(law) == pytest.approx(law.mean(), rel=1e-9, abs=1e-9)
    assert law.var() == (np.inf if heavy else pytest.approx(float(oracle.var()), rel=1e-6))
    if not heavy:
        assert quadrature.var(law) == pytest.approx(law.var(), rel=1e-9)


@pytest.fixture(scope="module")
def uniforms() -> NDArray[np.float64]:
    return np.random.Generator(np.random.Philox(20230401)).random(1_000_000)


@pytest.mark.parametrize("draws", [65_536, pytest.param(1_000_000, marks=pytest.mark.slow)])
@continuous
def test_draws_follow_the_law(name: str, draws: int, uniforms: NDArray[np.float64]) -> None:
    law, oracle = CONTINUOUS[name]
    chances = oracle.cdf(law.ppf(uniforms[:draws]))
    assert stats.kstest(chances, "uniform", method="asymp").pvalue > ALARM
    cells = np.bincount(np.minimum((chances * 256).astype(int), 255), minlength=256)
    assert stats.chisquare(cells).pvalue > ALARM


@discrete
def test_discrete_draws_follow_the_law(name: str, uniforms: NDArray[np.float64]) -> None:
    law, oracle = DISCRETE[name]
    if name == "fixed":
        assert np.all(law.ppf(uniforms[:100]) == 7.0)
        return
    values, seen = np.unique(law.ppf(uniforms), return_counts=True)
    expected = oracle.pmf(values) * uniforms.size
    enough = expected >= 10.0
    rest = uniforms.size - expected[enough].sum()
    seen, expected = np.append(seen[enough], seen[~enough].sum()), np.append(expected[enough], rest)
    used = expected > 1e-6
    assert stats.chisquare(seen[used], expected[used], sum_check=False).pvalue > ALARM


@discrete
def test_discrete_chances_are_scipys(name: str) -> None:
    law, oracle = DISCRETE[name]
    values, chances = law.atoms() or pytest.fail("a discrete law without atoms")
    assert chances.sum() == pytest.approx(1.0, abs=1e-14)
    head = chances > 1e-12
    np.testing.assert_allclose(chances[head], oracle.pmf(values[head]), rtol=1e-3 if "wrapped" in name else 1e-9)
    x = np.concatenate([values[:200], values[:200] + 0.5, values[:1] - 0.5])
    np.testing.assert_allclose(law.cdf(x), oracle.cdf(x), rtol=1e-9)
    np.testing.assert_allclose(law.sf(x), oracle.sf(x), rtol=1e-9, atol=1e-15)
    p = np.array([0.013, 0.11, 0.29, 0.31, 0.49, 0.51, 0.77, 0.93, 0.991])
    np.testing.assert_array_equal(law.ppf(p), oracle.ppf(p))
    assert law.mean() == pytest.approx(float(oracle.mean()), rel=1e-9)
    assert law.var() == pytest.approx(float(oracle.var()), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", [n for n in LAWS if LAWS[n].discrete])
def test_a_jump_belongs_to_the_value_below_it(name: str) -> None:
    """At p = cdf(v) exactly, and at q = sf(v), the quantile is still v."""
    law = LAWS[name]
    values, chances = law.atoms() or pytest.fail("a discrete law without atoms")
    head = values[np.cumsum(chances) < 1.0 - 1e-9]
    np.testing.assert_array_equal(law.ppf(law.cdf(head)), head)
    np.testing.assert_array_equal(law.isf(law.sf(head)), head)


# mpmath 1.3 at 60 digits, bisection of its regularised beta, gamma and error functions: (law, p) -> ppf, isf
KNOWN = [
    (Beta(2, 5), 33, 2.7858713380070548e-6, 1.0 - 0.0072126593887573227),
    (Beta(2, 5), 60, 2.40466454839283e-10, 1.0 - 0.00017061694150991467),
    (Beta(0.7, 1.5), 33, 4.1120731144732672e-15, 1.0 - 3.2153173870976342e-7),
    (Beta(0.7, 1.5), 60, 1.0067087708899429e-26, 1.0 - 1.2265462917924381e-12),
    (Pert(0, 0.3, 1), 33, 1.0459491695166466e-5, 1.0 - 0.0015107199899956837),
    (Pert(0, 0.3, 1), 60, 2.1137205408606152e-9, 1.0 - 1.0967905691608754e-5),
    (Gamma(3, 1), 33, 0.00088746278580934924, 28.983088539286405),
    (Gamma(3, 1), 60, 1.7329419899687005e-6, 48.708437658264618),
    (Gamma(0.7, 1), 33, 5.6123512178391626e-15, 21.67694217559531),
    (Gamma(40.5, 1), 60, 6.714797203096408, 123.8467979066133),
    (Normal(0, 1), 33, -6.3379577545537892525, 6.3379577545537892525),
    (Normal(0, 1), 60, -8.7733211690275516819, 8.7733211690275516819),
    (Lognormal(15, 60), 33, 0.071817595472419611, 3132.9369706676913),
    (Lognormal(15, 60), 60, 0.0092219624649810784, 24398.277574258339),
    (Normal(0, 1).truncated(1, np.inf), 33, 1.0000000000763311, 6.6158599177692871),
    (Normal(0, 1).truncated(5, 7), 33, 5.0000000000224457, 6.9999963468986633),
    (Normal(0, 1).truncated(5, 7), 1, 5.1320174919168411, 5.1320174919168411),
]


@pytest.mark.parametrize(("law", "power", "ppf", "isf"), KNOWN)
def test_tails_are_known_to_many_digits(law: Distribution, power: int, ppf: float, isf: float) -> None:
    assert law.ppf(2.0**-power) == pytest.approx(ppf, rel=1e-11)
    assert law.isf(2.0**-power) == pytest.approx(isf, rel=1e-11)
