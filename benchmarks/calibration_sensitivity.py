"""How often the intervals of sensitivity hold the truth, over many seeds.

    python -m benchmarks.calibration_sensitivity              # 1,000 seeds, prints the table
    python -m benchmarks.calibration_sensitivity --write      # and keeps it in benchmarks/calibration/sensitivity.json

The cases and the rule are those of ``tests/study/calibration.py``: two-sided binomial limits at a family-wise chance of
one in a million of a false alarm; of delta, whose interval is wide on purpose, the lower limit alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.study import calibration
from tests.study.calibration import Held

KEPT = Path(__file__).parent / "calibration" / "sensitivity.json"
PART = 20


def run(seeds: int, processes: int) -> list[Held]:
    """Counts of all seeds, from parts of them in processes of their own."""
    starts = range(0, seeds, PART)
    sizes = [min(PART, seeds - start) for start in starts]
    with ProcessPoolExecutor(processes) as pool:
        parts = list(pool.map(calibration.coverage, sizes, starts))
    return [Held(each.name, sum(part[i].counts for part in parts), each.two_sided) for i, each in enumerate(parts[0])]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    held = run(asked.seeds, asked.processes)
    low, high = calibration.limits(held, asked.seeds)
    bad = calibration.outside(held, asked.seeds)
    width = max(len(each.name) for each in held)
    for each in held:
        print(
            f"{each.name:{width}}  " + "  ".join(f"{100 * count / asked.seeds:5.1f}" for count in each.counts.ravel())
        )
    print(
        f"{asked.seeds} seeds; percent that held; expected {100 * low / asked.seeds:.1f} to {100 * high / asked.seeds:.1f}"
    )
    for line in bad:
        print("outside:", line)
    if asked.write:
        told = {
            "seeds": asked.seeds,
            "level": calibration.LEVEL,
            "limits": [low, high],
            "held": {each.name: {"counts": each.counts.tolist(), "two_sided": each.two_sided} for each in held},
            "outside": bad,
        }
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
