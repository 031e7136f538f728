"""What follows from purchases and fleets in the NumPy market: shares, spend, modules, the race, inference, years.

``xp`` is the array module; axes are [buyer, accelerator, quarter, draw] and parts of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.recurrences import powers, root, running

Array = Any


def buying(x: Mapping[str, Array], bought: Array, xp: Any) -> dict[str, Array]:
    """Shares of domestic cards, servers and spend of the cards ``bought``, [buyer, accelerator, quarter, draws]."""
    home = bought[:, 4:].sum(1)
    a800, h800, br100 = bought[:, 2], bought[:, 3], bought[:, 9]
    every = a800 + h800 + home
    spend = a800 * x["price.a100"] + h800 * x["price.h800"] + home * x["price.domestic"]
    return {
        "domestic_share": _share(home, every, xp),
        "market_domestic_share": _share(home.sum(0), every.sum(0), xp),
        "servers": every / 8.0 + br100 / 8.0,  # a server of br100 holds 4
        "spend": spend * 1e-6,
    }


def _share(part: Array, whole: Array, xp: Any) -> Array:
    some = whole > 0.0
    return xp.where(some, part / xp.where(some, whole, 1.0), 0.0)


def optics(x: Mapping[str, Array], bought: Array, q: Array, xp: Any) -> Array:
    """New modules, [buyer, speed, quarter, draws]."""
    none = xp.zeros_like(x["optics.ref_baidu"])
    alibaba = x["optics.ref_alibaba"]
    refs = [alibaba, alibaba, *(x[f"optics.ref_{buyer}"] for buyer in ("baidu", "bytedance", "tencent")), none]
    refer = xp.stack(refs)[:, None] != 0.0
    h800, a800 = bought[:, 3] / 8.0, bought[:, 2] / 8.0
    n = running(h800, xp)
    exponent = xp.log(x["optics.scale_out"]) / math.log(1000.0 / 300.0)
    beyond = 5400.0 * xp.exp(exponent * xp.log(xp.maximum(n, 300.0) / 300.0))
    needed = xp.where(n > 300.0, beyond, 18.0 * n)
    new = xp.concatenate([needed[:, :1], needed[:, 1:] - needed[:, :-1]], axis=1) * (1.0 + x["optics.fabric_ratio"])
    other = a800 + xp.where(refer, 0.0, h800)
    own = 4.0 * powers(root(1.0 + x["optics.own_drift"], xp), q.shape[0], xp)
    chips = bought[:, 4:9].sum(1) / 8.0 + bought[:, 9] / 4.0
    at_100 = own * xp.concatenate([chips[:2] + other[:2], chips[2:]])
    at_200 = xp.concatenate([xp.zeros_like(other[:2]), x["optics.other_modules"] * other[2:]])
    return xp.stack([at_100, at_200, xp.where(refer, new, 0.0)], axis=1)


def labs(x: Mapping[str, Array], compute: Array, h800: Array, q: Array, xp: Any) -> dict[str, Array]:
    """The race to parity, and what answering costs the four labs."""
    lag = x["race.alibaba_lag"]
    names = ("alibaba", "baidu", "bytedance", "tencent")
    able = 4.0 + xp.stack([lag, *(lag * x[f"race.{lab}_ratio"] for lab in names[1:])])
    release = xp.stack([x[f"race.{lab}_release_month"] for lab in names])
    parity = xp.maximum(able, release)
    first = xp.where(xp.arange(4)[:, None] == xp.argmin(parity, axis=0), 1.0, 0.0)
    start = xp.floor((parity - 1.0) / 3.0)
    shown = xp.floor((release - 1.0) / 3.0)
    rate, answers = 1.0 + x["infer.answers_growth"], x["infer.answers_per_day"]
    after = answers * rate ** (-start)
    after = after[:, None] * powers(rate, q.shape[0], xp)
    before = xp.where(q >= shown[:, None], answers * x["infer.pre_parity"], 0.0)
    traffic = xp.where(q >= start[:, None], after, before)
    held = xp.concatenate([(compute[0] + compute[1])[None], compute[2:5]])
    phi = xp.concatenate([(h800[0] + h800[1])[None], h800[2:5]]) / held
    fp8 = xp.where(q >= x["infer.fp8_quarter"], 1.0 + (x["infer.fp8_factor"] - 1.0) * phi, 1.0)
    gained = powers(root(1.0 + x["infer.efficiency_gain"], xp), q.shape[0], xp)
    seconds = x["infer.a100s_per_answer"] / (86_400.0 * x["infer.utilisation"])
    need = traffic * (seconds / gained) / fp8
    return {"parity_month": parity, "first_to_parity": first, "inference_need": need, "inference_load": need / held}


def years(x: Mapping[str, Array], outputs: dict[str, Array], q: Array, xp: Any) -> dict[str, Array]:
    """Every output by year, from those by quarter."""
    quarters = q.shape[0]
    starts = range(0, quarters, 4)

    def total(of: Array) -> Array:
        return xp.stack([of[..., k : k + 4, :].sum(-2) for k in starts], axis=-2)

    def end(of: Array) -> Array:
        return of[..., np.array([min(k + 3, quarters - 1) for k in starts]), :]

    purchases, modules, spend = (total(outputs[name]) for name in ("purchases", "optical_modules", "spend"))
    prices = xp.stack([x[f"price.module_{speed}"] for speed in (100, 200, 400)])[:, None]
    erosion = powers(root(1.0 - x["price.module_erosion"], xp), quarters, xp)
    return {
        "purchases_year": purchases,
        "buyer_purchases_year": purchases.sum(1),
        "market_purchases_year": purchases.sum(0),
        "optical_modules_year": modules,
        "market_optical_modules_year": modules.sum(0),
        "module_spend_year": total(outputs["optical_modules"].sum(0) * erosion) * prices * 1e-6,
        "spend_year": spend,
        "market_spend_year": spend.sum(0),
        "cloud_revenue_year": total(outputs["cloud_revenue"]),
        "compute_year_end": end(outputs["compute"]),
        "inference_load_year_end": end(outputs["inference_load"]),
    }
