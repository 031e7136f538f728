"""The headline answers: a sentence for each question and scenario, then the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.app.answers import Answer, Figure
from sim.results.report import Block, Cell, Folded, Items, Paragraph, Part, Row, Section, Table

if TYPE_CHECKING:
    from sim.app.report.source import Source

LABEL_DIMS = {"accelerators_bought": "buyer", "parity": "lab"}
FEW = 3


def section(source: Source) -> Section:
    """All questions, each with its sentences, its table and what it rests on."""
    answers, say = source.answers, source.say
    parts: list[Block] = [Paragraph(say.words("answers.read"), "note")]
    numbers = range(len(answers[source.scenarios[0]]))
    parts += [_part(source, {name: answers[name][number] for name in source.scenarios}) for number in numbers]
    return Section("answers", say.words("section.answers"), tuple(parts))


def _part(source: Source, answers: Mapping[str, Answer]) -> Part:
    base = answers[source.scenarios[0]]
    blocks: list[Block] = [Paragraph(sentence(source, source.scenarios[0], base), "lead")]
    others = source.scenarios[1:]
    said = {name: sentence(source, name, answers[name]) for name in source.scenarios}
    same = [source.called(name) for name in others if said[name] == said[source.scenarios[0]]]
    told = [
        source.say.words("answers.under", scenario=source.called(name), told=said[name])
        for name in others
        if said[name] != said[source.scenarios[0]]
    ]
    told += [source.say.words("answers.alike", scenarios=source.say.listed(same))] if same else []
    blocks += [Items(tuple(told))] if told else []
    blocks += [Paragraph(_note(source, note), "note") for note in base.notes]
    table = _table(source, answers)
    blocks.append(table if len(answers) <= FEW else Folded(source.say.words("answers.all"), (table,)))
    blocks.append(Paragraph(rests_on(source, base), "note"))
    return Part(title(source, base), tuple(blocks))


def title(source: Source, answer: Answer) -> str:
    """The question in the page's language."""
    if source.built_in:
        return source.say.words(f"title.{answer.key}")
    return source.output(answer.key) if answer.key in source.tree["mean"].ds else answer.title


def sentence(source: Source, scenario: str, answer: Answer) -> str:
    """What a question is answered with under a scenario."""
    told = SENTENCES[answer.key] if source.built_in else _generic
    return told(source, scenario, answer)


def _accelerators(source: Source, scenario: str, answer: Answer) -> str:
    told = []
    for year in dict.fromkeys((answer.columns[0], answer.columns[-1])):
        row = _most(answer, year)
        figure = answer.figures[row, year]
        told.append(
            source.say.words(
                "answers.buys_most", year=year, buyer=source.label("buyer", row), spread=source.say.phrase(figure)
            )
        )
    return _joined(source, told)


def _domestic(source: Source, scenario: str, answer: Answer) -> str:
    quarter = answer.columns[-1]
    share = source.say.phrase(answer.figures[answer.rows[0], quarter])
    told = [source.say.words("answers.share_in", quarter=quarter, spread=share)]
    found = source.chance("market_domestic_share > 0.5", quarter).sel(scenario=scenario)
    chance = source.say.chance(float(found), float(found["mcse"]))
    told.append(source.say.words("answers.over_half", chance=chance))
    return _joined(source, told)


def _cloud(source: Source, scenario: str, answer: Answer) -> str:
    told, growth, revenue = [], "growth", "revenue, bn RMB"
    first, last = answer.columns[0], answer.columns[-1]
    if (growth, first) in answer.figures:
        spread = source.say.phrase(answer.figures[growth, first])
        told.append(source.say.words("answers.grows", year=first, spread=spread))
    spread = source.say.phrase(answer.figures[revenue, last], source.say.unit("bn RMB"))
    told.append(source.say.words("answers.earns", year=last, spread=spread))
    return _joined(source, told)


def _optics(source: Source, scenario: str, answer: Answer) -> str:
    told = []
    for year in dict.fromkeys((answer.columns[0], answer.columns[-1])):
        row = _most(answer, year)
        figure = answer.figures[row, year]
        told.append(source.say.words("answers.modules", year=year, speed=row, spread=source.say.phrase(figure)))
    return _joined(source, told)


def _race(source: Source, scenario: str, answer: Answer) -> str:
    leader = max(answer.rows, key=lambda row: answer.figures[row, "first"].values[0])
    first = answer.figures[leader, "first"]
    parity = answer.figures[leader, "parity"]
    told = source.say.words(
        "answers.first",
        lab=source.label("lab", leader),
        chance=source.say.chance(first.values[0], first.errors[0]),
        spread=source.say.phrase(parity),
    )
    return _joined(source, [told])


def _generic(source: Source, scenario: str, answer: Answer) -> str:
    rows = list(dict.fromkeys((answer.rows[0], answer.rows[-1])))
    told = []
    for row in rows:
        figure = answer.figures[row, answer.columns[0]]
        name = _row(source, answer, row) or title(source, answer)
        told.append(source.say.words("answers.generic", name=name, spread=source.say.phrase(figure)))
    return _joined(source, told)


SENTENCES: Mapping[str, Callable[[Source, str, Answer], str]] = {
    "accelerators_bought": _accelerators,
    "domestic_share": _domestic,
    "cloud": _cloud,
    "optical_modules": _optics,
    "parity": _race,
}


def _joined(source: Source, sentences: Sequence[str]) -> str:
    return source.say.words("phrase.space").join(sentences)


def _most(answer: Answer, column: str) -> str:
    return max(answer.rows, key=lambda row: answer.figures[row, column].values[1])


def _table(source: Source, answers: Mapping[str, Answer]) -> Table:
    """A row for each label, or for each label and scenario."""
    base = next(iter(answers.values()))
    several = len(answers) > 1
    head = ["", *([source.say.words("table.scenario")] if several else []), *(_column(source, c) for c in base.columns)]
    rows = []
    for label in base.rows:
        for name, answer in answers.items():
            figures: list[Figure | None] = [answer.figures.get((label, column)) for column in base.columns]
            cells = [Cell(_row(source, base, label)), *([Cell(name)] if several else [])]
            rows.append(Row((*cells, *map(source.say.cell, figures))))
    return Table(title(source, base), tuple(head), tuple(rows), (1,) if several else ())


def _row(source: Source, answer: Answer, label: str) -> str:
    if source.built_in and answer.key in LABEL_DIMS:
        return source.label(LABEL_DIMS[answer.key], label)
    key = f"row.{answer.key}_{label.partition(',')[0]}"
    if source.built_in and source.say.words.has(key):
        return source.say.words(key)
    return source.say.listed([source.any_label(part) for part in label.split(", ")])


def _column(source: Source, label: str) -> str:
    key = f"column.{label}"
    return source.say.words(key) if source.say.words.has(key) else label


def _note(source: Source, note: str) -> str:
    return source.say.words("answers.growth_needs_draws") if note.startswith("growth needs") else note


def rests_on(source: Source, answer: Answer) -> str:
    """What an answer moves with most, each with its claims and its share of the spread."""
    if answer.rests_on is None:
        return source.say.words("answers.no_draws")
    if not answer.rests_on:
        return source.say.words("answers.rests_on_nothing")
    told = []
    for driver in answer.rests_on:
        basis = f"basis.{driver.basis or 'none'}_{'said' if driver.claims else 'alone'}"
        claims = ", ".join(driver.claims)
        told.append(
            source.say.words(basis, input=source.input(driver.name), claims=claims, share=f"{100 * driver.share:.0f} %")
        )
    return source.say.words("answers.rests_on", drivers=source.say.words("phrase.semicolon").join(told))
