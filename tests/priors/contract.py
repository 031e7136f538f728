"""What the contract says of the built-in book, typed by hand a second time; no line of it is read from the data."""

from __future__ import annotations

import math
from typing import Any

NEVER = 9999.0

ABOUT, EXPECTED, MAYBE, ORDER_OF = 0.25, 0.30, 0.40, 0.30

FOUR_HEDGES = {"about": ABOUT, "expected": EXPECTED, "maybe": MAYBE, "order_of": ORDER_OF}


def around(value: float, *widths: float) -> tuple[str, float, float, float]:
    """A pert about a stated figure whose relative half-widths add in squares."""
    width = math.sqrt(sum(w * w for w in widths))
    return ("pert", value * (1 - width), value, value * (1 + width))


SHARE_OF_NEXT = ("pert", 0.50, 0.75, 0.98)
H800_SHARE = ("pert", 0.2, 0.5, 0.8)
BUYER_GROWTH = ("cut normal", 0.35, 0.25, -0.8)
ASCEND = tuple(x / 0.65 - 1 for x in (0.70 * 0.75, 0.70, 0.70 * 1.25))

# name: (unit, basis letter, claims, stated, distribution)
TABLE: dict[str, tuple[str, str, str, float, tuple[Any, ...]]] = {
    "stock.total": ("card", "c", "Q04.3", 100_000, ("at least", 100_000, 15_000, 60_000, math.inf)),
    "stock.group_multiple": ("1", "c", "Q04.4 Q04.2", 5, around(5, EXPECTED, ORDER_OF)),
    "stock.ratio_bytedance": ("1", "m", "Q04.1", 0.75, SHARE_OF_NEXT),
    "stock.ratio_baidu": ("1", "m", "Q04.1", 0.75, SHARE_OF_NEXT),
    "stock.ratio_tencent": ("1", "m", "Q04.1", 0.75, SHARE_OF_NEXT),
    "stock.v100_alibaba": ("card", "m", "Q08.2", 40_000, ("pert", 20_000, 40_000, 80_000)),
    "buy.alibaba_cloud_2022": ("card/yr", "c", "Q04.10", 20_000, ("pert", 20_000, 22_500, 30_000)),
    "buy.alibaba_cloud_2023": ("card/yr", "c", "Q04.11", 10_000, around(10_000, EXPECTED, ABOUT, MAYBE)),
    "buy.alibaba_cloud_h800_share": ("1", "c", "Q04.12", 0.6, ("pert", 0.54, 0.60, 0.66)),
    "buy.alibaba_group_ratio": ("1", "a", "", 1, ("pert", 0, 1, 4)),
    "buy.ppu_per_year": ("card/yr", "c", "Q04.13", 3_000, ("pert", 2_250, 3_000, 3_750)),
    "buy.mlu370_per_year": ("card/yr", "c", "Q05.3", 2_000, ("pert", 1_500, 2_000, 2_500)),
    "buy.baidu_2023": ("card/yr", "c", "Q04.9 Q04.8", 50_000, ("pert", 35_000, 50_000, 65_000)),
    "buy.bytedance_ratio": ("1", "a", "", 1.2, ("pert", 0.6, 1.2, 2.5)),
    "buy.tencent_ratio": ("1", "a", "", 0.7, ("pert", 0.3, 0.7, 1.5)),
    "buy.baidu_h800_share": ("1", "a", "", 0.5, H800_SHARE),
    "buy.bytedance_h800_share": ("1", "a", "", 0.5, H800_SHARE),
    "buy.tencent_h800_share": ("1", "a", "", 0.5, H800_SHARE),
    "buy.qihoo360_2023": ("card/yr", "c", "Q12.1", 1_000, ("at least", 1_000, 800, 3_000, 10_000)),
    "growth.cloud": ("1/yr", "c", "Q04.6", 0.40, ("range", 0.30, 0.50)),
    "cloud.reading_whole": ("0/1", "m", "Q04.6", 1, ("fixed", 1)),
    "growth.cloud_base": ("1/yr", "a", "", 0.06, ("pert", 0.00, 0.06, 0.15)),
    "growth.persistence": ("1", "a", "", 0.85, ("pert", 0.60, 0.85, 1.05)),
    "growth.baidu": ("1/yr", "a", "", 0.35, BUYER_GROWTH),
    "growth.bytedance": ("1/yr", "a", "", 0.35, BUYER_GROWTH),
    "growth.tencent": ("1/yr", "a", "", 0.35, BUYER_GROWTH),
    "growth.qihoo360": ("1/yr", "a", "", 0.35, BUYER_GROWTH),
    "spend.discipline": ("1", "m", "Q09.1", 0.85, ("pert", 0.60, 0.85, 1.00)),
    "export.ban_quarter": ("quarter", "a", "", NEVER, ("hazard", 0.08, 2)),
    "export.leak": ("1", "a", "", 0.1, ("pert", 0, 0.1, 0.3)),
    "export.pull_forward": ("1", "a", "", 0.3, ("pert", 0, 0.3, 1.0)),
    "perf.mlu370": ("A100", "c", "Q05.2", 0.65, ("range", 0.60, 0.70)),
    "perf.ascend_premium": ("1", "c", "Q10.2", 0.70 / 0.65 - 1, ("cut pert", *ASCEND, 0.0)),
    "perf.h800": ("A100", "a", "", 2.2, ("pert", 1.8, 2.2, 3.0)),
    "perf.mlu590": ("A100", "a", "", 1.0, ("pert", 0.8, 1.0, 1.3)),
    "perf.ppu": ("A100", "a", "", 0.6, ("pert", 0.4, 0.6, 0.9)),
    "perf.dcu": ("A100", "a", "", 0.7, ("pert", 0.5, 0.7, 0.9)),
    "perf.br100": ("A100", "a", "", 1.2, ("pert", 0.8, 1.2, 2.5)),
    "perf.br100_interconnect": ("1", "m", "Q05.6", 0.6, ("pert", 0.3, 0.6, 0.9)),
    "avail.mlu590": ("0/1", "m", "Q05.4", 1, ("bernoulli", 0.7)),
    "avail.br100": ("0/1", "m", "Q05.5", 0, ("bernoulli", 0.5)),
    "avail.mlu590_month": ("month", "m", "Q05.4", 15, ("pert", 9, 15, 24)),
    "avail.br100_tapeout_month": ("month", "c", "Q05.5", 5.5, ("uniform", 4, 7)),
    "avail.br100_lag": ("month", "c", "Q05.5", 6, ("pert", 4.5, 6.0, 7.5)),
    "friction.dcu": ("1", "m", "Q11.1", 0.15, ("pert", 0.05, 0.15, 0.30)),
    "friction.mlu_extra": ("1", "m", "Q11.1", 0.25, ("pert", 0.05, 0.25, 0.50)),
    "entity.cambricon_quarter": ("quarter", "m", "Q06.1", 0, ("fixed", 0)),
    "entity.biren_quarter": ("quarter", "a", "", NEVER, ("hazard", 0.10, 1)),
    "entity.penalty": ("1", "m", "Q06.1", 0.5, ("pert", 0.2, 0.5, 0.9)),
    "capacity.mlu": ("card/quarter", "a", "", 3_000, ("lognormal", 3_000, 8_000)),
    "capacity.ascend": ("card/quarter", "a", "", 6_000, ("lognormal", 6_000, 20_000)),
    "capacity.dcu": ("card/quarter", "a", "", 1_000, ("lognormal", 1_000, 4_000)),
    "capacity.br": ("card/quarter", "a", "", 500, ("lognormal", 500, 2_500)),
    "capacity.ppu": ("card/quarter", "a", "", 1_500, ("lognormal", 1_500, 4_000)),
    "capacity.growth": ("1/quarter", "a", "", 0.10, ("pert", 0.00, 0.10, 0.25)),
    "adopt.commercial": ("0/1", "m", "Q04.14", 1, ("bernoulli", 0.85)),
    "adopt.substitution": ("1", "a", "", 0.4, ("pert", 0.2, 0.4, 0.7)),
    "adopt.pilot_max": ("1", "a", "", 0.15, ("pert", 0.05, 0.15, 0.35)),
    "adopt.pilot_mid": ("quarter", "a", "", 8, ("pert", 4, 8, 14)),
    "adopt.sharpness": ("1", "a", "", 3, ("pert", 1, 3, 6)),
    "optics.ref_baidu": ("0/1", "m", "Q13.2", 0, ("bernoulli", 0.5)),
    "optics.ref_bytedance": ("0/1", "m", "Q13.2", 0, ("bernoulli", 0.5)),
    "optics.ref_tencent": ("0/1", "m", "Q13.2", 0, ("bernoulli", 0.3)),
    "optics.ref_alibaba": ("0/1", "m", "Q13.1", 0, ("fixed", 0)),
    "optics.scale_out": ("1", "c", "Q13.4", 3, ("pert", 2.25, 3, 3.75)),
    "optics.fabric_ratio": ("1", "m", "Q13.3", 0, ("fixed", 0)),
    "optics.own_drift": ("1/yr", "m", "Q13.1", 0.01, ("pert", 0, 0.01, 0.05)),
    "optics.other_modules": ("module/server", "a", "", 8, ("pert", 4, 8, 16)),
    "race.alibaba_lag": ("month", "c", "Q01.3", 18, ("pert", 13.5, 18, 22.5)),
    "race.baidu_ratio": ("1", "m", "Q02.1 Q14.1", 0.65, ("pert", 0.30, 0.65, 0.98)),
    "race.bytedance_ratio": ("1", "m", "Q14.1", 0.85, ("pert", 0.50, 0.85, 1.20)),
    "race.tencent_ratio": ("1", "m", "Q07.1", 1.0, ("pert", 0.60, 1.00, 1.50)),
    "race.alibaba_release_month": ("month", "c", "Q01.4", 10, ("pert", 7, 10, 13)),
    "race.tencent_release_month": ("month", "c", "Q07.1", 8, around(8, ABOUT, MAYBE)),
    "race.baidu_release_month": ("month", "a", "", 3, ("fixed", 3)),
    "race.bytedance_release_month": ("month", "a", "", 9, ("pert", 6, 9, 14)),
    "infer.a100s_per_answer": ("A100·s", "c", "Q09.2", 10, ("pert", 7.5, 10, 12.5)),
    "infer.efficiency_gain": ("1/yr", "m", "Q08.3", 0.5, ("pert", 0.1, 0.5, 1.5)),
    "infer.fp8_factor": ("1", "m", "Q08.4", 1.6, ("pert", 1.0, 1.6, 2.0)),
    "infer.fp8_quarter": ("quarter", "m", "Q08.4", NEVER, ("hazard", 0.15, 1)),
    "infer.answers_per_day": ("answer/day", "a", "", 20e6, ("lognormal", 20e6, 200e6)),
    "infer.answers_growth": ("1/quarter", "a", "", 0.2, ("pert", 0, 0.2, 0.6)),
    "infer.utilisation": ("1", "a", "", 0.5, ("pert", 0.3, 0.5, 0.7)),
    "infer.pre_parity": ("1", "a", "", 0.10, ("pert", 0.02, 0.10, 0.30)),
    "cloud.replicators": ("customer", "c", "Q04.7", 8, ("choice", 8, 9)),
    "cloud.cards_per_replicator": ("A100", "a", "", 1_000, ("lognormal", 1_000, 5_000)),
    "cloud.revenue_2022": ("bn RMB/yr", "a", "", 76, ("pert", 72, 76, 80)),
    "price.a100": ("thousand RMB/card", "a", "", 90, ("pert", 70, 90, 120)),
    "price.h800": ("thousand RMB/card", "a", "", 250, ("pert", 200, 250, 350)),
    "price.domestic": ("thousand RMB/card", "a", "", 60, ("pert", 40, 60, 90)),
    "price.module_100": ("USD/module", "a", "", 90, ("pert", 60, 90, 120)),
    "price.module_200": ("USD/module", "a", "", 240, ("pert", 180, 240, 300)),
    "price.module_400": ("USD/module", "a", "", 550, ("pert", 400, 550, 700)),
    "price.module_erosion": ("1/yr", "a", "", 0.15, ("pert", 0.10, 0.15, 0.20)),
}
LETTER = {"claim": "c", "mixed": "m", "assumption": "a"}

CLAIMS_PER_QUESTION = [5, 3, 1, 14, 8, 2, 1, 4, 2, 2, 1, 2, 4, 1]

BUYERS = ("baidu", "bytedance", "tencent", "qihoo360")
CHIPS = ("mlu", "ascend", "dcu", "br", "ppu")


def pert_spec(low: float, mode: float, high: float) -> dict[str, Any]:
    return {"prior": {"family": "pert", "low": low, "mode": mode, "high": high}}


SCENARIOS: dict[str, tuple[str | None, dict[str, Any]]] = {
    "baseline": (None, {}),
    "stated": (None, {}),
    "export_ban_2023q4": (None, {"export.ban_quarter": {"fix": 3}}),
    "export_ban_strong_domestic": (
        "export_ban_2023q4",
        {f"capacity.{c}": {"scale": 3} for c in CHIPS} | {"adopt.substitution": pert_spec(0.5, 0.7, 0.9)},
    ),
    "reference_architecture": (None, {"optics.ref_baidu": {"fix": 1}, "optics.ref_bytedance": {"fix": 1}}),
    "alibaba_reference": ("reference_architecture", {"optics.ref_alibaba": {"fix": 1}}),
    "full_fabric": (None, {"optics.fabric_ratio": {"fix": 2}}),
    "gpt_boom": (
        None,
        {
            "cloud.replicators": {"scale": 2},
            "cloud.cards_per_replicator": {"scale": 3},
            "infer.answers_per_day": {"scale": 5},
        }
        | {f"growth.{b}": {"shift": 0.3} for b in BUYERS},
    ),
    "austerity": (
        None,
        {"spend.discipline": pert_spec(0.40, 0.55, 0.70), "buy.alibaba_cloud_2023": {"scale": 0.7}},
    ),
    "fp8_early": (None, {"infer.fp8_quarter": {"fix": 1}, "infer.fp8_factor": pert_spec(1.6, 1.8, 2.0)}),
    "cambricon_unlisted": (None, {"entity.cambricon_quarter": {"fix": "never"}}),
    "biren_on_time": (
        None,
        {
            "avail.br100": {"fix": 1},
            "avail.br100_tapeout_month": {"fix": 4},
            "avail.br100_lag": {"fix": 6},
            "entity.biren_quarter": {"fix": "never"},
        },
    ),
    "cloud_ai_only": (None, {"cloud.reading_whole": {"fix": 0}}),
}
