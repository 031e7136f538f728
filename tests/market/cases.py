"""Made-up draws that reach every switch of the model, and the kernel called on them."""

from collections.abc import Mapping, Sequence

import numpy as np

from sim import market

NEVER = 9999.0
STATED = {
    "stock.total": 100_000, "stock.group_multiple": 5, "stock.ratio_bytedance": 0.75, "stock.ratio_baidu": 0.75,
    "stock.ratio_tencent": 0.75, "stock.v100_alibaba": 40_000, "buy.alibaba_cloud_2022": 20_000,
    "buy.alibaba_cloud_2023": 10_000, "buy.alibaba_cloud_h800_share": 0.6, "buy.alibaba_group_ratio": 1,
    "buy.ppu_per_year": 3000, "buy.mlu370_per_year": 2000, "buy.baidu_2023": 50_000, "buy.bytedance_ratio": 1.2,
    "buy.tencent_ratio": 0.7, "buy.baidu_h800_share": 0.5, "buy.bytedance_h800_share": 0.5,
    "buy.tencent_h800_share": 0.5, "buy.qihoo360_2023": 1000, "growth.cloud": 0.4, "cloud.reading_whole": 1,
    "growth.cloud_base": 0.06, "growth.persistence": 0.85, "growth.baidu": 0.35, "growth.bytedance": 0.35,
    "growth.tencent": 0.35, "growth.qihoo360": 0.35, "spend.discipline": 0.85, "export.ban_quarter": NEVER,
    "export.leak": 0.1, "export.pull_forward": 0.3, "perf.mlu370": 0.65, "perf.ascend_premium": 0.077,
    "perf.h800": 2.2, "perf.mlu590": 1, "perf.ppu": 0.6, "perf.dcu": 0.7, "perf.br100": 1.2,
    "perf.br100_interconnect": 0.6, "avail.mlu590": 1, "avail.br100": 0, "avail.mlu590_month": 15,
    "avail.br100_tapeout_month": 5.5, "avail.br100_lag": 6, "friction.dcu": 0.15, "friction.mlu_extra": 0.25,
    "entity.cambricon_quarter": 0, "entity.biren_quarter": NEVER, "entity.penalty": 0.5, "capacity.mlu": 3000,
    "capacity.ascend": 6000, "capacity.dcu": 1000, "capacity.br": 500, "capacity.ppu": 1500, "capacity.growth": 0.1,
    "adopt.commercial": 1, "adopt.substitution": 0.4, "adopt.pilot_max": 0.15, "adopt.pilot_mid": 8,
    "adopt.sharpness": 3, "optics.ref_baidu": 0, "optics.ref_bytedance": 0, "optics.ref_tencent": 0,
    "optics.ref_alibaba": 0, "optics.scale_out": 3, "optics.fabric_ratio": 0, "optics.own_drift": 0.01,
    "optics.other_modules": 8, "race.alibaba_lag": 18, "race.baidu_ratio": 0.65, "race.bytedance_ratio": 0.85,
    "race.tencent_ratio": 1, "race.alibaba_release_month": 10, "race.tencent_release_month": 8,
    "race.baidu_release_month": 3, "race.bytedance_release_month": 9, "infer.a100s_per_answer": 10,
    "infer.efficiency_gain": 0.5, "infer.fp8_factor": 1.6, "infer.fp8_quarter": NEVER, "infer.answers_per_day": 20e6,
    "infer.answers_growth": 0.2, "infer.utilisation": 0.5, "infer.pre_parity": 0.1, "cloud.replicators": 8,
    "cloud.cards_per_replicator": 1000, "cloud.revenue_2022": 76, "price.a100": 90, "price.h800": 250,
    "price.domestic": 60, "price.module_100": 90, "price.module_200": 240, "price.module_400": 550,
    "price.module_erosion": 0.15,
}  # fmt: skip

# Supports, or somewhat beyond them; what is not named here lies within half and one and a half of the stated value.
RANGES = {
    "stock.group_multiple": (1.05, 9.9), "stock.ratio_bytedance": (0.5, 0.98), "stock.ratio_baidu": (0.5, 0.98),
    "stock.ratio_tencent": (0.5, 0.98), "stock.total": (100_000, 300_000), "buy.alibaba_cloud_2022": (20_000, 30_000),
    "buy.alibaba_cloud_2023": (5000, 19_900), "buy.alibaba_cloud_h800_share": (0, 1), "buy.alibaba_group_ratio": (0, 4),
    "buy.baidu_2023": (24_000, 70_000), "buy.baidu_h800_share": (0.2, 0.8), "buy.bytedance_h800_share": (0.2, 0.8),
    "buy.tencent_h800_share": (0.2, 0.8), "growth.cloud": (0.2, 0.6), "growth.cloud_base": (0, 0.15),
    "growth.persistence": (0.6, 1.05), "growth.baidu": (-0.8, 1.2), "growth.bytedance": (-0.8, 1.2),
    "growth.tencent": (-0.8, 1.2), "growth.qihoo360": (-1.3, 1.2), "export.leak": (0, 0.3),
    "export.pull_forward": (0, 1), "perf.mlu370": (0.6, 0.7), "perf.ascend_premium": (0.001, 0.3),
    "perf.h800": (1.8, 3), "perf.br100": (0.8, 2.5), "avail.mlu590_month": (1, 24), "avail.br100_tapeout_month": (4, 7),
    "friction.dcu": (0.05, 0.3), "friction.mlu_extra": (0.05, 0.5), "entity.penalty": (0.2, 0.9),
    "capacity.growth": (0, 0.25), "adopt.substitution": (0.2, 0.7), "adopt.pilot_max": (0.05, 0.35),
    "adopt.pilot_mid": (4, 14), "adopt.sharpness": (1, 6), "optics.scale_out": (1.5, 4), "optics.own_drift": (0, 0.05),
    "race.alibaba_lag": (6, 30), "race.baidu_ratio": (0.3, 0.98), "race.bytedance_ratio": (0.5, 1.2),
    "race.tencent_ratio": (0.6, 1.5), "race.bytedance_release_month": (1, 14), "infer.fp8_factor": (1, 2),
    "infer.efficiency_gain": (0.1, 1.5), "infer.answers_growth": (0, 0.6), "infer.pre_parity": (0.02, 0.3),
}  # fmt: skip
CHOICES = {
    "cloud.reading_whole": (0, 1), "export.ban_quarter": (0, 1, 2, 3, 4, 5, 8, 11, 12, 13, NEVER, NEVER, NEVER),
    "avail.mlu590": (0, 1), "avail.br100": (0, 1), "entity.cambricon_quarter": (0, 3, NEVER),
    "entity.biren_quarter": (1, 4, NEVER), "adopt.commercial": (0, 1), "optics.ref_baidu": (0, 1),
    "optics.ref_bytedance": (0, 1), "optics.ref_tencent": (0, 1), "optics.ref_alibaba": (0, 1),
    "optics.fabric_ratio": (0, 1, 2), "infer.fp8_quarter": (0, 1, 5, NEVER), "cloud.replicators": (8, 9),
}  # fmt: skip
CAPACITIES = tuple(name for name in STATED if name.startswith("capacity.") and name != "capacity.growth")


def random_case(rng: np.random.Generator) -> dict[str, float]:
    """One draw: anything in the ranges, with domestic capacity from far too little to more than enough."""
    case = {}
    for name, stated in STATED.items():
        if name in CHOICES:
            case[name] = float(rng.choice(CHOICES[name]))
        else:
            low, high = RANGES.get(name, (0.5 * stated, 1.5 * stated))
            case[name] = float(rng.uniform(low, high))
    scarcity = 10.0 ** rng.uniform(-2.5, 1.5)
    return case | {name: case[name] * scarcity for name in CAPACITIES}


def random_cases(count: int, seed: int) -> list[dict[str, float]]:
    rng = np.random.default_rng(seed)
    return [random_case(rng) for _ in range(count)]


def tile(cases: Sequence[Mapping[str, float]]) -> np.ndarray:
    """``float64[94, draws]`` of the cases."""
    return np.array([[case[name] for case in cases] for name in market.INPUTS], dtype=np.float64)


def cells(inputs: np.ndarray, quarters: int = 12) -> np.ndarray:
    """``float64[cells, draws]``, from rows that hold rubbish before."""
    outputs = np.full((market.model(quarters).cells, inputs.shape[1]), -12345.678)
    market.evaluate(inputs, outputs, quarters)
    return outputs


def labelled(outputs: np.ndarray, quarters: int = 12) -> dict[str, np.ndarray]:
    """Name -> array of the output's own shape, then draws."""
    model = market.model(quarters)
    found = model.slices()
    return {o.name: outputs[found[o.name]].reshape(*model.shape(o), -1) for o in model.outputs}


def run(cases: Sequence[Mapping[str, float]], quarters: int = 12) -> dict[str, np.ndarray]:
    return labelled(cells(tile(cases), quarters), quarters)


def changed(**inputs: float) -> dict[str, float]:
    """The stated draw with some inputs changed; ``perf__h800=2`` is ``perf.h800``."""
    renamed = {name.replace("__", "."): value for name, value in inputs.items()}
    assert renamed.keys() <= STATED.keys()
    return STATED | renamed
