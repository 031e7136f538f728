"""``suanli report``: the answers of a kept result as one page that opens anywhere and asks nobody for anything."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import click

from sim.app import failures, options, target, terminal

EXTRA = ("matplotlib", "jinja2")
SUFFIXES = {".html": "html", ".htm": "html", ".md": "md"}


@click.command("report", short_help="Write the answers of a kept result as one page.")
@click.argument("file")
@click.option("-o", "--output", metavar="PAGE", help="The page to write; FILE with .html or .md unless given.")
@click.option(
    "--lang", type=options.Choice("en", "zh"), default="en", show_default=True, help="Of the page's own words."
)
@click.option(
    "--format", "form", type=options.Choice("html", "md"), default=None, help="By PAGE's suffix unless given."
)
@click.option("--no-gaps", is_flag=True, help="Do not run what makes the gaps between scenarios.")
@options.own_book
@click.option("--threads", type=options.Count(1, 1024), default=None, help="All cores unless given.")
def command(
    file: str,
    output: str | None,
    lang: str,
    form: str | None,
    no_gaps: bool,
    book: str | None,
    alone: bool,
    threads: int | None,
) -> None:
    """Write what the result in FILE says as one page: answers in sentences, fans, scenarios compared, what drives them.

    The page needs no server and no network; it prints, its tables can be copied and its pictures saved. Everything is read
    off FILE, except what makes the gaps between scenarios, which takes a few small runs (--no-gaps leaves them out).
    Claims and reasons come from the built-in book, or from --priors.
    """
    path, form = _target(file, output, form)
    _extra(form)
    from sim.app.report import painter

    process = click.get_current_context().find_object(failures.Process)
    with painter.hired(form == "html" and threads != 1) as drawing:
        tree = options.open_result(file)
        found = options.load_book(book, alone)
        from sim.app.report import page

        with failures.ending_at_once(process):
            text = page.text(
                tree,
                found,
                (Path(file).name, book or ""),
                lang=lang,
                form=form,
                gaps=not no_gaps,
                threads=threads,
                painter=drawing,
            )
    _write(path, text)
    terminal.say(f"{path}: {len(text.encode()) / 1e6:.1f} MB, {lang}")


def _target(file: str, output: str | None, form: str | None) -> tuple[Path, str]:
    """Where the page goes, and as what.

    Raises
    ------
    Mistake: for a suffix that says neither, a folder that is not there or takes no files, or the result itself.
    """
    path = Path(output) if output is not None else Path(file).with_suffix(f".{form or 'html'}")
    if form is None and path.suffix not in SUFFIXES:
        found = f'"{path.suffix}"' if path.suffix else "none"
        raise failures.Mistake(f"-o {path}: found suffix {found}, expected .html or .md, or --format beside it")
    target.file(path)
    target.other(path, file)
    target.writable(path.parent, f"-o {path}")
    return path, form or SUFFIXES[path.suffix]


def _extra(form: str) -> None:
    """Refuse before anything is read what cannot be made.

    Raises
    ------
    Mistake: for a page without the extra that draws it.
    """
    missing = [name for name in EXTRA if form == "html" and importlib.util.find_spec(name) is None]
    if missing:
        names = " and ".join(missing)
        verb = "is" if len(missing) == 1 else "are"
        raise failures.Mistake(f"report: {names} {verb} not installed; pip install 'suanli[report]', or --format md")


def _write(path: Path, text: str) -> None:
    """Put the page under its name, whole or not at all.

    Raises
    ------
    Mistake: where the disk refuses it; nothing is left of the attempt.
    """
    from sim.results import atomic

    try:
        with atomic.replacing(path) as fresh:
            fresh.write_bytes(text.encode())
    except OSError as error:
        raise failures.Mistake(f"-o {failures.refusal(error, path)}; nothing was left there") from error
