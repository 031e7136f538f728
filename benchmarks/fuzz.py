"""Fuzz every reader: mutated books, scenarios, settings, expressions, files; nothing but declared errors may come out.

    python -m benchmarks.fuzz --count 20000                     # shared out between all targets
    python -m benchmarks.fuzz --target expression --seconds 60
    python -m benchmarks.fuzz --count 1000000 --write           # and kept in benchmarks/kept/fuzz.json
    python -m benchmarks.fuzz --engine atheris --count 200000   # with atheris, where it is installed

An input fails if it raises what its reader does not declare, takes over a second of the processor or more than 2 GiB, touches
a file outside its folder, or ends the process. ``--write`` adds to what is kept, so that campaigns can be run in parts.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.fuzzing.apart import fuzz_apart
from benchmarks.fuzzing.outcome import Tally, shown
from benchmarks.fuzzing.targets import TARGETS

KEPT = Path(__file__).parent / "kept" / "fuzz.json"
_PART, _PART_SECONDS = 20_000, 60.0


def main() -> int:
    """Fuzz what is asked for; 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--target", action="append", choices=list(TARGETS), help="all unless given; may be repeated")
    parser.add_argument("--count", type=int, default=10_000, help="inputs in all")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--seed", type=int, default=None, help="of the mutations; the inputs kept so far unless given")
    parser.add_argument("--engine", choices=["own", "atheris"], default="own", help="what guides the search")
    parser.add_argument("--write", action="store_true", help="add to benchmarks/kept/fuzz.json")
    asked = parser.parse_args()
    names = asked.target or list(TARGETS)
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {"targets": {}}
    seed = asked.seed if asked.seed is not None else sum(row["inputs"] for row in kept["targets"].values())
    weights = sum(TARGETS[name].weight for name in names)
    end, bad = time.monotonic() + asked.seconds, 0
    for name in names:
        share = asked.count * TARGETS[name].weight / weights
        tally, took = _target(name, round(share), end, seed, asked.engine)
        bad += len(tally.failures)
        _print(name, tally, took)
        if asked.write:
            _keep(kept, name, tally, took, asked.engine)
    return 1 if bad else 0


def _target(name: str, count: int, end: float, seed: int, engine: str) -> tuple[Tally, float]:
    """All parts of one target's inputs, each part in a process of its own, and the seconds they took."""
    started, tally = time.monotonic(), Tally()
    while tally.inputs < count and time.monotonic() < end:
        part, left = min(_PART, count - tally.inputs), min(_PART_SECONDS, end - time.monotonic())
        if engine == "atheris":
            from benchmarks.fuzzing.with_atheris import fuzz_with_atheris

            found = fuzz_with_atheris(name, part, left, seed + tally.inputs)
        else:
            found = fuzz_apart(name, part, left, seed + tally.inputs, tally)
        tally.join(found)
        if not found.inputs:
            break
    return tally, time.monotonic() - started


def _print(name: str, tally: Tally, took: float) -> None:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(tally.kinds.items()))
    print(f"{name:12} {tally.inputs:9,} inputs  {len(tally.lines):5,} lines  {took:7.1f} s  {kinds}", flush=True)
    for failure, text in tally.failures.items():
        print(f"    {failure}\n        {shown(text)[:300]}", flush=True)


def _keep(kept: dict[str, Any], name: str, tally: Tally, took: float, engine: str) -> None:
    """Add a target's inputs to what is kept, at once: a campaign that is stopped keeps what it has."""
    rows = kept["targets"]
    row = rows.setdefault(name, {"inputs": 0, "seconds": 0.0, "lines": 0, "kinds": {}, "engines": {}, "failures": {}})
    row["inputs"] += tally.inputs
    row["seconds"] = round(row["seconds"] + took, 1)
    row["lines"] = max(row["lines"], len(tally.lines))
    row["engines"][engine] = row["engines"].get(engine, 0) + tally.inputs
    for kind, count in tally.kinds.items():
        row["kinds"][kind] = row["kinds"].get(kind, 0) + count
    row["failures"] |= {failure: shown(text) for failure, text in tally.failures.items()}
    kept["command"] = "python -m benchmarks.fuzz --count 1000000 --write"
    kept["inputs"] = sum(each["inputs"] for each in rows.values())
    kept["failures"] = sum(len(each["failures"]) for each in rows.values())
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=True, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
