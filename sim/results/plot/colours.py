"""One colour for one thing in every picture: buyers, accelerators, scenarios, what an input rests on.

The hues are Okabe and Ito's, which readers with any of the common colour deficiencies tell apart; tests hold the ones that
stand side by side to that. NVIDIA's accelerators are shades of blue and domestic ones of yellow to brown, so that the two
camps are told at a glance and single chips by how dark they are.

Source: Okabe and Ito, *Color Universal Design* (2008).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping

BLACK, GREY, PALE = "#000000", "#6b6b6b", "#bdbdbd"
ORANGE, SKY, GREEN, YELLOW = "#e69f00", "#56b4e9", "#009e73", "#f0e442"
BLUE, VERMILION, PURPLE = "#0072b2", "#d55e00", "#cc79a7"

PALETTE = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, "#882255", "#661100", "#332288", "#117733", YELLOW, "#ffaabb")
"""For what has no colour of its own; Okabe and Ito's first, then some of Paul Tol's that stay apart from them."""

UP, DOWN = GREEN, PURPLE
REST = PALE

FIXED: Mapping[str, Mapping[str, str]] = {
    "buyer": {
        "alibaba_cloud": ORANGE,
        "alibaba_group": YELLOW,
        "baidu": BLUE,
        "bytedance": VERMILION,
        "tencent": GREEN,
        "qihoo360": PURPLE,
    },
    "lab": {"alibaba": ORANGE, "baidu": BLUE, "bytedance": VERMILION, "tencent": GREEN},
    "accelerator": {
        "v100": "#c9dcf0",
        "a100": "#7db3dc",
        "a800": "#2f7fc1",
        "h800": "#0b3c75",
        "mlu370": "#fff0a8",
        "mlu590": "#fdc743",
        "ppu": "#f28e1c",
        "ascend910": "#cf5a0a",
        "dcu": "#8f3a06",
        "br100": "#4a1d03",
    },
    "domestic": {"domestic": "#cf5a0a", "nvidia": "#2f7fc1"},
    "speed": {"100": SKY, "200": ORANGE, "400": "#4a1d03"},
    "basis": {"claim": BLUE, "mixed": SKY, "assumption": ORANGE},
    "scenario": {
        "baseline": BLUE,
        "stated": "#333333",
        "export_ban_2023q4": VERMILION,
        "export_ban_strong_domestic": ORANGE,
        "reference_architecture": SKY,
        "alibaba_reference": PURPLE,
        "full_fabric": "#332288",
        "gpt_boom": GREEN,
        "austerity": "#882255",
        "fp8_early": "#999933",
        "cambricon_unlisted": YELLOW,
        "biren_on_time": "#ffaabb",
        "cloud_ai_only": "#117733",
    },
}


def of(dim: str, label: object) -> str:
    """The colour of a label of a dimension, as ``#rrggbb``."""
    return several(dim, [label])[str(label)]


def several(dim: str, labels: Iterable[object]) -> dict[str, str]:
    """A colour for each label; those with none of their own take one by their name, the next where it is taken."""
    names = list(dict.fromkeys(str(label) for label in labels))
    known = FIXED.get(dim, {})
    found = {name: known[name] for name in names if name in known}
    for name in (each for each in names if each not in known):
        start = zlib.crc32(f"{dim}/{name}".encode()) % len(PALETTE)
        order = [*PALETTE[start:], *PALETTE[:start]]
        found[name] = next((each for each in order if each not in found.values()), order[0])
    return {name: found[name] for name in names}


def lighter(colour: str, towards_white: float) -> str:
    """``colour`` mixed with white: 0 leaves it, 1 is white."""
    parts = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (255 - part) * towards_white):02x}" for part in parts)


def on(colour: str) -> str:
    """Black or white, whichever is read more easily upon ``colour``."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return BLACK if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"
