"""What questions cost: scenarios compared, a gap attributed, indices of all inputs, and the same indices by SALib.

    python -m benchmarks --only questions            # into the table
    python -m benchmarks.questions                   # the promised sizes, printed
    python -m benchmarks.questions --part compare --draws 65536

Seconds of wall time on all cores, and of processor time: one run each, after a small one that loads every kernel. The
comparison is of the headline outputs of nine scenarios with the base, beside the run of all ten without it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import priors
import sim
from benchmarks import sensitivity
from benchmarks.report import Row
from sim.study.attribution import attribute

TITLE = "Questions asked of the results, two cores unless a line says otherwise"
TEN = [
    "baseline", "export_ban_2023q4", "export_ban_strong_domestic", "reference_architecture", "alibaba_reference",
    "full_fabric", "gpt_boom", "austerity", "fp8_early", "cambricon_unlisted",
]  # fmt: skip
OVERRIDES = [
    "export.ban_quarter=3", "adopt.substitution=pert(0.5, 0.7, 0.9)", "capacity.mlu=*3", "capacity.ascend=*3",
    "capacity.dcu=*3", "capacity.br=*3", "spend.discipline=pert(0.4, 0.55, 0.7)", "growth.baidu=+0.3",
    "growth.bytedance=+0.3", "growth.tencent=+0.3",
]  # fmt: skip


FEW = 1_000
"""Draws up to which nothing is warmed up: does it run at all?"""


class Size(NamedTuple):
    """Draws of the comparison and of the attribution's subsets, and the base of the sensitivity's design."""

    compare: int
    attribute: int
    sensitivity: int


SIZES = {
    "full": Size(1_048_576, 65_536, 16_384),
    "quick": Size(131_072, 8_192, 2_048),
    "tiny": Size(256, 16, 256),
}
Figures = dict[str, Any]


def measure(size: str) -> Figures:
    """Every part; one dictionary in JSON's types."""
    asked = SIZES[size]
    found = {name: part(draws) for (name, part), draws in zip(PARTS.items(), asked, strict=True)}
    return found | {"salib": sensitivity.measure(size)}


def rows(content: Figures) -> list[Row]:
    """Lines of the table."""
    compared, split, indices = (content[name] for name in PARTS)
    return [
        Row(
            f"{compared['scenarios']} scenarios of {compared['draws']:,} draws, each compared with the first",
            f"{compared['wall']:.1f} s",
            f"{compared['times']:.2f} × the run alone, {compared['alone_wall']:.1f} s",
        ),
        Row(
            f"a gap over ten overrides: {split['subsets']:,} subsets of {split['draws']:,} draws",
            f"{split['wall']:.1f} s",
            f"adds up within {split['off']:.0e} of the gap",
        ),
        Row(
            f"first-order and total indices of all inputs, all headline cells, base {indices['draws']:,}",
            f"{indices['wall']:.1f} s",
            f"{indices['inputs']} inputs, {indices['cells']} cells, error bars included",
        ),
        *sensitivity.rows(content["salib"]),
    ]


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of wall time and of processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def compare(draws: int, threads: int | None = None) -> Figures:
    """Ten scenarios alone, and with nine of them compared with the first; three of them where draws are few."""
    names = TEN if draws > FEW else TEN[:3]

    def alone(n: int) -> None:
        sim.run(scenarios=names, draws=n, keep="none", threads=threads)

    def compared(n: int) -> None:
        sim.compare(sim.run(scenarios=names, draws=n, keep="none", pairs=True, threads=threads))

    for work in (alone, compared) if draws > FEW else ():
        work(256)
    alone_wall, alone_cpu = timed(lambda: alone(draws))
    wall, cpu = timed(lambda: compared(draws))
    found = {
        "draws": draws,
        "scenarios": len(names),
        "alone_wall": alone_wall,
        "alone_cpu": alone_cpu,
        "wall": wall,
        "cpu": cpu,
    }
    return found | {"times": wall / alone_wall, "times_cpu": cpu / alone_cpu}


def attribution(draws: int, threads: int | None = None) -> Figures:
    """All 1,024 subsets of ten overrides."""
    book = priors.load().with_set("ten", OVERRIDES)
    tree = sim.run(book, scenarios=["baseline", "ten"], draws=draws, keep="none", threads=threads)
    at = {"accelerator": "h800", "year": 2024}
    found: Figures = {"draws": draws, "subsets": 1 << len(OVERRIDES)}

    def split(n: int) -> None:
        parts = attribute(tree, "baseline", "ten", "market_purchases_year", at=at, draws=n, threads=threads)
        found["off"] = abs(float(parts["share"].sum() - parts["gap"])) / abs(float(parts["gap"]))

    if draws > FEW:
        split(16)
    found["wall"], found["cpu"] = timed(lambda: split(draws))
    return found


def indices(draws: int, threads: int | None = None) -> Figures:
    """First-order and total indices of every input on every headline cell."""
    found: Figures = {"draws": draws}

    def ask(base: int) -> None:
        tree = sim.sensitivity(draws=base, threads=threads)
        first = [part["first"] for part in tree.children.values()]
        found["inputs"], found["cells"] = first[0].sizes["input"], sum(f.size // f.sizes["input"] for f in first)

    if draws > FEW:
        ask(256)
    found["wall"], found["cpu"] = timed(lambda: ask(draws))
    return found


PARTS: dict[str, Callable[..., Figures]] = {"compare": compare, "attribute": attribution, "sensitivity": indices}


def main() -> None:
    """Measure what is asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=list(PARTS))
    parser.add_argument("--draws", type=int)
    parser.add_argument("--threads", type=int)
    asked = parser.parse_args()
    for (name, part), draws in zip(PARTS.items(), SIZES["full"], strict=True):
        if asked.part in (None, name):
            print(name, {k: round(v, 12) for k, v in part(asked.draws or draws, asked.threads).items()}, flush=True)


if __name__ == "__main__":
    main()
