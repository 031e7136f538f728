"""How often the 95 % interval of an EVPPI holds the truth, on decisions whose EVPPI is known.

    python benchmarks/evppi_coverage.py                  # 1,000 seeds of each case; prints the table
    python benchmarks/evppi_coverage.py --write          # and keeps it in benchmarks/kept/evppi_coverage.md

To do something pays m + X + E, to leave it 0; X is standard normal and can be known, E is normal noise of standard deviation s.
EVPPI(X) = φ(m) − |m| Φ(−|m|) (Raiffa & Schlaifer 1961, 5.4). Besides, X² in place of X, whose payoff has two thresholds, and two
inputs known together. Two-sided binomial limits at 1e-6 over all cases say whether 95 % is what is found.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.integrate import quad
from scipy.stats import binom, norm

from sim.study.information import Stakes

KEPT = Path(__file__).parent / "kept" / "evppi_coverage.md"


@dataclass(frozen=True)
class Case:
    """A decision: the payoff of doing, given what is known, its noise, and the true EVPPI."""

    name: str
    known: int
    mean: Callable[[np.ndarray], np.ndarray]
    noise: float
    truth: float


def linear(m: float, s: float) -> Case:
    """Payoff m + X + E."""
    truth = float(norm.pdf(m) - abs(m) * norm.cdf(-abs(m)))
    return Case(f"m + X, m = {m:g}, s = {s:g}", 1, lambda x: m + x[0], s, truth)


def square(m: float) -> Case:
    """Payoff m + X² + E, worth doing outside of two thresholds."""
    gain, _ = quad(lambda x: max(m + x * x, 0.0) * norm.pdf(x), -9, 9, points=[-((-m) ** 0.5), (-m) ** 0.5])
    return Case(f"m + X², m = {m:g}, s = 1", 1, lambda x: m + x[0] ** 2, 1.0, float(gain - max(m + 1.0, 0.0)))


def product() -> Case:
    """Payoff X Y + E, both known: E max(X Y, 0) = 1 / π."""
    return Case("X Y, both known, s = 1", 2, lambda x: x[0] * x[1], 1.0, 1.0 / np.pi)


CASES = [
    linear(0.0, 1.0),
    linear(0.1, 3.0),
    linear(0.5, 1.0),
    linear(-1.0, 0.3),
    linear(1.5, 1.0),
    square(-1.2),
    product(),
]


def hits(case: Case, draws: int, seeds: int) -> tuple[int, float]:
    """How many intervals hold the truth, and the mean error over the mean standard error."""
    found, errors, spreads = 0, [], []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(case.known, draws))
        payoff = case.mean(x) + case.noise * rng.normal(size=draws)
        stakes = Stakes(np.column_stack([payoff, np.zeros(draws)]))
        worth = stakes.partial(list(x), [curve for each in x if (curve := stakes.curves(each)) is not None])
        low, high = worth.interval
        found += low <= case.truth <= high
        errors.append(worth.value - case.truth)
        spreads.append(worth.mcse)
    return found, float(np.mean(errors) / np.mean(spreads))


def main() -> None:
    """Run the campaign, print it, and with ``--write`` keep it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--draws", type=int, default=16_384)
    parser.add_argument("--write", action="store_true", help="keep the table in benchmarks/kept")
    given = parser.parse_args()
    alarm = 1e-6 / len(CASES) / 2
    low, high = (int(binom.ppf(p, given.seeds, 0.95)) for p in (alarm, 1 - alarm))
    lines = ["| decision | EVPPI | intervals that hold it | bias over its error | within limits | s a seed |"]
    lines += ["|---|---:|---:|---:|---|---:|"]
    for case in CASES:
        start = time.thread_time()
        found, bias = hits(case, given.draws, given.seeds)
        good = "yes" if low <= found <= high else "no"
        seconds = (time.thread_time() - start) / given.seeds
        lines.append(
            f"| {case.name} | {case.truth:.5f} | {found / given.seeds:.1%} | {bias:+.2f} | {good} | {seconds:.3f} |"
        )
        print(lines[-1], flush=True)
    lines += [
        "",
        f"{given.seeds:,} seeds, {given.draws:,} draws each; limits {low / given.seeds:.1%} to {high / given.seeds:.1%}.",
    ]
    print("\n".join(lines))
    if given.write:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
