"""Numbers at the edge: chances of 0 and 1, no width and all of it, sizes near the ends of doubles, no numbers, many inputs."""

import json
import time
import warnings

import numpy as np
import pytest

import priors
import sim
from sim import tiles
from sim.results import files

GUESS = {"basis": "assumption", "rationale": "a test", "unit": "1"}
FIGURES = ("mean", "sd", "min", "max", "mcse")


def book(**laws):
    return priors.book(
        quantities=[priors.quantity(f"own.{name}", priors.make(law), **GUESS) for name, law in laws.items()]
    )


def as_it_is(x, y):
    y[:] = x


def run(laws, draws=1024, kernel=as_it_is, outputs=None, **options):
    inputs = [f"own.{name}" for name in laws]
    model = sim.Model(inputs, [sim.Output(name) for name in outputs or laws], kernel)
    return sim.run(book(**laws), model=model, draws=draws, **options)


def value(tree, group, name):
    return float(tree[group][name][0])


# ---- chances of 0 and 1


def test_what_never_and_what_always_happens():
    tree = run({"never": {"family": "bernoulli", "p": 0}, "always": {"family": "bernoulli", "p": 1}})
    for name, worth in (("never", 0.0), ("always", 1.0)):
        assert {value(tree, group, name) for group in ("mean", "min", "max")} == {worth}
        assert value(tree, "sd", name) == value(tree, "mcse", name) == 0.0
        assert set(tree["quantile"][name].to_numpy().ravel()) == {worth}
        found = tree.sim.prob(f"{name} > 0.5")
        assert float(found[0]) == worth
        # 1,024 draws that all agree leave room for one in some hundreds that does not: rule of three, 95 %.
        room = 1 - 0.025 ** (1 / 1024)
        assert (float(found["lower"][0]), float(found["upper"][0])) == pytest.approx(
            (0.0, room) if worth == 0 else (1 - room, 1.0)
        )


@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_levels_of_0_and_1_are_the_extremes(sampler):
    tree = run({"z": {"family": "normal", "mean": 0, "sd": 1}}, sampler=sampler)
    draws = tree["draws"]["z"].to_numpy()
    ends = tree.sim.quantile([0.0, 1.0], "z").to_numpy().ravel()
    assert ends.tolist() == [draws.min(), draws.max()]
    with pytest.raises(ValueError, match="quantile"):
        tree.sim.quantile(1.0000001, "z")


# ---- widths


def test_a_quantity_without_any_width_is_its_value():
    tree = run({"x": {"family": "fixed", "value": 0.1}, "z": {"family": "normal", "mean": 0, "sd": 1}})
    assert {value(tree, group, "x") for group in ("mean", "min", "max")} == {0.1}
    assert value(tree, "sd", "x") == value(tree, "mcse", "x") == 0.0
    assert np.all(tree["quantile"]["x"] == 0.1)
    assert value(tree, "sd", "z") == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("law", [{"family": "uniform", "low": 2, "high": 2}, {"family": "normal", "mean": 0, "sd": 0}])
def test_a_range_without_width_is_refused_and_told(law):
    with pytest.raises(ValueError, match="found"):
        priors.make(law)


@pytest.mark.parametrize("scale", [1e-300, 1e300])
@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_sizes_near_the_ends_of_doubles(scale, sampler):
    """Uniform over ± scale: mean 0 within its error, deviation scale / √3, quantiles at their places."""
    tree = run({"x": {"family": "uniform", "low": -scale, "high": scale}}, 4096, sampler=sampler)
    assert value(tree, "sd", "x") / scale == pytest.approx(3**-0.5, rel=0.05)
    assert abs(value(tree, "mean", "x")) <= 8 * value(tree, "mcse", "x")
    assert 0 < value(tree, "mcse", "x") / scale < 0.02
    levels = tree["quantile"]["quantile"].to_numpy()
    np.testing.assert_allclose(tree["quantile"]["x"].to_numpy()[0] / scale, 2 * levels - 1, atol=0.06)
    assert float(tree.sim.prob(f"x > {scale / 2!r}")[0]) == pytest.approx(0.25, abs=0.05)


def test_a_range_of_all_doubles():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree = run({"x": {"family": "uniform", "low": -8e307, "high": 8e307}}, 4096)
    assert all(np.isfinite(value(tree, group, "x")) for group in FIGURES)


# ---- what is no number


def spoilt(x, y):
    """Of three outputs one has NaN, one infinities of both signs, in some draws; the last is sound."""
    y[:] = x[0]
    y[0][np.arange(x.shape[1]) % 64 == 5] = np.nan
    y[1][np.arange(x.shape[1]) % 32 == 3] = np.inf
    y[1][np.arange(x.shape[1]) % 32 == 4] = -np.inf


@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_what_is_no_number_is_counted_by_output_and_touches_no_other_figure(sampler, tmp_path):
    laws = {"x": {"family": "lognormal", "median": 1, "p95": 3}}
    whole = run(laws, 2048, lambda x, y: y.__setitem__(slice(None), x[0]), ["a", "b", "c"], sampler=sampler)
    with pytest.warns(sim.NonfiniteDraws) as told:
        tree = run(laws, 2048, spoilt, ["a", "b", "c"], sampler=sampler)
    assert sorted(str(each.message).partition(" values")[0] for each in told) == ["output 'a': 32", "output 'b': 128"]
    assert tree["sketch"]["nonfinite"].to_numpy().tolist() == [[32, 128, 0]]
    for group in (*FIGURES, "quantile", "mcse_quantile"):
        np.testing.assert_array_equal(tree[group]["c"], whole[group]["c"])
    draws = whole["draws"]["c"].to_numpy().ravel()
    at = np.arange(2048)
    for name, bad in (("a", at % 64 == 5), ("b", (at % 32 == 3) | (at % 32 == 4))):
        kept = draws[~bad]
        assert value(tree, "mean", name) == pytest.approx(kept.mean(), rel=1e-12)
        assert value(tree, "sd", name) == pytest.approx(kept.std(ddof=1), rel=1e-12)
        assert (value(tree, "min", name), value(tree, "max", name)) == (kept.min(), kept.max())
        exact = np.quantile(kept, [0.05, 0.5, 0.95], method="inverted_cdf")
        found = tree["quantile"][name].sel(quantile=[0.05, 0.5, 0.95]).to_numpy()[0]
        np.testing.assert_allclose(found, exact, rtol=0.004)
        assert float(tree.sim.prob(f"{name} > 2")[0]) == pytest.approx((kept > 2).mean(), abs=0.005)
    files.write(tree, tmp_path / "spoilt.nc")
    again = files.open(tmp_path / "spoilt.nc")
    assert again["sketch"]["nonfinite"].to_numpy().tolist() == [[32, 128, 0]]
    again.close()


def test_an_output_that_is_never_a_number_says_so_and_others_stand():
    def kernel(x, y):
        y[0], y[1] = np.nan, x[0]

    laws = {"x": {"family": "normal", "mean": 0, "sd": 1}}
    with pytest.warns(sim.NonfiniteDraws, match="output 'bad': 1,024 values"):
        tree = run(laws, 1024, kernel, ["bad", "good"])
    assert all(np.isnan(value(tree, group, "bad")) for group in FIGURES)
    assert np.isnan(tree["quantile"]["bad"]).all()
    assert all(np.isfinite(value(tree, group, "good")) for group in FIGURES)


def test_differences_of_what_is_no_number_are_counted_too():
    def kernel(x, y):
        y[0] = np.where(x[0] > 2.0, np.nan, x[0])

    made = book(x={"family": "normal", "mean": 0, "sd": 1}).with_set("up", ["own.x=+1"])
    model = sim.Model(["own.x"], [sim.Output("y")], kernel)
    with pytest.warns(sim.NonfiniteDraws):
        tree = sim.run(made, scenarios=["baseline", "up"], model=model, draws=4096, pairs=True)
    difference = sim.compare(tree)["y"].to_dataset()
    x = tree["inputs"]["own.x"].to_numpy()
    both = (x <= 2.0).all(axis=0)
    assert 0 < both.sum() < 4096
    # The difference is of the draws that are numbers under both: 1 in each, whatever their means are.
    assert float(tree["difference"]["mean"]["y"].sel(scenario="up")) == pytest.approx(1.0, rel=1e-12)
    assert np.isfinite(difference["difference_mean"]).all()


# ---- sizes of the question


def test_one_draw_is_sixteen_and_has_all_its_figures():
    with pytest.warns(sim.RoundedDraws, match="1 draws are run as 16"):
        tree = run({"z": {"family": "normal", "mean": 0, "sd": 1}}, 1)
    assert tree.attrs["draws"] == 16
    draws = tree["draws"]["z"].to_numpy()[0]
    assert value(tree, "mean", "z") == pytest.approx(draws.mean(), abs=1e-15)
    assert value(tree, "mcse", "z") == pytest.approx(draws.std(ddof=1) / 4, rel=1e-12)
    found = tree.sim.prob("z > 0")
    assert float(found["lower"][0]) <= (draws > 0).mean() <= float(found["upper"][0])


def test_no_scenario_is_refused():
    with pytest.raises(ValueError, match=r"scenarios: found \[\], expected one or more names"):
        sim.run(scenarios=[])


def test_ten_thousand_inputs():
    """Names, streams, tables and tiles of 10,000 inputs: the law of their sum, in seconds."""
    n, started = 10_000, time.process_time()
    uniform = priors.make({"family": "uniform", "low": 0, "high": 1})
    names = [f"own.x{j}" for j in range(n)]
    many = priors.book(quantities=[priors.quantity(name, uniform, **GUESS) for name in names])
    model = sim.Model(names, [sim.Output("total")], lambda x, y: np.sum(x, axis=0, out=y[0]))
    tree = sim.run(many, model=model, draws=256, keep="none", sampler="random")
    total = value(tree, "mean", "total")
    assert abs(total - n / 2) < 6 * (n / 12 / 256) ** 0.5
    assert value(tree, "sd", "total") == pytest.approx((n / 12) ** 0.5, rel=0.3)
    assert len(json.loads(tree.attrs["deck"])["streams"]) == n
    assert time.process_time() - started < 30


def test_every_leaf_is_summed():
    """Moments of three leaves and a bit are those of all their draws."""
    laws = {"x": {"family": "uniform", "low": 0, "high": 1}}
    tree = run(laws, 4 * tiles.LEAF, keep_draws=4 * tiles.LEAF, sampler="random")
    draws = tree["draws"]["x"].to_numpy()[0]
    assert len(draws) == 4 * tiles.LEAF
    assert value(tree, "mean", "x") == pytest.approx(draws.mean(), rel=1e-12)
    assert value(tree, "sd", "x") == pytest.approx(draws.std(ddof=1), rel=1e-12)


def test_quantiles_stand_under_their_own_levels():
    tree = run({"x": {"family": "lognormal", "median": 1, "p95": 3}}, 4096)
    draws, levels = tree["draws"]["x"].to_numpy()[0], tree["quantile"]["quantile"].to_numpy()
    exact = np.quantile(draws, levels, method="inverted_cdf")
    np.testing.assert_allclose(tree["quantile"]["x"].to_numpy()[0], exact, rtol=0.004)
