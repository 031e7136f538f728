"""How often 95 % intervals hold the truth: every estimator of a question, on models whose truth is known.

    python -m benchmarks.calibrate                                # all campaigns of 1,000 seeds, printed
    python -m benchmarks.calibrate sensitivity evppi --write      # these, kept as benchmarks/calibration/<name>.json
    python -m benchmarks.calibrate compare --seeds 100

One rule for all: of the seeds, as many intervals must hold the truth as two-sided binomial limits at a family-wise chance
of one in a million of a false alarm allow. Of an estimator whose interval is wide (delta, on purpose; first-order indices
from kept Sobol draws) the lower limit alone.
With ``--write`` what is known so far is kept every :data:`STEP` seeds, so that a campaign that is stopped keeps its part.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

import sim
from benchmarks import calibration_compare, calibration_evppi, calibration_sensitivity
from sim.results.estimate import T_15

LEVEL, ALARM, STEP = 0.95, 1e-6, 25
KEPT = Path(__file__).parent / "calibration"


class Answers(NamedTuple):
    """Intervals of one seed, float64[n] each, and the truths; ``two_sided`` if one that holds too often is wrong too."""

    name: str
    lower: np.ndarray
    upper: np.ndarray
    truth: np.ndarray
    two_sided: bool = True


# Name -> what one seed answers, as plain tuples like :class:`Answers`.
CAMPAIGNS: dict[str, Callable[[int], Iterable[tuple[Any, ...]]]] = {
    "compare": calibration_compare.answers,
    "indices": calibration_sensitivity.indices,
    "sensitivity": calibration_sensitivity.answers,
    "evppi": calibration_evppi.answers,
}


@dataclass
class Held:
    """How often the intervals of an estimator held, one number an answer, and how far from the truth they lay.

    Attributes
    ----------
    counts: int64[n]; off: float64[n], sums of (middle − truth) in standard errors, as the interval's width tells them.
    """

    name: str
    two_sided: bool
    counts: np.ndarray
    off: np.ndarray = field(default_factory=lambda: np.zeros(1))

    def add(self, each: Answers) -> None:
        """Count one seed's intervals."""
        error = (each.upper - each.lower) / 2.0 / T_15
        with np.errstate(invalid="ignore", divide="ignore"):
            off = np.where(error > 0, ((each.lower + each.upper) / 2.0 - each.truth) / error, 0.0)
        self.counts = self.counts + ((each.lower <= each.truth) & (each.truth <= each.upper))
        self.off = self.off + off


def part(name: str, first: int, seeds: int) -> list[Held]:
    """What ``seeds`` seeds of a campaign tell, from ``first`` on."""
    found: dict[str, Held] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sim.RoundedDraws)
        for seed in range(first, first + seeds):
            for each in CAMPAIGNS[name](seed):
                told = Answers(each[0], *(np.atleast_1d(values) for values in each[1:4]), *each[4:])
                zero = Held(told.name, told.two_sided, np.zeros(told.truth.shape, np.int64))
                found.setdefault(told.name, zero).add(told)
    return list(found.values())


def campaign(name: str, seeds: int, processes: int = 1) -> Iterator[tuple[list[Held], int]]:
    """Run a campaign; what is known after every :data:`STEP` seeds, in the order of the seeds, and after how many."""
    firsts = range(0, seeds, STEP)
    held: list[Held] = []
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        parts = pool.map if processes > 1 else map
        for first, more in zip(
            firsts, parts(part, repeat(name), firsts, (min(STEP, seeds - first) for first in firsts)), strict=True
        ):
            for old, new in zip(held, more, strict=False):
                old.counts, old.off = old.counts + new.counts, old.off + new.off
            held = held or more
            yield held, min(first + STEP, seeds)


def limits(held: Iterable[Held], seeds: int) -> tuple[int, int]:
    """Counts between which all figures lie, but for one family in 1 / :data:`ALARM`."""
    alpha = ALARM / sum(each.counts.size for each in held)
    return int(stats.binom.ppf(alpha / 2, seeds, LEVEL)), int(stats.binom.isf(alpha / 2, seeds, LEVEL))


def outside(held: list[Held], seeds: int) -> list[str]:
    """Figures that hold too seldom, or too often."""
    low, high = limits(held, seeds)
    return [
        f"{each.name}[{i}]: {count} of {seeds}, expected {low} to {high}"
        for each in held
        for i, count in enumerate(each.counts.ravel())
        if count < low or (each.two_sided and count > high)
    ]


def keep(name: str, held: list[Held], seeds: int) -> None:
    """Write what is known after ``seeds`` seeds."""
    figures = {
        each.name: {
            "held": each.counts.ravel().tolist(),
            "off": np.round(each.off / seeds, 3).ravel().tolist(),
            "two_sided": each.two_sided,
        }
        for each in held
    }
    told = {"seeds": seeds, "version": version("suanli"), "level": LEVEL, "limits": limits(held, seeds)}
    told |= {"outside": outside(held, seeds), "figures": figures}
    KEPT.mkdir(exist_ok=True)
    lines = json.dumps(told, indent=1)
    for each in figures.values():  # a figure a line
        lines = lines.replace(json.dumps(each, indent=1).replace("\n", "\n  "), json.dumps(each))
    (KEPT / f"{name}.json").write_text(lines + "\n", encoding="utf-8")


def table(held: list[Held], seeds: int) -> str:
    """A line an estimator: percent that held, answer by answer, and in brackets the mean error in standard errors."""
    width = max(len(each.name) for each in held)
    lines = []
    for each in held:
        parts = zip(100.0 * each.counts.ravel() / seeds, each.off.ravel() / seeds, strict=True)
        lines.append(f"{each.name:{width}}  " + "  ".join(f"{rate:5.1f} ({off:+.2f})" for rate, off in parts))
    low, high = (100.0 * limit / seeds for limit in limits(held, seeds))
    return "\n".join([*lines, f"{seeds} seeds; percent that held, expected {low:.1f} to {high:.1f}"])


def main() -> int:
    """Run the campaigns asked for, print them, and keep them where told; 1 if a figure lies outside."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CAMPAIGNS)}; all unless given")
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep the counts in benchmarks/calibration")
    asked = parser.parse_args()
    for name in asked.names:
        if name not in CAMPAIGNS:
            parser.error(f"found {name!r}, expected one of {', '.join(CAMPAIGNS)}")
    bad = []
    for name in asked.names or CAMPAIGNS:
        held: list[Held] = []
        for held, done in campaign(name, asked.seeds, asked.processes):
            if asked.write:
                keep(name, held, done)
        print(f"{name}\n{table(held, asked.seeds)}", flush=True)
        bad += outside(held, asked.seeds)
    print("\n".join(f"outside: {line}" for line in bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
