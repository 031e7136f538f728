"""What answering costs: each lab's need of A100 for inference against what it holds, and the cloud's AI customers.

::

    qs = floor((parity_month − 1) / 3),  qr = floor((release_month − 1) / 3)                             quarters
    V  = answers_per_day · (1 + answers_growth)^(q − qs) from qs on; answers_per_day · pre_parity from qr on; else 0
    φ  = H800's part of the compute of the lab's buyer (alibaba: both Alibabas)
    fp8            = 1 + (infer.fp8_factor − 1) · φ from infer.fp8_quarter on, else 1                    Q08.4
    inference_need = V · a100s_per_answer / ((1 + efficiency_gain)^(q/4) · fp8) / (86,400 · utilisation) A100; Q09.2, Q08.3
    inference_load = inference_need / compute of the lab's buyer                                         1
    cloud_ai_load  = cloud.replicators · cloud.cards_per_replicator / compute[alibaba_cloud]             1; Q04.7

Q09.2: five A100 for two seconds are the 10 A100-seconds of infer.a100s_per_answer. The compute of a lab's buyer is never
0, as each has a stock; qihoo360 has none but is no lab, so nothing here divides by zero.
"""

from __future__ import annotations

from typing import Any

from sim.kernels import lane_kernel
from sim.lanes import held, some, where
from sim.market.names import ALIBABA_CLOUD, H800, N_ACCELERATORS, N_LABS, ROW
from sim.market.rows import ANSWERS, COMPUTE, FLEET, GAIN, GAIN_ROOT, PARITY, RELEASE
from sim.market.spans import AT
from sim.vecmath import exp, fourth_root, log

PER_ANSWER = ROW["infer.a100s_per_answer"]
PERF_H800 = ROW["perf.h800"]
EFFICIENCY = ROW["infer.efficiency_gain"]
FP8_FACTOR = ROW["infer.fp8_factor"]
FP8_QUARTER = ROW["infer.fp8_quarter"]
PER_DAY = ROW["infer.answers_per_day"]
TRAFFIC_GROWTH = ROW["infer.answers_growth"]
UTILISATION = ROW["infer.utilisation"]
PRE_PARITY = ROW["infer.pre_parity"]
REPLICATORS = ROW["cloud.replicators"]
CARDS_PER_REPLICATOR = ROW["cloud.cards_per_replicator"]

SECONDS_A_DAY = 86_400.0


NEED, LOAD, AI_LOAD = AT["inference_need"], AT["inference_load"], AT["cloud_ai_load"]


@lane_kernel
def start_inference(x: Any, d: Any) -> None:
    """Set each lab's traffic at its parity, or at q = 0 where that is before, and the efficiency gained by q = 0."""
    for lab in range(N_LABS):
        d[ANSWERS + lab] = x[PER_DAY]
        start = d[PARITY + lab]
        if some(start < 0.0):  # a scenario with a negative lag alone
            early = exp(-start * log(1.0 + x[TRAFFIC_GROWTH]))
            d[ANSWERS + lab] = x[PER_DAY] * where(start < 0.0, early, 1.0)
    d[GAIN] = 1.0
    d[GAIN_ROOT] = 1.0 / fourth_root(1.0 + x[EFFICIENCY])


@lane_kernel
def traffic(x: Any, d: Any, lab: int, q: int) -> Any:
    """V of one lab in quarter ``q``, answers a day; ANSWERS grow from parity on."""
    level = d[ANSWERS + lab]
    at_parity = q >= d[PARITY + lab]
    released = q >= d[RELEASE + lab]
    d[ANSWERS + lab] = where(at_parity, level * (1.0 + x[TRAFFIC_GROWTH]), level)
    return where(at_parity, level, where(released, x[PER_DAY] * x[PRE_PARITY], 0.0))


@lane_kernel
def inference(exact: Any, x: Any, d: Any, s: Any, now: Any, q: int) -> None:
    """Tell every lab's need, A100, and load in quarter ``q``, and the load of the cloud."""
    seconds = held(d[GAIN], s) * x[PER_ANSWER] / (SECONDS_A_DAY * x[UTILISATION])
    bonus = where(q >= exact[FP8_QUARTER], (x[FP8_FACTOR] - 1.0) * x[PERF_H800], 0.0)
    for lab in range(N_LABS):
        b = lab + 1  # the group, baidu, bytedance, tencent; the cloud's row comes before the group's
        total, cards = s[COMPUTE + b], s[FLEET + b * N_ACCELERATORS + H800]
        if lab == 0:
            total += s[COMPUTE + ALIBABA_CLOUD]
            cards += s[FLEET + ALIBABA_CLOUD * N_ACCELERATORS + H800]
        # fp8 = 1 + (fp8_factor − 1) φ is this over the compute held: one division less.
        faster = total + bonus * cards
        load = held(traffic(exact, d, lab, q), s) * seconds / faster
        now[NEED + lab] = load * total
        now[LOAD + lab] = load
    d[GAIN] *= d[GAIN_ROOT]
    now[AI_LOAD] = x[REPLICATORS] * x[CARDS_PER_REPLICATOR] / s[COMPUTE + ALIBABA_CLOUD]
