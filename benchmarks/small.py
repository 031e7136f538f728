"""The common small model through every peer and through suanli: time, memory and error at three numbers of draws."""

from __future__ import annotations

import importlib
import json
import statistics
import sys
from typing import Any

from benchmarks.environments import PEERS as FOLDER
from benchmarks.environments import Failed, Peer, json_of, node, python
from benchmarks.peers import small
from benchmarks.report import Row, seconds

TITLE = "Peers, the small model (10 inputs, 3 outputs): seconds at 1e5 / 1e6 / 1e7 draws"
FIGURES = ("mean", "p5", "p50", "p95")
REFERENCE = FOLDER / "reference.json"
PEERS: dict[str, Peer] = {
    peer.title: peer
    for peer in (
        Peer("suanli", "suanli", "suanli_", own=False),
        Peer("NumPy", "numpy", "numpy_", own=False),
        Peer("squigglepy", "squigglepy", "squigglepy_"),
        Peer("OpenTURNS", "openturns", "openturns_"),
        Peer("chaospy", "chaospy", "chaospy_"),
        Peer("NumPyro", "numpyro", "numpyro_"),
        Peer("PyMC", "pymc", "pymc_"),
        Peer("Squiggle", "@quri/squiggle-lang", "squiggle.mjs"),
        Peer("EMA Workbench", "ema_workbench", "ema_workbench_"),
        Peer("monaco", "monaco", "monaco_"),
    )
}
REPEATS = 5  # fewer where they take more than three seconds together
WAIT = 900.0  # seconds for a process with its imports, its warm-up and what it compiles
# numbers of draws; seconds that one run may take, beyond which it is extrapolated
SIZES = {
    "full": ((100_000, 1_000_000, 10_000_000), 90.0),
    "quick": ((100_000, 1_000_000), 8.0),
    "tiny": ((1024,), 60.0),
}


def measure(size: str, names: tuple[str, ...] = tuple(PEERS)) -> dict[str, Any]:
    """Each peer at each number of draws: seconds, peak MiB and errors, or why not."""
    steps, limit = SIZES[size]
    expected = json.loads(REFERENCE.read_text("utf-8"))["answers"]
    found = {}
    for name in names:
        try:
            found[name] = _one(PEERS[name], steps, limit, expected)
        except Failed as error:
            found[name] = {"failed": str(error)}
    return found


def _one(peer: Peer, steps: tuple[int, ...], limit: float, expected: list[list[float]]) -> dict[str, Any]:
    """Run one peer, a process for each number of draws; ten times the draws are taken to need ten times as long."""
    runs: dict[str, Any] = {}
    version, before = "", None
    for draws in steps:
        awaited = 0.0 if before is None else before["seconds"] * draws / before["draws"]
        if awaited > limit:
            runs[str(draws)] = {"seconds": awaited, "extrapolated": True}
            continue
        try:
            content = json_of(command(peer, draws), limit=WAIT)
        except Failed as error:
            if before is None:
                raise
            runs[str(draws)] = {"failed": str(error)}
            break
        version = content["version"]
        before = {"draws": draws, "seconds": statistics.median(content["seconds"])}
        errors = errors_of(content["answers"], expected)
        runs[str(draws)] = before | {"peak_mib": content["peak_mib"], "errors": errors}
    return {"version": version, "runs": runs}


def command(peer: Peer, draws: int) -> list[str]:
    """The command line that runs a peer, whose environment is made first if it is not there."""
    if peer.node:
        place = node(peer)
        told = json.dumps({"inputs": small.INPUTS, "levels": small.LEVELS})
        return ["node", str(FOLDER / peer.module), str(place), str(draws), "1", str(REPEATS), told]
    return [python(peer), str(FOLDER / "child.py"), peer.module, peer.package, str(draws), "1", str(REPEATS)]


def errors_of(answers: list[list[float]], expected: list[list[float]]) -> dict[str, float]:
    """Largest error of each figure over the outputs, relative to max(|value|, p95 − p5)."""
    worst = dict.fromkeys(FIGURES, 0.0)
    for mine, true in zip(answers, expected, strict=True):
        for place, figure in enumerate(FIGURES):
            scale = max(abs(true[place]), true[3] - true[1])
            worst[figure] = max(worst[figure], abs(mine[place] - true[place]) / scale)
    return worst


def rows(content: dict[str, Any]) -> list[Row]:
    """A line a peer: times, memory and largest error at most draws, and how many times as long as suanli."""
    found = []
    ours = content.get("suanli", {}).get("runs", {})
    for name, peer in content.items():
        if "failed" in peer:
            found.append(Row(name, "–", peer["failed"]))
            continue
        runs = peer["runs"]
        figure = " / ".join(_seconds(run) for run in runs.values())
        last = [run for run in runs.values() if "errors" in run][-1]
        beside = f"{last['peak_mib']:,.0f} MiB and errors up to {max(last['errors'].values()):.1g} at {last['draws']:,}"
        times = [
            f"{runs[n]['seconds'] / ours[n]['seconds']:.3g}" if "seconds" in runs[n] else "–" for n in runs if n in ours
        ]
        if name != "suanli" and times:
            beside += f"; {' / '.join(times)} × as long as suanli"
        found.append(Row(f"{name} {peer['version']}", figure, beside))
    return found


def _seconds(run: dict[str, Any]) -> str:
    if "failed" in run:
        return "failed"
    return ("~" if run.get("extrapolated") else "") + seconds(run["seconds"])


def imported(module: str) -> Any:
    """A peer's module in this process, for those that run in the project's environment."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    return importlib.import_module(module)
