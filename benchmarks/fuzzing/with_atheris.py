"""The same inputs guided by atheris, which instruments the readers' byte code; it is no dependency and may be missing.

python -m benchmarks.fuzzing.with_atheris TARGET COUNT SECONDS SEED FILE      # what benchmarks.fuzz calls
"""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.fuzzing.outcome import Tally

_GRACE = 120.0
_TOLD_EVERY = 500


def fuzz_with_atheris(name: str, count: int, seconds: float, seed: int) -> Tally:
    """Run atheris on a target in a process of its own.

    Raises
    ------
    RuntimeError: if it is not installed.
    """
    if importlib.util.find_spec("atheris") is None:
        raise RuntimeError("atheris is not installed; pip install atheris, or leave --engine out")
    with tempfile.TemporaryDirectory(prefix="atheris-") as folder:
        told = Path(folder) / "told.json"
        command = [sys.executable, "-m", __name__, name, str(count), str(int(seconds)), str(seed), str(told)]
        try:
            ran = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds + _GRACE)
            ending = ran.returncode
        except subprocess.TimeoutExpired:
            ending = -1
        found = json.loads(told.read_text()) if told.exists() else {"inputs": 0, "kinds": {}, "failures": {}}
    tally = Tally(found["inputs"], Counter(found["kinds"]), found["failures"])
    if ending:
        tally.failures[f"atheris ended with {ending}"] = ""
    return tally


def main(name: str, count: int, seconds: int, seed: int, told: Path) -> None:
    """Fuzz one target; the tally goes to ``told`` as it grows, as the fuzzer ends the process."""
    import atheris  # no dependency

    with atheris.instrument_imports(include=["priors", "sim.results"]):
        from benchmarks.fuzzing.guard import Guard
        from benchmarks.fuzzing.mutate import Mutator
        from benchmarks.fuzzing.outcome import outcome
        from benchmarks.fuzzing.targets import TARGETS
    target, guard, tally, chance = TARGETS[name], Guard(memory=0), Tally(), random.Random(seed)
    check, seeds = target.prepare(guard.folder), list(target.seeds())
    text = isinstance(seeds[0], str)
    mutate = Mutator(target.words, chance)

    def decoded(data: bytes) -> Any:
        return data.decode("utf-8", "replace") if text else data

    def encoded(value: Any) -> bytes:
        return value.encode("utf-8", "surrogatepass") if text else value

    def one(data: bytes) -> None:
        value = decoded(data)
        kind, failure, _ = outcome(target, check, guard, value)
        tally.add(value, kind, failure)
        if failure or tally.inputs % _TOLD_EVERY == 0 or tally.inputs >= count:
            failures = {words: value if text else value.hex() for words, value in tally.failures.items()}
            told.write_text(json.dumps({"inputs": tally.inputs, "kinds": tally.kinds, "failures": failures}))

    def mutated(data: bytes, most: int, _: int) -> bytes:
        if chance.random() < 0.5:
            return atheris.Mutate(data, most)
        return encoded(mutate(decoded(data), chance.choice(seeds)))[:most]

    with tempfile.TemporaryDirectory(prefix="corpus-") as corpus:
        for i, value in enumerate(seeds):
            (Path(corpus) / str(i)).write_bytes(encoded(value))
        options = [
            f"-runs={count}",
            f"-max_total_time={seconds}",
            f"-seed={seed % 2**31 + 1}",
            "-max_len=20000",
            corpus,
        ]
        atheris.Setup([sys.argv[0], *options], one, custom_mutator=mutated)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]), Path(sys.argv[5]))
