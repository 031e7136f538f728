"""``suanli stress``: the tables, their JSON, and one line for each wrong use."""

import inspect
import json

import pytest

import sim

QUICK = ("--draws", "1024", "--hedge", "range", "--width", "2")


def test_conclusions_and_answers_in_tables(suanli):
    result = suanli("stress", *QUICK, "--output", "cloud_revenue_year[2023]")
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    assert "Which conclusions survive? Widths of all hedges scaled" in result.stdout
    assert "7 of 8 hold at every width." in result.stdout
    assert "range alone turns conclusion 7 (at × 2)." in result.stdout
    lines = result.stdout.splitlines()
    at = lines.index("cloud_revenue_year, bn RMB")
    assert lines[at + 3].split()[:3] == ["2023", "106", "(98–115)"]
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_help_says_how_many_draws_there_are_here_and_in_python(suanli):
    text = " ".join(suanli("stress", "--help").stdout.split())
    in_python = inspect.signature(sim.stress).parameters["draws"].default
    assert f"16,384 unless told (sim.stress in Python: {in_python:,})" in text
    assert "[default: 16384]" in text


def test_json_has_every_number(suanli):
    result = suanli(
        "stress", *QUICK, "--conclusion", "median(parity_month[baidu]) < 16", "--output", "overtake", "--json"
    )
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert content["widths"] == [1.0, 2.0]
    assert [each["hedge"] for each in content["hedges"]] == ["all hedges", "range"]
    one = content["hedges"][0]
    assert one["conclusions"][0]["conclusion"] == "median(parity_month[baidu]) < 16"
    assert one["conclusions"][0]["verdict"] == ["holds", "holds"]
    assert len(one["answers"]) == 12
    assert set(one["answers"][0]["quantiles"]["0.05"]) == {"value", "mcse", "shift", "shift_mcse"}
    assert one["cut"]["perf.ascend_premium"][1] > 0.3


WRONG = [
    (("--width", "0"), 'found "0", expected a factor above 0'),
    (("--width", "wide"), 'found "wide"'),
    (("--hedge", "abuot"), 'no hedge "abuot" in the book; did you mean "about"?'),
    (("--output", "overtak"), 'output "overtak", character 1: no output or input "overtak"'),
    (("--conclusion", "overtake > 1"), 'found "overtake" of each draw, expected a statistic of it'),
    (("--conclusion", "mean(overtake) >"), "character 17: found the end"),
    (("--conclusion", "mean(overtake) > 1"), "found a value for each quarter"),
    (("--scenario", "baselin"), 'did you mean "baseline"?'),
    (("--set", "growth.clod=1"), 'no quantity "growth.clod"'),
    (("more",), "unexpected extra argument"),
]


@pytest.mark.parametrize(("words", "says"), WRONG)
def test_a_wrong_use_is_one_line(suanli, words, says):
    result = suanli("stress", *words, "--draws", "1024")
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
