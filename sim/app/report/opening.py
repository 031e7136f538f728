"""What was asked: of whose words, under which scenarios; and how the figures of the page are to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.report import headline
from sim.results.report import Block, Items, Paragraph, Section, Table, row

if TYPE_CHECKING:
    from sim.app.report.source import Source


def title(source: Source) -> str:
    """The page's title."""
    about = source.book.about
    told = (
        source.say.words.pick(about.title, about.title_zh) if _own(source) else str(source.tree.attrs.get("book", ""))
    )
    return source.say.words("opening.title", book=told) if told else source.say.words("opening.plain")


def subtitle(source: Source) -> str:
    """How large a run the page tells, and by what."""
    attrs = source.tree.attrs
    draws, n = f"{int(attrs['draws']):,}", len(source.scenarios)
    key = "opening.subtitle" if n > 1 else "opening.subtitle_one"
    return source.say.words(key, draws=draws, n=n, version=attrs.get("version", "–"), file=source.file)


def section(source: Source) -> Section:
    """The question, the scenarios, and how to read what follows."""
    words, about = source.say.words, source.book.about
    blocks: list[Block] = []
    if _own(source):
        said = [about.description] + ([words("opening.speaker", speaker=about.speaker)] if about.speaker else [])
        said += [words("opening.date", date=about.date.isoformat())] if about.date else []
        blocks += [Paragraph(each) for each in said if each]
    asked = tuple(headline.title(source, answer) for answer in source.answers[source.scenarios[0]])
    blocks += [Paragraph(words("opening.asked"), "lead"), Items(asked), _scenarios(source)]
    blocks += [Paragraph(words("opening.read"), "note"), Paragraph(words("opening.own_words"), "note")]
    return Section("question", words("section.question"), tuple(blocks))


def _own(source: Source) -> bool:
    """Whether the book at hand is, by its name, that of the run."""
    return str(source.tree.attrs.get("book", "")) == source.book.name


def _scenarios(source: Source) -> Table:
    words, rows = source.say.words, []
    for name in source.scenarios:
        known = source.book.scenarios.get(name)
        label = words.pick(known.label, known.label_zh) if known is not None else ""
        rows.append(row(name, label, known.description if known is not None else ""))
    head = (words("table.scenario"), words("table.called"), words("table.description"))
    return Table(words("opening.scenarios"), head, tuple(rows), (1, 2))
