"""The market model as one would write it in NumPy: vectorised over draws, quarters, buyers and chips; and in JAX.

``xp`` is the array module, ``numpy`` or ``jax.numpy``, so nothing is changed in place. The equations are those of
``sim.market``, checked equal to it on the same inputs (``tests/bench/test_market_numpy.py``); nothing is shared with it.
Axes are [buyer, accelerator, quarter, draw] and parts of it; draws are last, so that NumPy's inner loops are long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.consequences import buying, labs, optics, years
from benchmarks.recurrences import powers, root, running

Array = Any
FIRM = 24_000.0
BUYERS, CHIPS = 6, 6  # alibaba_cloud, alibaba_group, baidu, bytedance, tencent, qihoo360; the domestic chips
BAIDU = 2


def market(x: Mapping[str, Array], quarters: int = 12, xp: Any = np) -> dict[str, Array]:
    """All outputs, name -> [..., draws], from the inputs, name -> [draws]; a horizon of ``quarters``."""
    q = xp.arange(quarters, dtype=x["growth.cloud"].dtype)[:, None]
    perf = _performance(x, xp)
    growth, revenue, activity = _cloud(x, quarters, xp)
    yearly = _plan(x, growth, quarters, xp)
    order = _orders(x, yearly, perf, quarters, q, xp)
    chips = _domestic(x, order, perf, q, xp)
    bought = _purchases(x, order, chips, activity, q, xp)
    fleet = _fleet(x, bought, xp)
    compute = xp.einsum("baqd,ad->bqd", fleet, perf)
    modules = optics(x, bought, q, xp)
    h800 = fleet[:, 3] * perf[3]
    outputs = {
        "purchases": bought,
        "fleet": fleet,
        "compute": compute,
        "unmet": chips["unmet"],
        "optical_modules": modules,
        "cloud_revenue": revenue,
        "overtake": xp.where(compute[BAIDU] > compute[BAIDU + 1], 1.0, 0.0),
        "cloud_ai_load": x["cloud.replicators"] * x["cloud.cards_per_replicator"] / compute[0],
        "cloud_purchase_change": x["buy.alibaba_cloud_2023"] / x["buy.alibaba_cloud_2022"] - 1.0,
    }
    outputs |= buying(x, bought, xp)
    outputs |= labs(x, compute, h800, q, xp)
    return outputs | years(x, outputs, q, xp)


def _performance(x: Mapping[str, Array], xp: Any) -> Array:
    """A100 a card, [10 accelerators, draws]."""
    one = xp.ones_like(x["perf.h800"])
    ascend = x["perf.mlu370"] * (1.0 + x["perf.ascend_premium"])
    domestic = [x["perf.mlu370"], x["perf.mlu590"], x["perf.ppu"], ascend, x["perf.dcu"], x["perf.br100"]]
    return xp.stack([0.4 * one, one, one, x["perf.h800"], *domestic])


def _cloud(x: Mapping[str, Array], quarters: int, xp: Any) -> tuple[Array, Array, Array]:
    """AI computing's growth by year, the cloud's revenue by quarter, AI computing's activity by quarter."""
    span = max(quarters, 4)
    fade = powers(x["growth.persistence"], (span + 3) // 4, xp)
    of_year = np.arange(span) // 4
    base = xp.where(x["cloud.reading_whole"] != 0.0, x["growth.cloud"], x["growth.cloud_base"])
    growth = x["growth.cloud"] * fade
    level = xp.cumprod(root(1.0 + base * fade, xp)[of_year], axis=0)
    active = xp.cumprod(root(1.0 + growth, xp)[of_year], axis=0)
    revenue = level[:quarters] * (x["cloud.revenue_2022"] * (1.0 + base) / level[:4].sum(0))
    return growth, revenue, active[:quarters] * (4.0 / active[:4].sum(0))


def _plan(x: Mapping[str, Array], growth: Array, quarters: int, xp: Any) -> Array:
    """NVIDIA cards a year that buyers plan, [buyer, year, draws]."""
    cloud, baidu = x["buy.alibaba_cloud_2023"], x["buy.baidu_2023"]
    others = [baidu, baidu * x["buy.bytedance_ratio"], baidu * x["buy.tencent_ratio"], x["buy.qihoo360_2023"]]
    level = xp.stack([cloud, cloud * x["buy.alibaba_group_ratio"], *others])
    rates = xp.stack([x[f"growth.{buyer}"] for buyer in ("baidu", "bytedance", "tencent", "qihoo360")])
    fade = xp.ones_like(cloud)
    years = [level]
    for k in range(1, (quarters + 3) // 4):
        ours = (1.0 + growth[k]) * x["spend.discipline"]
        theirs = xp.maximum(1.0 + rates * fade, 0.0)
        level = level * xp.concatenate([ours[None], ours[None], theirs])
        fade = fade * x["growth.persistence"]
        years.append(level)
    return xp.stack(years, axis=1)


def _orders(x: Mapping[str, Array], yearly: Array, perf: Array, quarters: int, q: Array, xp: Any) -> dict[str, Array]:
    """Pilots, NVIDIA's deliveries, shares of H800, and what a ban leaves unmet, each [buyer, quarter, draws]."""
    firm = np.zeros((BUYERS, quarters, 1))
    firm[BAIDU, 0] = 1.0
    piloting = np.zeros((BUYERS, quarters, 1))
    piloting[BAIDU : BAIDU + 3] = 1.0
    firm, piloting = xp.asarray(firm, q.dtype), xp.asarray(piloting - firm, q.dtype)
    plan = yearly[:, np.arange(quarters) // 4] / 4.0
    rest = (yearly[BAIDU, 0] - FIRM) / 3.0
    first = xp.stack([xp.full_like(rest, FIRM), rest, rest, rest])[:quarters]
    baidu = xp.concatenate([first, plan[BAIDU, 4:]])
    plan = xp.concatenate([plan[:BAIDU], baidu[None], plan[BAIDU + 1 :]])
    cloud, none = x["buy.alibaba_cloud_h800_share"], xp.zeros_like(rest)
    shares = [x[f"buy.{buyer}_h800_share"] for buyer in ("baidu", "bytedance", "tencent")]
    h = xp.stack([cloud, cloud, *shares, none])[:, None] * (1.0 - firm)
    pilot = plan * (x["adopt.pilot_max"] / (1.0 + xp.exp((x["adopt.pilot_mid"] - q) / 2.0))) * piloting
    n = plan - pilot
    mix = h * perf[3] + 1.0 - h
    ban, leak, pull = x["export.ban_quarter"], x["export.leak"], x["export.pull_forward"]
    banned, last = q >= ban, (q >= ban - 1.0) & (q < ban)
    share = xp.where(banned, leak, xp.where(last, 1.0 + pull, 1.0))
    share = share + (1.0 - share) * firm
    ordered = n * mix * (1.0 - firm)
    left = (ordered * xp.where(last, pull, 0.0)).sum(1)
    gaps = running(ordered * xp.where(banned, 1.0 - leak, 0.0), xp)
    short = xp.maximum(gaps - left[:, None], 0.0)
    short = xp.concatenate([short[:, :1], short[:, 1:] - short[:, :-1]], axis=1)
    return {"pilot": pilot, "delivered": n * share, "h": h, "mix": mix, "short": short, "banned": banned}


def _appeal(x: Mapping[str, Array], perf: Array, q: Array, xp: Any) -> tuple[Array, Array]:
    """Weights of the domestic chips, [chip, quarter, draws], and the quarter from which MLU590 is on sale."""
    zero = xp.zeros_like(x["perf.h800"])
    never = zero + np.inf
    mlu590 = xp.where(x["avail.mlu590"] != 0.0, xp.floor((x["avail.mlu590_month"] - 1.0) / 3.0), never)
    volume = xp.floor((x["avail.br100_tapeout_month"] + x["avail.br100_lag"] - 1.0) / 3.0)
    br100 = xp.where(x["avail.br100"] != 0.0, volume, never)
    start = xp.stack([zero, mlu590, zero, zero, zero, br100])
    cambricon = x["entity.cambricon_quarter"]
    listed = xp.stack([cambricon, cambricon, never, zero, zero, x["entity.biren_quarter"]])
    easy = x["friction.dcu"]
    hard = easy + x["friction.mlu_extra"]
    friction = xp.stack([hard, hard, easy, hard, easy, hard])
    links = xp.stack([zero + 1.0] * 5 + [x["perf.br100_interconnect"]])
    value = xp.exp(x["adopt.sharpness"] * perf[4:] * links * (1.0 - friction))[:, None]
    value = value * xp.where(q >= listed[:, None], 1.0 - x["entity.penalty"], 1.0)
    return xp.where(q >= start[:, None], value, 0.0), mlu590


def _domestic(x: Mapping[str, Array], order: dict[str, Array], perf: Array, q: Array, xp: Any) -> dict[str, Array]:
    """Domestic cards delivered, pilots that come back to NVIDIA, need that stays unmet, and MLU590's first quarter."""
    weight, mlu590 = _appeal(x, perf, q, xp)
    pilot, short = order["pilot"], order["short"]
    others = weight[0] + weight[1] + weight[3] + weight[4] + weight[5]
    names = ("mlu", "mlu", "ppu", "ascend", "dcu", "br")
    supply = xp.stack([x[f"capacity.{name}"] for name in names])[:, None]
    supply = supply * powers(1.0 + x["capacity.growth"], q.shape[0], xp)
    cards = (x["adopt.substitution"] / perf[4:])[:, None]  # for each A100 unmet
    offered = xp.asarray(np.array([1.0, 1.0, 0.0, 1.0, 1.0, 1.0])[:, None, None], q.dtype)  # the PPU is Alibaba's own
    omega, wanted = [], 0.0
    for total, group, eligible in ((others + weight[2], slice(0, 2), 1.0), (others, slice(2, 6), offered)):
        some = total > 0.0
        share = weight * xp.where(some, 1.0 / xp.where(some, total, 1.0), 0.0) * eligible
        wanted = wanted + share * (pilot[group].sum(0) + cards * short[group].sum(0))
        omega.append((share, some, group))
    f = supply / xp.maximum(wanted, supply)
    delivered, refused, met = [], [], []
    for share, some, group in omega:
        filled = share * f
        delivered.append(filled * (pilot[group][:, None] + cards * short[group][:, None]))
        refused.append(pilot[group] * xp.where(some, (share * (1.0 - f)).sum(0), 1.0))
        met.append(short[group] * filled.sum(0))
    refused = xp.concatenate(refused)
    leak, late = x["export.leak"], order["banned"]
    unmet = short - x["adopt.substitution"] * xp.concatenate(met)
    unmet = unmet + xp.where(late, 1.0 - leak, 0.0) * refused * order["mix"]
    back = xp.where(late, leak, 1.0) * refused
    return {"delivered": xp.concatenate(delivered), "back": back, "unmet": unmet, "mlu590": mlu590}


def _purchases(
    x: Mapping[str, Array], order: dict[str, Array], chips: dict[str, Array], activity: Array, q: Array, xp: Any
) -> Array:
    """Cards delivered, [buyer, accelerator, quarter, draws]."""
    lasting = (q < 4.0) | (x["adopt.commercial"] != 0.0)
    mlu = xp.where(lasting, x["buy.mlu370_per_year"] / 4.0 * activity, 0.0)
    newer = xp.clip((q - chips["mlu590"] + 1.0) / 4.0, 0.0, 1.0)
    none = xp.zeros_like(mlu)
    streams = xp.stack([mlu * (1.0 - newer), mlu * newer, x["buy.ppu_per_year"] / 4.0 * activity, none, none, none])
    domestic = chips["delivered"]
    domestic = xp.concatenate([(domestic[0] + streams)[None], domestic[1:]])
    nvidia, h = order["delivered"] + chips["back"], order["h"]
    h800 = nvidia * h
    old = xp.zeros((BUYERS, 2, *mlu.shape), mlu.dtype)
    return xp.concatenate([old, (nvidia - h800)[:, None], h800[:, None], domestic], axis=1)


def _fleet(x: Mapping[str, Array], bought: Array, xp: Any) -> Array:
    total, v100 = x["stock.total"], x["stock.v100_alibaba"]
    none = xp.zeros_like(total)
    cloud = total / x["stock.group_multiple"]
    bytedance = total * x["stock.ratio_bytedance"]
    baidu = bytedance * x["stock.ratio_baidu"]
    a100 = xp.stack([cloud, total - cloud, baidu, bytedance, baidu * x["stock.ratio_tencent"], none])
    old = v100 / x["stock.group_multiple"]
    v100s = xp.stack([old, v100 - old, none, none, none, none])
    held = xp.concatenate([xp.stack([v100s, a100], axis=1), xp.zeros((BUYERS, 8, *none.shape), none.dtype)], axis=1)
    return running(bought, xp, held)
