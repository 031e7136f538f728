"""Runs with a checkpoint folder, killed at random moments; whether the same run then ends with the unbroken run's bytes.

    python -m benchmarks.kills                      # 200 kills, some minutes on a quiet core
    python -m benchmarks.kills --count 20
    python -m benchmarks.kills --count 200 --write  # and keeps the figures in benchmarks/kept/kills.json

Each trial is a run and the writing of its file, in a process of its own, ended by SIGKILL at a random moment of what an
unbroken one takes; every third is killed again as it goes on. Then the same runs to its end, and its file is compared with
the unbroken one, byte for byte. A file that is there after a kill must be whole. Nineteen of twenty trials are a small model of
1,048,576 draws through ``sim.run(…, checkpoint=DIR)``, two of three killed before they come to write their file, with shards
kept so often that committing them is a good part of the time; the twentieth is
``suanli run … --checkpoint DIR -o FILE`` on the market model. Processes are forked from one that has imported and
compiled what they need, so a second's work is most of what a trial takes.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import sim
from benchmarks import damage
from sim import bench
from sim.cli import main as suanli
from sim.results import files
from sim.shards import checkpoint

KEPT = Path(__file__).parent / "kept" / "kills.json"
MARKET = "run baseline export_ban_2023q4 --seed 7 --keep-draws 4096 --threads 1 --draws 131072 --quarters 1"
DRAWS = 1 << 20
OFTEN = {"EVERY": 0.02, "_SHARE": 1 << 20}  # so that the small model's run keeps a shard about every 0.02 s
Job = Callable[[Path, bool], Any]


def small(folder: Path, kept: bool) -> None:
    """Run the small model and write its file, with or without a checkpoint folder."""
    batch = {"model": damage.MODEL, "scenarios": ["baseline", "more"], "keep_draws": 40_000, "threads": 1}
    with warnings.catch_warnings(), mock.patch.multiple(checkpoint, **OFTEN):
        warnings.simplefilter("ignore")
        tree = sim.run(damage.book(), draws=DRAWS, checkpoint=folder / "kept" if kept else None, **batch)
    (folder / "run").touch()
    files.write(tree, folder / "out.nc")


def market(folder: Path, kept: bool) -> None:
    """The command on the market model."""
    checkpoint = ["--checkpoint", str(folder / "kept")] if kept else []
    with contextlib.redirect_stdout(io.StringIO()):
        suanli([*MARKET.split(), *checkpoint, "-o", str(folder / "out.nc")], standalone_mode=False)


@dataclass
class Unbroken:
    """A job that nobody kills.

    Attributes
    ----------
    seconds: what it takes; run_seconds: until its file is begun.
    data: bytes of its file.
    """

    job: Job
    seconds: float
    run_seconds: float
    data: bytes

    def moments(self, rng: random.Random) -> list[float]:
        """When to kill it: once, or twice."""
        most = self.run_seconds if rng.random() < 2 / 3 else self.seconds
        return [rng.uniform(0, most) for _ in range(2 if rng.random() < 1 / 3 else 1)]


@dataclass
class Tally:
    """What has come of the trials so far."""

    kills: int = 0
    equal: int = 0
    wrong: list[str] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def start(job: Job, folder: Path) -> int:
    """Run a job in a forked process, its errors thrown away; the process's number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        job(folder, True)
        status = 0
    finally:
        os._exit(status)


def ended(child: int) -> int:
    """Wait for a process; its exit status, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed(job: Job, folder: Path, after: float) -> bool:
    """Run a job and kill it after so many seconds; whether it was still running."""
    child = start(job, folder)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)  # a process that has ended waits to be asked for, so the number is still its own
    return ended(child) == -signal.SIGKILL


def state(folder: Path) -> str:
    """What a kill left."""
    names = [entry.name for entry in (folder / "kept").iterdir()] if (folder / "kept").is_dir() else []
    if (folder / "out.nc").exists():
        return "the result in place"
    if any(name.startswith(".") for name in names):
        return "a file of the folder half written"
    if any(entry.name.startswith(".out.nc") for entry in folder.iterdir()):
        return "the result half written"
    shards = sum(name.endswith(".shard") for name in names)
    return f"{shards} shards" if shards else ("no shard" if names else "nothing")


def unbroken(job: Job, root: Path) -> Unbroken:
    """A job that nobody kills; before it one without a checkpoint folder, which loads the kernels into this process.

    Raises
    ------
    RuntimeError: if the two differ.
    """
    for name in ("bare", "whole"):
        (root / name).mkdir(parents=True)
    job(root / "bare", False)
    begin, at = time.perf_counter(), time.time()
    if ended(start(job, root / "whole")):
        raise RuntimeError("the unbroken run failed")
    seconds = time.perf_counter() - begin
    mark = root / "whole" / "run"
    run_seconds = min(mark.stat().st_mtime - at, seconds) if mark.exists() else seconds
    data = (root / "whole" / "out.nc").read_bytes()
    if data != (root / "bare" / "out.nc").read_bytes():
        raise RuntimeError("a run with a checkpoint folder differs from one without")
    return Unbroken(job, seconds, run_seconds, data)


def trial(of: Unbroken, folder: Path, rng: random.Random, tally: Tally) -> None:
    """Kill the job, let the same go on to its end, and compare."""
    folder.mkdir()
    out, moments = folder / "out.nc", of.moments(rng)
    for moment in moments:
        if not killed(of.job, folder, moment):
            continue
        tally.kills += 1
        tally.left[state(folder)] += 1
        if out.exists() and out.read_bytes() != of.data:
            tally.wrong.append(f"a file that is not whole, killed after {moment:.3f} s")
    status = ended(start(of.job, folder))
    if status == 0 and out.read_bytes() == of.data:
        tally.equal += 1
    else:
        tally.wrong.append(f"status {status}, killed after {moments}")
    shutil.rmtree(folder)


def campaign(count: int, seed: int = 0, each: int = 20, tell: Callable[[str], Any] = lambda _: None) -> dict[str, Any]:
    """Kill ``count`` runs, one of ``each`` on the command line (none if 0): what they left, and how many ended equal."""
    rng, tally, number = random.Random(seed), Tally(), 0
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        quick = unbroken(small, root / "small")
        real = unbroken(market, root / "market") if each else quick
        while tally.kills < count:
            number += 1
            trial(real if each and number % each == 0 else quick, root / "trial", rng, tally)
            if number % 10 == 0:
                tell(f"{number} trials, {tally.kills} kills, {tally.equal} equal, {len(tally.wrong)} wrong")
    found = {"kills": tally.kills, "trials": number, "equal": tally.equal, "wrong": tally.wrong}
    return found | {"left": dict(sorted(tally.left.items()))}


def main() -> None:
    """Run the campaign, print it, keep it where asked; status 1 if any file was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="kills")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {KEPT.name}")
    options = parser.parse_args()
    begin = time.perf_counter()
    found = campaign(options.count, options.seed, tell=lambda line: print(line, file=sys.stderr, flush=True))
    print(json.dumps(found, indent=1))
    if options.write:
        line = f"python -m benchmarks.kills --count {options.count} --seed {options.seed} --write"
        about = {"command": line, "date": datetime.date.today().isoformat(), "machine": bench.machine()}
        took = round(time.perf_counter() - begin)
        KEPT.write_text(json.dumps(about | {"seconds": took} | found, indent=1) + "\n", "utf-8")
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
