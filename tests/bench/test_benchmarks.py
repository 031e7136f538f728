"""Every part of ``benchmarks/`` runs, tiny, and its arithmetic is right. No test asserts a time, none needs a peer."""

import json
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

import priors
from benchmarks import __main__ as command
from benchmarks import (
    accuracy,
    engine,
    environments,
    growth,
    kernels,
    main_job,
    market_reference,
    numpy_engine,
    report,
    small,
)
from benchmarks.__main__ import measured, table
from benchmarks.market_draws import Draws, shape_of_pert
from benchmarks.peers import reference
from benchmarks.registry import PARTS
from sim import bench
from sim.bench import tables

pytestmark = pytest.mark.filterwarnings("ignore::sim.RoundedDraws")
OURS = ("suanli", "NumPy")


@pytest.fixture(scope="module")
def draws():
    return Draws()


@pytest.mark.parametrize(
    "name", ["jobs", "kernels", "engine", "accuracy", pytest.param("questions", marks=pytest.mark.slow)]
)
def test_a_part_runs_and_becomes_a_table(name):
    with warnings.catch_warnings():
        results = {name: measured(name, "tiny")}
    assert json.loads(json.dumps(results, allow_nan=False)) == results
    lines = table(results).splitlines()
    assert sum(line.startswith("| **") for line in lines) == 1
    assert all(line.count("|") - line.count("\\|") == 4 for line in lines if line.startswith("|"))
    assert len(PARTS[name].rows(results[name]["figures"])) >= 1


@pytest.mark.parametrize("axis", growth.AXES)
def test_every_axis_of_growth_runs(axis):
    growth.job(axis, growth.AXES[axis][1]["tiny"][0], small_draws=True)()


@pytest.mark.slow
def test_growth_in_processes_of_their_own():
    content = growth.measure("tiny")
    assert all("seconds" in point for found in content.values() for point in found["points"])
    assert len(growth.rows(content)) == len(growth.AXES)


def test_the_exponent_is_that_of_the_largest_sizes():
    points = [{"n": n, "seconds": 5.0 if n < 100 else 1e-3 * n**1.5} for n in (1, 10, 100, 1000, 10_000)]
    assert growth.exponent(points) == pytest.approx(1.5)
    assert growth.exponent(points[:1]) is None


def test_the_same_figures_are_asked_of_others():
    assert kernels.OTHERS.keys() == bench.FIGURES.keys()


def test_own_peers_answer_the_small_model_rightly(monkeypatch):
    monkeypatch.setitem(small.SIZES, "tiny", ((16_384,), 60.0))
    content = small.measure("tiny", OURS)
    for peer in content.values():
        errors = peer["runs"]["16384"]["errors"]
        assert max(errors.values()) < 0.05  # six standard errors of the widest answer, p95 of the load
    assert len(small.rows(content)) == 2


def test_the_peers_are_the_nine_and_each_has_its_file():
    assert len(small.PEERS) == 10
    for peer in small.PEERS.values():
        name = peer.module if peer.node else f"{peer.module}.py"
        text = (environments.PEERS / name).read_text("utf-8")
        assert "small" in text
        assert peer.node or "def run(draws, seed):" in text


def test_a_peer_that_cannot_be_installed_is_a_row_that_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("SUANLI_PEERS", str(tmp_path))

    def refuse(command):
        raise environments.Failed("could not be installed: no such package")

    monkeypatch.setattr(environments, "_quietly", refuse)
    content = small.measure("tiny", ("PyMC", "Squiggle"))
    assert [row.figure for row in small.rows(content)] == ["–", "–"]
    assert all("failed" in peer for peer in content.values())


def test_what_would_take_too_long_is_extrapolated_and_says_so(monkeypatch):
    def slow(command, *, limit, told=""):
        answers = json.loads(small.REFERENCE.read_text("utf-8"))["answers"]
        n = int(command[-3])
        return {"seconds": [n * 1e-4], "peak_mib": 100.0, "answers": answers, "version": "1"}

    monkeypatch.setattr(small, "json_of", slow)
    (numpy,) = small.measure("full", ("NumPy",)).values()
    assert numpy["runs"]["1000000"]["seconds"] == pytest.approx(100.0)
    assert numpy["runs"]["10000000"] == {"seconds": pytest.approx(1000.0), "extrapolated": True}
    (row,) = small.rows({"NumPy": numpy})
    assert row.figure.split(" / ")[2] == "~16.7 min"


def test_the_reference_of_the_small_model_is_what_scipy_computes():
    kept = json.loads(small.REFERENCE.read_text("utf-8"))
    found, expected = reference.answers(11, 99), np.array(kept["answers"])
    scale = np.maximum(np.abs(expected), np.ptp(expected[:, 1:], axis=1)[:, None])
    assert np.all(np.abs(found - expected) < 1e-3 * scale)
    assert np.all(np.array(kept["standard_errors"]) < 1e-5 * scale)


def test_numpy_draws_the_priors_of_the_book(draws):
    """Every input against the CDF of its prior: the greatest distance, at a family-wise false-alarm rate of 1e-6."""
    n = 5_000
    found = draws(np.random.default_rng(5), n)
    resolved = priors.load().resolve()
    limit = np.sqrt(np.log(2 * len(found) / 1e-6) / (2 * n))  # Dvoretzky, Kiefer, Wolfowitz, Massart
    for name, values in found.items():
        x = np.sort(values)
        below, upto = np.searchsorted(x, x, "left") / n, np.searchsorted(x, x, "right") / n
        at = resolved[name].cdf(x)
        before = 1.0 - resolved[name].sf(np.nextafter(x, -np.inf))
        assert np.max(np.abs(upto - at)) <= limit, name
        assert np.max(np.abs(below - before)) <= limit, name


def test_the_shape_of_a_pert_is_the_prior_s():
    spec = {"family": "pert", "low": 4.0, "mode": 8.0, "high": 14.0}
    shape = priors.make(spec).standard()[0]
    assert shape_of_pert(spec) == pytest.approx((shape.a, shape.b))
    assert small.small.beta_of(4.0, 8.0, 14.0) == pytest.approx((shape.a, shape.b))


def test_numpy_in_chunks_and_kept_agree(draws, monkeypatch):
    """The same draws both ways: means alike, quantiles within a bin, but where the window under-runs."""

    def few(x):
        return {"a": np.stack([x["growth.cloud"], x["price.h800"]]), "b": 0.9 - x["growth.cloud"][None]}

    monkeypatch.setattr(numpy_engine, "market", few)
    rng = np.random.default_rng(1)
    pilot = draws(rng, 1024)
    batches = iter([pilot, *(draws(rng, 1024) for _ in range(8))])
    taken = []

    def again(rng, n):
        taken.append(next(batches))
        return taken[-1]

    chunked = numpy_engine.chunked(again, 8192)
    batches = iter(taken[1:])
    kept = numpy_engine.kept(again, 8192)
    batches = iter([pilot, *taken[1:]])
    assert list(numpy_engine.chunked(again, 8192, names=["b"])) == ["b"]
    for name in ("a", "b"):
        np.testing.assert_allclose(chunked[name][0], kept[name][0], rtol=1e-12)
        np.testing.assert_allclose(chunked[name][1], kept[name][1], rtol=1e-9)
        np.testing.assert_allclose(chunked[name][2:], kept[name][2:], rtol=1.0 / 128)


def test_the_law_of_errors_is_recovered():
    draws = [2**power for power in range(8, 16)]
    slope, factor = accuracy.line(draws, [3.0 * n**-0.8 for n in draws])
    assert (slope, factor) == (pytest.approx(-0.8), pytest.approx(3.0))
    assert accuracy.line(draws, [3.0 * n**-0.5 for n in draws], -0.5)[1] == pytest.approx(3.0)
    assert accuracy.line(draws, [0.0] * len(draws)) == (-1.0, 0.0)


def test_draws_to_a_target_follow_the_law():
    draws = [2**power for power in range(8, 16)]
    found = accuracy._seconds(draws, [n * 1e-6 for n in draws], [3.0 * n**-0.8 for n in draws], None)
    assert found["0.001"]["draws"] == pytest.approx(3000.0**1.25)
    assert not found["0.001"]["extrapolated"]
    assert found["0.0001"]["draws"] == pytest.approx(30_000.0**1.25)
    assert found["0.0001"]["seconds"] == pytest.approx(30_000.0**1.25 * 1e-6)
    assert found["0.0001"]["extrapolated"]


def test_compiling_is_what_the_first_run_takes_longer():
    job = {"command": "suanli run", "peak_mib": 500.0}
    content = {main_job.COLD: job | {"seconds": 20.5}, main_job.WARM: job | {"seconds": 1.5}}
    assert main_job.rows(content)[-1].figure == "19.00 s"
    assert len(main_job.rows({main_job.COLD: job | {"seconds": 20.5}})) == 1


def test_peers_take_numpy_s_draws_at_their_own_pace():
    plain = {figure: {"0.001": {"draws": 5e5}, "0.0001": {"draws": 5e7}} for figure in accuracy.FIGURES}
    runs = {"100000": (1.0, True), "1000000": (10.0, True), "10000000": (100.0, False)}
    runs = {n: {"seconds": s} | ({"errors": {}} if ran else {"extrapolated": True}) for n, (s, ran) in runs.items()}
    timed = {name: {"runs": runs} for name in ("suanli", "NumPy", "monaco")} | {"PyMC": {"failed": "no"}}
    found = accuracy.peers(plain, timed)
    assert list(found) == ["monaco"]
    first, second = (found["monaco"]["p50"][target] for target in ("0.001", "0.0001"))
    assert first == {"draws": 5e5, "seconds": pytest.approx(5.0), "extrapolated": False}
    assert second == {"draws": 5e7, "seconds": pytest.approx(500.0), "extrapolated": True}
    few = accuracy._at_pace(5e4, (100_000, 1_000_000), (1.0, 10.0))
    assert few == {"draws": 5e4, "seconds": pytest.approx(0.5), "extrapolated": True}


def test_a_method_that_takes_too_long_is_run_with_fewer_draws(monkeypatch):
    expected = np.array([[10.0, 9.0, 10.0, 11.0]])
    method = accuracy.Method(lambda n, seed: expected + 1.0 / n, range(3, 9))
    monkeypatch.setattr(accuracy, "PATIENCE", -1.0)
    reference = market_reference.reference_of(expected, np.zeros((1, 3)))
    assert accuracy._measured(method, 1, reference)["draws"] == [8, 16]


def test_draws_are_those_between_which_the_error_falls_below_the_target():
    draws, errors = [100, 200, 400, 800], [8e-3, 2e-3, 5e-4, 4e-4]
    assert accuracy.draws_to(1e-3, draws, errors, -1.0) == pytest.approx(200 * 2**0.5)
    assert accuracy.draws_to(1e-3, draws, [8e-3, 9e-4, 2e-3, 5e-4], -1.0) == pytest.approx(400 * 2**0.5)  # stays below
    assert accuracy.draws_to(1e-3, draws[:2], errors[:2], -2.0) == pytest.approx(200 * 2**0.5)  # by the last half
    assert accuracy.draws_to(1e-2, draws, [1.0 / n for n in draws], -1.0) == pytest.approx(100.0)


def test_a_quantile_in_a_gap_is_not_told():
    answers = np.array([[10.0, 9.0, 10.0, 11.0], [10.0, 0.0, 10.0, 20.0], [0.3, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    gaps = np.array([[1e-5, 1e-3, 2e-3], [0.0, 5.0, 1e-3], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    found = market_reference.reference_of(answers, gaps)
    np.testing.assert_array_equal(
        found.told, [[True, True, True, False], [True, True, False, True], [False] * 4, [False] * 4]
    )
    np.testing.assert_array_equal(found.scale[:, 0], [10.0, 20.0, 1.0, 1.0])


def test_the_kept_reference_is_of_this_book_and_near_a_fresh_one():
    book = priors.load()
    reference, fresh = market_reference.kept(book), np.array(market_reference.made(book, 14, 2)["answers"])
    assert reference.told.sum(axis=0).min() > 100
    off = np.abs(fresh - reference.answers) / reference.scale
    assert off[reference.told].max() < 0.05
    assert np.median(off[reference.told]) < 0.003
    with pytest.raises(ValueError, match="made of another book"):
        market_reference.kept(SimpleNamespace(digest="another"))


def test_seconds_between_and_beyond_the_runs():
    draws, times = [100, 200, 400], [2.0, 3.0, 5.0]
    assert accuracy.at(draws, times, 0.0) == 2.0
    assert accuracy.at(draws, times, 150.0) == 2.5
    assert accuracy.at(draws, times, 1400.0) == pytest.approx(15.0)
    assert accuracy.at([100], [2.0], 300.0) == 6.0


def test_errors_are_relative_to_value_or_spread():
    expected = np.array([[10.0, 9.0, 10.0, 11.0], [0.0, -4.0, 0.0, 4.0], [0.3, 0.0, 0.0, 1.0]])
    method = accuracy.Method(lambda n, seed: expected + 8.0 / n, (3, 4))
    reference = market_reference.reference_of(expected, np.zeros((3, 3)))
    found = accuracy._measured(method, 2, reference)
    assert found["draws"] == [8, 16]
    np.testing.assert_allclose(found["all"][0], [1 / 8, 1 / 8, 1 / 8, 1 / 8])
    np.testing.assert_allclose(
        found["half"][0], [(1 / 10 + 1 / 8) / 2, (1 / 9 + 1 / 8) / 2, (1 / 10 + 1 / 8) / 2, (1 / 11 + 1 / 8) / 2]
    )


def test_the_readme_s_table_is_replaced_between_its_markers_alone():
    before = "# A\n\n<!-- figures: old command -->\n| old |\n<!-- end -->\n\n<!-- test command -->\nx\n<!-- end -->\n"
    content = report.table({"Part": [report.Row("a|b", r"1 \ 2", "c")]}, ["remark"])
    once = report.in_readme(before, content)
    assert once.startswith("# A\n\n<!-- figures: python -m benchmarks -->\n| what |")
    assert once.endswith("\nremark\n<!-- end -->\n\n<!-- test command -->\nx\n<!-- end -->\n")
    assert r"| a\|b | 1 \ 2 | c |" in once
    assert report.in_readme(once, content) == once
    with pytest.raises(ValueError, match="found 0 blocks"):
        report.in_readme("# none", content)


def test_the_readme_has_a_place_for_the_table():
    assert len(report.BLOCK.findall(report.README.read_text("utf-8"))) == 1


def test_results_round_trip_and_parts_replace_their_own_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(report, "README", tmp_path / "README.md")
    report.README.write_text("<!-- figures: x -->\n<!-- end -->\n", "utf-8")
    assert report.read() == {}
    first = {"jobs": {"figures": {"é": 1.5}}, "kernels": {"figures": {}}}
    report.write(first, "table")
    assert report.read() == first
    assert report.README.read_text("utf-8") == f"<!-- figures: {report.COMMAND} -->\ntable\n<!-- end -->\n"
    assert report.merged(first, {"jobs": {"figures": 2}}) == {"jobs": {"figures": 2}, "kernels": {"figures": {}}}


def test_numbers_as_a_table_has_them():
    told = [report.seconds(value) for value in (2.34e-8, 0.00123, 0.5, 12.34, 600.0, 36_000.0)]
    assert told == ["23.4 ns", "1.23 ms", "500 ms", "12.3 s", "10 min", "10 h"]
    assert [report.count(value) for value in (12.34, 123_456.0, 1.5e6, 2e9)] == [
        "12.3",
        "123,000",
        "1.5 million",
        "2 billion",
    ]


def test_engines_are_compared_on_as_many_cores():
    rate = {"draws_per_second": 100.0}
    content = {
        "suanli, one thread": {"draws_per_second": 1000.0},
        "suanli, two threads": {"draws_per_second": 1900.0},
        "NumPy in chunks": rate,
        "JAX, two cores": rate | {"compile": 9.0},
        "JAX, one core": {"failed": "could not be installed"},
        "floor": {"draws_per_second": 1250.0, "of_floor": 0.8},
    }
    beside = [row.beside for row in engine.rows(content)]
    assert "80% of the floor" in beside[0]
    assert beside[1:3] == ["1.90 × one thread", "suanli is 10 × as fast"]
    assert beside[3].startswith("suanli is 19 × as fast; compiled in 9 s")
    assert beside[4] == "could not be installed"


def test_the_picture_is_drawn(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is of the extra bench, which the tests do not ask for")
    from benchmarks.picture import picture

    one = {"draws": [16, 64], "all": [[0.1] * 4, [0.05] * 4], "half": [[0.01] * 4, [0.0] * 4]}
    picture({"small": {"suanli, Sobol": one}, "market": {"NumPy": one}, "peers": {}}, tmp_path / "picture.svg")
    assert "<svg" in (tmp_path / "picture.svg").read_text("utf-8")


def test_the_command_writes_json_table_and_reference(tmp_path, monkeypatch):
    """A run of two parts: what ``suanli bench`` ships is what was measured; --quick writes nothing."""
    machine = {"machine": bench.machine(), "date": "2026-01-01"}
    floor = {"draws_per_second": 1e6, "steady": 7e5, "of_floor": 0.7}
    rates = {name: {"draws_per_second": 5e5} for name in ("suanli, one thread", "suanli, two threads")}
    word = {"ns": 0.2, "bare_ns": 0.1, "of_limit": 0.5, "spread": 0.01, "NumPy": 2.0}
    made = {"kernels": {"figures": {"word": word}} | machine, "engine": {"figures": rates | {"floor": floor}} | machine}
    monkeypatch.setattr(command, "measured", lambda name, size: made[name])
    for owner, name in ((report, "RESULTS"), (report, "README"), (tables, "PATH")):
        monkeypatch.setattr(owner, name, tmp_path / name)
    report.README.write_text("<!-- figures: x -->\n<!-- end -->\n", "utf-8")

    monkeypatch.setattr(sys, "argv", ["benchmarks", "--quick", "--only", "kernels,engine"])
    command.main()
    assert not report.RESULTS.exists()

    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "kernels,engine"])
    command.main()
    assert report.read() == made
    assert "NumPy 2 (10 ×)" in report.README.read_text("utf-8")
    shipped = bench.reference()
    assert shipped["figures"] == {"word": word}
    assert shipped["market"] == {"draws_per_second": 7e5, "floor": 1e6, "of_floor": 0.7}

    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "kernel"])
    with pytest.raises(SystemExit):
        command.main()
