"""The one command: measures all parts, writes ``results.json``, the table in the README and the convergence picture.

python -m benchmarks                         # everything, about a quarter of an hour on two quiet cores
python -m benchmarks --only kernels,engine   # these parts anew, the others as they stand in results.json
python -m benchmarks --quick                 # minutes instead, printed and not written
"""

from __future__ import annotations

import argparse
import datetime
import json
import resource
import sys
import time
from typing import Any

from benchmarks import report
from benchmarks.registry import PARTS
from sim import bench
from sim.bench import tables


def main() -> None:
    """Measure what is asked for, print the table, and write it unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds; nothing is written")
    options = parser.parse_args()
    names = [name.strip() for name in options.only.split(",") if name.strip()]
    for name in names:
        if name not in PARTS:
            parser.error(f"--only: found {name!r}, expected {', '.join(PARTS)}")
    size, results = ("quick", {}) if options.quick else ("full", report.read())
    for name in names:
        # Each part is written as soon as it is measured: a run that is stopped keeps what it has.
        results = report.merged(results, {name: measured(name, size)})
        if not options.quick:
            _write(results, name)
    print(table(results))


def measured(name: str, size: str) -> dict[str, Any]:
    """Results of a part, with the machine, the day, its load and how long it took."""
    load, start = bench.load(), time.perf_counter()
    print(f"{name} …", file=sys.stderr, flush=True)
    figures = PARTS[name].measure(size)
    found = {
        "figures": figures,
        "machine": bench.machine(),
        "date": datetime.date.today().isoformat(),
        "load_before": load,
        "took": time.perf_counter() - start,
    }
    print(f"{name}: {found['took']:.0f} s", file=sys.stderr, flush=True)
    return found


def _write(results: dict[str, Any], name: str) -> None:
    """Write what follows from the part just measured: the JSON, the table, the reference table, the picture."""
    report.write(results, table(results))
    if name in ("kernels", "engine") and {"kernels", "engine"} <= set(results):
        _ship(results)
    if name == "accuracy":
        try:
            from benchmarks.picture import picture  # an extra, and nothing else needs it

            picture(results["accuracy"]["figures"])
        except ImportError:
            print("no picture: matplotlib is not installed; pip install -e '.[bench]'", file=sys.stderr)


def table(results: dict[str, Any]) -> str:
    """The table of all parts that there are results of, in the registry's order."""
    present = {name: results[name] for name in PARTS if name in results}
    parts = {PARTS[name].TITLE: PARTS[name].rows(result["figures"]) for name, result in present.items()}
    machines = {json.dumps(result["machine"]): result["machine"] for result in present.values()}
    remarks = [
        f"{told['processor']}, {told['cores']} cores; Python {told['python']}, Numba {told['numba']}, NumPy {told['numpy']}; "
        f"{', '.join(sorted({result['date'] for result in present.values() if result['machine'] == told}))}."
        for told in machines.values()
    ]
    notes = "Medians, kernels compiled beforehand unless a line says otherwise; ~ is extrapolated. How: `benchmarks/README.md`."
    return report.table(parts, [*remarks, notes])


def _ship(results: dict[str, Any]) -> None:
    """Write the reference table that ``suanli bench`` compares with."""
    engine = results["engine"]["figures"]["floor"]
    market = {"draws_per_second": engine["steady"], "floor": engine["draws_per_second"], "of_floor": engine["of_floor"]}
    content = bench.table(results["kernels"]["figures"], market)
    tables.PATH.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
