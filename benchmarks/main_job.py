"""The main job as a user meets it: whole processes, timed from outside, with their peak memory.

    python benchmarks/main_job.py            # prints the table
    python benchmarks/main_job.py --write    # and puts it into the README, between its markers

Medians of three runs (one where a run is cold by its nature). Each row is the command that stands in it.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- figures: python benchmarks/main_job.py --write -->", "<!-- end -->"
BATCH = ["run", "baseline", "export_ban_2023q4"]
# (what, arguments, a cache of its own that starts empty, repeats)
ROWS = [
    ("first run after the install, kernels compiled", ["run"], True, 1),
    ("first answers of a warm process, 65,536 draws", ["run"], False, 3),
    ("two scenarios of 1,048,576 draws", [*BATCH, "--draws", "1048576"], False, 3),
    ("two scenarios of 10,485,760 draws, rounded up to 16,777,216", [*BATCH, "--draws", "10485760"], False, 1),
    ("help", ["--help"], False, 3),
]


def timed(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds and peak resident MiB of one process."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"suanli {' '.join(arguments)} ended with {child.returncode}")
    return wall, usage.ru_maxrss / 1024


def measure() -> list[str]:
    """The table, a line a row."""
    lines = ["| what | command | seconds | peak MiB |", "|---|---|---:|---:|"]
    for what, arguments, cold, repeats in ROWS:
        found = []
        for _ in range(repeats):
            cache = tempfile.mkdtemp(prefix="suanli-") if cold else None
            environment = dict(os.environ) | ({"SUANLI_CACHE_DIR": cache} if cache else {})
            try:
                found.append(timed(arguments, environment))
            finally:
                if cache:
                    shutil.rmtree(cache)
        seconds, memory = (statistics.median(column) for column in zip(*found, strict=True))
        lines.append(f"| {what} | `suanli {' '.join(arguments)}` | {seconds:.2f} | {memory:.0f} |")
        print(lines[-1], flush=True)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return [*lines, "", f"Whole processes, medians, on {machine}."]


def main() -> None:
    """Measure, print, and with ``--write`` put the table into the README."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="regenerate the table in the README")
    write = parser.parse_args().write
    table = "\n".join(measure())
    print(table)
    if write:
        before, rest = README.read_text("utf-8").split(START)
        README.write_text(f"{before}{START}\n{table}\n{rest[rest.index(END) :]}", "utf-8")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
