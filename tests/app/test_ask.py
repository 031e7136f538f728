"""``suanli ask``: the table, its JSON, and one line for each wrong use."""

import json

import pytest

DECISION = ("--option", "buy=market_purchases_year[h800, 2024] * 0.01 - 850", "--option", "wait=0")


@pytest.mark.slow
def test_what_to_ask_about_a_purchase(suanli):
    result = suanli("ask", *DECISION, "--draws", "4096", "--json")
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    content = json.loads(result.stdout)
    first = content["questions"][0]
    assert first["question"] == "export.ban_quarter"
    assert first["text"].startswith("ask for: First quarter in which A800 and H800 are barred")
    assert 0.5 < first["evppi_share"] <= 1.02
    claims = [q for q in content["questions"] if "Q04.9" in q["claims"]]
    assert claims[0]["inputs"] == ["buy.baidu_2023"]
    assert [o["option"] for o in content["options"]] == ["buy", "wait"]
    assert content["about"]["seed"] == 0


@pytest.mark.slow
def test_the_table_says_what_is_worth_a_call(suanli):
    result = suanli("ask", "market_domestic_share[2024Q4] > 0.3", "--draws", "1024", "--unit", "bn RMB")
    assert result.exit_code == 0, result.output
    assert "Decision: to call market_domestic_share[2024Q4] > 0.3 true or false (baseline), bn RMB" in result.stdout
    assert "export.ban_quarter" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_kept_draws_are_used(suanli):
    assert suanli("run", "--draws", "1024", "--outputs", "headline", "-o", "kept.nc").exit_code == 0
    result = suanli("ask", *DECISION, "--from", "kept.nc", "--json")
    assert result.exit_code == 0, result.output
    fresh = suanli("ask", *DECISION, "--draws", "1024", "--json")
    assert json.loads(fresh.stdout)["questions"] == json.loads(result.stdout)["questions"]


def test_the_words_of_another_book_are_left_out(suanli, tmp_path):
    (tmp_path / "own.toml").write_text(
        '[claims."Q04.9"]\ntext = "other"\nkind = "prior"\nvalue = 40_000\nhedges = ["expected"]\n'
    )
    run = ("run", "--draws", "1024", "--outputs", "market_purchases_year", "--priors", "own.toml", "-o", "kept.nc")
    assert suanli(*run).exit_code == 0
    result = suanli("ask", *DECISION, "--from", "kept.nc", "--rows", "30")
    assert result.exit_code == 0, result.output
    assert "kept.nc was made with another book, so claims are told by their ids" in result.stderr
    assert "whole year Baidu is expected" not in " ".join(result.stdout.split())
    assert "other" in suanli("ask", *DECISION, "--from", "kept.nc", "--priors", "own.toml", "--rows", "30").stdout


WRONG = [
    ((), "found no decision, expected a question such as"),
    (("a > 1", *DECISION), "QUESTION and --option: found both"),
    (("a > 1",), 'question "a > 1", character 1: no output or input "a" in the model'),
    (("--option", "buy"), 'found "buy", expected NAME=PAYOFF'),
    (("--option", "wait=0"), "found one option, wait"),
    (("--option", "wait=0", "--option", "wait=1"), 'found "wait" 2 times'),
    (("--option", "buy=parity_month[baidu] +", "--option", "wait=0"), "character 22: found the end"),
    (("--option", "buy=parity_mont[baidu]", "--option", "wait=0"), 'character 1: no output or input "parity_mont"'),
    ((*DECISION, "--draws", "512"), "draws: found 512, expected at least 1,024"),
    ((*DECISION, "--scenario", "baselin"), 'no scenario "baselin" in the book; did you mean "baseline"?'),
    ((*DECISION, "--by", "word"), 'found "word", expected question, input, claim or basis'),
    ((*DECISION, "--from", "no.nc"), 'no file "no.nc"'),
    ((*DECISION, "--from", "no.nc", "--set", "growth.cloud=0.4"), "--from and --set: found both, expected one"),
    ((*DECISION, "--from", "no.nc", "--seed", "0"), "--from and --seed: found both, expected one"),
]


@pytest.mark.parametrize(("words", "says"), WRONG)
def test_a_wrong_use_is_one_line(suanli, words, says):
    result = suanli("ask", *words)
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
