"""How often the 95 % intervals of comparisons and attributions hold the truth, on models with closed forms.

    python benchmarks/calibration_compare.py                       # 1,000 seeds, both samplers: some minutes
    python benchmarks/calibration_compare.py --seeds 100 --draws 4096
    python benchmarks/calibration_compare.py --keep figures.json   # keeps counts and limits

One rule for every estimator: of the seeds, as many intervals (Student's t, 15 degrees of freedom) must hold the truth as
two-sided binomial limits at a family-wise 1e-6 allow.
"""

from __future__ import annotations

import argparse
import json
import math
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy import stats

import priors
import sim
from sim.study.figures import Chance, Quantile

LEVELS = (0.05, 0.5, 0.95)
GUESS = {"basis": "assumption", "rationale": "a model with closed forms"}
INPUTS = [f"own.z{j}" for j in range(6)]
# Standard deviations of the six summands, of the baseline and of the scenario; means 0 and 0.25 each.
BASE, OTHER = np.array([1.0, 0.9, 0.8, 0.7, 0.6, 0.5]), np.array([1.3, 1.2, 1.0, 0.7, 0.6, 0.5])
SHIFT = np.array([0.25, 0.25, 0.25, 0.0, 0.0, 0.0])


def kernel(x, y):
    """A sum of six normals, and the exponential of its tenth."""
    total = x.sum(axis=0)
    y[0], y[1] = total, np.exp(total / 5)


MODEL = sim.Model(INPUTS, [sim.Output("level"), sim.Output("price")], kernel, name="six normals")


def book() -> priors.Book:
    """Six normals, and a scenario that moves and widens some."""
    made = priors.book(
        quantities=[
            priors.quantity(name, priors.make({"family": "normal", "mean": 0, "sd": float(sd)}), **GUESS)
            for name, sd in zip(INPUTS, BASE, strict=True)
        ]
    )
    changes = zip(INPUTS, SHIFT, OTHER, BASE, strict=True)
    return made.with_set("other", [f"{n}=normal({m}, {s})" for n, m, s, b in changes if (m, s) != (0.0, b)])


def truths() -> dict[str, tuple[str, str, np.ndarray]]:
    """Label -> output, measure, exact value."""
    z = stats.norm.ppf(LEVELS)
    shift, apart = SHIFT.sum(), math.sqrt(((OTHER - BASE) ** 2).sum())
    base, other = math.sqrt((BASE**2).sum()), math.sqrt((OTHER**2).sum())
    grid = np.linspace(-20, 20, 400_001)
    t = shift / (other - base)
    folded = (other - base) * math.sqrt(2 / math.pi) * math.exp(-t * t / 2) + shift * (1 - 2 * stats.norm.cdf(-t))
    found = {
        "difference_mean": shift,
        "difference_sd": apart,
        "difference_quantile": shift + apart * z,
        "chance_greater": stats.norm.cdf(shift / apart),
        "chance_less": stats.norm.cdf(-shift / apart),
        "pairing_factor": (base**2 + other**2) / apart**2,
        "quantile_shift": shift + (other - base) * z,
        "wasserstein": folded,
        "ks": np.abs(stats.norm.cdf(grid / base) - stats.norm.cdf((grid - shift) / other)).max(),
    }
    m, s = shift / 5, apart / 5
    ratio = {
        "ratio_mean": math.exp(m + s * s / 2),
        "ratio_sd": math.exp(m + s * s / 2) * math.sqrt(math.expm1(s * s)),
        "ratio_quantile": np.exp(m + s * z),
    }
    made = {name: ("level", name, np.atleast_1d(exact)) for name, exact in found.items()}
    return made | {name: ("price", name, np.atleast_1d(exact)) for name, exact in ratio.items()}


def worth(figure: object) -> np.ndarray:
    """The figure of each of the 2^3 subsets of the overrides."""
    masks = np.arange(8)
    taken = masks[:, None] >> np.arange(3) & 1
    sd = np.sqrt(np.where(taken, OTHER[:3], BASE[:3]) ** 2 @ np.ones(3) + (BASE[3:] ** 2).sum())
    mean = taken @ SHIFT[:3]
    if isinstance(figure, Quantile):
        return mean + sd * stats.norm.ppf(figure.level)
    return stats.norm.sf((figure.threshold - mean) / sd)


def held(seed: int, draws: int, sampler: str) -> Iterator[tuple[str, np.ndarray]]:
    """Label and bool[answers]: whether the interval of one seed holds the truth."""
    from sim.study import shapley

    t = stats.t.ppf(0.975, 15)
    options = {"model": MODEL, "draws": draws, "seed": seed, "sampler": sampler, "keep": "none", "threads": 1}
    tree = sim.run(book(), scenarios=["baseline", "other"], pairs=True, **options)
    compared = sim.compare(tree, quantiles=LEVELS)
    for label, (output, measure, exact) in truths().items():
        found = compared[output].to_dataset()
        value, error = (np.atleast_1d(found[name].values[0]) for name in (measure, f"{measure}_mcse"))
        yield label, np.abs(value - exact) <= t * error
    for label, figure in (("share of a median", Quantile(0.5)), ("share of a chance", Chance(2.0))):
        found = sim.attribute(tree, "baseline", "other", "level", of=figure, model=MODEL, threads=1)
        exact = dict(zip(INPUTS, shapley.values(worth(figure)), strict=False))
        names = found["override"].values.tolist()
        value, error = (dict(zip(names, found[name].values, strict=True)) for name in ("share", "share_mcse"))
        yield label, np.array([abs(value[name] - exact[name]) <= t * error[name] for name in INPUTS[:3]])


def campaign(seeds: int, draws: int, sampler: str) -> dict[str, list[int]]:
    """How many of the seeds' intervals hold the truth, by label, one number an answer."""
    counts: dict[str, np.ndarray] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sim.RoundedDraws)
        for seed in range(seeds):
            for label, hits in held(seed, draws, sampler):
                counts[label] = counts.get(label, 0) + hits
    return {label: hits.tolist() for label, hits in counts.items()}


def limits(seeds: int, answers: int) -> tuple[int, int]:
    """Two-sided binomial limits of the number of intervals that hold, at a family-wise 1e-6."""
    low, high = stats.binom.ppf([5e-7 / answers, 1 - 5e-7 / answers], seeds, 0.95)
    return int(low), int(high)


def main() -> None:
    """Run the campaign, print it, and keep it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=16_384)
    parser.add_argument("--keep", metavar="FILE", help="write counts and limits as JSON")
    asked = parser.parse_args()
    found = {sampler: campaign(asked.seeds, asked.draws, sampler) for sampler in ("sobol", "random")}
    answers = sum(len(hits) for counts in found.values() for hits in counts.values())
    low, high = limits(asked.seeds, answers)
    print(f"{asked.seeds} seeds of {asked.draws:,} draws: from {low} to {high} of the intervals must hold")
    for sampler, counts in found.items():
        for label, hits in counts.items():
            word = "" if all(low <= n <= high for n in hits) else "  <- outside"
            print(f"{sampler:8} {label:22} {' '.join(map(str, hits))}{word}")
    if asked.keep:
        content = {
            "seeds": asked.seeds,
            "draws": asked.draws,
            "version": sim_version(),
            "limits": [low, high],
            "held": found,
        }
        Path(asked.keep).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def sim_version() -> str:
    """The version of suanli."""
    from importlib.metadata import version

    return version("suanli")


if __name__ == "__main__":
    main()
