"""The same bits whatever the width of the tile, the horizon that follows, or what lay in the output before."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from sim import market
from sim.model import EVERY
from tests.market import cases

DRAWN = cases.random_cases(61, 5)  # no multiple of any vector's width


@pytest.mark.parametrize("width", [1, 2, 7, 16, 33])
def test_tile_width_changes_no_bit(width):
    inputs = cases.tile(DRAWN)
    whole = cases.cells(inputs)
    parts = [cases.cells(np.ascontiguousarray(inputs[:, at : at + width])) for at in range(0, len(DRAWN), width)]
    assert np.concatenate(parts, axis=1).tobytes() == whole.tobytes()


@pytest.mark.parametrize("quarters", [1, 5, 12])
def test_blocks_have_the_same_bits_in_their_own_order(quarters):
    """A quarter's rows lie together in blocks of sixteen draws, an output's in tiles of any width."""
    model = market.model(quarters)
    inputs = np.ascontiguousarray(cases.tile(DRAWN)[:, :48])
    tile = np.full((model.cells, 48), np.nan, np.float32)
    blocks = np.full((3, model.cells, 16), np.nan, np.float32)
    model.kernel(inputs, tile, quarters)
    model.blocks(inputs, blocks, quarters, EVERY)
    assert blocks[:, model.block_places].swapaxes(0, 1).tobytes() == tile.tobytes()
    at = np.array(model.block_places)[model.slices()["compute"]].reshape(-1, quarters)
    assert np.all(np.diff(at, axis=0) == 1)  # buyers of a quarter, one behind the other


@pytest.mark.parametrize("spared", [(), *((name,) for name in market.model().spared), market.model().spared])
def test_what_is_spared_is_not_written_and_all_else_is_the_same(spared):
    model, inputs = market.model(5), np.ascontiguousarray(cases.tile(DRAWN)[:, :32])
    whole, some = (np.full((2, model.cells, 16), np.nan, np.float32) for _ in range(2))
    model.blocks(inputs, whole, 5, EVERY)
    wanted = np.ones(model.cells, bool)
    for name in spared:
        wanted[model.slices()[name]] = False
    model.blocks(inputs, some, 5, model.told(wanted))
    read = np.array(model.block_places)[wanted]
    assert not np.isnan(whole).any()
    assert some[:, read].tobytes() == whole[:, read].tobytes()
    assert np.isnan(np.delete(some, read, axis=1)).all()


def test_neighbours_change_no_bit():
    inputs = cases.tile(DRAWN)
    back = np.ascontiguousarray(inputs[:, ::-1])
    assert np.ascontiguousarray(cases.cells(back)[:, ::-1]).tobytes() == cases.cells(inputs).tobytes()


def test_rubbish_in_the_outputs_is_overwritten():
    inputs = cases.tile(DRAWN)
    outputs = np.full((market.model().cells, len(DRAWN)), np.nan)
    market.evaluate(inputs, outputs, 12)
    assert outputs.tobytes() == cases.cells(inputs).tobytes()
    assert inputs.tobytes() == cases.tile(DRAWN).tobytes()


@pytest.mark.parametrize(("shorter", "longer"), [(12, 16), (1, 12), (3, 4), (5, 80)])
def test_a_shorter_run_is_the_prefix_of_a_longer_one(shorter, longer):
    short, long = cases.run(DRAWN, shorter), cases.run(DRAWN, longer)
    whole_years = shorter // 4
    for output in market.OUTPUTS:
        mine, theirs = short[output.name], long[output.name]
        if "quarter" in output.dims:
            theirs = theirs[..., :shorter, :]
        if "year" in output.dims:
            mine, theirs = mine[..., :whole_years, :], theirs[..., :whole_years, :]
        assert np.array_equal(mine, theirs), output.name


@pytest.mark.parametrize("quarters", [1, 6, 12, 15])
def test_years_are_sums_of_their_quarters(quarters):
    found = cases.run(DRAWN, quarters)
    years = [slice(4 * k, 4 * k + 4) for k in range((quarters + 3) // 4)]
    modules = found["optical_modules"]
    sums = {
        "purchases_year": found["purchases"],
        "buyer_purchases_year": found["purchases"].sum(axis=1),
        "market_purchases_year": found["purchases"].sum(axis=0),
        "optical_modules_year": modules,
        "market_optical_modules_year": modules.sum(axis=0),
        "spend_year": found["spend"],
        "market_spend_year": found["spend"].sum(axis=0),
        "cloud_revenue_year": found["cloud_revenue"],
    }
    for name, by_quarter in sums.items():
        expected = np.stack([by_quarter[..., year, :].sum(axis=-2) for year in years], axis=-2)
        np.testing.assert_allclose(found[name], expected, rtol=1e-13, atol=0, err_msg=name)
    ends = [min(4 * k + 3, quarters - 1) for k in range(len(years))]
    assert np.array_equal(found["compute_year_end"], found["compute"][:, ends])
    assert np.array_equal(found["inference_load_year_end"], found["inference_load"][:, ends])


FINGERPRINT = """
import hashlib
import numpy as np
from sim import market
from sim.model import EVERY
from tests.market import cases
inputs, digest = cases.tile(cases.random_cases(61, 5)), hashlib.sha256()
for precision in (np.float64, np.float32):
    outputs = np.empty((market.model().cells, inputs.shape[1]), precision)
    market.evaluate(inputs, outputs, 12)
    digest.update(outputs.tobytes())
print(digest.hexdigest())
"""


@pytest.mark.slow
def test_a_machine_without_wide_vectors_gets_the_same_bits():
    """Compiled for a processor that has neither AVX nor fused multiply-add."""
    digest = hashlib.sha256()
    inputs = cases.tile(DRAWN)
    for precision in (np.float64, np.float32):
        outputs = np.empty((market.model().cells, inputs.shape[1]), precision)
        market.evaluate(inputs, outputs, 12)
        digest.update(outputs.tobytes())
    plain = os.environ | {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    found = subprocess.run([sys.executable, "-c", FINGERPRINT], env=plain, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == digest.hexdigest()
