"""Attributions of models whose Shapley values are known; what is refused."""

import math

import numpy as np
import pytest
from scipy import stats

import priors
import sim
from sim.results.errors import ResultError
from sim.study import shapley
from sim.study.figures import Chance, Mean, Quantile

GUESS = {"basis": "assumption", "rationale": "a test"}


def make(kernel, inputs, changes, law="normal(10, 1)", outputs=None, **options):
    """A tree of a baseline and a scenario ``changed``."""
    kind = {
        "normal(10, 1)": {"family": "normal", "mean": 10, "sd": 1},
        "lognormal": {"family": "lognormal", "mu": 0, "sigma": 0.4},
    }
    book = priors.book(quantities=[priors.quantity(name, priors.make(kind[law]), **GUESS) for name in inputs])
    book = book.with_set("changed", changes)
    model = sim.Model(inputs, outputs or [sim.Output("y", units="card")], kernel, **options)
    return sim.run(book, model=model, scenarios=["baseline", "changed"], draws=4096, keep="none"), model


def total(x, y):
    y[0] = x.sum(axis=0)


def product(x, y):
    y[0] = x.prod(axis=0)


def names(k):
    return [f"own.x{i:02d}" for i in range(k)]


def test_of_a_sum_each_gets_its_own_shift():
    tree, model = make(total, names(4), ["own.x00=+3", "own.x01=+-1", "own.x02=+0.5"])
    found = sim.attribute(tree, "baseline", "changed", "y", model=model)
    assert found["override"].values.tolist() == ["own.x00", "own.x01", "own.x02"]
    np.testing.assert_allclose(found["share"], [3, -1, 0.5], rtol=1e-9)
    np.testing.assert_allclose(found["share_mcse"], 0, atol=1e-9)
    np.testing.assert_allclose(found["interaction"], 0, atol=1e-9)
    assert float(found["gap"]) == pytest.approx(2.5, rel=1e-9)
    assert float(found["base_value"]) == pytest.approx(40, abs=0.01)
    assert found["share"].attrs["units"] == "card"


def test_of_a_product_of_means():
    """E[xyz] with independent factors is the product of the means: the Shapley value of that game, to the error told."""
    tree, model = make(product, names(3), ["own.x00=*1.5", "own.x01=*0.8", "own.x02=*1.1"])
    found = sim.attribute(tree, "baseline", "changed", "y", model=model)
    a, b, c = 1.5, 0.8, 1.1
    exact = {"own.x00": (a - 1) * ((1 + b * c) / 3 + (b + c) / 6), "own.x01": (b - 1) * ((1 + a * c) / 3 + (a + c) / 6),
             "own.x02": (c - 1) * ((1 + a * b) / 3 + (a + b) / 6)}  # fmt: skip
    for name, share in exact.items():
        one = found.sel(override=name)
        assert abs(float(one["share"]) - 1000 * share) < 5 * float(one["share_mcse"])
        assert float(one["share_mcse"]) < 0.02 * abs(1000 * share)
    pair = found["interaction"].sel({"among": "own.x00", "with": "own.x01"})
    assert float(pair) == pytest.approx(1000 * (a - 1) * (b - 1) * (1 + c) / 2, rel=0.01)


def test_of_lognormals_quantile_and_chance():
    """The quantile of a product of lognormals is known for every subset, and so is the chance of passing a threshold."""
    tree, model = make(
        product, names(2), ["own.x00=lognormal(mu=0.5, sigma=0.4)", "own.x01=lognormal(mu=0, sigma=0.8)"], "lognormal"
    )
    laws = {0: (0.0, 0.4, 0.4), 1: (0.5, 0.4, 0.4), 2: (0.0, 0.4, 0.8), 3: (0.5, 0.4, 0.8)}
    z = stats.norm.ppf(0.9)
    for figure, worth in (
        (Quantile(0.9), [math.exp(m + z * math.hypot(a, b)) for m, a, b in laws.values()]),
        (Chance(2.0), [stats.norm.sf((math.log(2) - m) / math.hypot(a, b)) for m, a, b in laws.values()]),
    ):
        found = sim.attribute(tree, "baseline", "changed", "y", of=figure, model=model)
        exact = [
            ((worth[1] - worth[0]) + (worth[3] - worth[2])) / 2,
            ((worth[2] - worth[0]) + (worth[3] - worth[1])) / 2,
        ]
        for name, share in zip(names(2), exact, strict=True):
            one = found.sel(override=name)
            assert abs(float(one["share"]) - share) < 5 * float(one["share_mcse"]) + 0.004 * abs(share), figure
        assert float(found["share"].sum()) == pytest.approx(float(found["gap"]), rel=1e-9)
    assert found["share"].attrs["units"] == "1"


@pytest.mark.parametrize("of", [Mean(), Quantile(0.99), Chance(11.5)])
@pytest.mark.parametrize("k", [5, 13])
def test_it_adds_up_and_gives_nothing_to_who_changes_nothing(of, k):
    def without_the_last(x, y):
        y[0] = x[:-1].max(axis=0)

    tree, model = make(without_the_last, names(k), [f"{name}=*1.{i + 1}" for i, name in enumerate(names(k))])
    found = sim.attribute(tree, "baseline", "changed", "y", of=of, model=model, permutations=8)
    assert float(found["share"].sum()) == pytest.approx(float(found["gap"]), rel=1e-9)
    last = found.sel(override=names(k)[-1])
    assert float(last["share"]) == 0.0
    assert float(last["share_mcse"]) == 0.0


def test_many_overrides_are_sampled():
    """Twelve factors of a product of means: against the exact values of that game."""
    factors = [1 + 0.1 * (i + 1) for i in range(12)]
    changes = [f"{name}=*{factor}" for name, factor in zip(names(12), factors, strict=True)]
    tree, model = make(lambda x, y: np.copyto(y, (x / 10).prod(axis=0)[None]), names(12), changes)
    found = sim.attribute(tree, "baseline", "changed", "y", model=model, permutations=40)
    assert "40 orders of 12 overrides" in found.attrs["method"]
    masks = np.arange(1 << 12)
    worth = np.prod([np.where(masks >> i & 1, f, 1.0) for i, f in enumerate(factors)], axis=0)
    exact = shapley.values(worth)
    for name, share in zip(names(12), exact, strict=True):
        one = found.sel(override=name)
        assert abs(float(one["share"]) - share) < 6 * float(one["share_mcse"]), name
        assert float(one["share_mcse"]) < 0.2 * abs(share)
    assert found.sizes["among"] == 6


def test_what_an_output_does_not_read_is_zero_without_a_run():
    def two(x, y):
        y[0], y[1] = x[0], x[1]

    tree, model = make(two, names(2), ["own.x00=+1", "own.x01=+2"], outputs=[sim.Output("y"), sim.Output("w")],
                       reads={"y": ["own.x00"], "w": ["own.x01"]})  # fmt: skip
    found = sim.attribute(tree, "baseline", "changed", "y", model=model)
    assert found["override"].values.tolist() == ["own.x00", "own.x01"]
    np.testing.assert_allclose(found["share"], [1, 0], rtol=1e-9)
    assert "2 subsets of 1 overrides" in found.attrs["method"]
    other = sim.attribute(tree, "baseline", "changed", "w", model=model)
    np.testing.assert_allclose(other["share"].sel(override=names(2)), [0, 2], rtol=1e-9)


def test_an_output_that_no_override_reaches():
    tree, model = make(lambda x, y: np.copyto(y, x[:1]), names(2), ["own.x01=+2"], reads={"y": ["own.x00"]})
    found = sim.attribute(tree, "baseline", "changed", "y", model=model)
    assert float(found["gap"]) == 0.0
    assert found["share"].values.tolist() == [0.0]


def test_cells_and_labels():
    def kernel(x, y):
        y[:6] = np.arange(1, 7)[:, None] * x[0]

    outputs = [sim.Output("y", ("a", "b"))]
    tree, model = make(kernel, names(1), ["own.x00=+1"], outputs=outputs, coords={"a": ["p", "q"], "b": [1, 2, 3]})
    whole = sim.attribute(tree, "baseline", "changed", "y", model=model)
    np.testing.assert_allclose(whole["share"].sel(override="own.x00"), [[1, 2, 3], [4, 5, 6]], rtol=1e-9)
    one = sim.attribute(tree, "baseline", "changed", "y", at={"a": "q", "b": 2}, model=model)
    assert one["gap"].dims == ()
    assert float(one["share"][0]) == pytest.approx(5, rel=1e-9)
    for at, message in (({"c": 1}, 'no dimension "c"'), ({"a": "z"}, 'no a "z"')):
        with pytest.raises(ResultError, match=message):
            sim.attribute(tree, "baseline", "changed", "y", at=at, model=model)


def test_the_same_on_any_threads():
    tree, model = make(product, names(3), ["own.x00=*1.5", "own.x01=*0.8"])
    one, two = (sim.attribute(tree, "baseline", "changed", "y", model=model, threads=n) for n in (1, 2))
    assert one.identical(two)


def test_wrong_use_is_told():
    tree, model = make(total, names(2), ["own.x00=+1"])
    for arguments, message in (
        (("baselin", "changed", "y"), 'no scenario "baselin"; did you mean "baseline"?'),
        (("baseline", "changed", "z"), 'no output "z"'),
        (("baseline", "baseline", "y"), "changes no input"),
    ):
        with pytest.raises(ResultError, match=message.replace("?", r"\?")):
            sim.attribute(tree, *arguments, model=model)
    with pytest.raises(ResultError, match="draws: found 0, expected at least 1"):
        sim.attribute(tree, "baseline", "changed", "y", draws=0, model=model)
    with pytest.raises(ValueError, match="expected a probability"):
        Quantile(1.5)
    with pytest.raises(ValueError, match="expected a number"):
        Chance(float("nan"))


@pytest.mark.parametrize("figure", [Mean(), Quantile(0.37), Quantile(1.0), Chance(0.2)])
def test_figures(figure):
    draws = np.random.default_rng(4).normal(size=1600)
    value, each = figure.of(draws)
    if isinstance(figure, Mean):
        assert value == pytest.approx(draws.mean(), rel=1e-12)
        exact = [draws[r::16].mean() for r in range(16)]
    elif isinstance(figure, Chance):
        assert value == (draws > 0.2).mean()
        exact = [(draws[r::16] > 0.2).mean() for r in range(16)]
    else:
        assert value == np.quantile(draws, figure.level, method="inverted_cdf")
        exact = [np.quantile(draws[r::16], figure.level, method="inverted_cdf") for r in range(16)]
    np.testing.assert_allclose(each, exact, rtol=1e-12)
    spoiled = np.where(np.arange(1600) % 7 == 0, np.nan, draws)
    assert figure.of(spoiled)[0] == pytest.approx(_of_finite(figure, spoiled[np.isfinite(spoiled)]), rel=1e-12)


def _of_finite(figure, held):
    if isinstance(figure, Mean):
        return held.mean()
    return (held > 0.2).mean() if isinstance(figure, Chance) else np.quantile(held, figure.level, method="inverted_cdf")
