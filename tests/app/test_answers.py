"""A figure read from the wrong cell would look as good as the right one."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

import priors
from sim import Model, Output
from sim.app.answers import first_answers, from_draws
from sim.app.pages import as_json, told
from sim.app.reading import OutcomeReading, TreeReading
from sim.asked import found
from sim.sample import LEVELS
from sim.settings import Settings
from tests.app import fabricate

BOOK = SimpleNamespace(
    quantities={
        "buy.baidu_2023": SimpleNamespace(basis="claim", claims=("Q04.9",)),
        "growth.baidu": SimpleNamespace(basis="assumption", claims=()),
        "stock.total": SimpleNamespace(basis="mixed", claims=("Q04.3",)),
        "cloud.revenue_2022": SimpleNamespace(basis="assumption", claims=("Q04.6",)),
    }
)


@pytest.fixture(scope="module")
def answers():
    return {answer.key: answer for answer in first_answers(TreeReading(fabricate.result()), BOOK)["baseline"]}


def test_the_questions_in_their_order(answers):
    assert list(answers) == ["accelerators_bought", "domestic_share", "cloud", "optical_modules", "parity"]


def test_bought_by_buyer_and_year(answers):
    """Uniform on 40,000 to 60,000, as fabricated; Tencent takes half."""
    figures = answers["accelerators_bought"].figures
    assert answers["accelerators_bought"].columns == ("2023", "2024")
    assert figures["baidu", "2023"].values == pytest.approx((41_000, 50_000, 59_000), rel=1e-3)
    assert figures["tencent", "2024"].values == pytest.approx((20_500, 25_000, 29_500), rel=1e-3)


def test_domestic_share_of_each_years_last_quarter(answers):
    found = answers["domestic_share"]
    assert found.columns == ("2023Q4", "2024Q4")
    assert found.figures["market", "2024Q4"].values[1] == pytest.approx(0.15 * 15 / 8, rel=1e-3)
    assert told(found.figures["market", "2024Q4"]).endswith(" %)")


def test_growth_is_that_of_revenue(answers):
    """2023 over the sampled revenue of 2022, then a year over the year before."""
    figures = answers["cloud"].figures
    assert figures["growth", "2023"].values == pytest.approx((0.4,) * 3, rel=1e-9)
    assert figures["growth", "2024"].values == pytest.approx((0.2,) * 3, rel=1e-9)
    assert figures["revenue, bn RMB", "2023"].values[1] == pytest.approx(1.4 * 75, rel=1e-3)


def test_modules_by_speed(answers):
    figures = answers["optical_modules"].figures
    assert figures["400 Gb/s", "2024"].values[1] == pytest.approx(9 * 50_000, rel=1e-3)
    assert told(figures["400 Gb/s", "2023"]) == "0"


def test_race(answers):
    """Alibaba is first where its uniform (16, 28) is below Baidu's (10, 22): one draw in eight."""
    figures = answers["parity"].figures
    assert figures["alibaba", "first"].values[0] == pytest.approx(1 / 8, abs=0.02)
    assert told(figures["baidu", "first"]).endswith(" of 100")
    assert told(figures["baidu", "parity"]) == "Apr 2024 (Oct 2023–Sep 2024)"


def test_what_each_answer_rests_on(answers):
    """Claims of the inputs that move it; an assumption cites none, even where it names one."""
    bought, optical, parity = (answers[key].rests_on for key in ("accelerators_bought", "optical_modules", "parity"))
    assert (bought[0].name, bought[0].claims, bought[0].basis) == ("buy.baidu_2023", ("Q04.9",), "claim")
    assert bought[1].name == "growth.baidu"
    assert [driver.share for driver in optical] == pytest.approx([1.0], abs=0.02), "less what lies within its classes"
    assert {driver.name: driver.basis for driver in parity} == {"buy.baidu_2023": "claim", "stock.total": "mixed"}
    assert [(driver.name, driver.claims) for driver in answers["cloud"].rests_on] == [("cloud.revenue_2022", ())]


def test_without_kept_draws_the_answers_stand_and_say_so():
    answers = {
        answer.key: answer for answer in first_answers(TreeReading(fabricate.result(kept=False)), BOOK)["baseline"]
    }
    assert all(answer.rests_on is None for answer in answers.values())
    assert answers["cloud"].notes == ("growth needs kept draws",)
    assert "growth" not in answers["cloud"].rows


def test_each_scenario_by_itself():
    found = first_answers(TreeReading(fabricate.result(("baseline", "other"))), BOOK)
    first, other = (found[name][0].figures["baidu", "2024"].values for name in ("baseline", "other"))
    assert first != other
    assert json.loads(json.dumps(as_json(found)))["other"]["parity"]["figures"][0]["kind"] == "chance"


@pytest.mark.parametrize(
    "asked",
    [{}, {"keep": "none"}, {"keep_draws": 1_024, "keep": "all"}, {"outputs": ("parity_month", "cloud_revenue_year")}],
    ids=["market", "nothing kept", "a part kept", "two outputs"],
)
def test_the_same_answers_with_and_without_labels(asked):
    """What is printed before anything is labelled is what a kept file says, to the last digit."""
    named = {"scenarios": ["baseline", "export_ban_2023q4"], "outputs": "all", **asked}
    outcome = asked_for(2_048, **named)
    plain, labelled = OutcomeReading(outcome), TreeReading(outcome.tree())
    assert plain.scenarios == labelled.scenarios
    assert (plain.outputs, plain.headline, plain.kept) == (labelled.outputs, labelled.headline, labelled.kept)
    book = priors.load()
    found = first_answers(plain, book)
    assert repr(found) == repr(first_answers(labelled, book))
    assert {answer.rests_on is None for answers in found.values() for answer in answers} == {not plain.kept}


def test_a_model_of_ones_own_reads_alike():
    """Outputs with no dimension, with two, and without a name for people."""
    outputs = [Output("one"), Output("two", ("a", "b"), "m", long_name="Two"), Output("three", ("b",), headline=False)]
    inputs = ["buy.baidu_2023", "growth.cloud"]
    model = Model(
        inputs,
        outputs,
        lambda x, y: np.multiply(x[:1], x[1] + np.arange(7.0)[:, None], out=y),
        coords={"a": ["x", "y"], "b": [1, 2]},
    )
    outcome = asked_for(1_024, model=model, keep="all")
    found = first_answers(OutcomeReading(outcome))
    assert repr(found) == repr(first_answers(TreeReading(outcome.tree())))
    assert [(answer.key, answer.title) for answer in found["baseline"]] == [("one", "one"), ("two", "Two, m")]
    assert list(found["baseline"][1].figures)[1] == ("x, 2", "value")


def asked_for(draws, **given):
    """A run's outcome, all that is not given as :func:`sim.run` has it."""
    names, model, outputs = (
        given.pop(*each) for each in (("scenarios", ["baseline"]), ("model", None), ("outputs", "all"))
    )
    return found(None, names, model, Settings(draws, **given), outputs)


def test_a_model_of_ones_own_gets_a_table_of_each_headline_output(monkeypatch):
    monkeypatch.setattr("sim.app.answers.BUILT_IN", ("not there",))
    found = first_answers(TreeReading(fabricate.result()))["baseline"]
    assert [answer.key for answer in found] == [output.name for output in fabricate.OUTPUTS]
    assert found[0].figures["tencent, 2023", "value"].values[1] == pytest.approx(25_000, rel=1e-3)
    assert found[0].title == "accelerators bought, card/yr"


def test_errors_of_quantiles_from_draws():
    """The replicates' spread: near the textbook error of a median, sd · sqrt(π / 2n), for independent draws."""
    draws = np.random.default_rng(3).normal(size=65_536)
    found = from_draws(draws, "number")
    assert found.values == tuple(np.sort(draws)[np.ceil(np.array(LEVELS) * draws.size).astype(int) - 1])
    assert 0.5 < found.errors[1] / np.sqrt(np.pi / 2 / draws.size) < 1.7
    assert np.isnan(from_draws(draws[:20], "number").errors).all()
