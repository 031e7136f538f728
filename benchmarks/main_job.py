"""The main job as a user meets it: whole processes, timed from outside, with their peak memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

from benchmarks.report import Row

TITLE = "The main job, whole processes"
BATCH = ["run", "baseline", "export_ban_2023q4"]
# what, arguments, a cache of its own that starts empty, repeats
JOBS = [
    ("first run after the install, kernels compiled", ["run"], True, 1),
    ("first answers of a warm process, 65,536 draws", ["run"], False, 5),
    ("two scenarios of 1,048,576 draws", [*BATCH, "--draws", "1048576"], False, 3),
    ("two scenarios of 10,485,760 draws, rounded up to 16,777,216", [*BATCH, "--draws", "10485760"], False, 1),
    ("help", ["--help"], False, 5),
]
CHOSEN = {"full": JOBS, "quick": [JOBS[1], JOBS[4]], "tiny": [JOBS[4]]}


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds and peak resident MiB of one process.

    Raises
    ------
    RuntimeError: if it ends with another status than 0.
    """
    start = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
    return wall, usage.ru_maxrss / 1024


def measure(size: str) -> dict[str, Any]:
    """Medians of each job: seconds, peak MiB and the command."""
    found = {}
    for what, arguments, cold, repeats in CHOSEN[size]:
        command = [sys.executable, "-m", "sim", *arguments]
        samples = []
        for _ in range(repeats if size == "full" else 1):
            with tempfile.TemporaryDirectory(prefix="suanli-") as empty:
                samples.append(timed(command, dict(os.environ) | ({"SUANLI_CACHE_DIR": empty} if cold else {})))
        wall, memory = (statistics.median(column) for column in zip(*samples, strict=True))
        found[what] = {"command": f"suanli {' '.join(arguments)}", "seconds": wall, "peak_mib": memory}
    return found


def rows(content: dict[str, Any]) -> list[Row]:
    """A line a job."""
    return [
        Row(what, f"{job['seconds']:.2f} s, {job['peak_mib']:.0f} MiB", f"`{job['command']}`")
        for what, job in content.items()
    ]
