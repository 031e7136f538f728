"""The main job as a user meets it: whole processes, timed from outside, with their peak memory."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.environments import json_of
from benchmarks.report import Row

TITLE = "The main job, whole processes"
TIMED = Path(__file__).with_name("timed.py")
LIMIT = 900
BATCH = ["run", "baseline", "export_ban_2023q4", "--outputs", "all"]  # without a file, only what is printed, else
COLD, WARM = "first run after the install, kernels compiled", "first answers of a warm process, 65,536 draws"
# what, arguments, a cache of its own that starts empty, repeats
JOBS = [
    (COLD, ["run"], True, 1),
    (WARM, ["run"], False, 5),
    ("two scenarios of 1,048,576 draws", [*BATCH, "--draws", "1048576"], False, 3),
    ("two scenarios of 10,485,760 draws, rounded up to 16,777,216", [*BATCH, "--draws", "10485760"], False, 1),
    ("help", ["--help"], False, 5),
]
CHOSEN = {"full": JOBS, "quick": [JOBS[1], JOBS[4]], "tiny": [JOBS[4]]}


def measure(size: str) -> dict[str, Any]:
    """Medians of each job: seconds, peak MiB and the command."""
    found = {}
    for what, arguments, cold, repeats in CHOSEN[size]:
        command = [sys.executable, "-S", str(TIMED), sys.executable, "-m", "sim", *arguments]
        samples = []
        for _ in range(repeats if size == "full" else 1):
            with tempfile.TemporaryDirectory(prefix="suanli-") as empty:
                samples.append(json_of(command, limit=LIMIT, more={"SUANLI_CACHE_DIR": empty} if cold else {}))
        medians = {figure: statistics.median(one[figure] for one in samples) for figure in ("seconds", "peak_mib")}
        found[what] = {"command": f"suanli {' '.join(arguments)}"} | medians
    return found


def rows(content: dict[str, Any]) -> list[Row]:
    """A line a job."""
    found = [
        Row(what, f"{job['seconds']:.2f} s, {job['peak_mib']:.0f} MiB", f"`{job['command']}`")
        for what, job in content.items()
    ]
    if COLD in content and WARM in content:
        compiled = content[COLD]["seconds"] - content[WARM]["seconds"]
        found.append(Row("of the first run, compiling", f"{compiled:.2f} s", "what it takes longer than a warm one"))
    return found
