"""Runs with a checkpoint folder, killed at random moments; whether the same command ends with the unbroken run's bytes.

    python -m benchmarks.kills                      # 200 kills, about ten minutes on a quiet core
    python -m benchmarks.kills --count 20
    python -m benchmarks.kills --count 200 --write  # and keeps the figures in benchmarks/kept/kills.json

Each trial is ``suanli run … --checkpoint DIR -o FILE`` in a process of its own, forked from one that has its kernels
compiled, ended by SIGKILL at a random moment of an unbroken run's time; every third is killed again as it goes on. Then
the same command runs to its end, and its file is compared with the unbroken one, byte for byte. A file that is there after a
kill must be whole.
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
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim import bench
from sim.cli import main as suanli

KEPT = Path(__file__).parent / "kept" / "kills.json"
BATCH = "run baseline export_ban_2023q4 --seed 7 --keep-draws 4096 --threads 1"
DRAWS, QUARTERS = 262_144, 2


def command(folder: Path, draws: int) -> list[str]:
    """The command line of a trial."""
    line = [*BATCH.split(), "--draws", str(draws), "--quarters", str(QUARTERS)]
    return [*line, "--checkpoint", str(folder / "kept"), "-o", str(folder / "out.nc")]


def start(line: list[str]) -> int:
    """Run a command line in a forked process, its output thrown away; the process's number."""
    child = os.fork()
    if child:
        return child
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    status = 1
    try:
        suanli(line, standalone_mode=False)
        status = 0
    finally:
        os._exit(status)


def ended(child: int) -> int:
    """Wait for a process; its exit status, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed(line: list[str], after: float) -> bool:
    """Run a command line and kill it after so many seconds; whether it was still running."""
    child = start(line)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)  # a process that has ended waits to be asked for, so the number is still its own
    return ended(child) == -signal.SIGKILL


def state(folder: Path) -> str:
    """What a kill left."""
    names = [entry.name for entry in (folder / "kept").iterdir()] if (folder / "kept").is_dir() else []
    if (folder / "out.nc").exists():
        return "result in place"
    if any(name.startswith(".") for name in names):
        return "a shard half written"
    if any(entry.name.startswith(".out.nc") for entry in folder.iterdir()):
        return "the result half written"
    shards = sum(name.endswith(".shard") for name in names)
    return f"{shards} shards" if shards else ("no shard" if names else "nothing")


def campaign(
    count: int, seed: int = 0, draws: int = DRAWS, tell: Callable[[str], Any] = lambda _: None
) -> dict[str, Any]:
    """Kill ``count`` runs; what they left, and how many of those that went on were equal."""
    rng, left, kills, equal, wrong = random.Random(seed), Counter[str](), 0, 0, list[str]()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        seconds, whole = unbroken(root, draws)
        while kills < count:
            folder = root / "trial"
            folder.mkdir()
            line = command(folder, draws)
            moments = [rng.uniform(0, seconds) for _ in range(2 if rng.random() < 1 / 3 else 1)]
            for moment in moments:
                if not killed(line, moment):
                    continue
                kills += 1
                left[state(folder)] += 1
                if (folder / "out.nc").exists() and (folder / "out.nc").read_bytes() != whole:
                    wrong.append(f"a result that is not whole, killed after {moment:.3f} s")
            status = ended(start(line))
            if status == 0 and (folder / "out.nc").read_bytes() == whole:
                equal += 1
            else:
                wrong.append(f"status {status}, killed after {moments}")
            if kills % 10 == 0:
                tell(f"{kills} kills, {equal} trials equal, {len(wrong)} wrong")
            shutil.rmtree(folder)
    return {
        "kills": kills,
        "trials": equal + len(wrong),
        "equal": equal,
        "wrong": wrong,
        "left": dict(sorted(left.items())),
    }


def unbroken(root: Path, draws: int) -> tuple[float, bytes]:
    """Seconds and bytes of a run that nobody kills; one before it loads the kernels into this process."""
    for name in ("warm", "unbroken"):
        (root / name).mkdir()
    bare = command(root / "warm", draws)
    at = bare.index("--checkpoint")
    with contextlib.redirect_stdout(io.StringIO()):
        suanli([*bare[:at], *bare[at + 2 :]], standalone_mode=False)
    begin = time.perf_counter()
    if ended(start(command(root / "unbroken", draws))):
        raise RuntimeError("the unbroken run failed")
    seconds = time.perf_counter() - begin
    whole = (root / "unbroken" / "out.nc").read_bytes()
    if whole != (root / "warm" / "out.nc").read_bytes():
        raise RuntimeError("a run with a checkpoint folder differs from one without")
    return seconds, whole


def main() -> None:
    """Run the campaign, print it, keep it where asked; status 1 if any file was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="kills")
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws of each run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {KEPT.name}")
    options = parser.parse_args()
    begin = time.perf_counter()
    found = campaign(options.count, options.seed, options.draws, lambda line: print(line, file=sys.stderr, flush=True))
    print(json.dumps(found, indent=1))
    if options.write:
        line = (
            f"python -m benchmarks.kills --count {options.count} --draws {options.draws} --seed {options.seed} --write"
        )
        about = {"command": line, "date": datetime.date.today().isoformat(), "machine": bench.machine()}
        took = round(time.perf_counter() - begin)
        KEPT.write_text(json.dumps(about | {"seconds": took} | found, indent=1) + "\n", "utf-8")
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
