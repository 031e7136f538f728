"""The README's section on how far a cluster goes, from ``kept/cluster_scaling.json``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from benchmarks.cluster_model import WORDS
from benchmarks.report import seconds

README = Path(__file__).parent.parent / "README.md"
COMMAND = "python -m benchmarks.cluster_scaling --write"
BLOCK = re.compile(r"<!-- cluster: [^\n]* -->\n(.*?)<!-- end -->", re.DOTALL)


def section(found: dict[str, Any]) -> str:
    """Markdown: what was measured, what is modelled, what breaks first, what a checkpoint costs."""
    told = found["machine"]
    return "\n".join(
        [
            f"Measured with {found['draws']:,} draws of the baseline ({told['processor']}, {found['cores']} cores, "
            f"{found['date']}):",
            "",
            *_measured(found),
            "",
            "Modelled from a task's time, the scheduler's and a merge's, as measured, and a network of 2 Gbit/s:",
            "",
            *_modelled(found),
            "",
            *_breaks(found),
            "",
            f"`--checkpoint` costs {100 * found['checkpoint']['overhead']:.1f} % of a run of "
            f"{seconds(found['checkpoint']['seconds'])} ({found['checkpoint']['shards']} shards kept).",
        ]
    )


def _measured(found: dict[str, Any]) -> list[str]:
    lines = ["| | seconds | of the speed of threads | of one thread's speed, a core |", "|---|---:|---:|---:|"]
    one = found["threads"]["1"]
    for name, time in found["threads"].items():
        words = "1 thread" if name == "1" else f"{name} threads"
        lines.append(f"| {words} | {time:.1f} | | {one / time / int(name):.2f} |")
    for name, row in found["workers"].items():
        words = "1 worker process" if name == "1" else f"{name} worker processes"
        share = 1 / (1 + row["overhead_against_threads"])
        lines.append(f"| {words} | {row['seconds']:.1f} | {share:.2f} | {row['efficiency']:.2f} |")
    return lines


def _modelled(found: dict[str, Any]) -> list[str]:
    workers = sorted({row["workers"] for row in found["model"]})
    lines = ["| draws | " + " | ".join(f"{n:,} workers" for n in workers) + " |", "|---|" + "---:|" * len(workers)]
    for draws in sorted({row["draws"] for row in found["model"]}):
        rows = {row["workers"]: row for row in found["model"] if row["draws"] == draws}
        cells = [f"{_long(rows[n]['seconds'])} ({100 * rows[n]['efficiency']:.0f} %)" for n in workers]
        lines.append(f"| {draws / 1e9:,.0f} billion | " + " | ".join(cells) + " |")
    return lines


def _long(time: float) -> str:
    """A time in words; hours in full."""
    return f"{time / 3600:,.0f} h" if time >= 360_000 else seconds(time)


def _breaks(found: dict[str, Any]) -> list[str]:
    told = [
        f"with {each['draws'] / 1e9:,.0f} billion draws it is {WORDS[each['by']]}, from {each['workers']:,} workers on"
        if each["workers"]
        else f"with {each['draws'] / 1e9:,.0f} billion draws nothing does, up to 500,000 workers"
        for each in found["breaks"]
    ]
    return ["What breaks first: " + "; ".join(told) + "."]


def write(found: dict[str, Any]) -> bool:
    """Put the section between its markers in the README; False if it has none."""
    text = README.read_text("utf-8")
    if len(BLOCK.findall(text)) != 1:
        return False
    block = f"<!-- cluster: {COMMAND} -->\n{section(found)}\n<!-- end -->"
    README.write_text(BLOCK.sub(lambda match: block, text), "utf-8")
    return True
