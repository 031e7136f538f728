"""Dieharder, test by test, over the words of a layout; what it said is kept in ``dieharder_LAYOUT.txt``.

    python -m benchmarks.quality.dieharder keys inputs            # what is not kept yet of every test, some CPU hours
    python -m benchmarks.quality.dieharder keys --longest 8       # without lagged sums of more than 8 words
    python -m benchmarks.quality.dieharder keys --again           # what was not PASSED, three times with other words

Each test begins at the layout's first word, so that a row is made again by its own command and a campaign may be broken
off; ``dieharder -a`` runs the same tests one behind the other. Cheap tests come first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.quality.words import LAYOUTS

HERE = Path(__file__).parent
FIELDS = ("test_name", "ntuple", "tsamples", "psamples", "pvalues", "assessment")
OTHER_SEEDS = (1, 2, 3)
LONGEST = 32  # a lagged sum takes 1e8 words for each of its terms


class Test(NamedTuple):
    """A test by its number and, where it has one, the length of its tuples."""

    number: int
    ntuple: int | None = None

    @property
    def options(self) -> list[str]:
        """What dieharder is told."""
        return ["-d", str(self.number)] + ([] if self.ntuple is None else ["-n", str(self.ntuple)])


def listed(longest: int) -> list[Test]:
    """Every test that ``dieharder -a`` runs, with lagged sums of at most ``longest`` words beyond the first."""
    plain = [Test(number) for number in (*range(17), 100, 101, 204, 205, 206, 209, 207)]
    longer = [(208, range(2)), (202, range(2, 6)), (200, range(1, 13)), (201, range(2, 6)), (203, range(longest + 1))]
    several = [Test(number, ntuple) for number, ntuples in longer for ntuple in ntuples]
    return [*plain, *several, Test(102), Test(17)]


def run(layout: str, test: Test, seed: int) -> list[str]:
    """Lines that dieharder prints of a test; one, or one for each length that it tries by itself.

    Raises
    ------
    RuntimeError: if it fails, or prints none.
    """
    command = [sys.executable, "-m", "benchmarks.quality.words", layout, "--seed", str(seed), "--bytes", "1TiB"]
    show = [part for name in FIELDS for part in ("-D", name)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as words:
        done = subprocess.run(
            ["dieharder", "-g", "200", *test.options, *show], stdin=words.stdout, capture_output=True, text=True
        )
        assert words.stdout is not None
        words.stdout.close()
    lines = [line.strip() for line in done.stdout.splitlines() if line.count("|") == len(FIELDS) - 1]
    if done.returncode or not lines:
        raise RuntimeError(f"dieharder {' '.join(test.options)}: status {done.returncode}, {done.stdout}{done.stderr}")
    return lines


def kept(layout: str) -> Iterator[tuple[int, Test, str]]:
    """Seed, test and assessment of every row that is kept of a layout."""
    path = HERE / f"dieharder_{layout}.txt"
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        if not line.startswith("#"):
            seed, number, ntuple, *_, assessment = (part.strip() for part in line.split("|"))
            yield int(seed), Test(int(number), int(ntuple) if ntuple else None), assessment


def keep(layout: str, test: Test, seed: int) -> None:
    """Run a test and add its rows to the layout's file."""
    path = HERE / f"dieharder_{layout}.txt"
    lines = run(layout, test, seed)
    if not path.exists():
        version = subprocess.run(["dieharder", "-h"], capture_output=True, text=True).stdout.split("version ")[1][:6]
        path.write_text(
            f"# dieharder {version}; a row: python -m benchmarks.quality.words {layout} --seed SEED --bytes 1TiB"
            " | dieharder -g 200 -d TEST -n NTUPLE\n# seed | -d | -n | test | ntuple | tsamples | psamples | p | assessment\n",
            "utf-8",
        )
    ntuple = "" if test.ntuple is None else test.ntuple
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{seed} | {test.number} | {ntuple} | {line}\n" for line in lines)
    print(f"{layout}: {lines[-1]}", flush=True)


def main() -> None:
    """Run what is asked for and not kept yet."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.dieharder", description=__doc__.splitlines()[0])
    parser.add_argument("layouts", nargs="+", choices=list(LAYOUTS), metavar="LAYOUT")
    parser.add_argument("--longest", type=int, default=LONGEST, help="lagged sums up to this lag; 32 unless given")
    parser.add_argument("--again", action="store_true", help="what did not pass, under seeds 1, 2 and 3")
    asked = parser.parse_args()
    if asked.again:
        for layout in asked.layouts:
            rows = list(kept(layout))
            for test in dict.fromkeys(test for seed, test, found in rows if not seed and found != "PASSED"):
                for seed in OTHER_SEEDS:
                    if (seed, test) not in {row[:2] for row in rows}:
                        keep(layout, test, seed)
        return
    for test in listed(asked.longest):
        for layout in asked.layouts:
            if (0, test) not in {row[:2] for row in kept(layout)}:
                keep(layout, test, 0)


if __name__ == "__main__":
    main()
