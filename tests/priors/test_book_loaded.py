"""The built-in book, once loaded, holds the distributions of the contract, computed a second time by scipy alone.

A failure means that a hedge was turned into the wrong width, a bound was lost, or a scenario moves the wrong input.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

import priors
from tests.priors.contract import BUYERS, NEVER, SCENARIOS, TABLE

INF = math.inf


@pytest.fixture(scope="module")
def book() -> Any:
    return priors.load()


PROBABILITIES = np.array([0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999])


def lognormal_sigma(median: float, p95: float) -> float:
    return math.log(p95 / median) / stats.norm.ppf(0.95)


def pert(low: float, mode: float, high: float) -> Any:
    span = high - low
    return stats.beta(1 + 4 * (mode - low) / span, 1 + 4 * (high - mode) / span, low, span)


def cut(frozen: Any, low: float, high: float = INF) -> tuple[np.ndarray, tuple[float, float]]:
    below, above = frozen.cdf(low), frozen.cdf(high)
    support = (max(low, frozen.support()[0]), min(high, frozen.support()[1]))
    return frozen.ppf(below + PROBABILITIES * (above - below)), support


def hazard(rate: float, start: float) -> np.ndarray:
    quarters = start + np.ceil(np.log1p(-PROBABILITIES) / math.log1p(-rate)) - 1
    return np.minimum(quarters, NEVER)


def expected(kind: str, *args: float) -> tuple[np.ndarray, tuple[float, float] | None]:
    """Quantiles by scipy alone, and the support where the kind has one."""
    match kind:
        case "pert":
            return pert(*args).ppf(PROBABILITIES), (args[0], args[2])
        case "cut pert":
            return cut(pert(*args[:3]), args[3])
        case "cut normal":
            return cut(stats.norm(args[0], args[1]), args[2])
        case "range":
            sd = (args[1] - args[0]) / 2 / stats.norm.ppf(0.95)
            return stats.norm.ppf(PROBABILITIES, (args[0] + args[1]) / 2, sd), None
        case "lognormal":
            return stats.lognorm(lognormal_sigma(*args), scale=args[0]).ppf(PROBABILITIES), (0, INF)
        case "at least":
            excess = stats.lognorm(lognormal_sigma(args[1], args[2]), loc=args[0], scale=args[1])
            return cut(excess, args[0], args[3])
        case "uniform":
            return args[0] + PROBABILITIES * (args[1] - args[0]), (args[0], args[1])
        case "bernoulli":
            return (1 - args[0] < PROBABILITIES).astype(float), (0, 1)
        case "choice":
            return np.where(PROBABILITIES > 0.5, args[1], args[0]), (args[0], args[1])
        case "hazard":
            return hazard(*args), None
        case "fixed":
            return np.full(PROBABILITIES.size, args[0]), (args[0], args[0])
    raise AssertionError(kind)


@pytest.mark.parametrize("name", TABLE)
def test_a_prior_has_the_stated_value_support_and_quantiles_of_the_contract(name: str, book: Any) -> None:
    quantity = book.quantities[name]
    _, _, _, stated, distribution = TABLE[name]
    quantiles, support = expected(*distribution)
    assert quantity.stated == pytest.approx(stated, rel=1e-12)
    found = quantity.prior.ppf(PROBABILITIES)
    keep = PROBABILITIES != 0.5 if distribution[0] in ("bernoulli", "choice") else np.full(PROBABILITIES.size, True)
    np.testing.assert_allclose(found[keep], quantiles[keep], rtol=1e-9, atol=1e-12)
    if support is not None:
        assert quantity.prior.support == pytest.approx(support, rel=1e-12, abs=1e-12)


def test_orders_and_bounds_of_the_interview_hold_over_the_whole_support(book: Any) -> None:
    low = {name: quantity.prior.support[0] for name, quantity in book.quantities.items()}
    high = {name: quantity.prior.support[1] for name, quantity in book.quantities.items()}
    assert low["stock.total"] >= 100_000
    assert low["stock.group_multiple"] > 1
    assert low["stock.total"] / high["stock.group_multiple"] >= 10_000
    assert all(low[f"stock.ratio_{b}"] > 0 and high[f"stock.ratio_{b}"] < 1 for b in BUYERS[:3])
    assert high["buy.alibaba_cloud_2023"] < 20_000 <= low["buy.alibaba_cloud_2022"]
    assert low["buy.baidu_2023"] >= 24_000
    assert 1_000 <= low["buy.qihoo360_2023"] < high["buy.qihoo360_2023"] <= 10_000
    assert low["perf.ascend_premium"] >= 0
    assert low["friction.mlu_extra"] > 0
    assert high["friction.dcu"] + high["friction.mlu_extra"] < 1
    assert low["optics.scale_out"] > 1
    assert high["race.baidu_ratio"] < 1
    assert low["race.tencent_release_month"] >= 4
    assert book.quantities["race.tencent_release_month"].stated < book.quantities["race.alibaba_release_month"].stated
    shares = [n for n in TABLE if n.endswith("share") or n.startswith(("adopt.sub", "adopt.pilot_max", "entity.pen"))]
    assert all(low[n] >= 0 and high[n] <= 1 for n in [*shares, "infer.utilisation", "infer.pre_parity", "export.leak"])
    assert low["infer.utilisation"] > 0


def test_ascend_is_about_seven_tenths_of_an_a100(book: Any) -> None:
    """Q10.2 with Q05.2, seven tenths as stated; the cut at MLU370's level moves the median up a little."""
    mlu, premium = book.quantities["perf.mlu370"], book.quantities["perf.ascend_premium"]
    assert mlu.stated * (1 + premium.stated) == pytest.approx(0.70, rel=1e-12)
    assert 0.68 < float(mlu.prior.ppf(0.5) * (1 + premium.prior.ppf(0.5))) < 0.75


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_resolves_to_the_inputs_it_does_not_name_unchanged(name: str, book: Any) -> None:
    resolved = book.resolve(name)
    streams = [book.quantities[q].stream for q in resolved]
    assert set(resolved) == set(TABLE)
    assert streams == sorted(streams)
    touched = set(SCENARIOS[name][1])
    parent = SCENARIOS[name][0]
    touched |= set(SCENARIOS[parent][1]) if parent else set()
    for quantity, distribution in resolved.items():
        if name == "stated":
            assert distribution.support == (TABLE[quantity][3],) * 2 or distribution.ppf(0.5) == pytest.approx(
                TABLE[quantity][3], rel=1e-12
            )
        elif quantity in touched:
            assert distribution != book.quantities[quantity].prior, quantity
        else:
            assert distribution == book.quantities[quantity].prior, quantity


def test_scaled_and_shifted_inputs_move_as_the_table_says(book: Any) -> None:
    base, boom, ban = book.resolve("baseline"), book.resolve("gpt_boom"), book.resolve("export_ban_strong_domestic")
    p = PROBABILITIES[PROBABILITIES != 0.5]
    np.testing.assert_allclose(boom["growth.baidu"].ppf(p), base["growth.baidu"].ppf(p) + 0.3, rtol=1e-12)
    np.testing.assert_allclose(boom["cloud.replicators"].ppf(p), 2 * base["cloud.replicators"].ppf(p), rtol=0)
    np.testing.assert_allclose(ban["capacity.br"].ppf(p), 3 * base["capacity.br"].ppf(p), rtol=1e-12)
    np.testing.assert_allclose(ban["export.ban_quarter"].ppf(p), 3.0, rtol=0)
    np.testing.assert_allclose(
        book.resolve("austerity")["buy.alibaba_cloud_2023"].ppf(p),
        0.7 * base["buy.alibaba_cloud_2023"].ppf(p),
        rtol=1e-12,
    )
    assert boom["growth.cloud"] == base["growth.cloud"]
