"""The main job in the environment that runs this, against answers kept here: ``python .ci/smoke.py [--write]``.

Answers of other versions of NumPy and SciPy agree closely, not to the bit: tables of quantile functions rest on them, and a
draw of 4,096 that falls on the other side of a switch or of a bin's end moves a figure in its fourth digit.
"""

import json
import math
import subprocess
import sys
from pathlib import Path

KEPT = Path(__file__).with_name("smoke.json")
TOLERANCE = 1e-3


def suanli(*arguments: str) -> str:
    """What the command prints; ends with its complaint if it fails."""
    done = subprocess.run([sys.executable, "-m", "sim", *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"suanli {' '.join(arguments)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def answers(told: str) -> dict[str, list[float]]:
    """Figures of the first answers by scenario, question, row and column."""
    found = {}
    for scenario, questions in json.loads(told)["answers"].items():
        for question, answer in questions.items():
            for figure in answer["figures"]:
                values = figure["quantiles"].values() if "quantiles" in figure else [figure["chance"]]
                found["/".join((scenario, question, figure["row"], figure["column"]))] = list(values)
    return found


def main() -> None:
    """Compare the answers, then try what files and extras need."""
    found = answers(suanli("run", "baseline", "export_ban_2023q4", "--draws", "4096", "--json", "-o", "first.nc"))
    if "--write" in sys.argv:
        lines = [f"{json.dumps(name)}: {json.dumps(values)}" for name, values in found.items()]
        KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
        return
    kept = json.loads(KEPT.read_text("utf-8"))
    if kept.keys() != found.keys():
        sys.exit(f"answers: found {len(found)}, expected the {len(kept)} of {KEPT.name}")
    for name, values in kept.items():
        scale = max(map(abs, values))
        for a, b in zip(values, found[name], strict=True):
            if not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE * max(scale, 1.0)):
                sys.exit(f"{name}: found {b!r}, expected {a!r} to within {TOLERANCE}")
    suanli("show", "first.nc", "market_domestic_share")
    for form in ("csv", "parquet"):
        suanli("export", "first.nc", "--format", form, "-o", f"first.{form}")
    suanli("run", "--draws", "4096", "-o", "first.zarr")
    suanli("show", "first.zarr", "parity_month")
    print(suanli("doctor"))


main()
