"""What ``sim.sensitivity`` takes and gives: books and results, labels, groups, and one line for each wrong use."""

import re

import numpy as np
import pytest

import priors
import sim
from sim.study.groups import players
from tests.study import analytic


def test_a_result_is_asked_as_its_book_would_be():
    book = priors.load()
    tree = sim.run(book, scenarios=["baseline", "export_ban_2023q4"], draws=64, seed=3, keep="none")
    for scenario in ("baseline", "export_ban_2023q4"):
        own = sim.sensitivity(tree, scenario, "parity_month", draws=256)
        assert own.identical(sim.sensitivity(book, scenario, "parity_month", draws=256, seed=3))
    assert "export.ban_quarter" not in sim.sensitivity(tree, "export_ban_2023q4", "spend", draws=256)["spend"]["input"]


def test_what_comes_out_is_labelled():
    found = sim.sensitivity(outputs=["market_purchases_year"], draws=256, by="claim")
    part = found["market_purchases_year"]
    assert part["total"].dims == ("claim", "accelerator", "year")
    assert part["accelerator"].values[0] == "v100"
    assert part["total"].attrs["units"] == "1"
    assert part.attrs["units"] == "card"
    assert "Q04.9 Q04.8" in part["claim"].values
    assert part["inputs"].sel(claim="Q04.9 Q04.8") == "buy.baidu_2023"
    assert found.attrs["draws"] == 256
    by_input = sim.sensitivity(outputs="parity_month", draws=256)["parity_month"]
    assert by_input["basis"].sel(input="race.alibaba_lag") == "claim"
    assert by_input["claims"].sel(input="race.alibaba_lag") == "Q01.3"


@pytest.mark.parametrize("by", ["input", "basis", "chapter", "claim"])
def test_groups_hold_every_input_once(by):
    book = priors.load()
    labels = {q.name: {"basis": q.basis, "claims": " ".join(q.claims)} for q in book.quantities.values()}
    found = players(by, list(labels), labels)
    members = [name for group in found.values() for name in group]
    assert sorted(members) == sorted(labels)
    assert all(found.values())
    if by == "basis":
        assert list(found) == ["claim", "mixed", "assumption"]
    if by == "claim":
        assert all(labels[name]["basis"] == "assumption" for name in found["assumption"])


def test_indices_come_by_quarter():
    """Which input matters when: nothing in the first quarters moves with a ban that comes later."""
    total = sim.sensitivity(outputs="market_domestic_share", draws=512)["market_domestic_share"]["total"]
    assert total.sizes["quarter"] == 12
    ban = total.sel(input="export.ban_quarter")
    assert float(ban.sel(quarter="2023Q1")) == 0.0
    assert float(ban.sel(quarter="2024Q4")) > 0.5


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"method": "sobl"}, 'no method "sobl"; did you mean "sobol"?'),
        ({"by": "claims"}, 'no grouping "claims"; did you mean "claim"?'),
        ({"outputs": ["parity"]}, 'no output "parity"; did you mean "parity_month"?'),
        ({"scenario": "base_line"}, 'did you mean "baseline"?'),
        ({"draws": 100}, "draws: found 100, expected at least 256"),
        ({"draws": 0}, "draws: found 0"),
        ({"seed": -1}, "seed: found -1"),
        ({"threads": 0}, "threads: found 0"),
        ({"scenario": "stated"}, "there is nothing to split"),
    ],
)
def test_wrong_use_is_told_in_a_line(asked, message):
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        sim.sensitivity(**asked)
    assert "\n" not in str(caught.value)


def test_a_base_that_is_no_whole_net_is_rounded_up_and_said():
    case = analytic.ishigami()
    with pytest.warns(sim.RoundedDraws, match="300 draws are run as 512"):
        assert sim.sensitivity(case.book, model=case.model, draws=300).attrs["draws"] == 512


def test_the_result_of_a_model_of_one_s_own_needs_it():
    case = analytic.ishigami()
    tree = sim.run(case.book, model=case.model, draws=64)
    with pytest.raises(ValueError, match="give it as model="):
        sim.sensitivity(tree)
    found = sim.sensitivity(tree, model=case.model, draws=256)
    assert np.isfinite(found["y"]["total"]).all()
    with pytest.raises(ValueError, match='no scenario "ban"'):
        sim.sensitivity(tree, "ban", model=case.model)


def test_what_is_not_finite_has_no_index_and_leaves_others_alone():
    case = analytic.ishigami()

    def kernel(x, y):
        y[0] = np.where(x[0] > 3, np.nan, x[0])
        y[1] = x[1]

    model = sim.Model(case.model.inputs, [sim.Output("bad"), sim.Output("good")], kernel)
    found = sim.sensitivity(case.book, model=model, draws=512)
    assert np.isnan(found["bad"]["total"]).any()
    assert float(found["good"]["total"][0]) == 0.0
