"""``suanli sensitivity``: tables, JSON, files, and one clear line for each wrong use."""

import json

import pytest

import sim
from sim.results import files

pytestmark = pytest.mark.usefixtures("opened_once")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "r.nc"
    files.write(sim.run(scenarios=["baseline", "export_ban_2023q4"], draws=1024, outputs=["parity_month"]), path)
    return str(path)


def test_the_interview_against_our_assumptions(suanli):
    """A table with a column a basis, and in JSON shares that add up to 1 in every cell."""
    printed = suanli("sensitivity", "baseline", "cloud_revenue_year", "--by", "basis", "--draws", "1024")
    assert printed.exit_code == 0
    assert "claim" in printed.output
    assert "2025" in printed.output
    found = json.loads(
        suanli("sensitivity", "baseline", "cloud_revenue_year", "--by", "basis", "--draws", "1024", "--json").stdout
    )
    assert found["about"]["method"] == "shapley"
    assert [cell["year"] for cell in found["cells"]] == ["2023", "2024", "2025"]
    for cell in found["cells"]:
        assert sum(driver["shapley"] for driver in cell["drivers"]) == pytest.approx(1, abs=1e-12)


def test_one_cell_is_told_in_full_with_what_it_rests_on(suanli):
    found = suanli("sensitivity", "baseline", "parity_month", "--at", "lab=baidu", "--draws", "1024")
    assert found.exit_code == 0
    assert "race.baidu_ratio" in found.output
    assert "mixed: Q02.1, Q14.1" in found.output
    assert "cannot be told from nothing" in found.output


@pytest.mark.parametrize("way", ["first", "delta", "rank", "tornado"])
def test_a_file_answers_without_a_run(suanli, kept, way, monkeypatch):
    monkeypatch.setattr(sim, "run", None)
    found = suanli("sensitivity", kept, "parity_month", "--method", way, "--scenario", "export_ban_2023q4")
    assert found.exit_code == 0, found.output
    assert "race.baidu_ratio" in found.output
    parsed = json.loads(suanli("sensitivity", kept, "parity_month", "--method", way, "--json").stdout)
    assert parsed["about"]["draws"] == 1024
    assert parsed["cells"][0]["drivers"][0]["input"] == "race.alibaba_lag"


def test_a_file_is_run_again_for_a_design(suanli, kept):
    """Of the file's beliefs and seed: the same as of the book they came from."""
    own = ["parity_month", "--draws", "512", "--json"]
    assert json.loads(suanli("sensitivity", kept, *own).stdout) == json.loads(
        suanli("sensitivity", "baseline", *own).stdout
    )


def test_an_output_that_is_no_headline_is_kept_for_the_question(suanli):
    found = suanli("sensitivity", "baseline", "unmet", "--method", "first", "--draws", "1024", "--at", "buyer=baidu")
    assert found.exit_code == 0, found.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["baseline", "parity"], 'no output "parity"; did you mean "parity_month"?'),
        (["base_line", "parity_month"], 'no scenario "base_line" in the book; did you mean "baseline"?'),
        (["baseline", "parity_month", "--method", "sobl"], 'found "sobl", expected sobol, shapley, first, delta'),
        (["baseline", "parity_month", "--draws", "10"], "draws: found 10, expected at least 256"),
        (["baseline", "parity_month", "--method", "delta", "--draws", "100"], "expected at least 1,024"),
        (["baseline", "parity_month", "--method", "delta", "--by", "basis"], "tells of inputs only"),
        (["baseline", "parity_month", "--at", "lab=baido", "--draws", "256"], 'did you mean "baidu"?'),
        (["baseline", "parity_month", "--scenario", "baseline"], "--scenario: goes with a FILE"),
        (["stated", "parity_month"], 'nothing that parity_month reads varies under scenario "stated"'),
        (["nofile.nc", "parity_month"], 'no file "nofile.nc"'),
        (["baseline", "parity_month", "--set", "race.alibaba_lg=3"], 'did you mean "race.alibaba_lag"?'),
    ],
)
def test_wrong_use_gets_one_line(suanli, arguments, message):
    found = suanli("sensitivity", *arguments)
    assert found.exit_code == 2
    assert message in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_file_without_draws_says_so(suanli):
    files.write(sim.run(draws=64, keep="none", outputs=["parity_month"]), "none.nc")
    found = suanli("sensitivity", "none.nc", "parity_month", "--method", "rank")
    assert found.exit_code == 2
    assert "no draws were kept" in found.stderr
    assert found.stderr.count("\n") == 1
