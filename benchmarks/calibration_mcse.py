"""How often the stated 95 % intervals of means, quantiles, chances and differences hold the truth.

    python -m benchmarks.calibration_mcse --seeds 500 --write         # kept in benchmarks/calibration/mcse.json
    python -m benchmarks.calibration_mcse --seeds 100 --case "six normals, random" --draws 16384

One rule for all: of the seeds, as many intervals must hold as two-sided binomial limits at a family-wise 1e-6 allow. The lower
limit alone counts where an interval is wide on purpose (binomial errors of quantiles under Sobol points, bounds of a few hits)
or where an answer of a discrete output has no error at all: of most seeds it is the truth itself.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from scipy import stats

from benchmarks.calibration_answers import Case
from benchmarks.calibration_market import of_market
from benchmarks.calibration_normals import normals
from sim import RoundedDraws

KEPT = Path(__file__).parent / "calibration" / "mcse.json"
LEVEL, ALARM = 0.95, 1e-6
_PART = 25
CASES: dict[str, Case] = {
    "six normals, sobol": normals("sobol"),
    "six normals, strata": normals("strata"),
    "six normals, random": normals("random"),
    "market, sobol": of_market("sobol"),
    "market, random": of_market("random"),
}


@dataclass
class Count:
    """How often an answer's intervals held.

    Attributes
    ----------
    held: intervals that held the truth.
    exact: intervals without any width.
    wide: whether it may hold too often.
    """

    held: int = 0
    exact: int = 0
    wide: bool = False


Counts = dict[str, Count]


def count(case: str, first: int, seeds: int, draws: int) -> Counts:
    """Counts of a case over ``seeds`` seeds from ``first`` on."""
    found: Counts = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RoundedDraws)
        for seed in range(first, first + seeds):
            for answer in CASES[case](seed, draws):
                one = found.setdefault(answer.label, Count(wide=answer.wide))
                one.held += bool(answer.held)
                one.exact += bool(answer.upper == answer.lower)
    return found


def limits(seeds: int, answers: int) -> tuple[int, int]:
    """Counts between which all ``answers`` lie, but for one family in a million."""
    alpha = ALARM / answers
    return int(stats.binom.ppf(alpha / 2, seeds, LEVEL)), int(stats.binom.isf(alpha / 2, seeds, LEVEL))


def outside(counts: Counts, seeds: int, answers: int) -> list[str]:
    """Answers whose intervals hold too seldom, or too often."""
    low, high = limits(seeds, answers)
    return [
        f"{label}: {one.held} of {seeds}, expected {low} to {high}"
        for label, one in counts.items()
        if one.held < low or (one.held > high and not (one.wide or 2 * one.exact > seeds))
    ]


def campaign(cases: list[str], seeds: int, draws: int, processes: int) -> dict[str, Counts]:
    """Counts of each case, parts of the seeds in processes of their own."""
    jobs = [(case, first, min(_PART, seeds - first), draws) for case in cases for first in range(0, seeds, _PART)]
    with ProcessPoolExecutor(processes) as pool:
        parts = list(pool.map(count, *zip(*jobs, strict=True)))
    found: dict[str, Counts] = {case: {} for case in cases}
    for (case, *_), part in zip(jobs, parts, strict=True):
        for label, one in part.items():
            whole = found[case].setdefault(label, Count(wide=one.wide))
            whole.held += one.held
            whole.exact += one.exact
    return found


def main() -> int:
    """Run the campaign and print it; 1 if any answer is outside its limits."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration_mcse", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--draws", type=int, default=4_096)
    parser.add_argument("--case", action="append", choices=list(CASES), help="all unless given; may be repeated")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep the counts in benchmarks/calibration/mcse.json")
    asked = parser.parse_args()
    found = campaign(asked.case or list(CASES), asked.seeds, asked.draws, asked.processes)
    answers = sum(map(len, found.values()))
    low, high = limits(asked.seeds, answers)
    print(f"{asked.seeds} seeds of {asked.draws:,} draws, {answers} answers: from {low} to {high} intervals must hold")
    bad = []
    for case, counts in found.items():
        out = outside(counts, asked.seeds, answers)
        bad += [f"{case}: {line}" for line in out]
        for label, one in counts.items():
            note = " (wide on purpose)" if one.wide else f" ({one.exact} without width)" if one.exact else ""
            mark = "  <- outside" if any(line.startswith(f"{label}:") for line in out) else ""
            print(f"{case:20} {label:44} {100 * one.held / asked.seeds:6.1f} %{note}{mark}")
    if asked.write:
        told = {
            "command": f"python -m benchmarks.calibration_mcse --seeds {asked.seeds} --draws {asked.draws} --write",
            "version": version("suanli"),
            "seeds": asked.seeds,
            "draws": asked.draws,
            "limits": [low, high],
            "outside": bad,
            "cases": {case: {label: vars(one) for label, one in counts.items()} for case, counts in found.items()},
        }
        KEPT.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
