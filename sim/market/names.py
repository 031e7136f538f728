"""Names of the market model: its index sets, its 94 inputs, and the row or column at which kernels find each.

Order is part of the contract: coordinates of the datasets follow the index sets, tiles of inputs follow ``INPUTS``.
"""

from __future__ import annotations

from typing import Final

BUYERS = ("alibaba_cloud", "alibaba_group", "baidu", "bytedance", "tencent", "qihoo360")
ACCELERATORS = ("v100", "a100", "a800", "h800", "mlu370", "mlu590", "ppu", "ascend910", "dcu", "br100")
SPEEDS = (100, 200, 400)
LABS = ("alibaba", "baidu", "bytedance", "tencent")

# Positions in the index sets. Kernels freeze them, and a listing that disagreed would fail the tests of this module.
ALIBABA_CLOUD, ALIBABA_GROUP, BAIDU, BYTEDANCE, TENCENT, QIHOO360 = range(6)
V100, A100, A800, H800, MLU370, MLU590, PPU, ASCEND910, DCU, BR100 = range(10)
SPEED_100, SPEED_200, SPEED_400 = range(3)
N_BUYERS: Final = 6
N_ACCELERATORS: Final = 10
N_SPEEDS: Final = 3
N_LABS: Final = 4
FIRST_DOMESTIC: Final = 4
N_DOMESTIC: Final = 6

INPUTS = (
    # stock.py
    "stock.total",
    "stock.group_multiple",
    "stock.ratio_bytedance",
    "stock.ratio_baidu",
    "stock.ratio_tencent",
    "stock.v100_alibaba",
    # plan.py
    "buy.alibaba_cloud_2022",
    "buy.alibaba_cloud_2023",
    "buy.alibaba_cloud_h800_share",
    "buy.alibaba_group_ratio",
    "buy.ppu_per_year",
    "buy.mlu370_per_year",
    "buy.baidu_2023",
    "buy.bytedance_ratio",
    "buy.tencent_ratio",
    "buy.baidu_h800_share",
    "buy.bytedance_h800_share",
    "buy.tencent_h800_share",
    "buy.qihoo360_2023",
    # cloud.py and plan.py
    "growth.cloud",
    "cloud.reading_whole",
    "growth.cloud_base",
    "growth.persistence",
    "growth.baidu",
    "growth.bytedance",
    "growth.tencent",
    "growth.qihoo360",
    "spend.discipline",
    # export.py
    "export.ban_quarter",
    "export.leak",
    "export.pull_forward",
    # appeal.py
    "perf.mlu370",
    "perf.ascend_premium",
    "perf.h800",
    "perf.mlu590",
    "perf.ppu",
    "perf.dcu",
    "perf.br100",
    "perf.br100_interconnect",
    "avail.mlu590",
    "avail.br100",
    "avail.mlu590_month",
    "avail.br100_tapeout_month",
    "avail.br100_lag",
    "friction.dcu",
    "friction.mlu_extra",
    "entity.cambricon_quarter",
    "entity.biren_quarter",
    "entity.penalty",
    # domestic.py
    "capacity.mlu",
    "capacity.ascend",
    "capacity.dcu",
    "capacity.br",
    "capacity.ppu",
    "capacity.growth",
    "adopt.commercial",
    "adopt.substitution",
    "adopt.pilot_max",
    "adopt.pilot_mid",
    "adopt.sharpness",
    # optics.py
    "optics.ref_baidu",
    "optics.ref_bytedance",
    "optics.ref_tencent",
    "optics.ref_alibaba",
    "optics.scale_out",
    "optics.fabric_ratio",
    "optics.own_drift",
    "optics.other_modules",
    # race.py
    "race.alibaba_lag",
    "race.baidu_ratio",
    "race.bytedance_ratio",
    "race.tencent_ratio",
    "race.alibaba_release_month",
    "race.tencent_release_month",
    "race.baidu_release_month",
    "race.bytedance_release_month",
    # inference.py
    "infer.a100s_per_answer",
    "infer.efficiency_gain",
    "infer.fp8_factor",
    "infer.fp8_quarter",
    "infer.answers_per_day",
    "infer.answers_growth",
    "infer.utilisation",
    "infer.pre_parity",
    # cloud AI in inference.py, revenue in cloud.py
    "cloud.replicators",
    "cloud.cards_per_replicator",
    "cloud.revenue_2022",
    # fleet.py and optics.py
    "price.a100",
    "price.h800",
    "price.domestic",
    "price.module_100",
    "price.module_200",
    "price.module_400",
    "price.module_erosion",
)

ROW = {name: row for row, name in enumerate(INPUTS)}


def quarters_of(count: int) -> tuple[str, ...]:
    """Label the first ``count`` quarters: 2023Q1, 2023Q2, and so on."""
    return tuple(f"{2023 + q // 4}Q{q % 4 + 1}" for q in range(count))


def years_of(quarters: int) -> tuple[int, ...]:
    """Years that a horizon of ``quarters`` touches: 2023, 2024, …; the last may be cut short."""
    return tuple(2023 + k for k in range((quarters + 3) // 4))
