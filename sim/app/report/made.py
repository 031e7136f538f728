"""How the result was run, and how to run it again: the exact command where there is one."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.results.report import Block, Cell, Code, Paragraph, Part, Section, Table, row

if TYPE_CHECKING:
    from sim.app.report.source import Source

SET = "+set"


def section(source: Source) -> Section:
    """What the file says of its run, then the command that makes it again, and the page."""
    words, about = source.say.words, source.tree.attrs
    known = [
        ("scenarios", source.say.listed(source.scenarios)),
        ("draws", f"{int(about['draws']):,}"),
        ("kept", f"{source.kept:,}"),
        ("sampler", str(about.get("sampler", "–"))),
        ("seed", str(about.get("seed", "–"))),
        ("scheme", str(about.get("scheme", "–"))),
        ("horizon", _horizon(source)),
        ("model", str(about.get("model", "–"))),
        ("book", str(about.get("book", "–"))),
        ("book_digest", str(about.get("book_digest", "–"))),
        ("table_digest", str(about.get("table_digest", "–"))),
        ("version", str(about.get("version", "–"))),
    ]
    rows = tuple(row(words(f"made.{key}"), Cell(text)) for key, text in known)
    blocks: list[Block] = [Table(words("made.caption"), ("", ""), rows, (1,)), _again(source)]
    return Section("made", words("section.made"), tuple(blocks))


def _horizon(source: Source) -> str:
    means = source.tree["mean"].ds
    if "quarter" not in means.coords:
        return "–"
    quarters = [str(label) for label in means["quarter"].values]
    return f"{quarters[0]}–{quarters[-1]}" if quarters else "–"


def _again(source: Source) -> Part:
    words = source.say.words
    line = command(source)
    if line is None:
        return Part(words("made.again"), (Paragraph(words("made.python_only")), Code(_python(source))))
    page = shlex.join(["suanli", "report", source.file, "-o", "page.html", "--lang", source.say.lang, *_book(source)])
    blocks: list[Block] = [Code(f"{line}\n{page}")]
    if source.strangers:
        blocks.append(Paragraph(words("made.own_book"), "note"))
    blocks += [Paragraph(words("made.or_python")), Code(_python(source))]
    return Part(words("made.again"), tuple(blocks))


def _python(source: Source) -> str:
    opened = f"import sim\nfrom sim.results import files\n\ntree = files.open({source.file!r})\n"
    return opened + ("again = sim.rerun(tree)" if source.built_in else "again = sim.rerun(tree, model=model)")


def command(source: Source) -> str | None:
    """The command line that makes the file; None where no command line can, such as of a model of one's own."""
    about = source.tree.attrs
    if not source.built_in or not {"draws", "seed", "sampler", "keep", "keep_draws", "model_arguments"} <= set(about):
        return None
    names, sets = _named(source)
    if names is None:
        return None
    quarters = json.loads(about["model_arguments"])[0]
    options = ["--draws", str(int(about["draws"])), "--seed", str(about["seed"]), "--sampler", str(about["sampler"])]
    options += [
        "--quarters",
        str(quarters),
        "--keep",
        str(about["keep"]),
        "--keep-draws",
        str(int(about["keep_draws"])),
    ]
    options += ["--pairs"] if about.get("pairs") else []
    changes = [part for text in sets for part in ("--set", text)]
    return shlex.join(["suanli", "run", *names, *options, *_book(source), *changes, "-o", source.file])


def _book(source: Source) -> list[str]:
    """The option that names the book: as it was given, or a place for it where the one at hand is another."""
    if source.book_file:
        return ["--priors", source.book_file]
    return ["--priors", "BOOK.toml"] if source.strangers else []


def _named(source: Source) -> tuple[list[str] | None, list[str]]:
    """Scenarios as the command line names them, and the changes of --set that all of them share."""
    marked = [name.endswith(SET) for name in source.scenarios]
    if not any(marked):
        return source.scenarios, []
    changes = [source.definitions.get(name, {}).get("change", {}) for name in source.scenarios]
    if not all(marked) or any(each != changes[0] for each in changes):
        return None, []
    return [name.removesuffix(SET) for name in source.scenarios], [
        f"{key}={value(one)}" for key, one in changes[0].items()
    ]


def value(change: Mapping[str, Any]) -> str:
    """A change of a scenario as --set takes it."""
    (action, found), *_ = change.items()
    if action == "prior":
        return _distribution(found)
    return {"fix": "{}", "scale": "*{}", "shift": "+{}"}[action].format(_plain(found))


def _distribution(spec: Mapping[str, Any]) -> str:
    told = ", ".join(f"{key}={_plain(each)}" for key, each in spec.items() if key != "family")
    return f"{spec['family']}({told})"


def _plain(found: Any) -> str:
    if isinstance(found, list | tuple):
        return "[" + ", ".join(map(_plain, found)) + "]"
    if isinstance(found, bool):
        return str(found).lower()
    return repr(found) if isinstance(found, int | float) else str(found)
