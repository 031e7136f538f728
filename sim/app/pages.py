"""The first answers as a person reads them on a terminal, and as a program reads them in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.app import terminal
from sim.app.answers import Answer, Figure
from sim.app.numbers import chance, interval, month, percent, written
from sim.sample import LEVELS

COLUMNS = 3


def show(answers: Mapping[str, Sequence[Answer]]) -> None:
    """Print the answers: a table for each question, scenarios beneath one another within it."""
    scenarios = list(answers)
    terminal.say("Each figure: the median, with 5 % and 95 % in brackets.")
    for number in range(len(answers[scenarios[0]])):
        terminal.say()
        _question({scenario: answers[scenario][number] for scenario in scenarios})


def _question(answers: Mapping[str, Answer]) -> None:
    first = next(iter(answers.values()))
    title: str = first.title
    for start in range(0, len(first.columns), COLUMNS):
        columns = first.columns[start : start + COLUMNS]
        terminal.table(["", *columns], _rows(answers, columns), right=columns, keep=[""], title=title)
        title = ""
    for note in first.notes:
        terminal.say(note)
    for sentence in _rests_on(answers):
        terminal.say(sentence)


def _rests_on(answers: Mapping[str, Answer]) -> list[str]:
    """What the answer rests on, once where it is the same under every scenario."""
    told = {scenario: rests_on(answer) for scenario, answer in answers.items()}
    if len(set(told.values())) == 1:
        return [next(iter(told.values()))]
    return [f"{scenario}: {text}" for scenario, text in told.items()]


def _rows(answers: Mapping[str, Answer], columns: Sequence[str]) -> list[list[str]]:
    """A row for each label; with several scenarios a heading for each label and a row a scenario."""
    rows = []
    for row in next(iter(answers.values())).rows:
        if len(answers) > 1:
            rows.append([row, *("" for _ in columns)])
        for scenario, answer in answers.items():
            label = f"  {scenario}" if len(answers) > 1 else row
            rows.append([label, *(told(answer.figures.get((row, column))) for column in columns)])
    return rows


def told(figure: Figure | None) -> str:
    """A figure as written in a table."""
    if figure is None:
        return ""
    if figure.kind == "chance":
        return chance(figure.values[0], figure.errors[0])
    low, middle, high = (_written(x, error, figure.kind) for x, error in zip(figure.values, figure.errors, strict=True))
    return interval(middle, low, high)


def _written(value: float, error: float, kind: str) -> str:
    if kind == "month":
        return month(value)
    return percent(value, error) if kind == "share" else written(value, error)


def rests_on(answer: Answer) -> str:
    """The drivers of an answer in one sentence."""
    if answer.rests_on is None:
        return "What it rests on cannot be told: no draws were kept."
    if not answer.rests_on:
        return "Rests on nothing that varies."
    return "Rests on " + "; ".join(driver.told() for driver in answer.rests_on) + "."


def as_json(answers: Mapping[str, Sequence[Answer]]) -> dict[str, Any]:
    """The answers under stable keys: scenario -> question -> figures and what they rest on."""
    return {scenario: {a.key: _answer(a) for a in found} for scenario, found in answers.items()}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "title": answer.title,
        "figures": [
            {"row": row, "column": column, **_figure(figure)} for (row, column), figure in answer.figures.items()
        ],
        "rests_on": None
        if answer.rests_on is None
        else [{"input": d.name, "claims": list(d.claims), "basis": d.basis, "share": d.share} for d in answer.rests_on],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    if figure.kind == "chance":
        return {"kind": "chance", "chance": figure.values[0], "mcse": figure.errors[0]}
    levels = [f"{level:g}" for level in LEVELS]
    return {
        "kind": figure.kind,
        "quantiles": dict(zip(levels, figure.values, strict=True)),
        "mcse": dict(zip(levels, figure.errors, strict=True)),
    }
