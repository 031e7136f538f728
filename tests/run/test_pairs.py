"""Differences and ratios summed up beside a run are those of its draws, and change nothing else of it."""

import numpy as np
import pytest

import priors
import sim
from sim import tiles
from sim.results import files

GUESS = {"basis": "assumption", "rationale": "a test"}
NAMES = ["baseline", "more", "other"]


def kernel(x, y):
    y[0] = x[0] * x[1]
    y[1] = np.maximum(x[2] - 0.5, 0.0)  # zero in half of the draws
    y[2] = x[2]
    y[3] = x[0]


MODEL = sim.Model(
    ["own.a", "own.b", "own.c"],
    [sim.Output("product"), sim.Output("part", ("k",)), sim.Output("aside", headline=False)],
    kernel,
    coords={"k": ["excess", "whole"]},
    reads={"product": ["own.a", "own.b"], "part": ["own.c"], "aside": ["own.a"]},
)


@pytest.fixture(scope="module")
def book():
    made = priors.book(
        quantities=[
            priors.quantity("own.a", priors.make({"family": "lognormal", "mu": 0, "sigma": 0.5}), **GUESS),
            priors.quantity("own.b", priors.make({"family": "normal", "mean": 3, "sd": 1}), **GUESS),
            priors.quantity("own.c", priors.make({"family": "uniform", "low": 0, "high": 1}), **GUESS),
        ]
    )
    return made.with_set("more", ["own.a=*2"]).with_set("other", ["own.c=+0.25"])


def run(book, scenarios=NAMES, **options):
    return sim.run(book, model=MODEL, scenarios=scenarios, draws=4096, **{"pairs": True, "seed": 5} | options)


def test_they_are_those_of_the_draws(book):
    tree = run(book)
    for name in ("product", "part"):
        kept = tree["draws"].to_dataset()[name]
        base = kept.sel(scenario="baseline", drop=True)
        difference = kept - base
        np.testing.assert_allclose(tree["difference"]["mean"][name], difference.mean("draw"), rtol=0, atol=1e-14)
        np.testing.assert_allclose(tree["difference"]["sd"][name], difference.std("draw", ddof=1), rtol=1e-12)
        np.testing.assert_allclose(tree["difference"]["max"][name], difference.max("draw"), rtol=0, atol=0)
        ratio = (kept / base.where(base != 0)).where(base != 0)
        np.testing.assert_allclose(tree["ratio"]["mean"][name], ratio.mean("draw"), rtol=1e-12)
        zeros = (base == 0).sum("draw")
        counted = tree["ratio"]["sketch"].to_dataset()
        at = [str(output) for output in counted["output"].values].index(name)
        first, cells = (int(counted[part][at]) for part in ("first_row", "cells"))
        bad = counted["nonfinite"].values[:, first : first + cells].reshape(3, *zeros.shape)
        np.testing.assert_array_equal(bad, np.broadcast_to(zeros, bad.shape))


def test_what_a_scenario_leaves_alone_is_the_same_to_the_bit(book):
    tree = run(book)
    same = {"product": "other", "part": "more"}
    for name, scenario in same.items():
        for kind, value in (("difference", 0.0), ("ratio", 1.0)):
            for group in ("mean", "min", "max"):
                found = tree[kind][group][name].sel(scenario=[scenario, "baseline"])
                np.testing.assert_array_equal(found, np.full(found.shape, value))
            np.testing.assert_array_equal(tree[kind]["mcse"][name].sel(scenario=scenario), 0.0)


def test_same_bytes_in_any_batch_on_any_threads_and_run_again(book):
    whole = run(book, threads=1, keep="none")
    pair = run(book, ["baseline", "other"], threads=2, keep="none")
    for kind in ("difference", "ratio"):
        for group in ("mean", "sd", "quantile", "mcse_quantile"):
            found = whole[kind][group].to_dataset().sel(scenario=["baseline", "other"])
            assert found.identical(pair[kind][group].to_dataset()), (kind, group)
    assert sim.rerun(whole, model=MODEL).identical(whole)


def test_many_leaves_on_two_threads(book):
    options = {"draws": 4 * tiles.LEAF, "keep": "none", "pairs": True, "model": MODEL, "scenarios": NAMES}
    assert sim.run(book, threads=1, **options).identical(sim.run(book, threads=2, **options))


def test_the_rest_of_the_result_is_as_without(book):
    with_pairs, without = run(book), run(book, pairs=False)
    for name, group in without.children.items():
        assert group.identical(with_pairs[name]), name
    assert set(with_pairs.children) - set(without.children) == {"difference", "ratio"}
    assert set(with_pairs.attrs) - set(without.attrs) == {"pairs"}


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
def test_files_carry_them_and_the_accessor_reads_them(book, suffix, tmp_path):
    tree = run(book)
    files.write(tree, tmp_path / f"result{suffix}")
    back = files.open(tmp_path / f"result{suffix}")
    assert back.identical(tree)
    kept = tree["draws"].to_dataset()["product"]
    less = (kept < kept.sel(scenario="baseline")).mean("draw")
    np.testing.assert_allclose(back["difference"].sim.prob("product < 0"), less, atol=1e-12)
    assert back["difference"]["mean"]["product"].attrs["long_name"] == "product: difference from baseline"
    assert back["ratio"]["mean"]["product"].attrs["units"] == "1"
