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


def counted(case: str, seeds: int, draws: int, processes: int) -> Counts:
    """Counts of a case over all seeds, parts of them in processes of their own."""
    firsts = range(0, seeds, _PART)
    sizes = [min(_PART, seeds - first) for first in firsts]
    found: Counts = {}
    with ProcessPoolExecutor(processes) as pool:
        for part in pool.map(count, [case] * len(sizes), firsts, sizes, [draws] * len(sizes)):
            for label, one in part.items():
                whole = found.setdefault(label, Count(wide=one.wide))
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
    found: dict[str, Counts] = {}
    for case in asked.case or list(CASES):
        found[case] = counted(case, asked.seeds, asked.draws, asked.processes)
        _print(case, found[case], asked.seeds)
        if asked.write:
            _keep(found, asked.seeds, asked.draws)
    answers = sum(map(len, found.values()))
    low, high = limits(asked.seeds, answers)
    print(f"{asked.seeds} seeds of {asked.draws:,} draws, {answers} answers: from {low} to {high} intervals must hold")
    bad = _outside(found, asked.seeds)
    print("\n".join(bad) or "all of them do")
    return 1 if bad else 0


def _outside(found: dict[str, Counts], seeds: int) -> list[str]:
    answers = sum(map(len, found.values()))
    return [f"{case}: {line}" for case, counts in found.items() for line in outside(counts, seeds, answers)]


def _print(case: str, counts: Counts, seeds: int) -> None:
    for label, one in counts.items():
        note = " (wide on purpose)" if one.wide else f" ({one.exact} without width)" if one.exact else ""
        print(f"{case:20} {label:44} {100 * one.held / seeds:6.1f} %{note}", flush=True)


def _keep(found: dict[str, Counts], seeds: int, draws: int) -> None:
    """Write the cases so far: a campaign that is stopped keeps what it has."""
    told = {
        "command": f"python -m benchmarks.calibration_mcse --seeds {seeds} --draws {draws} --write",
        "version": version("suanli"),
        "seeds": seeds,
        "draws": draws,
        "limits": list(limits(seeds, sum(map(len, found.values())))),
        "outside": _outside(found, seeds),
        "cases": {case: {label: vars(one) for label, one in counts.items()} for case, counts in found.items()},
    }
    KEPT.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
