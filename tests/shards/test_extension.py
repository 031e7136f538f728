"""An extended result is a fresh run of the total, byte for byte; what cannot be gone on from is refused in a line."""

import warnings

import numpy as np
import pytest

import sim
from sim.results import files
from sim.tiles import LEAF
from tests.shards import made

pytestmark = pytest.mark.filterwarnings("ignore::sim.NonfiniteDraws")


def run(draws, **options):
    options = {"scenarios": ["baseline", "more", "other"], "seed": 5, "keep_draws": 1024} | options
    return sim.run(made.book(), model=made.MODEL, draws=draws, **options)


def longer(tree, draws, **options):
    return sim.extend(tree, draws, model=made.MODEL, **options)


@pytest.mark.parametrize(("suffix", "pairs"), [(".nc", True), (".zarr", False)])
def test_through_a_file_it_is_a_fresh_run_of_the_total(tmp_path, suffix, pairs):
    files.write(run(2 * LEAF, pairs=pairs), tmp_path / f"short{suffix}")
    with files.open(tmp_path / f"short{suffix}") as short:
        files.write(longer(short, 8 * LEAF), tmp_path / f"long{suffix}")
    files.write(run(8 * LEAF, pairs=pairs), tmp_path / f"fresh{suffix}")
    assert content(tmp_path / f"long{suffix}") == content(tmp_path / f"fresh{suffix}")


def content(path):
    if path.is_file():
        return path.read_bytes()
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_the_market_step_by_step_is_the_whole_at_once():
    options = {
        "scenarios": ["baseline", "austerity", "export_ban_2023q4"],
        "model": sim.market.model(2),
        "keep_draws": 500,
    }
    tree = sim.run(draws=LEAF, **options)
    for draws in (2 * LEAF, 4 * LEAF):
        tree = sim.extend(tree, draws)
    assert tree.identical(sim.run(draws=4 * LEAF, **options))


@pytest.mark.parametrize("keep", ["headline", "all", "none"])
@pytest.mark.parametrize("keep_draws", [16, LEAF, 3 * LEAF, 1 << 20])
def test_as_many_draws_are_kept_as_a_fresh_run_keeps(keep, keep_draws):
    options = {"keep": keep, "keep_draws": keep_draws, "sampler": "random"}
    assert longer(run(2 * LEAF, **options), 4 * LEAF).identical(run(4 * LEAF, **options))


@pytest.mark.parametrize("draws", [16, 4096])
def test_less_than_a_leaf_is_run_anew(draws):
    assert longer(run(draws, pairs=True), 2 * LEAF, threads=1).identical(run(2 * LEAF, pairs=True))
    assert longer(run(draws), 2 * draws).identical(run(2 * draws))


def test_to_what_is_there_already_changes_nothing():
    tree = run(2 * LEAF)
    before = tree.copy(deep=True)
    assert longer(tree, 2 * LEAF).identical(tree)
    longer(tree, 4 * LEAF)
    assert tree.identical(before)


def test_what_until_was_asked_for_is_left_out_and_rounding_is_told():
    tree = sim.run(
        made.book(), model=made.MODEL, until=0.02, until_outputs=["product"], max_draws=2 * LEAF, keep_draws=64
    )
    assert "until_error" in tree.attrs
    with pytest.warns(sim.RoundedDraws, match="60,000 draws are run as 65,536"):
        found = longer(tree, 60_000)
    assert found.identical(run(4 * LEAF, scenarios=["baseline"], seed=0, keep_draws=64))


def test_progress_tells_of_all_draws():
    done = []
    longer(run(2 * LEAF), 4 * LEAF, progress=done.append, threads=1)
    assert done == [3 * LEAF, 4 * LEAF]


def test_refused():
    tree = run(2 * LEAF, keep_draws=LEAF)
    with pytest.raises(ValueError, match=r"draws: found 16,384, expected at least the 32,768 that are there"):
        longer(tree, LEAF)
    with pytest.raises(ValueError, match="came from the model 'small'; give it as model="):
        sim.extend(tree, 4 * LEAF)
    with pytest.raises(ValueError, match="expected at least 1"):
        longer(tree, 4 * LEAF, threads=0)
    for name, value, words in (
        ("version", "0.0.1", "another version, 0.0.1, than this machine"),
        ("table_digest", "ab", "another table digest, ab"),
        ("scheme", 0, "drawn under scheme 0"),
    ):
        other = tree.copy()
        other.attrs[name] = value
        with pytest.raises(ValueError, match=words):
            longer(other, 4 * LEAF)
    for each in (tree, run(64)):  # what is shorter than a leaf would be run afresh
        with pytest.raises(ValueError, match="extend: found draws under a condition, expected a whole result"):
            longer(each.sim.where("own.a > 1"), 4 * LEAF)
    with pytest.raises(ValueError, match="has no nodes; expected it as a run"):
        longer(tree.drop_nodes("nodes"), 4 * LEAF)
    with pytest.raises(ValueError, match="expected the first 16,384 draws in the result, as its run kept them"):
        longer(tree.drop_nodes("draws"), 4 * LEAF)


def test_the_counts_of_some_cells_are_their_rows():
    """Selected rows against those that a sketch of these cells alone has."""
    from sim import reduce
    from sim.shards.extension import select

    values = np.random.default_rng(4).lognormal(size=(6, 320))
    headline = np.array([True, False, True, True, False, True])
    for own in ([0, 1, 2, 3, 4, 5], [1, 4], [0, 3], [2, 4, 5]):
        whole, part = reduce.Accumulator(6, headline), reduce.Accumulator(6, headline, np.array(own))
        for each in (whole, part):
            each.add(values)
        found, expected = select(reduce.combine([whole.sketch]), np.array(own)), reduce.combine([part.sketch])
        for name, array in vars(expected).items():
            np.testing.assert_array_equal(getattr(found, name), array, err_msg=name)


def test_no_warning_comes_of_it():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", sim.NonfiniteDraws)
        longer(run(LEAF), 2 * LEAF)
