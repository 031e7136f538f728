"""What holds for every law by its interface: round trips, order, standard shapes, scaling, shifting, cutting."""

import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priors.families import NEVER, Beta, Distribution, Fixed, Hazard, Lognormal, Normal, Pert, Uniform, Wrapped, make
from tests.priors.laws import LAWS

every = pytest.mark.parametrize("name", LAWS)
smooth = pytest.mark.parametrize("name", [n for n, law in LAWS.items() if not law.discrete])
P = np.concatenate([[0.0, 2.0**-33, 1e-6], np.linspace(0.003, 0.997, 101), [1.0 - 1e-6, 1.0]])


def rests_on_wrapped(law: Distribution) -> bool:
    return law.family == "wrapped"


@every
def test_a_spec_in_json_makes_an_equal_law_with_equal_bits(name: str) -> None:
    law = LAWS[name]
    text = json.dumps(law.spec(), allow_nan=False)
    if rests_on_wrapped(law):
        with pytest.raises(ValueError, match="lives in Python only"):
            make(json.loads(text))
        return
    again = make(json.loads(text))
    assert again == law
    assert hash(again) == hash(law)
    assert json.dumps(again.spec()) == text
    np.testing.assert_array_equal(again.ppf(P), law.ppf(P))


@pytest.mark.parametrize("name", [n for n in LAWS if "wrapped ppf" not in n and "new" not in n])
def test_a_law_survives_a_trip_to_another_process(name: str) -> None:
    law = LAWS[name]
    law.mean()  # what is remembered on the way must not matter
    assert pickle.loads(pickle.dumps(law)) == law


def test_laws_of_unlike_content_differ() -> None:
    assert len(set(LAWS.values())) == len({json.dumps(law.spec()) for law in LAWS.values()}) >= 50


@every
@settings(max_examples=40, deadline=None)
@given(p=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=8))
def test_quantiles_rise_within_the_support(name: str, p: list[float]) -> None:
    law = LAWS[name]
    rising = np.sort(p)
    x = law.ppf(rising)
    with np.errstate(invalid="ignore"):
        fall = x[:-1] - x[1:]  # NaN where both are the same infinite end
    assert not np.any(fall > 1e-12 * np.abs(x[1:]))  # roots are good to their last bits
    assert np.all((x >= law.support[0]) & (x <= law.support[1]))
    down = law.isf(rising)
    assert np.all((down >= law.support[0]) & (down <= law.support[1]))


@every
def test_the_ends_are_the_supports_and_beyond_them_is_nothing(name: str) -> None:
    law = LAWS[name]
    lo, hi = law.support
    assert (law.ppf(0.0), law.ppf(1.0), law.isf(1.0), law.isf(0.0)) == (lo, hi, lo, hi)
    assert (law.cdf(hi), law.sf(hi)) == (1.0, 0.0)
    if np.isfinite(lo):
        assert (law.cdf(np.nextafter(lo, -np.inf)), law.sf(np.nextafter(lo, -np.inf))) == (0.0, 1.0)
    assert np.isnan(law.ppf([-0.1, 1.1, np.nan])).all()
    assert np.isnan(law.cdf(np.nan))
    assert law.ppf(np.full((2, 3), 0.4)).shape == (2, 3)
    assert np.ndim(law.ppf(0.4)) == 0


@every
def test_standard_shape_gives_the_law_back_and_never_leaves_its_support(name: str) -> None:
    law = LAWS[name]
    shape, loc, scale = law.standard()
    assert scale > 0.0
    x = loc + scale * shape.ppf(P)
    size = max(abs(loc), scale) if (loc, scale) != (0.0, 1.0) else 0.0
    np.testing.assert_allclose(x, law.ppf(P), rtol=1e-12, atol=1e-13 * size)
    assert np.all((x >= law.support[0]) & (x <= law.support[1]))
    assert shape.standard()[1:] == (0.0, 1.0)


@settings(max_examples=300, deadline=None)
@given(a=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6), cut=st.floats(0.01, 0.4), share=st.floats(0.0, 1.0))
def test_a_bound_holds_to_the_last_bit_after_standardising(a: float, width: float, cut: float, share: float) -> None:
    b = a + width
    lo, hi = a + cut * width, b - cut * width
    middle = min(max(a + share * width, a), b)
    for law in (Uniform(a, b), Pert(a, middle, b), Normal(a, width).truncated(lo, hi), Beta(2, 3, a, b)):
        shape, loc, scale = law.standard()
        ends = loc + scale * np.array(shape.support)
        assert law.support[0] <= ends[0] < ends[1] <= law.support[1]


def test_few_shapes_serve_many_laws() -> None:
    values = [3.0, 0.1, 50_000.0, 1 / 3, 24_000.0, 0.7]
    assert {Pert(0.75 * v, v, 1.25 * v).standard()[0] for v in values} == {Beta(3, 3)}
    assert {Pert(0.9 * v, v, 1.1 * v).shifted(v).standard()[0] for v in values} == {Beta(3, 3)}
    assert {Normal(v, 2 * v).standard()[0] for v in values} == {Normal(0, 1)}
    assert {Lognormal(0.15 * v, 0.6 * v, v).standard()[0] for v in values} == {Lognormal(1, 4)}


@every
@pytest.mark.parametrize(("factor", "offset"), [(3.0, 0.0), (0.37, -11.0), (-2.5, 1.0), (1e6, 1e6)])
def test_scaled_and_shifted_move_every_quantile(name: str, factor: float, offset: float) -> None:
    law = LAWS[name]
    if law.family == "hazard":
        return  # its own test: never stays where it is
    moved = law.scaled(factor).shifted(offset)
    base = law.ppf(P) if factor > 0.0 else law.isf(P)
    if law.discrete and factor < 0.0:
        inner = (P > 0.0) & (P < 1.0)
        np.testing.assert_allclose(moved.ppf(P[inner]), offset + factor * base[inner], rtol=1e-12)
    else:
        np.testing.assert_allclose(moved.ppf(P), offset + factor * base, rtol=1e-9, atol=1e-9 * abs(factor))
    if np.isfinite(law.var()):
        assert moved.mean() == pytest.approx(offset + factor * law.mean(), rel=1e-9, abs=1e-9 * abs(factor))
        assert moved.var() == pytest.approx(factor**2 * law.var(), rel=1e-8, abs=1e-12)
    assert moved.discrete == law.discrete
    shape, loc, scale = moved.standard()
    np.testing.assert_allclose(loc + scale * shape.ppf(P), moved.ppf(P), rtol=1e-9, atol=1e-9 * abs(factor))
    if not rests_on_wrapped(law):
        assert make(moved.spec()) == moved


@every
def test_scaling_forth_and_back_gives_the_law(name: str) -> None:
    law = LAWS[name]
    np.testing.assert_allclose(law.scaled(4.0).scaled(0.25).ppf(P), law.ppf(P), rtol=1e-13)
    assert law.shifted(0.0).ppf(0.3) == law.ppf(0.3)
    assert law.truncated(-np.inf, np.inf) == law


@smooth
@pytest.mark.parametrize("kept", [(0.05, 0.6), (0.7, 0.9999), (0.0, 0.3), (0.4, 1.0)])
def test_a_cut_law_is_the_law_given_that_it_is_inside(name: str, kept: tuple[float, float]) -> None:
    law = LAWS[name]
    lo, hi = (float(x) for x in law.ppf(kept))
    cut = law.truncated(lo, hi)
    assert cut.support == (lo, hi)
    inner = P[3:-2]
    np.testing.assert_allclose(cut.ppf(inner), law.ppf(kept[0] + inner * (kept[1] - kept[0])), rtol=1e-8, atol=1e-9)
    x = cut.ppf(inner)
    np.testing.assert_allclose(cut.cdf(x) + cut.sf(x), 1.0, rtol=1e-9)
    np.testing.assert_allclose(cut.cdf(x), inner, atol=1e-10)
    again = cut.truncated(-np.inf, hi)
    np.testing.assert_array_equal(again.ppf(P), cut.ppf(P))


@every
def test_every_jump_and_kink_of_the_quantiles_is_listed(name: str) -> None:
    law = LAWS[name]
    breaks = law.breaks()
    assert list(breaks) == sorted(set(breaks))
    assert all(0.0 < b < 1.0 for b in breaks)
    if isinstance(law, Wrapped):
        return
    p = np.linspace(0.05, 0.95, 1801)
    x = law.ppf(p)
    if law.discrete:
        seen = p[1:][np.diff(x) > 0.0]
        assert all(np.min(np.abs(np.array(breaks) - s)) < 1e-3 for s in seen)
        assert all(law.ppf(b * (1 - 1e-9)) < law.ppf(min(b * (1 + 1e-9), 1.0)) for b in breaks if 1e-6 < b < 1 - 1e-6)
        return
    bend = np.abs(np.diff(x, 3)) / np.ptp(x)  # a kink shows as h, a smooth stretch as h³
    for at in p[1:-2][bend > 2e-4]:
        assert np.min(np.abs(np.array([*breaks, np.inf]) - at)) < 2e-3


@given(
    rate=st.floats(1e-6, 0.999),
    start=st.integers(0, 40),
    factor=st.floats(0.1, 9),
    offset=st.floats(-20, 20),
    p=st.floats(0, 1),
)
@settings(max_examples=200, deadline=None)
def test_a_hazard_moves_its_quarters_and_not_its_never(
    rate: float, start: int, factor: float, offset: float, p: float
) -> None:
    law = Hazard(rate, start)
    moved, base = law.scaled(factor).shifted(offset), law.ppf(p)
    if base == NEVER:
        assert moved.ppf(p) == NEVER
    else:
        assert moved.ppf(p) == pytest.approx(min(offset + factor * base, NEVER), rel=1e-12, abs=1e-12)
    x = float(moved.ppf(p))
    assert moved.cdf(x) >= p * (1 - 1e-12)
    assert moved.cdf(np.nextafter(x, -np.inf)) <= p * (1 + 1e-12) or p == 0.0


def test_fixed_values_move_and_a_cut_keeps_or_refuses_them() -> None:
    assert Fixed(3).scaled(0.0) == Fixed(0)
    assert Fixed(3).shifted(-1).scaled(2) == Fixed(4)
    assert Fixed(3).truncated(3, 5) == Fixed(3)
    with pytest.raises(ValueError, match="holds one of its values"):
        Fixed(3).truncated(4, 5)
