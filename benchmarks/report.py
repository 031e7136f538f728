"""From what was measured to one JSON and one table, and the table into the README between its markers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
README = HERE.parent / "README.md"
COMMAND = "python -m benchmarks"
BLOCK = re.compile(r"<!-- figures: [^\n]* -->\n(.*?)<!-- end -->", re.DOTALL)


class Row(NamedTuple):
    """A line of the table: ``what`` was measured, the ``figure``, and what stands ``beside`` it."""

    what: str
    figure: str
    beside: str = ""


def table(parts: Mapping[str, Sequence[Row]], remarks: Sequence[str] = ()) -> str:
    """Markdown of all rows, a heading row a part, and remarks below."""
    lines = ["| what | figure | beside it |", "|---|---:|---|"]
    for title, rows in parts.items():
        lines.append(f"| **{title}** | | |")
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([*lines, *(part for remark in remarks for part in ("", remark))])


def in_readme(text: str, content: str) -> str:
    """``text`` with ``content`` between the markers of the figures.

    Raises
    ------
    ValueError: unless there is exactly one such pair of markers.
    """
    found = BLOCK.findall(text)
    if len(found) != 1:
        raise ValueError(
            f"README: found {len(found)} blocks of figures, expected one: <!-- figures: … --> … <!-- end -->"
        )
    block = f"<!-- figures: {COMMAND} -->\n{content}\n<!-- end -->"
    return BLOCK.sub(lambda match: block, text)


def merged(before: Mapping[str, Any], fresh: Mapping[str, Any]) -> dict[str, Any]:
    """Results of parts measured now in place of older ones; each part keeps the machine and date it was measured with."""
    return {**before, **fresh}


def read() -> dict[str, Any]:
    """Results so far, by part."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}


def write(results: Mapping[str, Any], content: str) -> None:
    """Put all results into the JSON and the table into the README."""
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    README.write_text(in_readme(README.read_text("utf-8"), content), "utf-8")


def seconds(value: float) -> str:
    """A time as a table has it."""
    for limit, factor, unit in ((1e-6, 1e9, "ns"), (1e-3, 1e6, "µs"), (1.0, 1e3, "ms"), (300.0, 1.0, "s")):
        if value < limit:
            return f"{value * factor:.3g} {unit}"
    return f"{value / 60:.3g} min" if value < 2e4 else f"{value / 3600:.3g} h"


def count(value: float) -> str:
    """A large number as a table has it, three digits."""
    for limit, factor, unit in ((1e9, 1e-9, " billion"), (1e6, 1e-6, " million")):
        if value >= limit:
            return f"{value * factor:.3g}{unit}"
    return f"{float(f'{value:.3g}'):,.0f}" if value >= 100 else f"{value:.3g}"
