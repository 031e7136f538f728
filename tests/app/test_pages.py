"""Tables that do not fit, or that hide what is assumed, would be read wrongly or not at all."""

import math

import pytest

from sim.app import pages
from sim.app.answers import Answer, Figure
from sim.app.rests_on import Driver

BOUGHT = {
    ("baidu", "2023"): Figure((44_210.0, 50_130.0, 56_020.0), (20.0, 12.0, 21.0)),
    ("baidu", "2024"): Figure((31_000.0, 64_000.0, 112_000.0), (90.0, 80.0, 200.0)),
    ("qihoo360", "2023"): Figure((1_300.0, 1_300.0, 1_300.0), (0.0, 0.0, 0.0)),
    ("qihoo360", "2024"): Figure((math.nan,) * 3, (math.nan,) * 3),
}
RACE = {
    ("baidu", "first"): Figure((0.622,), (0.002,), "chance"),
    ("baidu", "parity"): Figure((9.2, 15.6, 23.0), (0.1, 0.1, 0.1), "month"),
    ("alibaba", "first"): Figure((0.0,), (0.0,), "chance"),
    ("alibaba", "parity"): Figure((19.0, 22.5, 9999.0), (0.1, 0.1, 0.1), "month"),
}
RESTS = (Driver("buy.baidu_2023", ("Q04.9",), "claim", 0.31), Driver("growth.baidu", (), "assumption", 0.12))


def answers(rests_on):
    return [
        Answer("bought", "Accelerators bought", ("baidu", "qihoo360"), ("2023", "2024"), BOUGHT, rests_on),
        Answer("parity", "Who is first", ("baidu", "alibaba"), ("first", "parity"), RACE, ()),
    ]


@pytest.mark.parametrize("columns", [80, 120])
def test_one_scenario(columns, capsys, monkeypatch, snapshot):
    monkeypatch.setenv("COLUMNS", str(columns))
    pages.show({"baseline": answers(RESTS)})
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= columns
    assert text == snapshot


def test_two_scenarios(capsys, monkeypatch, snapshot):
    monkeypatch.setenv("COLUMNS", "80")
    pages.show({"baseline": answers(RESTS), "export_ban_2023q4": answers(None)})
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert text == snapshot


def test_json(snapshot):
    """Keys are a promise to whoever reads them by program."""
    assert pages.as_json({"baseline": answers(RESTS)}) == snapshot


def test_many_years_are_cut_into_tables_that_fit(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    years = tuple(str(year) for year in range(2023, 2033))
    figures = {("baidu", year): Figure((144_210.0, 150_130.0, 156_020.0), (20.0, 12.0, 21.0)) for year in years}
    pages.show({"baseline": [Answer("bought", "Accelerators bought", ("baidu",), years, figures, ())]})
    text = capsys.readouterr().out
    assert all(year in text for year in years)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
