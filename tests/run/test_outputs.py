"""Some of a model's outputs alone: the same bits as among all, and nothing else."""

import numba
import numpy as np
import pytest

import priors
import sim
from sim import tiles

CHOSEN = ["market_spend_year", "purchases", "overtake", "compute_year_end", "domestic_share"]
GROUPS = ("mean", "sd", "min", "max", "mcse", "quantile", "mcse_quantile", "draws")
GUESS = {"basis": "assumption", "rationale": "a test", "unit": "1"}


@pytest.fixture(scope="module")
def book():
    return priors.load()


def same_bits(few, all_, groups=GROUPS):
    for group in groups:
        for name, values in few[group].data_vars.items():
            np.testing.assert_array_equal(values.to_numpy(), all_[group][name].to_numpy(), err_msg=f"{group}/{name}")
            assert values.attrs == all_[group][name].attrs


def test_figures_are_those_among_all_outputs(book):
    batch = {"scenarios": ["baseline", "austerity", "fp8_early"], "draws": 2 * tiles.LEAF, "keep_draws": 512}
    whole = sim.run(book, keep="all", pairs=True, **batch)
    few = sim.run(book, keep="all", pairs=True, outputs=CHOSEN, **batch)
    assert set(few["mean"].data_vars) == set(CHOSEN) == set(few["draws"].data_vars)
    same_bits(few, whole)
    for kind in ("difference", "ratio"):
        assert set(few[kind]["mean"].data_vars) == {"market_spend_year", "overtake", "compute_year_end"}
        same_bits(few[kind], whole[kind], GROUPS[:-1])
    for name in CHOSEN:
        for x in (0.1, 1.0, 1e4):
            found, expected = (tree.sim.cdf(name, x).to_numpy() for tree in (few, whole))
            np.testing.assert_array_equal(found, expected)


def test_headline_is_a_name_for_all_that_are(book):
    whole, few = (sim.run(book, draws=1024, outputs=outputs) for outputs in ("all", "headline"))
    assert few.attrs["headline"] == whole.attrs["headline"]
    assert len(few["mean"].data_vars) == 14
    assert "outputs" not in whole.attrs
    same_bits(few, whole)


def test_one_name_is_enough_and_runs_again_to_the_byte(book):
    tree = sim.run(book, draws=1024, outputs="cloud_ai_load", seed=4, keep_draws=64)
    assert list(tree["mean"].data_vars) == ["cloud_ai_load"]
    assert sim.rerun(tree).identical(tree)


def test_precision_on_demand_looks_at_what_is_asked_for(book):
    tree = sim.run(book, until=0.01, outputs=["cloud_revenue_year"], max_draws=65_536)
    assert tree.attrs["until_stopped"] == "error reached"
    assert "cloud_revenue_year" in tree.attrs["until_answer"]
    with pytest.raises(ValueError, match='until: output "parity_month" is not in the model'):
        sim.run(book, until=0.01, until_outputs=["parity_month"], outputs=["cloud_revenue_year"])


def test_an_unknown_name_is_told_with_the_nearest(book):
    with pytest.raises(ValueError, match=r'outputs: output "parity_mnth" is not in the model.*"parity_month"'):
        sim.run(book, draws=16, outputs=["parity_mnth"])


def test_what_a_scenario_leaves_alone_is_kept_whole(book):
    """fp8_early touches the inference chapter: its other outcomes are neither written nor counted again, but kept."""
    asked = {"draws": 2 * tiles.LEAF, "keep": "all", "keep_draws": 1000}
    both = sim.run(book, scenarios=["baseline", "fp8_early"], **asked)
    alone = sim.run(book, scenarios=["fp8_early"], **asked)
    for name, values in alone["draws"].data_vars.items():
        assert both["draws"][name].sel(scenario=["fp8_early"]).values.tobytes() == values.values.tobytes(), name
    for group in ("mean", "sd", "quantile"):
        for name, values in alone[group].data_vars.items():
            assert both[group][name].sel(scenario=["fp8_early"]).values.tobytes() == values.values.tobytes(), name


@numba.njit
def three(x, y):
    y[0], y[1], y[2] = x[0], 2.0 * x[0], x[0] + 1.0


def test_a_scalar_model_of_one_s_own():
    normal = priors.make({"family": "normal", "mean": 0, "sd": 1})
    own = priors.book(quantities=[priors.quantity("own.z", normal, **GUESS)])
    outputs = [sim.Output(name) for name in ("a", "b", "c")]
    model = sim.Model(["own.z"], outputs, three, form="scalar", same=[0, 1, 2])
    whole, few = (sim.run(own, model=model, draws=256, outputs=names) for names in ("all", ["c", "b"]))
    assert list(few["mean"].data_vars) == ["b", "c"]
    same_bits(few, whole)


def test_a_cell_that_repeats_one_left_out_is_counted_itself(book):
    """Cells that are always alike share one count; which of them is asked for does not matter."""
    model = sim.market.model()
    whole = model.only([output.name for output in model.outputs])
    assert list(whole.same) == list(model.same)
    few = model.only(["purchases_year", "fleet"])
    where, rows = few.slices(), few.rows()
    assert few.cells < few.height == model.cells
    own = np.concatenate([np.arange(rows[n].start, rows[n].stop) for n in where])
    kept, before = np.array(few.same), np.array(model.same)[own]
    assert np.array_equal(kept == -1, before == -1)
    pairs = np.flatnonzero(before >= 0)
    assert len(set(zip(kept[pairs], before[pairs], strict=True))) == len(set(before[pairs])) == len(set(kept[pairs]))
    assert np.all(kept[kept[pairs]] == kept[pairs])


def test_a_longer_run_of_some_outputs_is_a_fresh_one(book):
    """What extends a result knows which outputs it has, and which draws it kept."""
    asked = {"outputs": ["cloud_ai_load", "spend"], "keep_draws": 512, "seed": 6}
    few = sim.run(book, draws=tiles.LEAF, **asked)
    assert sim.extend(few, 2 * tiles.LEAF).identical(sim.run(book, draws=2 * tiles.LEAF, **asked))


def test_blocks_may_have_their_rows_in_an_order_of_their_own():
    """What is asked for, kept and summed up is found where the order says; an order that is none is refused."""
    normal = priors.make({"family": "normal", "mean": 0, "sd": 1})
    own = priors.book(quantities=[priors.quantity("own.z", normal, **GUESS)])
    outputs = [sim.Output("a"), sim.Output("b", headline=False), sim.Output("c")]

    def tile(x, y):
        y[0], y[1], y[2] = x[0], 2.0 * x[0], x[0] + 1.0

    def blocks(x, y):
        z = x[0].reshape(-1, 16)
        y[:, 2], y[:, 0], y[:, 1] = z, 2.0 * z, z + 1.0

    model = sim.Model(["own.z"], outputs, tile, blocks=blocks, order=[2, 0, 1])
    for names in ("all", ["b", "c"]):
        asked = {"draws": 4096, "outputs": names, "keep": "all"}
        made, plain = (sim.run(own, model=m, **asked) for m in (model, sim.Model(["own.z"], outputs, tile)))
        same_bits(made, plain)
        for name in made["mean"].data_vars:
            assert made["draws"][name].values.tobytes() == plain["draws"][name].values.tobytes()
    with pytest.raises(ValueError, match="spared of model 'model': 'bb' is not one of its outputs"):
        sim.Model(["own.z"], outputs, tile, blocks=blocks, spared=["bb"])
    for wrong in ([0, 1], [0, 0, 1], [1, 2, 3]):
        with pytest.raises(ValueError, match="order of model 'model': expected each row from 0 to 2 once"):
            sim.Model(["own.z"], outputs, tile, blocks=blocks, order=wrong)
