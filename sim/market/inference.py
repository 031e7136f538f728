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

import math

import numpy as np
import numpy.typing as npt

from sim.kernels import bare_kernel, kernel
from sim.market.names import ALIBABA_CLOUD, H800, N_ACCELERATORS, N_LABS, ROW
from sim.market.race import RELEASE
from sim.market.story import story
from sim.vecmath import exp, fourth_root, log

Tile = npt.NDArray[np.float64]

PER_ANSWER = ROW["infer.a100s_per_answer"]
PERF_H800 = ROW["perf.h800"]
GAIN = ROW["infer.efficiency_gain"]
FP8_FACTOR = ROW["infer.fp8_factor"]
FP8_QUARTER = ROW["infer.fp8_quarter"]
ANSWERS = ROW["infer.answers_per_day"]
ANSWERS_GROWTH = ROW["infer.answers_growth"]
UTILISATION = ROW["infer.utilisation"]
PRE_PARITY = ROW["infer.pre_parity"]
REPLICATORS = ROW["cloud.replicators"]
CARDS_PER_REPLICATOR = ROW["cloud.cards_per_replicator"]

SECONDS_A_DAY = 86_400.0


@kernel
def traffic(x: Tile, months: Tile, answers: Tile, lab: int) -> None:
    """Fill ``answers`` [quarter, T] with V of one lab, answers a day."""
    draws = x.shape[1]
    release = x[RELEASE[lab]]
    level = np.empty(draws)
    start, shown = np.empty(draws), np.empty(draws)
    for d in range(draws):
        start[d] = math.floor((months[lab, d] - 1.0) / 3.0)
        shown[d] = math.floor((release[d] - 1.0) / 3.0)
        # Only a scenario with a negative lag starts before the horizon and needs a power with any exponent.
        early = exp(-start[d] * log(1.0 + x[ANSWERS_GROWTH, d]))
        level[d] = x[ANSWERS, d] * (early if start[d] < 0.0 else 1.0)
    for q in range(answers.shape[0]):
        for d in range(draws):
            before = x[ANSWERS, d] * x[PRE_PARITY, d] if q >= shown[d] else 0.0
            answers[q, d] = level[d] if q >= start[d] else before
            level[d] = level[d] * (1.0 + x[ANSWERS_GROWTH, d]) if q >= start[d] else level[d]


@bare_kernel
def held_by(x: Tile, fleet: Tile, compute: Tile, held: Tile, lab: int) -> None:
    """Fill ``held`` [2 · quarter, T] with the compute of a lab's buyer, A100, and then its H800's part of it, φ."""
    quarters = held.shape[0] // 2
    at = N_ACCELERATORS * quarters
    h800 = fleet[H800 * quarters :]
    b = lab + 1  # the group, baidu, bytedance, tencent; the cloud's row comes before the group's
    for q in range(quarters):
        for d in range(held.shape[1]):
            total = compute[b * quarters + q, d]
            cards = h800[b * at + q, d]
            if lab == 0:
                total += compute[q, d]
                cards += h800[q, d]
            held[q, d] = total
            held[quarters + q, d] = cards * x[PERF_H800, d] / total


@kernel
def inference(x: Tile, held: Tile, answers: Tile, need: Tile, load: Tile) -> None:
    """Turn one lab's ``answers`` into its ``need``, A100, and ``load``, both [quarter, T]."""
    draws = x.shape[1]
    quarters = need.shape[0]
    gained = np.empty(draws)
    for d in range(draws):
        gained[d] = 1.0
    for q in range(quarters):
        for d in range(draws):
            fp8 = 1.0 + (x[FP8_FACTOR, d] - 1.0) * held[quarters + q, d] if q >= x[FP8_QUARTER, d] else 1.0
            seconds = answers[q, d] * x[PER_ANSWER, d] / (gained[d] * fp8)
            cards = seconds / (SECONDS_A_DAY * x[UTILISATION, d])
            need[q, d] = cards
            load[q, d] = cards / held[q, d]
            gained[d] *= fourth_root(1.0 + x[GAIN, d])


@story
def labs(x: Tile, fleet: Tile, compute: Tile, months: Tile, need: Tile, load: Tile) -> None:
    """Fill ``need`` and ``load`` [lab · quarter, T] of all four labs."""
    draws = x.shape[1]
    quarters = need.shape[0] // N_LABS
    answers = np.empty((quarters, draws))
    held = np.empty((2 * quarters, draws))
    for lab in range(N_LABS):
        at, end = lab * quarters, (lab + 1) * quarters
        traffic(x, months, answers, lab)
        held_by(x, fleet, compute, held, lab)
        inference(x, held, answers, need[at:end], load[at:end])


@bare_kernel
def cloud_ai(x: Tile, compute: Tile, load: Tile) -> None:
    """Fill ``load`` [quarter, T]: what the replicators ask for, over the compute of the cloud."""
    quarters = load.shape[0]
    for q in range(quarters):
        for d in range(x.shape[1]):
            asked = x[REPLICATORS, d] * x[CARDS_PER_REPLICATOR, d]
            load[q, d] = asked / compute[ALIBABA_CLOUD * quarters + q, d]
