"""Plant faults one by one in a copy of the tree and see the suite notice each.

    python -m benchmarks.planted_faults                    # all of planted_faults.toml, printed
    python -m benchmarks.planted_faults --only fsync       # those whose name has the word
    python -m benchmarks.planted_faults --write            # and kept in benchmarks/kept/planted_faults.json

The tests of all faults first run on the copy as it is, and must pass. A fault in the engine compiles its kernels anew, each
time into a cache that is thrown away: tens of seconds apiece.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sim.kernels import ABOVE

HERE = Path(__file__).parent
ROOT, LIST, KEPT = HERE.parent, HERE / "planted_faults.toml", HERE / "kept" / "planted_faults.json"
_LIMIT = 600.0
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """One edit that makes the program wrong.

    Attributes
    ----------
    name, what: a few words, and what goes wrong.
    file: where, from the root of the tree.
    old, new: the text that is replaced, which stands there once, and by what.
    tests: files of tests, or single ones, that should notice.
    """

    name: str
    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def in_engine(self) -> bool:
        """Whether kernels are compiled anew for it."""
        place = Path(self.file).parts
        return place[0] == "sim" and place[1].removesuffix(".py") not in ABOVE and self.file.endswith(".py")


@dataclass(frozen=True)
class Verdict:
    """What became of a fault: the tests that failed on it, none where it was missed."""

    name: str
    caught_by: tuple[str, ...]
    seconds: float


def faults(words: str = "") -> list[Fault]:
    """The faults whose name has ``words``, in the order of the list; ``words`` may be several, with commas between."""
    listed = tomllib.loads(LIST.read_text("utf-8"))["fault"]
    return [
        Fault(**{**each, "tests": tuple(each["tests"])})
        for each in listed
        if any(w in each["name"] for w in words.split(","))
    ]


@contextmanager
def copied_tree() -> Iterator[Path]:
    """A copy of the files that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                target = Path(folder) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, target)
        yield Path(folder)


def failed(tree: Path, tests: tuple[str, ...], cache: str | None = None) -> tuple[str, ...]:
    """The first test of the copy that fails, or none.

    Raises
    ------
    RuntimeError: if pytest itself could not run, with what it said.
    """
    there = [test for test in tests if (tree / test.partition("::")[0]).exists()]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-rfE", "--tb=no", *there]
    # Numba tells kernels apart by their files' places, so those of a copy would only litter the user's own cache.
    environment = os.environ | {"PYTHONPATH": str(tree), "SUANLI_CACHE_DIR": cache or str(tree / ".kernels")}
    try:
        ran = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=_LIMIT)
    except subprocess.TimeoutExpired:
        return (f"hung for {_LIMIT:.0f} s: {' '.join(there)}",)
    found = tuple(_FAILED.findall(ran.stdout))
    if ran.returncode not in (0, 1, 2) or (ran.returncode and not found):
        raise RuntimeError(f"pytest ended with {ran.returncode}:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return found


def plant(fault: Fault, tree: Path) -> Verdict:
    """Edit the copy, run the fault's tests there, and put the file back.

    Raises
    ------
    ValueError: if the text to replace is not there once; the list is then to be mended.
    """
    path = tree / fault.file
    good = path.read_text("utf-8")
    if good.count(fault.old) != 1:
        raise ValueError(
            f"{fault.name}: found {fault.old!r} {good.count(fault.old)} times in {fault.file}, expected once"
        )
    started = time.perf_counter()
    path.write_text(good.replace(fault.old, fault.new), "utf-8")
    try:
        with tempfile.TemporaryDirectory(prefix="planted-cache-") as cache:
            found = failed(tree, fault.tests, cache if fault.in_engine else None)
    finally:
        path.write_text(good, "utf-8")
    return Verdict(fault.name, found, time.perf_counter() - started)


def main() -> int:
    """Plant all that is asked for; 1 if any is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planted_faults", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="faults whose name has these words, with commas between"
    )
    parser.add_argument("--write", action="store_true", help="keep the verdicts in benchmarks/kept/planted_faults.json")
    asked = parser.parse_args()
    chosen, verdicts = faults(asked.only), list[Verdict]()
    with copied_tree() as tree:
        broken = failed(tree, tuple(dict.fromkeys(test for fault in chosen for test in fault.tests)))
        if broken:
            print(f"these fail without any fault: {', '.join(broken)}", file=sys.stderr)
            return 1
        for fault in chosen:
            verdicts.append(plant(fault, tree))
            by = verdicts[-1].caught_by
            print(f"{fault.name:34} {verdicts[-1].seconds:6.1f} s  {by[0] if by else 'MISSED'}", flush=True)
            if asked.write:
                _keep(chosen[: len(verdicts)], verdicts)
    missed = [each.name for each in verdicts if not each.caught_by]
    print(f"{len(verdicts) - len(missed)} of {len(verdicts)} caught")
    return 1 if missed else 0


def _keep(chosen: list[Fault], verdicts: list[Verdict]) -> None:
    """Write the verdicts so far beside those of other faults: a campaign that is stopped keeps what it has."""
    kept = json.loads(KEPT.read_text("utf-8"))["faults"] if KEPT.exists() else []
    rows = {row["fault"]: row for row in kept}
    for fault, verdict in zip(chosen, verdicts, strict=True):
        told = {"what": fault.what, "file": fault.file, "caught_by": list(verdict.caught_by)}
        rows[fault.name] = {"fault": fault.name, **told}
    listed = [rows[fault.name] for fault in faults() if fault.name in rows]
    about = {"command": "python -m benchmarks.planted_faults --write", "planted": len(listed)}
    about |= {"caught": sum(bool(row["caught_by"]) for row in listed)}
    KEPT.write_text(json.dumps(about | {"faults": listed}, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
