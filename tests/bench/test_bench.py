"""What ``sim.bench`` times is the work it says, and its arithmetic on samples is right. No test asserts a time."""

import json
import statistics

import numpy as np
import pytest
from click.testing import CliRunner

from priors.families import FAMILIES
from sim import bench, market
from sim.batch import _headline
from sim.bench import bare, figures, inside, tables
from sim.bench.timer import Timing, alternate
from sim.cli import main
from sim.draw import philox


def test_median_and_quartiles():
    timing = Timing.of([5.0, 1.0, 2.0, 4.0, 3.0])
    assert timing == (3.0, 2.0, 4.0, 5)
    assert timing.spread == pytest.approx(1 / 3)
    assert timing.scaled(10.0) == (30.0, 20.0, 40.0, 5)
    assert Timing.of([7.0]) == (7.0, 7.0, 7.0, 1)


def test_jobs_take_turns_and_samples_are_per_call():
    now, order = [0], []

    def job(name, ns):
        def run():
            now[0] += ns
            order.append(name)

        return run

    jobs = {"short": job("short", 300_000), "long": job("long", 2_000_000)}
    found = alternate(jobs, rounds=3, clock=lambda: now[0])
    assert found == {"short": [300_000] * 3, "long": [2_000_000] * 3}
    one_round = ["short"] * 4 + ["long"]  # four calls make a sample of a millisecond
    assert order[-15:] == one_round * 3


@pytest.mark.parametrize("name", bench.FIGURES)
def test_every_figure_is_measured(name):
    found = bench.measured(name, rounds=2)
    assert found.bare.median > 0.0
    assert found.engine.median >= 0.0
    assert found.engine.repeats == 2


def test_a_part_is_taken_off_round_by_round(monkeypatch):
    trial = figures.Trial(print, repr, 10, less=str)
    monkeypatch.setitem(bench.FIGURES, "made up", figures.Figure("made up", lambda: trial))
    samples = {"engine": [50.0, 90.0, 20.0], "bare": [10.0, 10.0, 10.0], "less": [30.0, 30.0, 30.0], "NumPy": [8.0] * 3}
    monkeypatch.setattr("sim.bench.measure.alternate", lambda jobs, rounds: {name: samples[name] for name in jobs})
    found = bench.measured("made up", others={"NumPy": (print, 4)})
    assert found.engine.median == statistics.median([2.0, 6.0, 0.0])
    assert found.of_limit == 0.5
    assert found.others["NumPy"].median == 2.0


def test_every_family_has_a_figure():
    named = {spec["family"] for spec in figures.FAMILIES.values()}
    assert named == FAMILIES.keys() - {"fixed"}


def test_the_bare_loops_do_the_work():
    words = np.empty((4, 64), np.uint32)
    bare.words(*words)
    expected = np.empty((1, 256), np.uint32)
    philox.fill_words(np.array([3, 4], np.uint32), np.array([1], np.uint32), np.uint32(2), np.uint64(0), expected)
    expected = expected[0]
    np.testing.assert_array_equal(words.T.ravel(), expected)

    coordinates = np.empty(2 * 4096, np.uint32)
    bare.coordinates(np.array([12345, 7], np.uint32), np.array([54321, 9], np.uint32), coordinates)
    for scramble in (0, 1):  # a net: every interval of length 2^-12 holds one point
        assert len(set(coordinates[scramble::2] >> 20)) == 4096

    values = np.empty(256)
    bare.cubics(expected, 1.0, 1e-10, 1e-20, 1e-30, values)
    np.testing.assert_allclose(values, 1.5 + 2.5 * np.polyval([1e-30, 1e-20, 1e-10, 1.0], expected.astype(float)))

    inputs, outputs = np.arange(12.0).reshape(3, 4), np.empty((7, 4), np.float32)
    bare.cells(inputs, 2.0, 1.0, outputs)
    np.testing.assert_array_equal(outputs, 2.0 * inputs[np.arange(7) % 3] + 1.0)

    counters = np.zeros(8, np.uint16)
    bare.increments(np.array([1, 5, 1, 1], np.uint16), counters)
    assert counters.tolist() == [0, 3, 0, 0, 0, 1, 0, 0]


def test_the_bare_moments_are_moments():
    rows, out = figures.values(), np.empty((figures.ROWS, 4))
    bare.moments(rows, out)
    lanes = rows.astype(float).reshape(len(rows), -1, 16)[:, :, 0]
    expected = [lanes.sum(1), (lanes**2).sum(1), lanes.min(1), lanes.max(1)]
    np.testing.assert_allclose(out, np.transpose(expected), rtol=1e-12)


def test_the_halves_of_a_reduction_are_the_engine_s():
    rows = figures.values()
    moments, counts = inside.Moments(rows), inside.Counts(rows)
    before = int(counts.sketch.counters.sum(dtype=np.int64))
    moments()
    counts()
    sums = moments.leaf.sums[:, 0].sum(1) + rows.shape[1] * moments.leaf.scale[:, 0]
    np.testing.assert_allclose(sums, rows.sum(1, dtype=float), rtol=1e-9)
    counted = int(counts.sketch.counters.sum(dtype=np.int64)) - before
    assert 0.99 * rows.size < counted <= rows.size


def test_the_floor_adds_up_the_bare_pieces():
    pieces = bench.pieces()
    assert pieces["cell"] == market.model().cells == 2523
    assert pieces["coordinate"] == 89
    engine, _ = figures.market_engine()
    own, headline = engine.own[0], np.flatnonzero(_headline(engine.model))
    assert pieces["moments"] == len(own)
    assert pieces["sketch"] == len(own) + len(np.unique(engine.stand_in[headline]))
    assert bench.floor(dict.fromkeys(pieces, 0.5)) == pytest.approx(2e9 / sum(pieces.values()))


@pytest.fixture
def quick(monkeypatch):
    """The command with one round a figure and a market that takes no time."""
    monkeypatch.setattr("sim.app.bench.ROUNDS", 2)
    monkeypatch.setattr(bench, "market_rate", lambda: Timing(500_000.0, 490_000.0, 510_000.0, 3))
    monkeypatch.setattr(tables, "PATH", tables.PATH.with_name("none.json"))


def test_the_command_tells_figures_and_floor(quick):
    content = json.loads(CliRunner().invoke(main, ["bench", "--json"]).stdout)
    assert content["figures"].keys() == bench.FIGURES.keys()
    market = content["market"]
    bare_ns = {name: figure["bare_ns"] for name, figure in content["figures"].items()}
    assert market["floor"] == pytest.approx(bench.floor(bare_ns))
    assert market["of_floor"] == pytest.approx(500_000.0 / market["floor"])
    assert content["reference"] is None


def test_the_command_says_where_it_stands(quick, tmp_path, monkeypatch):
    shipped = bench.table({"word": {"ns": 1e-6}}, {"draws_per_second": 123_456.0}) | {"date": "2020-02-02"}
    monkeypatch.setattr(tables, "PATH", tmp_path / "reference.json")
    tables.PATH.write_text(json.dumps(shipped))
    printed = CliRunner().invoke(main, ["bench", "word", "market"]).stdout
    assert "500,000" in printed
    assert "123,456" in printed
    assert "2020-02-02" in printed
    assert "sketch" not in printed


def test_a_wrong_name_is_answered_with_the_nearest():
    with pytest.raises(SystemExit) as stopped:
        main.main(["bench", "skech"])
    assert stopped.value.code == 2


def test_tiles_are_as_the_engine_s():
    """Figures of a model's cells are of the tiles that runs of the market have."""
    import priors
    from sim import market, tiles
    from sim.bench.inside import TILE
    from sim.inputs import deck, dense

    model = market.model()
    assert tiles.tile_size(model, dense(deck(priors.load(), ["baseline"], model), model)) == TILE
