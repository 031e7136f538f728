"""New optical modules by buyer and speed: the reference architecture's, Alibaba's own network's, and the rest.

::

    optical_modules[b, speed, q], where servers = cards / 8 (br100: / 4), not rounded; N the H800 servers since q = 0
    where optics.ref_<b> = 1, H800:  400: (M(N_q) − M(N_{q−1})) · (1 + optics.fabric_ratio)              Q13.2–Q13.4
        M(N) = 18 N up to 300 servers (nine cards of two modules each, so 300 make 5,400),
               5,400 · (N / 300)^ε beyond, ε = ln(optics.scale_out) / ln(1000 / 300)
    other NVIDIA servers (H800 too where ref is 0):
        at the two Alibabas          100: 4 · (1 + optics.own_drift)^(q/4)                               Q13.1
        elsewhere                    200: optics.other_modules
    servers of domestic cards, anywhere      100: 4 · (1 + optics.own_drift)^(q/4)

At scale_out = 10/3 a thousand servers need exactly 18,000, at the stated 3 they need 16,200. Each Alibaba follows
optics.ref_alibaba with an N of its own; qihoo360 never takes the reference architecture.
"""

from __future__ import annotations

from typing import Any

from sim.kernels import lane_kernel
from sim.lanes import held, some, where
from sim.market.names import (
    A800,
    ALIBABA_GROUP,
    BAIDU,
    BR100,
    H800,
    N_ACCELERATORS,
    N_BUYERS,
    N_SPEEDS,
    QIHOO360,
    ROW,
    SPEED_100,
    SPEED_200,
    SPEED_400,
)
from sim.market.rows import BOUGHT, DRIFT, DRIFT_ROOT, EXPONENT, HOME, MODULES, REFERENCE, SERVERS_H800
from sim.market.spans import AT, TOLD
from sim.vecmath import fourth_root, log, power

REF_BAIDU = ROW["optics.ref_baidu"]  # followed by ByteDance's and Tencent's
REF_ALIBABA = ROW["optics.ref_alibaba"]
SCALE_OUT = ROW["optics.scale_out"]
FABRIC = ROW["optics.fabric_ratio"]
OWN_DRIFT = ROW["optics.own_drift"]
OTHER_MODULES = ROW["optics.other_modules"]

CARDS_A_SERVER = 8.0
CARDS_A_BR100_SERVER = 4.0
MODULES_A_SERVER = 18.0  # Q13.3
LINEAR_UP_TO = 300.0  # servers
MODULES_AT_300 = 5400.0
LOG_SCALE = 1.2039728043259361  # ln(1000 / 300)
OWN_MODULES = 4.0  # two ports of 100G, two modules a link


OPTICAL_MODULES, TOLD_MODULES = AT["optical_modules"], TOLD["optical_modules"]


@lane_kernel
def start_optics(x: Any, d: Any) -> None:
    """Set exponent and drift, with no server of H800 yet."""
    d[EXPONENT] = log(x[SCALE_OUT]) / LOG_SCALE
    d[DRIFT_ROOT] = fourth_root(1.0 + x[OWN_DRIFT])
    d[DRIFT] = 1.0
    for b in range(N_BUYERS):
        d[SERVERS_H800 + b] = 0.0
        d[REFERENCE + b] = 0.0


@lane_kernel
def reference(x: Any, d: Any, s: Any, b: int) -> Any:
    """The quarter's new modules at 400 for buyer ``b`` if it is in the reference architecture."""
    n = d[SERVERS_H800 + b] + s[BOUGHT + b * N_ACCELERATORS + H800] * (1.0 / CARDS_A_SERVER)
    needed = MODULES_A_SERVER * n
    far = n > LINEAR_UP_TO
    if some(far):  # logarithms are the dearest part of the model
        times = where(far, n, LINEAR_UP_TO) * (1.0 / LINEAR_UP_TO)
        needed = where(far, MODULES_AT_300 * power(times, d[EXPONENT]), needed)
    new = held(needed - d[REFERENCE + b], s) * (1.0 + x[FABRIC])
    d[SERVERS_H800 + b] = n
    d[REFERENCE + b] = needed
    return new


@lane_kernel
def optics(x: Any, d: Any, s: Any, now: Any, told: int) -> None:
    """Fill MODULES from BOUGHT and HOME, and tell them where they are ``told``."""
    own = held(OWN_MODULES * d[DRIFT], s)
    for b in range(N_BUYERS):
        cards = BOUGHT + b * N_ACCELERATORS
        br100 = s[cards + BR100]
        home = (s[HOME + b] - br100) * (1.0 / CARDS_A_SERVER) + br100 * (1.0 / CARDS_A_BR100_SERVER)
        refers = x[REF_ALIBABA if b <= ALIBABA_GROUP else REF_BAIDU + b - BAIDU] != 0.0
        at_400 = held(0.0, s)
        other = s[cards + A800] + s[cards + H800]
        if b != QIHOO360 and some(refers):
            at_400 = where(refers, reference(x, d, s, b), 0.0)
            other = where(refers, s[cards + A800], other)
        other = other * (1.0 / CARDS_A_SERVER)
        at_100, at_200 = own * home, x[OTHER_MODULES] * other
        if b <= ALIBABA_GROUP:
            at_100, at_200 = own * (home + other), held(0.0, s)
        s[MODULES + b * N_SPEEDS + SPEED_100] = at_100
        s[MODULES + b * N_SPEEDS + SPEED_200] = at_200
        s[MODULES + b * N_SPEEDS + SPEED_400] = at_400
    if told & TOLD_MODULES:
        for i in range(N_BUYERS * N_SPEEDS):
            now[OPTICAL_MODULES + i] = s[MODULES + i]
    d[DRIFT] *= d[DRIFT_ROOT]
