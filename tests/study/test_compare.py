"""Comparisons against closed forms, against another way to the same figures, and what refuses to be compared."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

import sim
from sim.results import files
from sim.results.errors import ResultError
from tests.study import worlds

LEVELS = [0.05, 0.5, 0.95]


@pytest.fixture(scope="module")
def tree():
    return worlds.run(pairs=True, keep="headline")


@pytest.fixture(scope="module")
def compared(tree):
    return sim.compare(tree, quantiles=LEVELS)


def test_closed_forms(compared):
    level, price = worlds.truths(LEVELS)
    for output, truths in (("level", level), ("price", price)):
        found = compared[output].to_dataset().sel(scenario="wider")
        for name, exact in truths.items():
            value, error = found[name].values, found[f"{name}_mcse"].values
            # Five standard errors, and what a bin of the sketch is wide.
            assert np.all(np.abs(value - exact) <= 5 * error + 0.003 * np.abs(exact) + 2e-4), (
                name,
                value,
                exact,
                error,
            )
            assert np.all(error < 0.03 * np.abs(exact) + 0.02), (name, error)


def test_what_draws_say(tree, compared):
    """The same figures from the kept draws, which are all the draws, by NumPy and SciPy alone."""
    draws = tree["draws"].to_dataset()["level"].sel(scenario=["baseline", "wider"]).values
    base, wide = draws
    found = compared["level"].to_dataset().sel(scenario="wider")
    difference = wide - base
    assert float(found["difference_mean"]) == pytest.approx(difference.mean(), rel=1e-12)
    assert float(found["difference_sd"]) == pytest.approx(difference.std(ddof=1), rel=1e-12)
    assert float(found["chance_greater"]) == (wide > base).mean()
    assert float(found["chance_less"]) == (wide < base).mean()
    assert float(found["wasserstein"]) == pytest.approx(stats.wasserstein_distance(base, wide), rel=1e-3)
    assert float(found["ks"]) == pytest.approx(stats.ks_2samp(base, wide).statistic, abs=2e-3)
    variances = base.var(ddof=1) + wide.var(ddof=1)
    assert float(found["pairing_factor"]) == pytest.approx(variances / difference.var(ddof=1), rel=1e-12)
    each = np.array([(wide[r::16] - base[r::16]).mean() for r in range(16)])
    assert float(found["difference_mean_mcse"]) == pytest.approx(each.std(ddof=1) / 4, rel=1e-9)
    shares = np.array([(wide[r::16] > base[r::16]).mean() for r in range(16)])
    assert float(found["chance_greater_mcse"]) == pytest.approx(shares.std(ddof=1) / 4, rel=1e-9)


def test_the_error_of_wasserstein_is_that_of_its_derivative(tree, compared):
    """Two distributions about zero that cross there: the distance is E|X| less E|Y|, replicate by replicate."""
    base, steadier = tree["draws"].to_dataset()["level"].sel(scenario=["baseline", "steadier"]).values
    each = np.array([np.abs(base[r::16]).mean() - np.abs(steadier[r::16]).mean() for r in range(16)])
    found = compared["level"].to_dataset().sel(scenario="steadier")
    assert float(found["wasserstein"]) == pytest.approx(each.mean(), rel=1e-2)  # they cross near zero, not at it
    assert float(found["wasserstein_mcse"]) == pytest.approx(each.std(ddof=1) / 4, rel=0.1)


def test_a_shift_has_its_exact_distance(compared):
    found = compared["level"].to_dataset().sel(scenario="shifted")
    assert float(found["wasserstein"]) == pytest.approx(0.5, rel=1e-12)
    assert float(found["difference_sd"]) < 1e-12
    assert float(found["chance_greater"]) == 1.0


def test_dominance(compared):
    """A shift dominates by either order; less spread about the same mean by the second alone."""
    level = compared["level"].to_dataset()
    words = {name: [str(level[order].sel(scenario=name).values) for order in ("first_order", "second_order")]
             for name in worlds.NAMES[1:]}  # fmt: skip
    assert words["shifted"] == ["dominates", "dominates"]
    assert words["steadier"] == ["neither", "dominates"]
    assert words["wider"][0] != "dominates"
    assert float(level["first_order_margin"].sel(scenario="shifted")) > 0
    assert float(level["first_order_reverse"].sel(scenario="shifted")) < 0


def test_dominance_the_other_way_round(tree):
    level = sim.compare(tree, "shifted", "baseline", outputs=["level"], model=worlds.MODEL)["level"].to_dataset()
    assert str(level["first_order"].values[0]) == str(level["second_order"].values[0]) == "is dominated"


def test_too_few_draws_decide_nothing():
    few = worlds.run(draws=64, sampler="random", scenarios=["baseline", "wider"], pairs=True)
    word = str(sim.compare(few, outputs=["level"])["level"]["second_order"].values[0])
    assert word == "not decided"


def test_what_a_scenario_leaves_alone_is_the_same(compared):
    price = compared["price"].to_dataset().sel(scenario="shifted")
    assert str(price["first_order"].values) == "the same"
    for name in ("difference_mean", "difference_mean_mcse", "wasserstein", "ks", "chance_greater", "chance_less"):
        assert float(price[name]) == 0.0, name
    assert float(price["ratio_mean"]) == 1.0


def test_run_again_it_is_the_same_to_the_bit(tree, compared):
    """Without sums of differences the batch is run again, from the attributes; any pair, any output."""
    plain = worlds.run(keep="none")
    again = sim.compare(plain, quantiles=LEVELS, model=worlds.MODEL)
    assert again.identical(compared)
    one = sim.compare(plain, "wider", "shifted", outputs=["aside"], model=worlds.MODEL)["aside"].to_dataset()
    assert one["difference_mean"].values[0] == pytest.approx(0.0, abs=2e-3)
    assert one["scenario"].values.tolist() == ["shifted"]


def test_kept_draws_say_it_to_the_bit_with_no_run(monkeypatch):
    """All draws were kept: neither the model nor a run is needed, and no bit differs from sums made along the way."""
    kept = worlds.run(draws=65_536, keep="headline")
    compared = sim.compare(worlds.run(draws=65_536, pairs=True), quantiles=LEVELS)
    monkeypatch.setattr("sim.batch.execute", lambda *a, **k: pytest.fail("ran again"))
    assert sim.compare(kept, quantiles=LEVELS).identical(compared)
    one = sim.compare(kept, "wider", "baseline", outputs=["level"], quantiles=LEVELS)["level"].to_dataset()
    turned = -float(compared["level"]["difference_mean"].sel(scenario="wider"))
    assert float(one["difference_mean"][0]) == pytest.approx(turned, rel=1e-12)


def test_some_of_the_draws_are_not_enough():
    with pytest.raises(ValueError, match="give it as model="):
        sim.compare(worlds.run(keep="headline", keep_draws=8_192))


def test_a_chance_never_drawn_is_bounded(compared):
    """0 of 16,384 draws: 95 % bound of Clopper and Pearson, 1 - 0.025^(1/n)."""
    never = compared["level"].to_dataset().sel(scenario="shifted")
    assert (float(never["chance_less"]), float(never["chance_less_lower"])) == (0.0, 0.0)
    assert float(never["chance_less_upper"]) == pytest.approx(1 - 0.025 ** (1 / 16_384), rel=1e-9)
    often = compared["level"].to_dataset().sel(scenario="wider")
    half = worlds.T15 * float(often["chance_greater_mcse"])
    assert float(often["chance_greater_upper"] - often["chance_greater"]) == pytest.approx(half, rel=1e-9)


def test_labels(compared):
    found = compared["level"].to_dataset()
    assert found["wasserstein"].attrs["units"] == found["difference_quantile_mcse"].attrs["units"] == "card"
    assert found["ratio_mean"].attrs["units"] == "1"
    assert found["difference_quantile"].dims == ("scenario", "quantile")
    assert all(variable.attrs["long_name"] for variable in found.data_vars.values())
    assert compared.attrs["base"] == "baseline"


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("baselin",), {}, 'no scenario "baselin"; did you mean "baseline"?'),
        (("baseline", "widr"), {}, 'no scenario "widr"; did you mean "wider"?'),
        (("baseline", "baseline"), {}, "found one scenario"),
        (("baseline",), {"outputs": ["levle"]}, 'no output "levle"; did you mean "level"?'),
        (("baseline",), {"quantiles": [1.5]}, "expected probabilities from 0 to 1"),
    ],
)
def test_wrong_use_is_told(tree, arguments, options, message):
    with pytest.raises(ResultError) as caught:
        sim.compare(tree, *arguments, **options)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_scenario_alone_is_refused():
    with pytest.raises(ResultError, match="found one scenario"):
        sim.compare(worlds.run(draws=64, scenarios=["baseline"]))


def test_a_model_that_no_file_carries_is_asked_for():
    with pytest.raises(ValueError, match="give it as model="):
        sim.compare(worlds.run(draws=64))


class TestTwoResults:
    def test_on_the_same_draws_they_are_paired(self, compared):
        one, two = worlds.run(scenarios=["baseline"]), worlds.run(scenarios=["wider"])
        found = sim.compare(one, "baseline", other=two, quantiles=LEVELS, model=worlds.MODEL)
        assert (found.attrs["paired"], found.attrs["apart"], found.attrs["differs"]) == (1, "", "nothing")
        level = found["level"].to_dataset()
        assert level.identical(compared["level"].to_dataset().sel(scenario=["wider"]))

    def test_with_other_seeds_their_distributions_are(self, compared):
        one, two = worlds.run(scenarios=["baseline"]), worlds.run(scenarios=["wider"], seed=1)
        found = sim.compare(one, "baseline", other=two, model=worlds.MODEL)
        assert found.attrs["paired"] == 0
        assert "seed (0 and 1)" in found.attrs["differs"]
        assert found.attrs["apart"] == "seed differs"
        level, paired = (each["level"].to_dataset().sel(scenario="wider") for each in (found, compared))
        assert "chance_greater" not in level
        exact, _ = worlds.truths()
        for name in ("difference_mean", "wasserstein", "ks"):
            assert abs(float(level[name]) - exact[name]) < 5 * float(level[f"{name}_mcse"]) + 1e-3
        assert float(level["ks_mcse"]) > 0
        assert float(level["difference_mean_mcse"]) >= 0.5 * float(paired["difference_mean_mcse"])

    def test_kept_draws_of_both_are_enough(self, compared, monkeypatch):
        one, two = (worlds.run(scenarios=[name], keep="headline") for name in ("baseline", "wider"))
        monkeypatch.setattr("sim.batch.execute", lambda *a, **k: pytest.fail("ran again"))
        found = sim.compare(one, "baseline", other=two, quantiles=LEVELS)
        assert found.attrs["paired"] == 1
        assert found["level"].to_dataset().identical(compared["level"].to_dataset().sel(scenario=["wider"]))

    def test_another_book_is_told(self):
        book = worlds.book().with_set("own", ["own.c=normal(1, 2)"])
        other = sim.run(book, model=worlds.MODEL, scenarios=["own"], draws=4096, keep="none")
        base = worlds.run(draws=4096, scenarios=["baseline"])
        found = sim.compare(base, "baseline", other=other, outputs=["level"], model=worlds.MODEL)
        assert "book's content" in found.attrs["differs"]
        assert float(found["level"]["difference_mean"][0]) == pytest.approx(1.0, rel=1e-9)
        assert found.attrs["paired"] == 1

    def test_a_difference_of_distributions_is_the_scenario_less_the_base(self):
        book = worlds.book().with_set("own", ["own.c=normal(1, 2)"])
        other = sim.run(book, model=worlds.MODEL, scenarios=["own"], draws=4096, keep="none", seed=1)
        base = worlds.run(draws=4096, scenarios=["baseline"])
        found = sim.compare(base, "baseline", other=other, outputs=["level"], model=worlds.MODEL)
        assert found.attrs["paired"] == 0
        assert float(found["level"]["difference_mean"][0]) == pytest.approx(1.0, abs=0.2)

    def test_what_is_not_the_same_quantity_is_refused(self):
        outputs = [sim.Output("level", units="server"), *worlds.MODEL.outputs[1:]]
        other = sim.run(worlds.book(), model=dataclasses.replace(worlds.MODEL, outputs=outputs), draws=64)
        with pytest.raises(ResultError, match="units differ"):
            sim.compare(worlds.run(draws=64), other=other, outputs=["level"])

    def test_a_model_of_the_same_name_that_gives_other_figures_is_told(self):
        """Run again by either kernel, the other's result would be another."""

        def kernel(x, y):
            worlds.kernel(x, y)
            y[0] += 1.0

        model = dataclasses.replace(worlds.MODEL, kernel=kernel)
        one = worlds.run(draws=1024, scenarios=["baseline"])
        two = sim.run(worlds.book(), model=model, scenarios=["baseline"], draws=1024, keep="none")
        for given in (worlds.MODEL, model):
            found = sim.compare(one, other=two, outputs=["level"], model=given)
            assert found.attrs["paired"] == 0
            assert found.attrs["apart"] == "the model given does not give the figures of both results"
            assert float(found["level"]["difference_mean"][0]) == pytest.approx(1.0, rel=1e-9)

    def test_no_namesakes(self):
        one, two = (worlds.run(draws=64, scenarios=[name]) for name in ("baseline", "wider"))
        with pytest.raises(ResultError, match="name the base"):
            sim.compare(one, other=two)


def test_a_file_compares_as_the_tree_does(tree, compared, tmp_path):
    files.write(tree, tmp_path / "result.nc")
    assert sim.compare(files.open(tmp_path / "result.nc"), quantiles=LEVELS).identical(compared)


OF_MARKET = {"draws": 512, "keep": "none"}


class TestHorizons:
    """Results of the market over 6 and 8 quarters, 2024 being cut short in the one."""

    OUTPUTS = ("market_domestic_share", "market_purchases_year", "parity_month")

    def test_the_common_quarters_are_compared_draw_by_draw(self):
        short = sim.run(scenarios=["baseline"], model=sim.market.model(6), **OF_MARKET)
        long = sim.run(scenarios=["export_ban_2023q4"], model=sim.market.model(8), **OF_MARKET)
        both = sim.run(scenarios=["baseline", "export_ban_2023q4"], model=sim.market.model(6), pairs=True, **OF_MARKET)
        expected = sim.compare(both, outputs=self.OUTPUTS)
        for one, other, sign in ((short, long, 1.0), (long, short, -1.0)):
            base = str(one["mean"]["scenario"].values[0])
            found = sim.compare(one, base, other=other, outputs=self.OUTPUTS)
            assert found.attrs["paired"] == 1
            assert "quarters; compared over the first 6" in found.attrs["differs"]
            for name in self.OUTPUTS:
                exact = sign * expected[name]["difference_mean"].values
                rounding = 0.0 if sign > 0 else 1e-9  # sums of the negatives run about another pivot
                np.testing.assert_allclose(found[name]["difference_mean"].values, exact, rtol=rounding, atol=0)

    def test_with_other_seeds_distributions_are(self):
        short = sim.run(scenarios=["baseline"], model=sim.market.model(6), seed=1, **OF_MARKET)
        long = sim.run(scenarios=["baseline"], model=sim.market.model(8), **OF_MARKET)
        found = sim.compare(long, other=short, outputs=self.OUTPUTS)
        assert found.attrs["apart"] == "seed differs"
        assert found["market_domestic_share"].sizes["quarter"] == 6
        again = sim.run(scenarios=["baseline"], model=sim.market.model(6), **OF_MARKET)
        exact = (short["mean"]["market_purchases_year"] - again["mean"]["market_purchases_year"]).values
        np.testing.assert_allclose(found["market_purchases_year"]["difference_mean"].values, exact, rtol=1e-9)
