"""The figures of a run against the same draws, kept and treated the plain way."""

import numpy as np
import pytest

import priors
import sim
from sim import market, reduce, tiles
from tests.market import twin

SCENARIOS = list(priors.load().scenarios)
FIGURES = {"mean": np.mean, "min": np.min, "max": np.max}


@pytest.fixture(scope="module")
def kept():
    """Two scenarios with every output of all 8,192 draws kept."""
    return sim.run(scenarios=["baseline", "export_ban_2023q4"], draws=8192, keep="all", keep_draws=8192)


@pytest.mark.slow
def test_every_output_of_every_draw_over_all_scenarios():
    """5e-6 relative to the larger of the value and the cell's largest magnitude, against plain Python in double precision."""
    tree = sim.run(scenarios=SCENARIOS, draws=64, keep="all")
    inputs = tree["inputs"].to_dataset()
    outputs = tree["draws"].to_dataset()
    assert set(outputs.data_vars) == {output.name for output in market.model().outputs}
    for scenario in SCENARIOS:
        largest = {
            name: np.abs(v.sel(scenario=scenario)).max("draw").to_numpy() for name, v in outputs.data_vars.items()
        }
        for d in range(0, 64, 3):
            x = {str(name): float(v.sel(scenario=scenario)[d]) for name, v in inputs.data_vars.items()}
            expected = twin.run(x, 12)
            for name, values in outputs.data_vars.items():
                found = values.sel(scenario=scenario)[d].to_numpy()
                wanted = np.asarray(expected[name], float)
                room = 5e-6 * np.maximum(np.abs(wanted), largest[name])
                assert (np.abs(found - wanted) <= room).all(), (scenario, d, name)


def test_moments_are_numpy_s(kept):
    for name, draws in kept["draws"].data_vars.items():
        x = draws.to_numpy().astype(np.longdouble)
        room = 1e-12 * np.maximum(np.abs(x).max(axis=1), np.finfo(float).tiny)
        mean, variance = x.mean(axis=1), x.var(axis=1, ddof=1)
        assert (np.abs(kept["mean"][name] - mean) <= room).all(), name
        np.testing.assert_allclose(kept["sd"][name] ** 2, variance.astype(float), rtol=2e-12, atol=1e-300, err_msg=name)
        np.testing.assert_array_equal(kept["min"][name], x.min(axis=1).astype(float), err_msg=name)
        np.testing.assert_array_equal(kept["max"][name], x.max(axis=1).astype(float), err_msg=name)


def test_open_nodes_are_what_a_longer_run_goes_on_from():
    """A tree restored from them has the moments that are told."""
    tree = sim.run(draws=16 * 4096, keep="none")
    again = sim.run(draws=tiles.LEAF, keep="none")
    for result, leaves in ((tree, 65_536 // tiles.LEAF), (again, 1)):
        held = result["nodes"].to_dataset().isel(scenario=0)
        nodes = [reduce.Node(*(held[f].to_numpy()[n] for f in reduce.Node._fields)) for n in range(leaves.bit_count())]
        moments = reduce.moments_of(reduce.Tree(leaves, nodes).total())
        found = np.concatenate([v.to_numpy().ravel() for v in result["mean"].data_vars.values()])
        assert found.tobytes() == moments.mean.tobytes()


def test_sketch_quantiles_are_within_their_bound(kept):
    levels = kept["quantile"]["quantile"].to_numpy()
    for name, draws in kept["draws"].data_vars.items():
        exact = np.quantile(draws.to_numpy(), levels, axis=1, method="inverted_cdf")
        exact = np.moveaxis(exact, 0, kept["quantile"][name].dims.index("quantile"))
        assert (np.abs(kept["quantile"][name] - exact) <= 0.002 * np.abs(exact)).all(), name


def test_standard_errors_come_from_the_replicates(kept):
    for name, draws in kept["draws"].data_vars.items():
        x = draws.to_numpy().astype(float)
        means = np.stack([x[:, r::16].mean(axis=1) for r in range(16)])
        wanted = means.std(axis=0, ddof=1) / 4
        scale = 1e-12 * np.abs(x).max(axis=1)
        assert (np.abs(kept["mcse"][name] - wanted) <= 1e-9 * wanted + scale).all(), name


def test_stated_values_run_to_the_arithmetic_of_the_interview():
    """In the single precision of a run; tests/market has it to 1e-12 from the kernel in double."""
    tree = sim.run(scenarios=["stated"], draws=16)
    purchases = tree["mean"]["purchases_year"].sel(scenario="stated", year=2023)
    domestic = ["mlu370", "mlu590", "ppu", "ascend910", "dcu", "br100"]
    cloud = purchases.sel(buyer="alibaba_cloud")
    assert float(cloud.sel(accelerator=["a800", "h800"]).sum()) == pytest.approx(10_000, rel=1e-7)
    assert float(cloud.sel(accelerator="h800")) == pytest.approx(6_000, rel=1e-7)
    assert float(cloud.sel(accelerator=domestic).sum() / cloud.sum()) == pytest.approx(1 / 3, rel=1e-7)
    fleet = tree["mean"]["fleet"].sel(scenario="stated", quarter="2023Q1", accelerator="a100")
    both = float(fleet.sel(buyer="alibaba_cloud") + fleet.sel(buyer="alibaba_group"))
    assert both == pytest.approx(100_000, rel=1e-7)
    assert float(fleet.sel(buyer="alibaba_cloud")) == pytest.approx(20_000, rel=1e-7)
    assert float(tree["sd"]["fleet"].max()) == 0
