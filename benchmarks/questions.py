"""What questions cost beside the runs that they ask: nine scenarios compared with the base, an attribution over ten overrides.

    python benchmarks/questions.py                   # the promised sizes: 1,048,576 draws, and 1,024 subsets of 65,536
    python benchmarks/questions.py --part compare --draws 65536
    python benchmarks/questions.py --part attribute --draws 8192

Seconds of wall time and of processor time, one run each after a small one that loads every kernel.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import priors
import sim
from sim.study.attribution import attribute

TEN = [
    "baseline", "export_ban_2023q4", "export_ban_strong_domestic", "reference_architecture", "alibaba_reference",
    "full_fabric", "gpt_boom", "austerity", "fp8_early", "cambricon_unlisted",
]  # fmt: skip
OVERRIDES = [
    "export.ban_quarter=3", "adopt.substitution=pert(0.5, 0.7, 0.9)", "capacity.mlu=*3", "capacity.ascend=*3",
    "capacity.dcu=*3", "capacity.br=*3", "spend.discipline=pert(0.4, 0.55, 0.7)", "growth.baidu=+0.3",
    "growth.bytedance=+0.3", "growth.tencent=+0.3",
]  # fmt: skip


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of wall time and of processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def compare(draws: int, threads: int | None) -> None:
    """Ten scenarios alone, and with nine of them compared with the first."""

    def alone(n: int) -> None:
        sim.run(scenarios=TEN, draws=n, keep="none", threads=threads)

    def compared(n: int) -> None:
        sim.compare(sim.run(scenarios=TEN, draws=n, keep="none", pairs=True, threads=threads))

    for work in (alone, compared):
        work(1024)
    wall, cpu = timed(lambda: alone(draws))
    print(f"ten scenarios of {draws:,} draws: {wall:.1f} s, processor {cpu:.1f} s", flush=True)
    wall_too, cpu_too = timed(lambda: compared(draws))
    print(f"the same, nine compared with the base: {wall_too:.1f} s, processor {cpu_too:.1f} s")
    print(f"times: {wall_too / wall:.2f}, processor {cpu_too / cpu:.2f}")


def attribution(draws: int, threads: int | None) -> None:
    """All 1,024 subsets of ten overrides."""
    book = priors.load().with_set("ten", OVERRIDES)
    tree = sim.run(book, scenarios=["baseline", "ten"], draws=draws, keep="none", threads=threads)
    at = {"accelerator": "h800", "year": 2024}

    def split(n: int) -> None:
        found = attribute(tree, "baseline", "ten", "market_purchases_year", at=at, draws=n, threads=threads)
        off = abs(float(found["share"].sum() - found["gap"])) / abs(float(found["gap"]))
        print(f"{found.attrs['method']}; sums to the gap within {off:.1e}")

    split(16)
    wall, cpu = timed(lambda: split(draws))
    print(f"attribution over ten overrides, {draws:,} draws: {wall:.1f} s, processor {cpu:.1f} s")


def main() -> None:
    """Measure what is asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=["compare", "attribute"])
    parser.add_argument("--draws", type=int)
    parser.add_argument("--threads", type=int)
    asked = parser.parse_args()
    if asked.part in (None, "compare"):
        compare(asked.draws or 1_048_576, asked.threads)
    if asked.part in (None, "attribute"):
        attribution(asked.draws or 65_536, asked.threads)


if __name__ == "__main__":
    main()
