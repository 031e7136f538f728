"""Effects that can only go one way, whatever the draw."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import market
from tests.market import cases

seeds = st.integers(0, 2**32 - 1)
brief = settings(max_examples=60, deadline=None, derandomize=True)
CHIP = market.ACCELERATORS.index
NVIDIA = [CHIP("a800"), CHIP("h800")]
SLACK = 1 + 1e-11


def case_of(seed: int, **inputs: float) -> dict[str, float]:
    renamed = {name.replace("__", "."): float(value) for name, value in inputs.items()}
    return cases.random_case(np.random.default_rng(seed)) | renamed


def pair(seed: int, name: str, low: float, high: float, **fixed: float) -> dict[str, np.ndarray]:
    case = case_of(seed, **fixed)
    return cases.run([case | {name: low}, case | {name: high}])


@brief
@given(seeds, st.integers(0, 13), st.integers(0, 13))
def test_an_earlier_ban_never_raises_nvidia_deliveries_after_it(seed, one, other):
    # Over the market and up to any quarter. Buyer by buyer and quarter by quarter it holds where no pilot is refused
    # (below): what a later ban has pulled forward leaves need unmet later, so fewer substitutes crowd pilots out of
    # scarce capacity, and fewer refused pilots leak back to NVIDIA.
    early, late = sorted((one, other))
    bought = pair(seed, "export.ban_quarter", early, late)["purchases"][:, NVIDIA, early:]
    so_far = np.cumsum(bought.sum(axis=(0, 1)), axis=0)
    assert np.all(so_far[..., 0] <= so_far[..., 1] * SLACK)


@brief
@given(seeds, st.integers(0, 13), st.integers(0, 13), st.booleans())
def test_an_earlier_ban_never_raises_any_nvidia_delivery_where_no_pilot_is_refused(seed, one, other, ample):
    early, late = sorted((one, other))
    fixed = dict.fromkeys((name.replace(".", "__") for name in cases.CAPACITIES), 1e12)
    bought = pair(seed, "export.ban_quarter", early, late, **(fixed if ample else {"adopt__pilot_max": 0.0}))
    after = bought["purchases"][:, NVIDIA, early:]
    assert np.all(after[..., 0] <= after[..., 1] * SLACK + 1e-9)


@brief
@given(seeds, st.integers(0, 12))
def test_a_ban_leaves_the_quarters_before_its_eve_alone(seed, ban):
    found = pair(seed, "export.ban_quarter", ban, cases.NEVER)
    before = max(ban - 1, 0)
    for name in ("purchases", "unmet", "optical_modules", "compute"):
        cells = found[name][..., :before, :]
        assert np.array_equal(cells[..., 0], cells[..., 1]), name


@brief
@given(seeds, st.sampled_from(cases.CAPACITIES), st.floats(1, 50))
def test_more_capacity_never_lowers_domestic_deliveries(seed, capacity, factor):
    case = case_of(seed)
    bought = cases.run([case, case | {capacity: case[capacity] * factor}])["purchases"][:, 4:]
    assert np.all(bought[..., 0] <= bought[..., 1] * SLACK + 1e-9)


@brief
@given(seeds, st.floats(0, 1), st.floats(0, 1))
def test_more_leak_never_raises_what_is_unmet(seed, one, other):
    less, more = sorted((one, other))
    found = pair(seed, "export.leak", less, more, adopt__pilot_max=0.0)
    assert np.all(found["unmet"].sum(axis=1)[..., 1] <= found["unmet"].sum(axis=1)[..., 0] * SLACK + 1e-6)


@brief
@given(seeds, st.floats(0, 1), st.floats(0, 1))
def test_more_substitution_never_raises_what_is_unmet_with_ample_capacity(seed, one, other):
    less, more = sorted((one, other))
    ample = {name.replace(".", "__"): 1e12 for name in cases.CAPACITIES}
    found = pair(seed, "adopt.substitution", less, more, **ample)
    assert np.all(found["unmet"][..., 1] <= found["unmet"][..., 0] * SLACK + 1e-6)


@brief
@given(seeds, st.floats(1, 30), st.floats(1, 30))
def test_a_longer_lag_never_brings_parity_forward(seed, one, other):
    shorter, longer = sorted((one, other))
    found = pair(seed, "race.alibaba_lag", shorter, longer)
    assert np.all(found["parity_month"][..., 0] <= found["parity_month"][..., 1])


@brief
@given(seeds, st.floats(0, 2), st.floats(0, 2))
def test_more_efficiency_never_raises_the_need(seed, one, other):
    less, more = sorted((one, other))
    found = pair(seed, "infer.efficiency_gain", less, more)
    assert np.all(found["inference_need"][..., 1] <= found["inference_need"][..., 0] * SLACK)


@brief
@given(seeds)
def test_prices_move_spend_alone(seed):
    case = case_of(seed)
    prices = {name: value * 2 for name, value in case.items() if name.startswith("price.") and "erosion" not in name}
    found = cases.run([case, case | prices])
    for name, values in found.items():
        factor = 2 if "spend" in name else 1
        np.testing.assert_allclose(values[..., 1], factor * values[..., 0], rtol=1e-13, err_msg=name)


@pytest.mark.parametrize("name", market.INPUTS)
def test_every_input_is_wired_to_some_output(name):
    # Over 48 draws that reach every switch, so an input that matters in some situation alone has its chance.
    drawn = cases.random_cases(48, 9)
    if name in cases.CHOICES:
        one, other = ([case | {name: float(choice)} for case in drawn] for choice in cases.CHOICES[name][:2])
    else:
        one, other = drawn, [case | {name: 1.07 * case[name]} for case in drawn]
    both = cases.cells(cases.tile([*one, *other]))
    assert np.any(both[:, :48] != both[:, 48:])
