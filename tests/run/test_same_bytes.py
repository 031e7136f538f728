"""Equal inputs give equal bytes: whatever the threads, the tiles, the batch and the order of things around a run."""

import numpy as np
import pytest

import priors
import sim
from sim import reduce, tiles

TEN = [
    "baseline",
    "stated",
    "export_ban_2023q4",
    "export_ban_strong_domestic",
    "reference_architecture",
    "alibaba_reference",
    "gpt_boom",
    "austerity",
    "fp8_early",
    "cloud_ai_only",
]


def arrays(tree, scenario):
    """Every figure of one scenario, by path; the sketch by what it answers."""
    found = {}
    for group in ("mean", "sd", "min", "max", "mcse", "quantile", "mcse_quantile", "draws", "inputs"):
        for name, variable in tree[group].data_vars.items():
            found[group, name] = variable.sel(scenario=scenario).to_numpy().tobytes()
    return found


@pytest.fixture(scope="module")
def book():
    return priors.load()


@pytest.fixture(scope="module")
def one_thread(book):
    return sim.run(book, scenarios=["baseline"], draws=4 * tiles.LEAF, keep_draws=1024, threads=1)


def test_two_threads_and_three_change_no_bit(book, one_thread):
    for threads in (2, 3):
        other = sim.run(book, scenarios=["baseline"], draws=4 * tiles.LEAF, keep_draws=1024, threads=threads)
        assert arrays(other, "baseline") == arrays(one_thread, "baseline")
        assert other.identical(one_thread)


PAIRED = {"scenarios": ["baseline", "austerity"], "draws": 8192, "keep_draws": 1000, "pairs": True}


@pytest.fixture(scope="module")
def paired(book):
    return sim.run(book, **PAIRED)


SMALL = {f"x.{i}": {"family": "lognormal", "median": 1.0 + i, "p95": 9.0 + i} for i in range(3)}


def small(draws, threads=2, **options):
    """Three outcomes of three inputs, one of them often zero."""
    guess = {"basis": "assumption", "rationale": "a test"}
    book = priors.book([priors.quantity(name, priors.make(law), unit="1", **guess) for name, law in SMALL.items()])
    outputs = [sim.Output("a", headline=True), sim.Output("b"), sim.Output("c")]

    def kernel(x, y):
        y[0], y[1], y[2] = x[0] * x[1], x[1] - x[2], np.maximum(x[2] - 3.0, 0.0)

    model = sim.Model(list(SMALL), outputs, kernel, form="tile", name="small")
    return sim.run(book, model=model, draws=draws, keep="none", threads=threads, **options)


def test_neither_the_jobs_of_threads_nor_when_cells_are_counted_change_a_bit(monkeypatch):
    """Leaves by sixteens or alone, merged where they were run or afterwards; codes that wait, or none."""
    jobs, blocks_of = [], reduce.blocks_of
    monkeypatch.setattr(reduce, "blocks_of", lambda *given: (jobs.append(list(blocks_of(*given))), jobs[-1])[1])
    first = small(256 * tiles.LEAF)
    assert {leaves for _, leaves in jobs[0]} == {16}
    monkeypatch.setattr("sim.running._JOB_CELLS", 1)
    assert small(256 * tiles.LEAF, threads=1).identical(first)
    assert {leaves for _, leaves in jobs[1]} == {1}
    for place in ("sim.reduce.sketch.AT_ONCE", "sim.reduce.AT_ONCE"):
        monkeypatch.setattr(place, 0)
    assert small(256 * tiles.LEAF).identical(first)


@pytest.mark.parametrize("size", [16, 48, 112, 1024])
def test_no_tile_size_changes_a_bit(book, paired, monkeypatch, size):
    seen, shape = set(), tiles.Engine.shape
    monkeypatch.setattr(tiles.Engine, "shape", lambda self, draws: (seen.add(draws), shape(self, draws))[1])
    monkeypatch.setattr(tiles, "tile_size", lambda *_: size)
    assert sim.run(book, **PAIRED).identical(paired)
    assert max(seen) == size  # the tiles really were of this size


@pytest.mark.parametrize("block", [256, 1280])
def test_no_size_of_a_block_changes_a_bit(book, paired, monkeypatch, block):
    """Draws that wait to be counted, more or fewer at a time, over scenarios that share a room."""
    rooms = []

    def small_room(cells):
        rooms.append(np.zeros((cells, block), np.uint16))
        return rooms[-1]

    monkeypatch.setattr(reduce, "waiting_room", small_room)
    assert sim.run(book, **PAIRED).identical(paired)
    assert len(rooms) >= 3


def test_a_scenario_alone_equals_itself_among_ten(book):
    ten = sim.run(book, scenarios=TEN, draws=2048, keep_draws=256)
    for name in ("baseline", "export_ban_strong_domestic", "cloud_ai_only"):
        alone = sim.run(book, scenarios=[name], draws=2048, keep_draws=256)
        assert arrays(alone, name) == arrays(ten, name)


def test_scenarios_share_what_they_do_not_touch(book):
    tree = sim.run(book, scenarios=["baseline", "export_ban_2023q4", "austerity"], draws=1024)
    for name, values in tree["inputs"].data_vars.items():
        if name != "export.ban_quarter":
            np.testing.assert_array_equal(values.sel(scenario="export_ban_2023q4"), values.sel(scenario="baseline"))
    # A scaled input keeps its own uniform: the same draw, times the factor.
    base, less = (tree["inputs"]["buy.alibaba_cloud_2023"].sel(scenario=s) for s in ("baseline", "austerity"))
    np.testing.assert_allclose(less, 0.7 * base, rtol=1e-12)


@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_seed_zero_is_a_seed(book, sampler):
    zero, again, one = (sim.run(book, draws=256, seed=seed, sampler=sampler) for seed in (0, 0, 1))
    assert zero.identical(again)
    assert not np.array_equal(zero["inputs"]["growth.cloud"], one["inputs"]["growth.cloud"])


@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_fewer_draws_are_the_first_of_more(book, sampler):
    few = sim.run(book, draws=512, sampler=sampler)
    many = sim.run(book, draws=32_768, sampler=sampler, keep_draws=512)
    for group in ("draws", "inputs"):
        for name, values in few[group].data_vars.items():
            np.testing.assert_array_equal(values, many[group][name])


def test_running_a_result_again_gives_its_bytes(book):
    sets = ["growth.cloud=0.4", "capacity.mlu=*3", "infer.efficiency_gain=pert(0.2, 0.6, 1.0)"]
    tree = sim.run(
        book.with_set("mine", sets), scenarios=["mine", "baseline"], draws=1024, seed=5, sampler="random", keep_draws=64
    )
    assert sim.rerun(tree).identical(tree)
