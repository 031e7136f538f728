"""``sim.check``: what relations say of a run, held up against it."""

from __future__ import annotations

import numpy as np
import pytest

import priors
import sim
from sim.results.errors import ExpressionError
from tests.study.made_decisions import MODEL

SETUP = {"draws": 4_096, "seed": 1, "model": MODEL}
HEAD = """
[claims."S1.1"]
text = "Price is about two"
kind = "prior"
value = 2
hedges = ["about"]
[claims."S1.2"]
text = "At least four"
kind = "prior"
value = 4
hedges = ["at_least"]
[quantities.shop.price]
unit = "RMB"
basis = "claim"
rationale = "said"
from = "S1.1"
[quantities.shop.volume]
unit = "1"
basis = "claim"
rationale = "said"
from = "S1.2"
[quantities.shop.works]
unit = "0/1"
basis = "assumption"
rationale = "a guess"
prior = { family = "bernoulli", p = 0.6 }
[quantities.shop.cost]
unit = "RMB"
basis = "assumption"
rationale = "a guess"
prior = { family = "uniform", low = 4, high = 8 }
"""
TIES = {
    "median": 'stated = "S1.1"\nmodel = "shop.price"',
    "far": 'stated = "S1.1"\nmodel = "2 * shop.price"',
    "floor": 'stated = "S1.2"\nsign = "<="\nmodel = "shop.volume"',
    "seldom": 'stated = "S1.1 * 4 - 0.002"\nsign = ">="\nmodel = "shop.cost"',
    "broken": 'stated = "S1.2"\nsign = ">="\nmodel = "shop.volume"',
    "profit": 'stated = "S1.1 * S1.2 - 10"\nsign = "<="\nfollows = "1"\nmodel = "profit[old] + 7"',
    "works": 'claims = ["S1.1"]\nholds = "shop.works > 0"\nchance = 0.6',
    "rarely": 'claims = ["S1.1"]\nholds = "shop.works > 0"\nchance = 0.7',
    "never": 'claims = ["S1.1"]\nholds = "shop.cost > 9"',
    "words": 'stated = "S1.1 * 2"\nfollows = "S1.2"',
}


def of(tmp_path, ties):
    text = "".join(f'[relations.{name}]\ntext = "t"\n{lines}\n' for name, lines in ties.items())
    (tmp_path / "own.toml").write_text(HEAD + text, encoding="utf-8")
    return priors.load(tmp_path / "own.toml", alone=True)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return sim.check(of(tmp_path_factory.mktemp("book"), TIES), **SETUP)


def test_verdicts_of_the_model(found):
    verdicts = dict(zip(found["relation"].values, found["model_verdict"].values, strict=True))
    assert verdicts == {
        "median": "agrees",
        "far": "in the tail",
        "floor": "agrees",
        "seldom": "differs",
        "broken": "differs",
        "profit": "agrees",
        "works": "agrees",
        "rarely": "differs",
        "never": "differs",
        "words": "",
    }


def test_numbers_are_those_of_the_run(found, tmp_path):
    tree = sim.run(of(tmp_path, {}), draws=4_096, seed=1, model=MODEL)
    price = tree["inputs"]["shop.price"].values[0]
    at = found.sel(relation="far")
    np.testing.assert_allclose(
        at["model"], np.quantile(2 * price, [0.05, 0.5, 0.95], method="inverted_cdf"), rtol=1e-12
    )
    assert float(at["percentile"]) == pytest.approx((2 * price < 2).mean())
    assert float(found["percentile"].sel(relation="median")) == pytest.approx(0.5, abs=0.005)
    works = found.sel(relation="works")
    assert float(works["chance"]) == tree["inputs"]["shop.works"].values[0].mean()
    assert float(works["chance_asked"]) == 0.6
    assert float(found["chance"].sel(relation="never")) == 0.0
    assert np.isnan(found["model"].sel(relation="works")).all()


def test_the_claims_part_stands_beside(found):
    assert found["verdict"].sel(relation="words").item() == "agrees"
    assert found["verdict"].sel(relation="median").item() == ""
    assert float(found["gap"].sel(relation="profit")) == -3.0
    assert dict(zip(found["quantity"].values, found["flag"].values, strict=True)) == {
        "shop.price": "",
        "shop.volume": "floor",
    }


def test_without_a_run_nothing_of_the_model_is_told(tmp_path):
    found = sim.check(of(tmp_path, TIES), run=False)
    assert set(found["model_verdict"].values) == {""}
    assert found["verdict"].sel(relation="words").item() == "agrees"
    assert "seed" not in found.attrs


def test_what_cannot_be_read_of_the_model_is_told(tmp_path):
    with pytest.raises(
        ExpressionError, match=r'relation bad\.model: expression "shop\.price \+", character 13: found the end'
    ):
        sim.check(of(tmp_path, {"bad": 'stated = "S1.1"\nmodel = "shop.price +"'}), **SETUP)
    with pytest.raises(ExpressionError, match=r"relation bad\.holds: .*found a number, expected a comparison"):
        sim.check(of(tmp_path, {"bad": 'claims = ["S1.1"]\nholds = "shop.price"'}), **SETUP)
    with pytest.raises(ExpressionError, match=r'relation bad\.model, character 1: profit: no label "ol"'):
        sim.check(of(tmp_path, {"bad": 'stated = "S1.1"\nmodel = "profit[ol]"'}), **SETUP)


def test_a_name_that_the_built_in_model_lacks_is_a_mistake_and_one_of_another_model_is_not(tmp_path):
    text = '[relations.bad]\ntext = "t"\nclaims = ["Q04.1"]\nholds = "stock.ratio_baidoo < 1"\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    with pytest.raises(
        ExpressionError, match=r'relation bad\.holds, character 1: no output or input "stock\.ratio_baidoo"'
    ):
        sim.check(priors.load(tmp_path / "own.toml"), draws=1_024)
    found = sim.check(of(tmp_path, {"other": 'claims = ["S1.1"]\nholds = "shop.colour > 1"'}), **SETUP)
    assert found["model_verdict"].sel(relation="other").item() == ""


def test_the_built_in_book_is_coherent_with_its_model():
    found = sim.check(draws=4_096)
    assert set(found["model_verdict"].values) == {"", "agrees"}
    assert set(found["verdict"].values) == {"", "agrees", "within tolerance"}
    assert float(found["chance"].sel(relation="cloud_floor")) == 1.0
    stated = float(found["stated"].sel(relation="domestic_third"))
    assert stated == pytest.approx(1 / 3)


def test_a_bound_that_few_draws_break_is_broken(found):
    """Within the error of a chance of 1, which is no chance that is asked for: a bound holds in every draw or not."""
    seldom = found.sel(relation="seldom")
    assert 0.998 < float(seldom["chance"]) < 1.0 < float(seldom["chance"] + 2.2 * seldom["chance_mcse"])
