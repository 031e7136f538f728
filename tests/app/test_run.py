"""``suanli run`` from the command line to the printed page and the file."""

import json
import signal

import pytest

from sim.app import failures
from sim.results import files

FEW = ("--draws", "1024", "--quarters", "8")


@pytest.fixture
def told(suanli):
    def call(*words):
        result = suanli("run", *FEW, *words, "--json")
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return json.loads(result.stdout)

    return call


def medians(content, scenario, key):
    figures = content["answers"][scenario][key]["figures"]
    return {(f["row"], f["column"]): f["quantiles"]["0.5"] for f in figures if "quantiles" in f}


def test_the_page(suanli, tmp_path):
    """Every question, then what was run; nothing is written."""
    result = suanli("run", *FEW)
    assert (result.exit_code, result.stderr) == (0, "")
    for title in ("Accelerators bought", "Domestic share", "Cloud growth", "Optical modules", "Who reaches parity"):
        assert title in result.stdout
    assert "Q04." in result.stdout
    assert "(assumed)" in result.stdout
    last = " ".join(result.stdout.splitlines()[-2:]).strip()
    assert last.startswith("baseline: 1,024 scrambled Sobol points, seed 0, 8 quarters, in ")
    assert "not kept; add -o FILE" in last
    assert list(tmp_path.iterdir()) == []


def test_json(told):
    content = told("--seed", "7")
    assert set(content) == {"run", "answers"}
    assert (content["run"]["draws"], content["run"]["seed"], content["run"]["file"]) == (1_024, 7, None)
    assert set(content["answers"]["baseline"]) == {
        "accelerators_bought",
        "domestic_share",
        "cloud",
        "optical_modules",
        "parity",
    }


def test_the_file_is_the_result(suanli, tmp_path):
    """What is kept under -o is what was printed, and a second run writes the same bytes."""
    first = suanli("run", *FEW, "--outputs", "headline", "-o", "one.nc", "--json")
    assert first.exit_code == 0
    assert suanli("run", *FEW, "--outputs", "headline", "-o", "two.nc", "--threads", "1").exit_code == 0
    assert (tmp_path / "one.nc").read_bytes() == (tmp_path / "two.nc").read_bytes()
    found = files.open(tmp_path / "one.nc")["quantile"].ds["parity_month"]
    printed = medians(json.loads(first.stdout), "baseline", "parity")
    assert printed["baidu", "parity"] == float(found.sel(quantile=0.5, lab="baidu", scenario="baseline"))


def test_set_applies_to_every_scenario_named(told):
    """Cloud growth fixed at 40 % is 40 % in each, and the names say that something was set."""
    content = told("baseline", "export_ban_2023q4", "--set", "growth.cloud=0.4", "--set", "race.alibaba_lag=*1")
    assert list(content["answers"]) == ["baseline+set", "export_ban_2023q4+set"]
    base, banned = (medians(content, name, "domestic_share") for name in content["answers"])
    assert all(banned[at] >= base[at] for at in base)
    assert banned != base
    for scenario in content["answers"]:
        assert medians(content, scenario, "cloud")["growth", "2023"] == pytest.approx(0.4, abs=1e-7)


def test_draws_rounded_up_are_told_in_a_line(suanli):
    result = suanli("run", "--draws", "1000", "--quarters", "8")
    assert result.exit_code == 0
    assert len(result.stderr.splitlines()) == 1
    assert "1,000" in result.stderr
    assert "1,024" in result.stderr


def test_nothing_kept(told, suanli):
    assert "no draws were kept" in suanli("run", *FEW, "--keep", "none").stdout
    assert told("--keep", "none")["answers"]["baseline"]["parity"]["rests_on"] is None


def test_some_outputs_alone(told, suanli, tmp_path):
    """The headline alone answers the same; one output has a table of its own; a wrong name is told."""
    assert told("--outputs", "headline")["answers"] == told()["answers"]
    few = told("--outputs", "parity_month", "--outputs", "fleet", "-o", str(tmp_path / "few.nc"))
    assert set(few["answers"]["baseline"]) == {"parity_month"}
    assert set(files.open(tmp_path / "few.nc")["mean"].ds.data_vars) == {"parity_month", "fleet"}
    assert set(told("--outputs", "domestic_share")["answers"]["baseline"]) == {"domestic_share"}
    wrong = suanli("run", *FEW, "--outputs", "parity_mnth")
    assert wrong.exit_code == 2
    assert '"parity_month"' in wrong.stderr


@pytest.mark.slow
def test_what_is_written_changes_nothing_that_is_printed(suanli, tmp_path):
    """Without -o only what is printed is summed up: the same figures, errors and drivers, until told to stop, too."""
    for words in ((), ("--pairs",), ("--until", "0.02"), ("--until", "0.02", "--until-output", "unmet")):
        draws = () if "--until" in words else FEW[:2]
        calls = [(*FEW[2:], *draws, *words, "--json"), (*FEW[2:], *draws, *words, "-o", "all.nc", "--json")]
        short, whole = (json.loads(suanli("run", *call).stdout) for call in calls)
        assert short["answers"] == whole["answers"]
        for content in (short, whole):
            del content["run"]["seconds"], content["run"]["file"]
        assert short["run"] == whole["run"]
        (tmp_path / "all.nc").unlink()


def test_a_horizon_short_of_a_year_has_no_growth(suanli):
    result = suanli("run", "--draws", "1024", "--quarters", "2")
    assert result.exit_code == 0
    assert "2023Q2" in result.stdout


def test_everything_as_stated_shows_one_number(suanli):
    """No brackets where nothing varies; 50,000 cards are what was said of Baidu."""
    result = suanli("run", "stated", *FEW)
    row = next(line for line in result.stdout.splitlines() if line.startswith("baidu"))
    assert "50,000" in row
    assert "(" not in row


def test_zarr(suanli, tmp_path):
    pytest.importorskip("zarr", reason="the extra `zarr` is not installed")
    assert suanli("run", *FEW, "--outputs", "parity_month", "-o", "result.zarr").exit_code == 0
    assert suanli("show", "result.zarr", "parity_month").exit_code == 0


def test_an_own_book_on_top(suanli, tmp_path):
    (tmp_path / "mine.toml").write_text(
        '[scenarios.slow]\nlabel = "Slow"\n[scenarios.slow.change]\ngrowth.cloud = { fix = 0.1 }\n'
    )
    result = suanli("run", "slow", "--priors", "mine.toml", *FEW, "--json")
    assert result.exit_code == 0, result.stderr
    assert medians(json.loads(result.stdout), "slow", "cloud")["growth", "2023"] == pytest.approx(0.1, abs=1e-7)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (KeyboardInterrupt(), 130, failures.STOPPED_TEXT),
        (ZeroDivisionError("x"), 1, "a fault of our own: ZeroDivisionError: x (please report it"),
        (MemoryError(), 2, "lower --keep-draws"),
        (ValueError("draws: found 7, expected more"), 2, "draws: found 7, expected more"),
    ],
)
def test_what_goes_wrong_in_a_run(error, status, words, suanli, monkeypatch, tmp_path):
    def failing(*arguments, **options):
        raise error

    monkeypatch.setattr("sim.asked.found", failing)
    before = signal.getsignal(signal.SIGINT)
    result = suanli("run", *FEW, "-o", "result.nc")
    assert signal.getsignal(signal.SIGINT) is before  # a host's
    assert (result.exit_code, result.stdout) == (status, "")
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
