"""What can be taken away: the scenario as TOML that ``suanli run`` takes, and the result of running it."""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import priors
import sim
from priors.problems import nearest
from priors.records import Scenario
from sim.live.stage import KEPT, SEED, Stage
from sim.live.state import Refused, View, scenario_of, shown, with_scenarios

NAME = re.compile(r"[^\W\d]\w*(?:[.-]\w+)*")
LONGEST = 60
QUARTERS = 12
"""The horizon of ``suanli run`` unless told otherwise."""


@dataclass(frozen=True)
class Source:
    """Where the served book came from: a file or folder on top of the built-in one, or ``alone``; None for that itself."""

    path: Path | None = None
    alone: bool = False


@dataclass(frozen=True)
class Saving:
    """A view under a name: the scenarios that it needs, and in which order they are run.

    Attributes
    ----------
    made: the page's scenario, and the pinned one where the book has none such.
    names: what it is compared with, then itself.
    """

    name: str
    made: tuple[Scenario, ...]
    names: tuple[str, str]


def saving(view: View, book: priors.Book, name: str) -> Saving:
    """The view as scenarios, the state's called ``name``.

    Raises
    ------
    Refused: for a name that is none or is taken, or a state that the book cannot have.
    """
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        expected = f"expected letters, digits, _, - and ., beginning with a letter, at most {LONGEST}"
        raise Refused(f"the scenario's name: found {shown(name)}, {expected}")
    pinned = f"{name}_pinned"
    for each in (name, pinned):
        if each in book.scenarios:
            raise Refused(f"the scenario's name: found {shown(each)} in the book already, expected a new one")
    made = [scenario_of(view.state, book, name)]
    against = view.against
    if against.changes:
        made.append(scenario_of(against, book, pinned))
        return Saving(name, tuple(made), (pinned, name))
    if against.scenario not in book.scenarios:
        raise Refused(f"found no scenario {shown(against.scenario)}{nearest(against.scenario, book.scenarios)}")
    return Saving(name, tuple(made), (against.scenario, name))


def command(of: Saving, source: Source, quarters: int = QUARTERS) -> str:
    """The command that runs it from the saved file, over so many quarters."""
    file = f"{of.name}.toml" if source.path is None or source.path.is_file() else str(source.path.name)
    alone = " --alone" if source.alone else ""
    horizon = f" --quarters {quarters}" if quarters != QUARTERS else ""
    return f"suanli run {' '.join(of.names)} --pairs --keep none{horizon} --priors {file}{alone} -o {of.name}.nc"


def toml(of: Saving, source: Source, quarters: int = QUARTERS) -> str:
    """The file to save.

    Of a book of one's own in one file it is that whole book and the scenario; of a folder it is a file for its
    ``scenarios``, and holds the state alone.
    """
    how = f"# Moved together on suanli's live page. To run it:\n#   {command(of, source, quarters)}\n"
    if source.path is not None and source.path.is_dir():
        made = of.made[0]
        rest = "\n[change]\n" + _changes(made)
        return f"{how}# Put this file into {source.path.name}/scenarios first.\n" + _head(made, name=True) + rest
    sections = "\n".join(
        f"\n[scenarios.{_key(one)}]\n{_head(one)}\n[scenarios.{_key(one)}.change]\n{_changes(one)}" for one in of.made
    )
    if source.path is None:
        return how + sections
    own = source.path.read_text("utf-8")
    return f"{own.rstrip()}\n\n{how}{sections}"


def _key(made: Scenario) -> str:
    """Its name as one key of TOML, dots and Chinese included."""
    return json.dumps(made.name, ensure_ascii=False)


def result(of: Saving, stage: Stage, kind: str) -> bytes:
    """The result as ``nc`` or ``csv``: both scenarios and their difference, the bytes that :func:`command` writes."""
    from sim.results import files  # HDF5, 0.3 s

    book = with_scenarios(stage.book, of.made)
    tree = sim.run(
        book, scenarios=of.names, draws=KEPT, seed=SEED, model=stage.model, keep="none", keep_draws=KEPT, pairs=True
    )
    with tempfile.TemporaryDirectory(prefix="suanli-") as folder:
        path = Path(folder) / f"result.{kind}"
        if kind == "nc":
            files.write(tree, path)
        else:
            tree.sim.to_csv(path)
        return path.read_bytes()


def _head(one: Scenario, *, name: bool = False) -> str:
    pairs = [("name", one.name)] if name else []
    pairs += [("label", one.label), ("extends", one.extends or "")]
    return "".join(f"{key} = {_value(text)}\n" for key, text in pairs if text)


def _changes(one: Scenario) -> str:
    return "".join(f"{name} = {_value(change.written())}\n" for name, change in one.changes.items())


def _value(value: Any) -> str:
    """A value as TOML has it; infinities, which specs tell as text, as its own."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    if value in ("inf", "-inf"):
        return str(value)
    if isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
