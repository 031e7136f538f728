"""Readers of beliefs: books and scenarios in TOML, ``--set``, figures that follow from claims."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import priors
from priors import arithmetic, drafts, reading
from priors import sets as reader
from priors.apply import changed
from priors.entries import Draft, add
from priors.families import FAMILIES
from priors.reading import Source
from tests.priors.wrong import CASES, CLAIM, QUANTITY, correlation

DECLARED = (priors.BookError,)
HOME = Path(priors.__file__).parent

WORDS = (
    *"[]{}\"'=.,\n#",
    "[[", "]]", '"""', "'''", "\\u0000", "\\", "true", "nan", "[quantities.", "[claims.", "[scenarios.", "[hedges.",
    "[relations.", "[[correlation]]\n", "prior = ", "from = ", "unit = ", "basis = ", '"claim"', '"assumption"',
    "rationale = ", "family = ", "low = ", "mode = ", "high = ", "truncate = ", "shift = ", "scale = ", "fix = ",
    "between = ", "spearman = ", "extends = ", "stream = ", "limits = ", "hedges = ", "kind = ", "value = ", "range = ",
    "window = ", "choices = ", "all_stated = ", "never", "2023-04-01", "growth.cloud", "shop.price", "S1.1", *FAMILIES,
)  # fmt: skip
SET_WORDS = (
    *"=*+-()[],. _", "never", "inf", "true", "truncate=", "p95=", "median=", "growth.cloud=", "export.ban_quarter=", *FAMILIES,
)  # fmt: skip
FIGURE_WORDS = (*"+-*/()., _", "S1.1", "S1.2", "S1.1.half", "Q04.12")

_FIGURES = {"S1.1": 5.0, "S1.2": 0.0, "S1.1.half": -2.5, "Q04.12": 1e300}


def whole(folder: Path) -> Callable[[str], None]:
    """A user's file on its own, from the disk to the digest of the book."""
    path = folder / "my.toml"
    priors.load()

    def check(text: str) -> None:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        assert priors.load(path, alone=True).digest

    return check


def scenario(folder: Path) -> Callable[[str], None]:
    """A scenario's file in a folder, on top of the built-in book."""
    path = folder / "scenarios" / "mine.toml"
    path.parent.mkdir(exist_ok=True)
    drafts.built_in()

    def check(text: str) -> None:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        draft = drafts.draft_of(folder)
        if draft.problems:
            raise priors.BookError(draft.problems)

    return check


def toml(folder: Path) -> Callable[[str], None]:
    """TOML and the shape of every table, without what holds between them."""

    def check(text: str) -> None:
        source = Source("my.toml", text, reading._parsed("my.toml", text))
        draft = Draft()
        add(draft, "own", source)
        if draft.problems:
            raise priors.BookError(draft.problems)

    return check


def sets(folder: Path) -> Callable[[str], None]:
    """What follows ``--set``, and what it makes of the quantity."""
    quantities = dict(priors.load().quantities)

    def check(text: str) -> None:
        name, change = reader.change(text, quantities)
        changed(quantities[name], change).ppf(0.5)

    return check


def figures(folder: Path) -> Callable[[str], None]:
    """An expression over claims, as ``from`` has it."""

    def value(name: str) -> float:
        if name not in _FIGURES:
            raise ValueError(f"found an unknown claim {name!r}")
        return _FIGURES[name]

    def check(text: str) -> None:
        arithmetic.evaluate(text, value)

    return check


def seeds() -> list[str]:
    """Files of the built-in book, and the wrong books of the tests without their marks."""
    wrong = [text.replace("§", "") for text, _ in CASES.values() if len(text) < 2000]
    own = [_tables(file) for file in sorted((HOME / "quantities").glob("*.toml"))]
    return [QUANTITY, CLAIM + QUANTITY, QUANTITY + correlation('["shop.price", "shop.price"]'), *wrong, *own]


def _tables(file: Path) -> str:
    """A file of quantities as a section of one's own book, its first tables alone."""
    text = file.read_text("utf-8")
    blocks = [block for block in text.split("\n\n") if block.lstrip().startswith("[")][:2]
    found = "\n\n".join(blocks).replace("[", "[quantities.", 1)
    try:
        tomllib.loads(found)
    except tomllib.TOMLDecodeError:
        return text[:1500]
    return found


def scenario_seeds() -> list[str]:
    """The built-in scenarios, under the name of the file that they are put in."""
    files = sorted((HOME / "scenarios").glob("*.toml"))
    return [re.sub(r'^name = "\w+"', 'name = "mine"', file.read_text("utf-8"), flags=re.MULTILINE) for file in files]


def set_seeds() -> list[str]:
    """A change of each kind."""
    return [
        "growth.cloud=0.4", "growth.cloud=*3", "growth.cloud=+-0.3", "export.ban_quarter=never",
        "growth.cloud=pert(0.4, 0.5, 0.7)",
        "growth.cloud=normal(mean=0.3, sd=0.1, truncate=[0, 1])", "growth.cloud=choice([0.1, 0.2], [0.5, 0.5])",
        "growth.cloud=metalog([[0.1, 0.2], [0.5, 0.3], [0.9, 0.5]])", "growth.cloud=lognormal(0.3, 0.5)",
        "growth.cloud=beta(2, 3)", "growth.cloud=empirical([1, 2, 3])",
    ]  # fmt: skip


def figure_seeds() -> list[str]:
    """Figures of one claim and of several."""
    return ["S1.1", "S1.1 / S1.1.half - 1", "2 * (S1.1 + Q04.12) / 3", "-S1.1.half", "1e300 * 1e300", "S1.1 / S1.2"]
