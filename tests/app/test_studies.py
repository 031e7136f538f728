"""compare, attribute and world on the command line: what they print, their JSON, and one line for a wrong use."""

import json

import pytest

import sim
from sim.app.attribute import Of
from sim.results import files

pytestmark = pytest.mark.usefixtures("opened_once")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    names = ["baseline", "export_ban_2023q4", "fp8_early"]
    files.write(sim.run(scenarios=names, draws=1024), folder / "result.nc")
    files.write(sim.run(scenarios=["baseline"], draws=1024, seed=3, keep="none"), folder / "other.nc")
    return folder


def test_compare_prints_what_changes(suanli, kept):
    result = suanli("compare", kept / "result.nc", "--outputs", "market_spend_year")
    assert result.exit_code == 0, result.output
    assert "Beside baseline, 1,024 draws" in result.stdout
    assert "2024" in result.stdout
    assert "less" in result.stdout
    assert "3 cells are the same in every draw" in result.stdout  # FP8 changes no spending


def test_compare_runs_what_no_file_holds(suanli, kept):
    options = ["--outputs", "market_spend_year", "--at", "year=2024", "--json"]
    fresh = suanli("compare", "baseline", "export_ban_2023q4", "--draws", "1024", *options)
    assert fresh.exit_code == 0, fresh.output
    there = suanli("compare", kept / "result.nc", "baseline", "export_ban_2023q4", *options)
    records = [json.loads(result.stdout)["outputs"]["market_spend_year"] for result in (fresh, there)]
    assert records[0] == records[1]
    (one,) = records[0]
    assert (one["scenario"], one["year"]) == ("export_ban_2023q4", 2024)
    assert one["difference_mean"] < -10
    assert set(one["difference_quantile"]) >= {"0.05", "0.5", "0.95"}


@pytest.mark.slow
def test_run_with_pairs_keeps_what_compare_reads(suanli, kept, monkeypatch):
    assert suanli("run", "baseline", "fp8_early", "--draws", "256", "--pairs", "-o", "pairs.nc").exit_code == 0
    line = ["--outputs", "inference_load_year_end", "--json"]
    again = suanli("compare", "baseline", "fp8_early", "--draws", "256", *line)
    monkeypatch.setattr("sim.study.pairing.run", lambda *a, **k: pytest.fail("ran again"))
    result = suanli("compare", "pairs.nc", *line)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["outputs"] == json.loads(again.stdout)["outputs"]


def test_compare_at_a_label_takes_the_outputs_that_have_it(suanli, kept):
    result = suanli("compare", kept / "result.nc", "baseline", "fp8_early", "--at", "lab=baidu", "--json")
    assert result.exit_code == 0, result.output
    outputs = json.loads(result.stdout)["outputs"]
    assert set(outputs) == {"parity_month", "first_to_parity", "inference_load_year_end"}
    assert {record["lab"] for records in outputs.values() for record in records} == {"baidu"}


def test_compare_two_files(suanli, kept):
    result = suanli("compare", kept / "result.nc", kept / "other.nc", "--outputs", "market_spend_year")
    assert result.exit_code == 0, result.output
    assert "seed (0 and 3)" in result.stdout
    assert "Not draw by draw, since seed differs" in result.stdout


def test_attribute_says_who_takes_what(suanli, kept):
    line = ["baseline", "export_ban_2023q4", "market_purchases_year", "--at", "accelerator=h800", "--at", "year=2024"]
    result = suanli("attribute", kept / "result.nc", *line)
    assert result.exit_code == 0, result.output
    assert "fewer of market_purchases_year (h800, 2024): First quarter" in " ".join(result.stdout.split())
    again = json.loads(suanli("attribute", *line, "--draws", "1024", "--json").stdout)
    (cell,) = again["cells"]
    assert cell["shares"][0]["input"] == "export.ban_quarter"
    assert sum(share["share"] for share in cell["shares"]) == pytest.approx(cell["gap"], rel=1e-9)


def test_world_tells_one_draw(suanli, kept):
    result = suanli("world", kept / "result.nc", "--draw", "77")
    assert result.exit_code == 0, result.output
    assert "Draw 77 under baseline" in result.stdout
    found = json.loads(suanli("world", kept / "result.nc", "--draw", "77", "--json").stdout)
    records = found["scenarios"]["baseline"]["inputs"]
    tree = files.open(kept / "result.nc")
    for record in records:
        assert record["value"] == float(tree["inputs"][record["name"]].isel(draw=77, scenario=0))
    line = ["--output", "market_spend_year", "--at", "year=2024", "--quantile", "99%", "--json"]
    rare = json.loads(suanli("world", kept / "result.nc", *line).stdout)
    outputs = rare["scenarios"]["baseline"]["outputs"]
    spend = [o for o in outputs if o["name"] == "market_spend_year" and o["at"] == {"year": 2024}]
    assert spend[0]["place"] == pytest.approx(0.99, abs=0.005)


WRONG = [
    ("compare", "found no scenario, expected two"),
    ("compare baseline", 'found one scenario, "baseline", expected two'),
    ("compare baseline baseline", "expected each scenario once"),
    ("compare baseline fp8_erly", 'no scenario "fp8_erly" in the book; did you mean "fp8_early"?'),
    ("compare baseline fp8_early --outputs market_spend_yer", 'did you mean "market_spend_year"?'),
    ("compare nofile.nc", 'no file "nofile.nc"'),
    ("compare FILE fp8", 'no scenario "fp8"'),
    ("compare OTHER", "found one scenario"),
    ("compare FILE --outputs unmett", 'no output "unmett" in the file; did you mean "unmet"?'),
    ("compare FILE --outputs market_spend_year --at yaer=2024", 'no dimension "yaer"'),
    ("compare FILE --outputs market_spend_year --at year=1999", 'no year "1999"'),
    ("compare baseline fp8_early --at yaer=2024", 'no dimension "yaer" in the outputs compared; did you mean "year"?'),
    ("compare baseline fp8_early --at year=2024 --at lab=baido", 'did you mean "baidu"?'),
    ("compare FILE --draws 64", "found it beside a file"),
    ("compare FILE FILE FILE", "found 3 files, expected one or two"),
    ("attribute baseline fp8_early", "found 2 names, expected BASE SCENARIO OUTPUT"),
    ("attribute baseline baseline fleet", "expected two scenarios"),
    ("attribute baseline fp8_erly fleet", 'did you mean "fp8_early"?'),
    ("attribute FILE baseline fp8_early fleat", 'no output "fleat"; did you mean "fleet"?'),
    ("attribute FILE baseline austerity fleet", 'no scenario "austerity"'),
    ("attribute FILE baseline fp8_early inference_load --at lab=baido", 'did you mean "baidu"?'),
    ("attribute FILE baseline fp8_early fleet", "found 720 cells of fleet, expected 36 at most"),
    ("attribute FILE baseline fp8_early fleet --of median", "expected mean, a quantile such as 95%"),
    ("attribute FILE baseline fp8_early fleet --of 1.5", 'found "1.5", expected mean, a quantile'),
    ("attribute FILE baseline fp8_early fleet --at year", "expected dim=label"),
    ("world", "Missing argument 'FILE'"),
    ("world FILE", "found neither --draw nor --output"),
    ("world FILE --draw 2000", "expected a number from 0 to 1,023"),
    ("world FILE --draw 3 --quantile 0.5", "expected one way to choose the draw"),
    ("world FILE --output fleet", "found no --quantile"),
    ("world FILE --output fleet --quantile 0.5", "found no label of buyer, expected one, such as buyer="),
    ("world FILE --output fleat --quantile 0.5", 'did you mean "fleet"?'),
    ("world FILE --draw 3 --scenario fp8", 'no scenario "fp8"'),
]


@pytest.mark.parametrize(("line", "message"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong_line(line, message, suanli, kept):
    words = [
        {"FILE": str(kept / "result.nc"), "OTHER": str(kept / "other.nc")}.get(word, word) for word in line.split()
    ]
    result = suanli(*words)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("suanli")


@pytest.mark.parametrize(
    ("text", "number"), [(">30%", 0.3), (">0.3", 0.3), ("95%", 0.95), (">30,000", 30_000.0), ("130%", None)]
)
def test_a_share_may_be_written_in_percent_after_any_sign(text, number):
    assert Of.number(text) == number
