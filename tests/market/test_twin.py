"""Kernel against the plain-Python twin over draws that reach every switch, at several horizons."""

import numpy as np
import pytest

from tests.market import cases, twin

TOLERANCE = 1e-11  # relative to max(|x|, the cell's largest magnitude); the contract allows 5e-6


@pytest.mark.parametrize(("quarters", "count", "seed"), [(12, 250, 1), (1, 40, 2), (5, 60, 3), (16, 60, 4), (80, 8, 5)])
def test_kernel_equals_twin(quarters, count, seed):
    drawn = cases.random_cases(count, seed)
    found = cases.run(drawn, quarters)
    expected = [twin.run(case, quarters) for case in drawn]
    for name, values in found.items():
        wanted = np.moveaxis(np.array([one[name] for one in expected], dtype=float), 0, -1)
        assert values.shape == wanted.shape, name
        largest = np.abs(wanted).max(axis=-1, keepdims=True)
        scale = np.maximum(np.abs(wanted), np.where(largest == 0, 1, largest))
        assert np.all(np.abs(values - wanted) <= TOLERANCE * scale), name


def test_the_cases_reach_every_switch():
    drawn = cases.random_cases(250, 1)
    for name, choices in cases.CHOICES.items():
        assert {case[name] for case in drawn} == {float(c) for c in choices}, name
    found = cases.run(drawn)
    refused = cases.run([case | dict.fromkeys(cases.CAPACITIES, 1e9) for case in drawn])
    held_back = np.any(found["purchases"][:, 4:] < refused["purchases"][:, 4:] - 1, axis=(0, 1, 2))
    assert 50 < held_back.sum() < 240  # capacity binds in many draws, never in others
    assert np.any(found["unmet"] > 0)
    assert np.any(found["overtake"] == 1)
    assert np.any(found["overtake"] == 0)
    assert np.all(found["first_to_parity"].sum(axis=-1)[1:] > 0)


def test_ties_go_to_the_first_in_order():
    case = cases.changed(race__baidu_release_month=40, race__alibaba_release_month=40, race__tencent_release_month=40)
    first = cases.run([case | {"race.bytedance_release_month": 40}])["first_to_parity"][:, 0]
    assert first.tolist() == [1, 0, 0, 0]


def test_a_lab_ahead_of_the_horizon():
    # Parity before 2023: traffic has grown since, by a power whose exponent is no row of the kernel's recurrence.
    case = cases.changed(race__alibaba_lag=-30, race__alibaba_release_month=-20, race__baidu_release_month=-10)
    found, expected = cases.run([case]), twin.run(case)
    np.testing.assert_allclose(found["inference_need"][..., 0], expected["inference_need"], rtol=1e-13)


def test_no_chip_with_any_appeal_loses_no_card():
    # penalty 1 and every chip listed: the pilots' cards all go back to NVIDIA, and nothing is NaN.
    banned = cases.changed(entity__penalty=1, export__ban_quarter=6, export__leak=0.2)
    free = banned | {"export.ban_quarter": cases.NEVER}
    found = cases.run([free, free | {"adopt.pilot_max": 0}, banned, banned | {"adopt.pilot_max": 0}])
    assert all(np.all(np.isfinite(values)) for values in found.values())
    np.testing.assert_allclose(found["purchases"][2:, ..., 0], found["purchases"][2:, ..., 1], rtol=1e-13)
    # After a ban what leaks does so whichever way it was ordered, but pilots are not pulled forward.
    np.testing.assert_allclose(found["purchases"][2:, :, 6:, 2], found["purchases"][2:, :, 6:, 3], rtol=1e-13)


def test_months_on_the_edge_of_a_quarter():
    # A month m is [m, m + 1): 4 + 6 is October, so the fourth quarter, and a hair less the third.
    hair = 1e-9
    drawn = [
        cases.changed(
            avail__br100=1,
            avail__br100_tapeout_month=4 - less,
            avail__br100_lag=6,
            avail__mlu590_month=13 - less,
            race__baidu_release_month=7 - less,
            race__alibaba_lag=18,
            race__tencent_ratio=1 - less,
        )
        for less in (0, hair)
    ]
    found = cases.run(drawn)
    for name, expected in twin.run(drawn[0]).items():
        np.testing.assert_allclose(found[name][..., 0], expected, rtol=1e-12, err_msg=name)
    first = [int(np.argmax(found["purchases"][2, 9, :, d] > 0)) for d in (0, 1)]
    assert first == [3, 2]
    assert [int(np.argmax(found["purchases"][0, 5, :, d] > 0)) for d in (0, 1)] == [4, 3]
    assert [int(np.argmax(found["inference_need"][1, :, d] > 0)) for d in (0, 1)] == [2, 1]


def test_a_market_that_buys_nothing_has_share_zero():
    nothing = dict.fromkeys(("buy.ppu_per_year", "buy.mlu370_per_year", "buy.qihoo360_2023", "spend.discipline"), 0.0)
    stopped = {f"growth.{buyer}": -2.0 for buyer in ("baidu", "bytedance", "tencent")}
    found = cases.run([cases.changed() | nothing | stopped])
    assert np.all(found["market_purchases_year"][:, 1:] == 0)
    assert np.all(found["market_domestic_share"][4:] == 0)
    assert np.all(found["spend"][:, 4:] == 0)
