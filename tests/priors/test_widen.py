"""Widths scaled: each rule does what its line of the table says, and no bound, limit or order is lost on the way."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import priors
from priors.elicit import elicit
from priors.families import make
from priors.figures import Figure
from priors.widen import hedge, hedges_in_use, typed, widenings

BOOK = priors.load()
WIDTHS = (0.5, 0.75, 1.5, 2.0, 3.0)


def law(said, *words, factor=1.0):
    said = Figure("value", (float(said),)) if isinstance(said, int | float) else said
    table = {name: hedge(one, factor) for name, one in BOOK.hedges.items()}
    return elicit(said, [table[word] for word in words], table, "squares")


def same(a, b):
    np.testing.assert_allclose(a.ppf([0.01, 0.3, 0.5, 0.99]), b.ppf([0.01, 0.3, 0.5, 0.99]), rtol=1e-12)


@pytest.mark.parametrize("factor", WIDTHS)
def test_half_widths_scale_about_the_figure(factor):
    for words, width in (([], 0.1), (["about"], 0.25), (["expected", "order_of"], math.sqrt(0.18))):
        w = width * factor
        same(
            law(200, *words, factor=factor),
            make({"family": "pert", "low": 200 - 200 * w, "mode": 200, "high": 200 + 200 * w}),
        )


@pytest.mark.parametrize("factor", WIDTHS)
def test_bounds_stay_and_the_far_end_moves(factor):
    odd = law(20_000, "odd", factor=factor)
    same(odd, make({"family": "pert", "low": 20_000, "mode": 22_500, "high": 22_500 + 7_500 * factor}))
    at_least = law(100, "at_least", factor=factor)
    assert at_least.support[0] == 100
    np.testing.assert_allclose(at_least.ppf([0.5, 0.95]), [115, 115 + 45 * factor])
    and_up = law(1_000, "and_up", factor=factor)
    assert and_up.support == (1_000, 10_000)


@pytest.mark.parametrize("factor", WIDTHS)
def test_ranges_and_windows_stretch_about_their_middle(factor):
    spread = law(Figure("range", (0.3, 0.5)), "range", factor=factor)
    np.testing.assert_allclose(spread.ppf([0.05, 0.5, 0.95]), [0.4 - 0.1 * factor, 0.4, 0.4 + 0.1 * factor])
    both = law(Figure("range", (0.3, 0.5)), "range", "about", factor=factor)
    half = factor * math.hypot(0.1, 0.25 * 0.4)
    np.testing.assert_allclose(both.ppf(0.95), 0.4 + half)
    assert law(Figure("window", (4.0, 7.0)), "window", factor=factor).support == (
        5.5 - 1.5 * factor,
        5.5 + 1.5 * factor,
    )
    low, high = law(Figure("window", (7.0, 13.0), 10.0), "window", "about", factor=factor).support
    assert (low, high) == pytest.approx((10 - 3 * factor, 10 + 3 * factor))


@pytest.mark.parametrize(
    ("named", "factor", "chances"),
    [
        ((8, 9), 0.5, {8: 0.5, 9: 0.5}),
        ((8, 9), 1.5, {7: 1 / 6, 8: 1 / 3, 9: 1 / 3, 10: 1 / 6}),
        ((8, 9), 2, {7: 0.25, 8: 0.25, 9: 0.25, 10: 0.25}),
        ((8, 9), 3, dict.fromkeys(range(6, 12), 1 / 6)),
        ((7, 8, 9), 0.5, {7: 1 / 6, 8: 2 / 3, 9: 1 / 6}),
        ((10, 20), 3, dict.fromkeys((-10, 0, 10, 20, 30, 40), 1 / 6)),
        ((1, 2, 9), 3, {1: 1 / 3, 2: 1 / 3, 9: 1 / 3}),
    ],
)
def test_named_values_get_neighbours_by_the_interval_that_they_are(named, factor, chances):
    values, found = law(Figure("choices", tuple(map(float, named))), "named", factor=factor).atoms()
    assert dict(zip(values, found, strict=True)) == pytest.approx(chances)


@given(n=st.integers(2, 9), factor=st.floats(0.2, 6.0))
@settings(max_examples=60, deadline=None)
def test_named_values_keep_their_middle_and_widen_with_the_factor(n, factor):
    """Variance of a uniform over a stretched interval of cells, up to what the lattice rounds."""
    found = law(Figure("choices", tuple(map(float, range(n)))), "named", factor=factor)
    assert found.mean() == pytest.approx((n - 1) / 2)
    length = n * factor
    assert abs(math.sqrt(found.var()) - length / math.sqrt(12)) < 0.6


def test_every_hedge_in_use_is_one_that_shaped_a_prior():
    used = hedges_in_use(BOOK)
    assert used == [
        "none",
        "about",
        "expected",
        "maybe",
        "order_of",
        "odd",
        "at_least",
        "and_up",
        "range",
        "named",
        "window",
    ]
    assert BOOK.quantities["buy.alibaba_cloud_2023"].hedges == ("expected", "about", "maybe")
    assert BOOK.quantities["avail.br100_lag"].hedges == ("about",)
    assert BOOK.quantities["race.alibaba_release_month"].hedges == ("window",), "a window absorbs the softer words"
    assert BOOK.quantities["buy.alibaba_cloud_h800_share"].hedges == ("none",)
    assert BOOK.quantities["export.ban_quarter"].hedges == ()


def test_a_factor_of_one_changes_nothing():
    assert BOOK.widened(1.0, assumptions=True).digest == BOOK.digest
    again = widenings(BOOK, 1.0 + 1e-13)  # elicited anew, by the same rules
    for name, quantity in BOOK.quantities.items():
        if name in again:
            assert again[name].prior.mean() == pytest.approx(quantity.prior.mean())
            assert again[name].prior.var() == pytest.approx(quantity.prior.var())


@pytest.mark.parametrize("assumptions", [False, True])
@pytest.mark.parametrize("factor", WIDTHS)
def test_limits_orders_and_streams_hold_in_every_draw(factor, assumptions):
    wide = BOOK.widened(factor, assumptions=assumptions)
    assert list(wide.quantities) == list(BOOK.quantities)
    for name, one in wide.quantities.items():
        before = BOOK.quantities[name]
        assert (one.stream, one.limits, one.stated) == (before.stream, before.limits, before.stated)
        low, high = one.prior.support
        if one.limits is not None:
            assert one.limits[0] <= low, name
            assert high <= one.limits[1], name
        assert low <= one.stated <= high, name
    for name in wide.scenarios:
        wide.resolve(name)
    assert wide.quantities["perf.ascend_premium"].prior.support[0] >= 0
    assert wide.quantities["stock.total"].prior.support[0] == 100_000
    assert wide.quantities["buy.alibaba_cloud_2022"].prior.support[0] == 20_000
    assert wide.quantities["buy.baidu_2023"].prior.support[0] >= 24_000


@pytest.mark.parametrize("assumptions", [False, True])
def test_wider_is_wider(assumptions):
    """The 5 to 95 % range of every quantity grows with the factor, cut or not."""
    ranges = []
    for factor in (0.5, 1.0, 2.0):
        book = BOOK.widened(factor, assumptions=assumptions)
        ranges.append({n: float(q.prior.ppf(0.95) - q.prior.ppf(0.05)) for n, q in book.quantities.items()})
    changed = set(widenings(BOOK, 2.0, assumptions=assumptions)) - {"cloud.replicators"}
    assert len(changed) >= (70 if assumptions else 19)
    for name in changed:
        assert ranges[0][name] < ranges[1][name] < ranges[2][name], name


def test_assumptions_stay_unless_asked():
    hedged = {name for name, q in BOOK.quantities.items() if q.hedges}
    assert set(widenings(BOOK, 2.0)) <= hedged
    assert not set(widenings(BOOK, 2.0, [], assumptions=True)) & hedged
    assert "export.ban_quarter" not in widenings(BOOK, 2.0, assumptions=True), "a chance is no width"


def test_one_hedge_alone():
    assert set(widenings(BOOK, 2.0, ["range"])) == {"growth.cloud", "perf.mlu370"}
    found = widenings(BOOK, 2.0, ["maybe"])
    assert set(found) == {"buy.alibaba_cloud_2023", "race.tencent_release_month"}
    low, high = found["race.tencent_release_month"].prior.support
    assert high == pytest.approx(8 * (1 + math.hypot(0.25, 0.8)))
    assert low == 4.0
    assert found["race.tencent_release_month"].cut > 0


def test_the_cut_is_the_share_beyond_the_limits():
    found = widenings(BOOK, 3.0)
    law = make({"family": "pert", "low": 50_000 * 0.1, "mode": 50_000, "high": 50_000 * 1.9})
    assert found["buy.baidu_2023"].cut == pytest.approx(float(law.cdf(24_000)))
    w = 3 * math.sqrt(0.3**2 + 0.25**2 + 0.4**2)
    both = make({"family": "pert", "low": 10_000 * (1 - w), "mode": 10_000, "high": 10_000 * (1 + w)})
    beyond = float(both.cdf(0.0) + both.sf(20_000))
    assert found["buy.alibaba_cloud_2023"].cut == pytest.approx(beyond)
    assert beyond > 1.9 * float(both.cdf(0.0)), "both ends count"
    assert found["growth.cloud"].cut < 1e-9
    assert found["avail.br100_tapeout_month"].cut == pytest.approx(1 / 3)


def test_typed_priors_by_family():
    same(
        typed(make({"family": "pert", "low": 1, "mode": 2, "high": 5}), 2.0),
        make({"family": "pert", "low": 0, "mode": 2, "high": 8}),
    )
    normal = typed(make({"family": "normal", "mean": 1, "sd": 2, "truncate": [0, 9]}), 0.5)
    same(normal, make({"family": "normal", "mean": 1, "sd": 1, "truncate": [0, 9]}))
    wide = typed(make({"family": "lognormal", "median": 10, "p95": 40, "shift": 3}), 3.0)
    np.testing.assert_allclose(wide.ppf([0.5, 0.95]), [13, 103])
    same(typed(make({"family": "uniform", "low": 0, "high": 4}), 0.5), make({"family": "uniform", "low": 1, "high": 3}))
    gamma = make({"family": "gamma", "shape": 3.0, "scale": 1.0})
    assert float(typed(gamma, 2.0).ppf(0.5)) == pytest.approx(float(gamma.ppf(0.5)))
    for spec in (
        {"family": "bernoulli", "p": 0.3},
        {"family": "hazard", "rate": 0.1, "from": 1},
        {"family": "fixed", "value": 2},
    ):
        assert typed(make(spec), 2.0) == make(spec)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((0,), "factor: found 0, expected a number above 0"),
        ((math.nan,), "factor: found nan"),
        (("2",), "factor: found '2'"),
        ((2, ["abuot"]), 'no hedge "abuot" in the book; did you mean "about"'),
    ],
)
def test_what_cannot_be_widened_is_told(arguments, says):
    with pytest.raises(ValueError, match=says):
        BOOK.widened(*arguments)


def test_a_hedge_that_nobody_uses_is_told(tmp_path):
    (tmp_path / "own.toml").write_text(
        '[hedges.roughly]\nrule = "relative"\nhalf_width = 0.2\nreason = "r"\n', encoding="utf-8"
    )
    with pytest.raises(ValueError, match='hedge "roughly": no quantity rests on it; expected none, about'):
        priors.load(tmp_path / "own.toml").widened(2.0, ["roughly"])


def test_a_spread_can_be_written_in_a_book(tmp_path):
    (tmp_path / "own.toml").write_text(
        '[hedges.range]\nrule = "range"\nlow_p = 0.05\nhigh_p = 0.95\nspread = 2.0\nreason = "r"\n', encoding="utf-8"
    )
    found = priors.load(tmp_path / "own.toml").quantities["growth.cloud"].prior
    np.testing.assert_allclose(found.ppf(0.95), 0.6)
