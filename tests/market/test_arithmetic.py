"""The arithmetic that the interview states comes out when the priors are fixed at their stated values, to 1e-12."""

import pytest

from sim import market
from tests.market import cases

BUYER, CHIP, SPEED = market.BUYERS.index, market.ACCELERATORS.index, market.SPEEDS.index
EXACT = 1e-12


def approx(value: float):
    return pytest.approx(value, rel=EXACT)


def test_firm_order_is_24_000_a800_whatever_the_ban():
    found = cases.run([cases.changed(export__ban_quarter=T, export__leak=0) for T in (0, 1, 2, cases.NEVER)])
    first = found["purchases"][BUYER("baidu"), :, 0]
    assert first[CHIP("a800")] == approx(3000 * 8)
    assert first.sum(axis=0) == approx(24_000)
    assert found["servers"][BUYER("baidu"), 0] == approx(3000)


def baidu_reference(servers: float, scale_out: float, quarters: int = 4) -> float:
    """Modules at 400 over 2023 where Baidu buys ``servers`` H800 servers, all in the reference architecture."""
    case = cases.changed(
        buy__baidu_2023=24_000 + 8 * servers,
        buy__baidu_h800_share=1,
        adopt__pilot_max=0,
        optics__ref_baidu=1,
        optics__scale_out=scale_out,
    )
    found = cases.run([case], quarters)
    assert found["purchases_year"][BUYER("baidu"), CHIP("h800"), 0, 0] == approx(8 * servers)
    return found["optical_modules_year"][BUYER("baidu"), SPEED(400), 0, 0]


def test_modules_of_one_server_and_of_300():
    assert baidu_reference(1, 3) == approx(9 * 2)
    assert baidu_reference(300, 3) == approx(5400)


def test_modules_of_a_thousand_servers():
    assert baidu_reference(1000, 10 / 3) == approx(18_000)
    assert baidu_reference(1000, 3) == approx(16_200)


def test_fabric_ratio_adds_its_share():
    case = cases.changed(optics__ref_baidu=1)
    bare, fabric = cases.run([case, case | {"optics.fabric_ratio": 2}])["optical_modules"][2, SPEED(400), 3]
    assert fabric == approx(3 * bare)


def test_ten_a100_seconds_an_answer():
    # One answer every second at parity, no gain, full use: ten cards are busy.
    case = cases.changed(
        infer__a100s_per_answer=5 * 2,
        infer__answers_per_day=86_400,
        infer__answers_growth=0,
        infer__efficiency_gain=0,
        infer__utilisation=1,
        race__alibaba_lag=0,
        race__alibaba_release_month=1,
    )
    need = cases.run([case])["inference_need"][0, 1:, 0]
    assert need == approx(10)


def test_a_third_of_the_cloud_cards_are_domestic_in_2023():
    bought = cases.run([cases.changed(avail__mlu590=0)])["purchases_year"][BUYER("alibaba_cloud"), :, 0, 0]
    assert bought[CHIP("mlu370") :].sum() / bought.sum() == approx(1 / 3)
    assert bought.sum() == approx(10_000 + 3000 + 2000)
    assert bought[CHIP("h800")] == approx(6000)


def test_stock_is_five_times_20_000():
    found = cases.run([cases.changed(buy__alibaba_cloud_2023=1e-9, buy__ppu_per_year=0, buy__mlu370_per_year=0)], 1)
    a100 = found["fleet"][:2, CHIP("a100"), 0, 0]
    assert a100[0] == approx(20_000)
    assert a100.sum() == approx(100_000)


def test_revenue_of_2023_is_2022_and_its_growth():
    found = cases.run([cases.changed(), cases.changed(cloud__reading_whole=0)])["cloud_revenue_year"][0]
    assert found[0] == approx(76 * 1.4)
    assert found[1] == approx(76 * 1.06)
    assert cases.run([cases.changed()])["cloud_purchase_change"][0] == approx(-0.5)
