"""``sim.ask``: from a decision to the questions worth a call, with the claims they would sharpen."""

from __future__ import annotations

import pytest

import sim
from tests.study.made_decisions import MODEL, OPTIONS, book, nested

SETUP = {"draws": 16_384, "seed": 3, "model": MODEL}


@pytest.fixture(scope="module")
def found():
    return sim.ask(OPTIONS, book=book(), **SETUP, unit="RMB")


def test_questions_are_claims_and_assumptions_by_themselves(found):
    inputs = dict(zip(found["question"].values, found["inputs"].values, strict=True))
    assert inputs == {
        "S1.1": "shop.price, shop.volume",
        "S1.2": "shop.volume",
        "shop.works": "shop.works",
        "shop.cost": "shop.cost",
    }
    text = {str(q): str(t) for q, t in zip(found["question"].values, found["text"].values, strict=True)}
    assert text["S1.2"] == 'sharpen S1.2 "Volume is about five": volume'
    assert text["shop.works"] == "ask for: whether it works (assumed so far)"
    assert found.sel(question="S1.1")["claims"].item() == "S1.1"
    assert found.sel(question="shop.cost")["claims"].item() == ""


def test_the_most_valuable_comes_first_and_none_beats_all(found):
    values = found["evppi"].values
    assert (values[:-1] >= values[1:]).all()
    assert values[0] < float(found["evpi"])
    assert found["evppi_share"].values == pytest.approx(values / float(found["evpi"]))
    assert found["evppi"].attrs["units"] == found["payoff"].attrs["units"] == "RMB"


def test_worths_are_those_of_nested_simulation(found):
    for question, known in (("S1.1", [0, 1]), ("shop.works", [2]), ("shop.cost", [3])):
        truth, error = nested(known, 11)
        one = found.sel(question=question)
        assert abs(float(one["evppi"]) - truth) < 5 * (float(one["evppi_mcse"]) ** 2 + error**2) ** 0.5 + 0.02


def test_independent_draws_agree(found):
    random = sim.run(book(), draws=16_384, seed=3, sampler="random", model=MODEL)
    independent = sim.ask(OPTIONS, result=random, book=book())
    both = (float(found["evpi_mcse"]) ** 2 + float(independent["evpi_mcse"]) ** 2) ** 0.5
    assert abs(float(found["evpi"]) - float(independent["evpi"])) < 6 * both


def test_a_kept_result_gives_the_same_numbers(found):
    tree = sim.run(book(), draws=16_384, seed=3, model=MODEL)
    again = sim.ask(OPTIONS, result=tree, book=book(), unit="RMB")
    assert again["evppi"].values.tolist() == found["evppi"].values.tolist()
    wordless = sim.ask(OPTIONS, result=tree, unit="RMB")
    assert wordless.sel(question="S1.2")["text"].item() == "sharpen S1.2: volume"


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("input", {"shop.price", "shop.volume", "shop.works", "shop.cost"}),
        ("claim", {"S1.1", "S1.2"}),
        ("basis", {"mixed", "assumption"}),
    ],
)
def test_other_groups(by, names):
    found = sim.ask("profit[old] > 1", book=book(), by=by, draws=1_024, model=MODEL)
    assert set(found["question"].values) == names
    assert list(found["option"].values) == ["true", "false"]


def test_what_a_scenario_fixes_is_not_asked():
    fixed = book().with_set("sure", ["shop.works=1"])
    found = sim.ask(OPTIONS, book=fixed, scenario="sure", draws=1_024, model=MODEL)
    assert "shop.works" not in found["question"].values


def test_what_cannot_be_asked_is_refused():
    small = sim.run(book(), draws=512, model=MODEL)
    with pytest.raises(ValueError, match="found 512 kept draws, expected at least 1,024"):
        sim.ask(OPTIONS, result=small)
    with pytest.raises(ValueError, match='no scenario "baselin"; did you mean "baseline"'):
        sim.ask(OPTIONS, result=small, scenario="baselin")
    with pytest.raises(ValueError, match="no draws were kept"):
        sim.ask(OPTIONS, result=sim.run(book(), draws=1_024, model=MODEL, keep="none"))
    with pytest.raises(ValueError, match="by: found 'claims', expected one of question, input, claim, basis"):
        sim.ask(OPTIONS, book=book(), by="claims", draws=1_024, model=MODEL)
    with pytest.raises(ValueError, match="found a result conditioned by where"):
        sim.ask(OPTIONS, result=sim.run(book(), draws=4_096, model=MODEL).sim.where("shop.works > 0"))
