"""Cards are neither made nor lost, shares are shares, and the orders that the interview states hold in every draw."""

import itertools

import numpy as np

from sim import market
from tests.market import cases

CHIP, BUYER = market.ACCELERATORS.index, market.BUYERS.index
DRAWN = cases.random_cases(400, 77)
INPUTS = {name: cases.tile(DRAWN)[row] for row, name in enumerate(market.INPUTS)}
FOUND = cases.run(DRAWN)
WITHOUT_STREAMS = cases.run([case | {"buy.ppu_per_year": 0.0, "buy.mlu370_per_year": 0.0} for case in DRAWN])
CAPACITY = {"mlu370": "mlu", "mlu590": "mlu", "ppu": "ppu", "ascend910": "ascend", "dcu": "dcu", "br100": "br"}


def test_capacity_is_never_exceeded_outside_the_streams():
    bound = 0
    for chip, capacity in CAPACITY.items():
        delivered = WITHOUT_STREAMS["purchases"][:, CHIP(chip)].sum(axis=0)
        quarter = np.arange(12)[:, None]
        limit = INPUTS[f"capacity.{capacity}"] * (1 + INPUTS["capacity.growth"]) ** quarter
        assert np.all(delivered <= limit * (1 + 1e-12)), chip
        bound += np.isclose(delivered, limit, rtol=1e-9).sum()
    assert bound > 1000  # the limit is reached, so the test above is not empty


def test_streams_come_on_top_at_the_cloud_alone():
    # The market beyond the cloud's streams is the same with them and without.
    difference = FOUND["purchases"] - WITHOUT_STREAMS["purchases"]
    assert np.all(np.abs(difference[1:]) == 0)
    cloud = difference[0]
    others = [CHIP(c) for c in ("v100", "a100", "a800", "h800", "ascend910", "dcu", "br100")]
    assert np.all(cloud[others] == 0)
    np.testing.assert_allclose(cloud[CHIP("ppu"), :4].sum(axis=0), INPUTS["buy.ppu_per_year"], rtol=1e-9)
    mlu = cloud[[CHIP("mlu370"), CHIP("mlu590")]].sum(axis=0)
    np.testing.assert_allclose(mlu[:4].sum(axis=0), INPUTS["buy.mlu370_per_year"], rtol=1e-9)
    assert np.all((mlu[4:] > 1) == (INPUTS["adopt.commercial"] == 1))


def test_fleet_is_stock_and_purchases():
    bought, fleet = FOUND["purchases"], FOUND["fleet"]
    stock = fleet[:, :, 0] - bought[:, :, 0]
    np.testing.assert_allclose(fleet, stock[:, :, None] + np.cumsum(bought, axis=2), rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(stock[:2, CHIP("a100")].sum(axis=0), INPUTS["stock.total"], rtol=1e-12)
    np.testing.assert_allclose(stock[:2, CHIP("v100")].sum(axis=0), INPUTS["stock.v100_alibaba"], rtol=1e-12)
    assert np.all(bought[:, [CHIP("v100"), CHIP("a100")]] == 0)


def test_without_a_ban_every_planned_card_is_delivered_once():
    drawn = [case | {"export.ban_quarter": cases.NEVER, "growth.persistence": 1.0} for case in DRAWN]
    bought = cases.run([case | {"buy.ppu_per_year": 0.0, "buy.mlu370_per_year": 0.0} for case in drawn])
    yearly = bought["buyer_purchases_year"]
    of = {name: np.array([case[name] for case in drawn]) for name in market.INPUTS}
    np.testing.assert_allclose(yearly[BUYER("baidu"), 0], of["buy.baidu_2023"], rtol=1e-12)
    second = of["buy.baidu_2023"] * of["buy.tencent_ratio"] * np.maximum(0, 1 + of["growth.tencent"])
    np.testing.assert_allclose(yearly[BUYER("tencent"), 1], second, rtol=1e-12)
    third = of["buy.alibaba_cloud_2023"] * ((1 + of["growth.cloud"]) * of["spend.discipline"]) ** 2
    np.testing.assert_allclose(yearly[BUYER("alibaba_cloud"), 2], third, rtol=1e-12)
    assert np.all(bought["unmet"] == 0)


def test_after_a_ban_need_is_met_pulled_forward_substituted_or_unmet():
    # From the ban on: A100 of domestic substitution + leaked + pulled forward + unmet = the need, over the horizon.
    case = {"export.ban_quarter": 5.0, "adopt.pilot_max": 0.0, "buy.ppu_per_year": 0.0, "buy.mlu370_per_year": 0.0}
    drawn = [one | case for one in DRAWN]
    banned = cases.run(drawn)
    free = cases.run([one | {"export.ban_quarter": cases.NEVER} for one in drawn])
    of = {name: np.array([one[name] for one in drawn]) for name in market.INPUTS}
    perf = [of[f"perf.{c}"] for c in ("mlu370", "mlu590", "ppu", "mlu370", "dcu", "br100")]
    perf[3] = perf[3] * (1 + of["perf.ascend_premium"])
    power = np.array([np.full(len(drawn), 0.4), np.ones(len(drawn)), np.ones(len(drawn)), of["perf.h800"], *perf])
    need = (free["purchases"] * power[:, None]).sum(axis=1)
    got = (banned["purchases"] * power[:, None]).sum(axis=1) + banned["unmet"]
    pulled = need[:, 4] * of["export.pull_forward"]
    np.testing.assert_allclose(got[:, 4], need[:, 4] + pulled, rtol=1e-9)
    np.testing.assert_allclose(got[:, 5:].sum(axis=1) + np.minimum(pulled, (need[:, 5:] * (1 - of["export.leak"])).sum(axis=1)),
                               need[:, 5:].sum(axis=1), rtol=1e-9)  # fmt: skip


def test_shares_are_shares_and_nothing_is_negative():
    for name in ("domestic_share", "market_domestic_share", "overtake", "first_to_parity"):
        assert np.all((FOUND[name] >= 0) & (FOUND[name] <= 1)), name
    assert np.all(FOUND["first_to_parity"].sum(axis=0) == 1)
    for name, values in FOUND.items():
        assert np.all(np.isfinite(values)), name
        if name not in ("cloud_purchase_change", "cloud_revenue", "cloud_revenue_year"):
            assert values.min() >= (-1e-6 if name == "unmet" else 0), name


def test_buyer_without_any_delivery_has_share_zero():
    nothing = cases.changed(buy__qihoo360_2023=0.0)
    found = cases.run([nothing])
    assert np.all(found["domestic_share"][BUYER("qihoo360")] == 0)
    assert np.all(found["compute"][BUYER("qihoo360")] == 0)


def test_order_of_stock():
    # Q04.1: Alibaba > ByteDance > Baidu > Tencent.
    stock = (FOUND["fleet"] - np.cumsum(FOUND["purchases"], axis=2))[:, CHIP("a100"), 0]
    alibaba = stock[:2].sum(axis=0)
    order = [alibaba, stock[BUYER("bytedance")], stock[BUYER("baidu")], stock[BUYER("tencent")]]
    assert all(np.all(above > below) for above, below in itertools.pairwise(order))
    assert np.all(stock[0] > 10_000)  # Q04.2, by the multiple's support


def test_order_of_performance():
    # Q10.2: Ascend 910 above MLU370. A billion units of either alone show what one is worth in compute.
    tiny = dict.fromkeys(cases.CAPACITIES, 0.0)
    for chip, capacity in (("ascend910", "capacity.ascend"), ("mlu370", "capacity.mlu")):
        drawn = [case | tiny | {capacity: 1e12, "buy.ppu_per_year": 0.0, "buy.mlu370_per_year": 0.0} for case in DRAWN]
        found = cases.run([one | {"avail.mlu590": 0.0} for one in drawn])
        held = found["fleet"][BUYER("bytedance"), CHIP(chip), -1]
        rest = found["fleet"][BUYER("bytedance"), [0, 1, 2, 3], -1]
        h800 = np.array([case["perf.h800"] for case in drawn])
        perf = (
            found["compute"][BUYER("bytedance"), -1] - (rest * [[0.4], [1], [1], [0]]).sum(0) - rest[3] * h800
        ) / held
        if chip == "ascend910":
            ascend = perf
    assert np.all(ascend > perf)
    np.testing.assert_allclose(perf, INPUTS["perf.mlu370"], rtol=1e-6)


def test_order_of_friction():
    # Q11.1: at equal performance and listing the chip nearer to CUDA is bought more.
    level = {
        "perf.dcu": 0.65,
        "perf.mlu370": 0.65,
        "entity.cambricon_quarter": 0.0,
        **dict.fromkeys(cases.CAPACITIES, 1e12),
    }
    found = cases.run([case | level | {"buy.mlu370_per_year": 0.0} for case in DRAWN])
    baidu = found["purchases"][BUYER("baidu"), :, 1:]
    assert np.all(baidu[CHIP("dcu")] > baidu[CHIP("mlu370")])


def test_alibaba_is_never_first_where_releases_do_not_decide():
    # Q02.1: Baidu's lag is a share below 1 of Alibaba's.
    released = {f"race.{lab}_release_month": 1.0 for lab in market.LABS}
    first = cases.run([case | released for case in DRAWN])["first_to_parity"]
    assert np.all(first[0] == 0)
