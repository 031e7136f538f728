"""A model of one's own, through public names only: what runs the market runs it too."""

import dataclasses
import math

import numba
import numpy as np
import pytest
from scipy import stats

import priors
import sim


@numba.njit
def sums(x, y):
    for d in range(x.shape[1]):
        y[0, d] = x[0, d] * x[1, d]
        y[1, d] = x[0, d]
        y[2, d] = x[1, d]


def one_draw(x, y):
    y[0] = x[0] * x[1]
    y[1] = x[0]
    y[2] = x[1]


def with_numpy(x, y):
    y[0] = x[0] * x[1]
    y[1:] = x


@pytest.fixture
def book():
    guess = {"basis": "assumption", "rationale": "a test"}
    return priors.book(
        quantities=[
            priors.quantity(
                "shop.price", priors.make({"family": "lognormal", "mu": 1.0, "sigma": 0.25}), unit="RMB", **guess
            ),
            priors.quantity(
                "shop.volume", priors.make({"family": "lognormal", "mu": 2.0, "sigma": 0.5}), unit="1", **guess
            ),
        ]
    )


def model(kernel, form="tile"):
    outputs = [sim.Output("revenue", units="RMB"), sim.Output("parts", dims=("part",))]
    return sim.Model(["shop.price", "shop.volume"], outputs, kernel, form, coords={"part": ["price", "volume"]})


def test_product_of_lognormals_has_its_closed_form(book):
    tree = sim.run(book, model=model(sums), draws=65_536)
    revenue = {group: float(tree[group]["revenue"][0]) for group in ("mean", "mcse")}
    variance = 0.25**2 + 0.5**2
    assert abs(revenue["mean"] - math.exp(3 + variance / 2)) < 6 * revenue["mcse"]
    for q, z in ((0.05, -1.6448536269514722), (0.5, 0.0), (0.95, 1.6448536269514722)):
        exact = math.exp(3 + z * math.sqrt(variance))
        found, error = (float(tree[group]["revenue"].sel(quantile=q)[0]) for group in ("quantile", "mcse_quantile"))
        assert abs(found - exact) < 6 * error
        assert error < 0.006 * exact  # an independent draw's


def test_the_three_ways_to_write_it_agree_to_the_bit(book):
    first = sim.run(book, model=model(sums), draws=512)
    for kernel, form in ((one_draw, "scalar"), (numba.njit(one_draw), "scalar"), (with_numpy, "tile")):
        other = sim.run(book, model=model(kernel, form), draws=512)
        assert other.attrs["model_mark"] != first.attrs["model_mark"], "it is written otherwise"
        other.attrs["model_mark"] = first.attrs["model_mark"]
        assert other.identical(first)


def test_a_kernel_in_single_precision_agrees_to_single_precision(book):
    """Draws come back as they were computed; sums of them are in double."""
    double = sim.run(book, model=model(sums), draws=4096)
    single = sim.run(book, model=dataclasses.replace(model(sums), precision="single"), draws=4096)
    assert single["draws"]["revenue"].dtype == np.float32
    for name, exact in double["draws"].data_vars.items():
        np.testing.assert_array_equal(single["draws"][name], exact.astype(np.float32))
        again = single["draws"][name].astype(float)
        np.testing.assert_allclose(single["mean"][name], again.mean("draw"), rtol=1e-13)
    np.testing.assert_array_equal(single["inputs"].to_dataset().to_array(), double["inputs"].to_dataset().to_array())
    with pytest.raises(ValueError, match="found 'half', expected"):
        dataclasses.replace(model(sums), precision="half")
    with pytest.raises(ValueError, match="a scalar kernel is run in double precision"):
        dataclasses.replace(model(one_draw, "scalar"), precision="single")


def test_what_is_not_a_number_is_counted_and_kept_out(book):
    def kernel(x, y):
        y[0] = np.where(np.arange(x.shape[1]) % 16 == 3, np.nan, x[0])
        y[1:] = x

    with pytest.warns(sim.NonfiniteDraws, match="output 'revenue': 64 values"):
        tree = sim.run(book, model=model(kernel), draws=1024)
    assert tree["sketch"]["nonfinite"].to_numpy().tolist() == [[64, 0, 0]]
    assert np.isfinite(tree["mean"]["revenue"]).all()
    np.testing.assert_array_equal(
        tree["mean"]["parts"].sel(part="volume"),
        sim.run(book, model=model(sums), draws=1024)["mean"]["parts"].sel(part="volume"),
    )


@pytest.mark.parametrize("form", ["tile", "scalar"])
def test_a_cell_left_unwritten_is_no_number(book, form):
    """Else it would show whatever lay in memory: the outcomes of another model, say."""

    def forgetful(x, y):
        y[0] = x[0]
        y[2] = x[1]

    with pytest.warns(sim.NonfiniteDraws, match="output 'parts': 1,024 values"):
        tree = sim.run(book, model=model(forgetful, form), draws=1024)
    assert tree["sketch"]["nonfinite"].to_numpy().tolist() == [[0, 1024, 0]]


def test_a_cell_written_now_and_then_is_not_the_tile_before(book):
    def every_other(x, y):
        y[0, ::2] = x[0, ::2]
        y[1:] = x

    with pytest.warns(sim.NonfiniteDraws, match="output 'revenue': 32,768 values"):
        sim.run(book, model=model(every_other), draws=65_536, outputs=["revenue"])


def test_a_path_is_no_book():
    with pytest.raises(TypeError, match=r'^book: found "mine.toml", expected a book; give priors.load\("mine.toml"\)$'):
        sim.run("mine.toml")
    with pytest.raises(TypeError, match=r"^book: found a dict, expected a book"):
        sim.run({})


def test_quantities_that_the_built_in_model_does_not_read_are_told(tmp_path):
    """A misspelt name would leave the quantity that was meant as it was, without a word."""
    (tmp_path / "own.toml").write_text(
        '[quantities.growth.clud]\nunit = "1/yr"\nbasis = "assumption"\nrationale = "r"\n'
        'prior = { family = "uniform", low = 0, high = 1 }\n'
    )
    own = priors.load(tmp_path / "own.toml")
    with pytest.warns(
        sim.UnreadQuantities, match=r'^nothing reads growth.clud \(did you mean "growth.cloud"\?\)'
    ) as told:
        sim.run(own, draws=16, outputs="headline")
    assert told[0].filename == __file__
    reading = sim.Model(["growth.clud"], [sim.Output("twice")], lambda x, y: np.multiply(x, 2, out=y))
    sim.run(own, model=reading, draws=16)


def test_more_parts_than_leaves_are_refused_with_how_many_draws_they_take(book):
    with pytest.raises(
        ValueError, match="expected 4 or fewer, since 65,536 draws are 4 leaves of 16,384; 5 parts take 131,072"
    ):
        sim.run_part(1, 5, book, model=model(sums), draws=65_536)
    with pytest.raises(ValueError, match="found 3 of 2"):
        sim.run_part(3, 2, book, model=model(sums), draws=65_536)


def test_a_name_that_is_not_in_the_book_is_told(book):
    wrong = sim.Model(["shop.prize"], [sim.Output("y")], with_numpy)
    with pytest.raises(ValueError, match=r'quantity "shop.prize" is not in the book .*did you mean "shop.price"'):
        sim.run(book, model=wrong)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"draws": 0}, "draws: found 0"),
        ({"draws": 1.5}, "draws: found 1.5"),
        ({"seed": -1}, "seed: found -1"),
        ({"seed": True}, "seed: found True"),
        ({"sampler": "halton"}, "sampler: found 'halton', expected one of sobol, random"),
        ({"keep": "some"}, "keep: found 'some'"),
        ({"keep_draws": -1}, "keep_draws: found -1"),
        ({"threads": 0}, "threads: found 0"),
        ({"scenarios": []}, "scenarios: found"),
        ({"scenarios": ["baseline", "baseline"]}, "scenarios: found"),
        ({"scenarios": ["base_line"]}, 'did you mean "baseline"'),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(changes, message):
    with pytest.raises((ValueError, TypeError)) as caught:
        sim.run(**changes)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_scalar_kernel_that_numba_cannot_compile_is_told(book):
    def kernel(x, y):
        y[0] = open("nothing")  # noqa: SIM115, PTH123

    with pytest.raises(ValueError, match="scalar kernel of model"):
        sim.run(book, model=model(kernel, "scalar"))


def test_rounding_up_is_said(book):
    with pytest.warns(sim.RoundedDraws, match="1,000 draws .* 1,024"):
        tree = sim.run(book, model=model(sums), draws=1000)
    assert tree.attrs["draws"] == 1024


def test_a_model_of_one_s_own_is_needed_to_run_again(book):
    tree = sim.run(book, model=model(sums), draws=64)
    with pytest.raises(ValueError, match="model="):
        sim.rerun(tree)
    assert sim.rerun(tree, model=model(sums)).identical(tree)


def test_a_prior_that_no_file_carries_is_told():
    law = priors.quantity("shop.price", stats.norm(10, 1), unit="RMB", basis="assumption", rationale="a test")
    own = sim.Model(["shop.price"], [sim.Output("price")], lambda x, y: np.copyto(y, x))
    tree = sim.run(priors.book([law]), model=own, draws=64)
    with pytest.raises(ValueError, match=r"no file carries; use sim\.run with its book"):
        sim.rerun(tree, model=own)


def test_written_dimensions_make_a_net_of_what_inputs_do_together():
    """Of 256 points of each replicate of dimensions 1 and 2, one lies in each of the boxes of a 16 × 16 and a 4 × 64 grid."""
    guess = {"unit": "1", "basis": "assumption", "rationale": "a test"}
    names = ["shop.price", "shop.volume"]
    book = priors.book(priors.quantity(n, "uniform(0, 1)", stream=i, **guess) for i, n in enumerate(names, 1))
    tree = sim.run(book, model=model(sums), draws=16 * 256, seed=5)
    points = np.stack([tree["inputs"][name].values[0] for name in names]).reshape(2, 256, 16)
    for rows, columns in ((16, 16), (4, 64)):
        boxes = (points[0] * rows).astype(int) * columns + (points[1] * columns).astype(int)
        assert all(len(set(boxes[:, replicate])) == 256 for replicate in range(16))


@pytest.mark.parametrize(
    ("inputs", "outputs", "coords", "words"),
    [
        (["a"], [sim.Output("a/b")], {}, "without /"),
        (["a"], [sim.Output("")], {}, "without /"),
        (["a"], [sim.Output("holds")], {}, "name of a dimension"),
        (["draw"], [sim.Output("b")], {}, "input 'draw'"),
        (["a"], [sim.Output("b", ("value",))], {"value": ["p"]}, "column of tables"),
        (["a"], [sim.Output("b", ("input",))], {"input": ["p"]}, "column of tables or of answers"),
        (["a"], [sim.Output("b", ("p", "p"))], {"p": ["q"]}, "names a dimension twice"),
        (["a"], [sim.Output("b", ("p",))], {"p": ["q", "r", "q"]}, "has the label 'q' twice"),
        (
            ["a"],
            [sim.Output("b", ("p",)), sim.Output("c")],
            {"p": []},
            "dimension 'p' has no label; give it one at least",
        ),
    ],
)
def test_names_that_no_result_could_keep_apart_are_refused(inputs, outputs, coords, words):
    with pytest.raises(ValueError, match=words):
        sim.Model(inputs, outputs, with_numpy, coords=coords)
