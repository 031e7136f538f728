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

import math

import numpy as np
import numpy.typing as npt

from sim.kernels import bare_kernel, kernel
from sim.market.names import (
    A800,
    ALIBABA_GROUP,
    BAIDU,
    BR100,
    H800,
    MLU370,
    N_ACCELERATORS,
    N_BUYERS,
    QIHOO360,
    ROW,
    SPEED_100,
    SPEED_200,
    SPEED_400,
)
from sim.market.story import story
from sim.vecmath import exp, fourth_root, log

Tile = npt.NDArray[np.float64]

REF_BAIDU = ROW["optics.ref_baidu"]  # followed by ByteDance's and Tencent's
REF_ALIBABA = ROW["optics.ref_alibaba"]
SCALE_OUT = ROW["optics.scale_out"]
FABRIC = ROW["optics.fabric_ratio"]
DRIFT = ROW["optics.own_drift"]
OTHER_MODULES = ROW["optics.other_modules"]

CARDS_A_SERVER = 8.0
CARDS_A_BR100_SERVER = 4.0
MODULES_A_SERVER = 18.0  # Q13.3
LINEAR_UP_TO = 300.0  # servers
MODULES_AT_300 = 5400.0
LOG_SCALE = math.log(1000.0 / 300.0)
OWN_MODULES = 4.0  # two ports of 100G, two modules a link


@kernel
def reference(x: Tile, cards: Tile, modules: Tile) -> None:
    """Fill ``modules`` [quarter, T] at 400 for a buyer in the reference architecture, from its H800 ``cards``."""
    draws = x.shape[1]
    exponent, servers, before = np.empty(draws), np.empty(draws), np.empty(draws)
    for d in range(draws):
        exponent[d] = log(x[SCALE_OUT, d]) / LOG_SCALE
        servers[d] = 0.0
        before[d] = 0.0
    for q in range(modules.shape[0]):
        for d in range(draws):
            n = servers[d] + cards[q, d] / CARDS_A_SERVER
            far = n if n > LINEAR_UP_TO else LINEAR_UP_TO
            beyond = MODULES_AT_300 * exp(exponent[d] * log(far / LINEAR_UP_TO))
            needed = beyond if n > LINEAR_UP_TO else MODULES_A_SERVER * n
            modules[q, d] = (needed - before[d]) * (1.0 + x[FABRIC, d])
            servers[d] = n
            before[d] = needed


@bare_kernel
def own_network(x: Tile, own: Tile) -> None:
    """Fill ``own`` [quarter, T]: modules a server on a network of one's own."""
    draws = x.shape[1]
    for d in range(draws):
        own[0, d] = OWN_MODULES
    for q in range(1, own.shape[0]):
        for d in range(draws):
            own[q, d] = own[q - 1, d] * fourth_root(1.0 + x[DRIFT, d])


@bare_kernel
def plain(x: Tile, own: Tile, cards: Tile, modules: Tile, refer: Tile, b: int) -> None:
    """Fill buyer ``b``'s ``modules`` [speed · quarter, T] at 100 and 200, from its ``cards`` [accelerator · quarter, T].

    ``own`` [quarter, T] modules a server at 100; ``refer`` [1, T] 1 where its H800 servers count at 400.
    """
    draws = x.shape[1]
    quarters = own.shape[0]
    for q in range(quarters):
        at_100 = modules[SPEED_100 * quarters + q]
        at_200 = modules[SPEED_200 * quarters + q]
        a800 = cards[A800 * quarters + q]
        h800 = cards[H800 * quarters + q]
        br100 = cards[BR100 * quarters + q]
        for d in range(draws):
            at_100[d] = br100[d] / CARDS_A_BR100_SERVER
        for a in range(MLU370, BR100):
            row = cards[a * quarters + q]
            for d in range(draws):
                at_100[d] += row[d] / CARDS_A_SERVER
        for d in range(draws):
            other = (a800[d] + (0.0 if refer[0, d] != 0.0 else h800[d])) / CARDS_A_SERVER
            if b <= ALIBABA_GROUP:
                at_100[d] = own[q, d] * (at_100[d] + other)
                at_200[d] = 0.0
            else:
                at_100[d] *= own[q, d]
                at_200[d] = x[OTHER_MODULES, d] * other


@story
def optics(x: Tile, purchases: Tile, modules: Tile, quarters: int) -> None:
    """Fill ``modules`` [buyer · speed · quarter, T] from ``purchases`` [buyer · accelerator · quarter, T]."""
    draws = x.shape[1]
    own = np.empty((quarters, draws))
    refer = np.empty((1, draws))
    own_network(x, own)
    for b in range(N_BUYERS):
        cards = purchases[b * N_ACCELERATORS * quarters : (b + 1) * N_ACCELERATORS * quarters]
        mine = modules[b * 3 * quarters : (b + 1) * 3 * quarters]
        at_400 = mine[SPEED_400 * quarters : (SPEED_400 + 1) * quarters]
        some = False
        for d in range(draws):
            flag = x[REF_ALIBABA, d] if b <= ALIBABA_GROUP else x[REF_BAIDU + b - BAIDU, d]
            refer[0, d] = 1.0 if flag != 0.0 and b != QIHOO360 else 0.0
            some |= refer[0, d] != 0.0
        if some:  # logarithms are the dearest part of the model
            reference(x, cards[H800 * quarters : (H800 + 1) * quarters], at_400)
            for q in range(quarters):
                for d in range(draws):
                    at_400[q, d] = at_400[q, d] if refer[0, d] != 0.0 else 0.0
        else:
            at_400[:] = 0.0
        plain(x, own, cards, mine, refer, b)
