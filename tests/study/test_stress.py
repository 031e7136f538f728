"""``sim.stress``: widths scaled on the same draws, answers shifted as the priors say, conclusions judged at each width."""

from __future__ import annotations

import numpy as np
import pytest

import priors
import sim
from sim.study import conclusions

BOOK = """
[claims."S1.1"]
text = "Price is about ten"
kind = "prior"
value = 10
hedges = ["about"]
[claims."S1.2"]
text = "It grows by 30 to 50 %"
kind = "prior"
range = [0.3, 0.5]
hedges = ["range"]
[quantities.shop.price]
unit = "RMB"
basis = "claim"
rationale = "said"
from = "S1.1"
limits = [0, inf]
[quantities.shop.growth]
unit = "1"
basis = "claim"
rationale = "said"
from = "S1.2"
[quantities.shop.cost]
unit = "RMB"
basis = "assumption"
rationale = "a guess"
prior = { family = "normal", mean = 5, sd = 1 }
[scenarios.fixed]
[scenarios.fixed.change]
"shop.price" = { fix = 10 }
"shop.growth" = { fix = 0.4 }
[scenarios.dear]
[scenarios.dear.change]
"shop.price" = { scale = 2 }
"""


def _fill(x, y):
    y[0] = x[0] * (1 + x[1])
    y[1:4] = x
    y[4] = x[0] - x[2]


MODEL = sim.Model(
    ["shop.price", "shop.growth", "shop.cost"],
    [sim.Output("sales", units="RMB"), sim.Output("part", ("which",)), sim.Output("profit", headline=False)],
    _fill,
    coords={"which": ["price", "growth", "cost"]},
    name="shop",
)
SETUP = {"draws": 4_096, "seed": 2, "model": MODEL}
STATEMENTS = {"dear": "chance(part[price] < 12) >= 0.9", "grows": "quantile(part[growth], 0.05) > 0.26"}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "own.toml"
    path.write_text(BOOK, encoding="utf-8")
    return priors.load(path, alone=True)


@pytest.fixture(scope="module")
def found(book):
    return sim.stress(book, concluded=STATEMENTS, assumptions=True, **SETUP)


def test_groups_widths_and_answers(found):
    assert list(found["hedge"].values) == ["all hedges", "assumptions", "hedges and assumptions", "about", "range"]
    assert list(found["width"].values) == [0.5, 0.75, 1.0, 1.5, 2.0, 3.0]
    assert list(found["answer"].values) == ["sales", "part[price]", "part[growth]", "part[cost]"], "headline outputs"
    assert list(found["units"].values) == ["RMB", "1", "1", "1"]


def test_quantiles_are_those_of_the_widened_priors(found, book):
    """An output that is an input has the widened prior itself; five of its standard errors and the sample's grain."""
    for factor in found["width"].values:
        wide = book.widened(factor, assumptions=True)
        for part, name in (("price", "shop.price"), ("growth", "shop.growth"), ("cost", "shop.cost")):
            at = found.sel(hedge="hedges and assumptions", width=factor, answer=f"part[{part}]")
            exact = wide.quantities[name].prior.ppf([0.05, 0.5, 0.95])
            slack = 5 * at["value_mcse"].values + 2e-3 * (exact[2] - exact[0])
            assert (np.abs(at["value"].values - exact) < slack).all(), (factor, name)


def test_a_word_moves_its_own_quantities_and_no_other(found):
    """Draws are shared: what a width leaves alone is equal to the bit, with no error at all."""
    for hedge, still in (("about", "part[growth]"), ("range", "part[price]"), ("all hedges", "part[cost]")):
        at = found.sel(hedge=hedge, answer=still)
        for name in ("mean_shift", "mean_shift_mcse", "value_shift", "value_shift_mcse"):
            assert (at[name].values == 0).all(), (hedge, name)
    moved = found.sel(hedge="about", answer="part[price]", width=2.0)
    assert (moved["value_shift"].sel(quantile=[0.05, 0.95]) != 0).all()


def test_the_book_as_it_is_stands_at_one(found, book):
    plain = sim.run(book, draws=4_096, seed=2, model=MODEL)
    for hedge in found["hedge"].values:
        at = found.sel(hedge=hedge, width=1.0)
        np.testing.assert_allclose(at["mean"][0], plain["mean"]["sales"][0], rtol=1e-12)
        np.testing.assert_allclose(at["mean_mcse"][0], plain["mcse"]["sales"][0], rtol=1e-9)


def test_pairs_make_the_error_of_a_shift_small(found, book):
    """Twice the width on other draws would tell the shift with the error of two runs."""
    at = found.sel(hedge="range", width=1.5, answer="sales")
    apart = float(np.hypot(at["value_mcse"].sel(quantile=0.95), at["value_mcse"].sel(quantile=0.95)))
    assert float(at["value_shift_mcse"].sel(quantile=0.95)) < apart
    wide = sim.run(book.widened(1.5, ["range"]), draws=4_096, seed=2, model=MODEL)
    plain = sim.run(book, draws=4_096, seed=2, model=MODEL)
    by_draw = wide["draws"]["sales"].values[0] - plain["draws"]["sales"].values[0]
    assert float(at["mean_shift"]) == pytest.approx(by_draw.mean(), rel=1e-9, abs=1e-12)
    error = by_draw.reshape(-1, 16).mean(axis=0).std(ddof=1) / 4
    assert float(at["mean_shift_mcse"]) == pytest.approx(error, rel=1e-6, abs=1e-12)


def test_conclusions_turn_where_the_priors_say(found, book):
    for factor in found["width"].values:
        wide = book.widened(factor)
        chance = float(wide.quantities["shop.price"].prior.cdf(12.0))
        low = float(wide.quantities["shop.growth"].prior.ppf(0.05))
        verdicts = found["verdict"].sel(hedge="all hedges", width=factor)
        for name, margin in (("dear", chance - 0.9), ("grows", low - 0.26)):
            assert verdicts.sel(conclusion=name).item() == np.sign(margin), (factor, name)
        assert abs(float(found["left"].sel(hedge="all hedges", width=factor, conclusion="dear")) - chance) < 0.01
    assert (found["verdict"].sel(hedge="about", conclusion="grows") == 1).all()
    assert (
        found["verdict"].sel(hedge="range", conclusion="dear") == found["verdict"].sel(width=1.0, hedge="range")[0]
    ).all()


def test_a_scenario_keeps_its_changes(book):
    """The scenario doubles the price: its widened prior is doubled too; what it fixes stays fixed."""
    dear = sim.stress(book, scenario="dear", outputs=["part[price]"], hedges=["about"], widths=[2.0], **SETUP)
    exact = book.widened(2.0).quantities["shop.price"].prior.ppf([0.05, 0.95]) * 2
    got = dear["value"].sel(hedge="about", width=2.0, answer="part[price]", quantile=[0.05, 0.95]).values
    np.testing.assert_allclose(got, exact, rtol=0.02)
    fixed = sim.stress(book, scenario="fixed", outputs=["sales"], widths=[2.0], **SETUP)
    assert (fixed["value_shift"] == 0).all()


def test_the_cut_is_told(found, book):
    cut = found["cut"].sel(hedge="all hedges")
    assert set(found["input"].values) == {"shop.price", "shop.growth", "shop.cost"}
    assert float(cut.sel(width=3.0, input="shop.growth")) == 0.0
    wider = sim.stress(book, outputs=["sales"], hedges=[], widths=[6.0], **SETUP)
    law = priors.make({"family": "pert", "low": -5, "mode": 10, "high": 25})
    assert float(wider["cut"].sel(width=6.0, input="shop.price", hedge="all hedges")) == pytest.approx(
        float(law.cdf(0.0))
    )


def test_outputs_may_be_expressions_and_need_not_be_headline(book):
    found = sim.stress(book, outputs=["profit - 1", "sales"], hedges=[], widths=[1.0], **SETUP)
    assert list(found["answer"].values) == ["profit - 1", "sales"]
    assert float(found["mean"].sel(answer="profit - 1")[0, 0]) == pytest.approx(10 - 5 - 1, abs=0.01)


WRONG = [
    ({"hedges": ["abuot"]}, 'no hedge "abuot" in the book; did you mean "about"'),
    ({"hedges": ["maybe"]}, 'hedge "maybe": no quantity rests on it'),
    ({"widths": [0.0]}, "factor: found 0.0, expected a number above 0"),
    ({"outputs": ["sale"]}, 'output "sale", character 1: no output or input "sale" in the model; did you mean "sales"'),
    ({"outputs": ["part[pric]"]}, 'character 1: part: no label "pric"; did you mean "price"'),
    ({"outputs": ["1 + part"]}, "found a value for each which, expected one"),
    ({"outputs": []}, "outputs: found none"),
    ({"concluded": ["sales > 1"]}, 'conclusion: expression "sales > 1", character 1: found "sales" of each draw'),
    ({"concluded": ["mean(sale) > 1"]}, 'conclusion "mean(sale) > 1", character 6: no output or input "sale"'),
    ({"scenario": "baselin"}, 'did you mean "baseline"'),
    ({"draws": 512}, "draws: found 512, expected at least 1,024, 64 for each of 16 replicates"),
]


@pytest.mark.parametrize(("given", "says"), WRONG)
def test_wrong_use_is_told(book, given, says):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is looked at
        sim.stress(book, **{**SETUP, **given})
    assert says in str(caught.value)


def test_a_book_without_hedges_is_told():
    guess = {"basis": "assumption", "rationale": "a test"}
    own = priors.book([priors.quantity(name, "normal(1, 1)", **guess) for name in MODEL.inputs])
    with pytest.raises(ValueError, match="found no prior that follows from a claim and its hedges; assumptions=True"):
        sim.stress(own, **SETUP)


def test_the_built_in_conclusions_are_read_and_fit_shorter_horizons():
    from sim import market

    assert list(conclusions.fitting(market.model())) == list(conclusions.DEFAULTS)
    assert len(conclusions.fitting(market.model(4))) == 5
    assert conclusions.fitting(MODEL) == {}
    assert len(conclusions.read(conclusions.DEFAULTS)) == len(conclusions.DEFAULTS)


def test_one_name_or_statement_need_not_be_in_a_list(book):
    text = "chance(part[price] < 12) >= 0.9"
    listed = sim.stress(book, widths=[2], hedges=["about"], outputs=["sales"], concluded=[text], **SETUP)
    assert sim.stress(book, widths=[2], hedges="about", outputs="sales", concluded=text, **SETUP).identical(listed)
