"""However narrow the terminal is, a figure is printed whole: one that lost a digit would be read as another."""

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.app import pages, terminal
from sim.app.tables import Column, blocks, widths
from sim.results import files
from tests.app import fabricate
from tests.app.test_pages import RESTS, answers

WIDTHS = (40, 60, 72, 80, 120)
FIGURES = re.compile(r"\S*\d\S*")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "result.nc"
    files.write(fabricate.result(("baseline", "export_ban_2023q4")), path)
    return str(path)


@pytest.mark.usefixtures("opened_once")
@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("output", ["buyer_purchases_year", "market_optical_modules_year", "market_domestic_share"])
def test_show_has_every_figure_at_any_width(suanli, kept, output, columns, monkeypatch):
    line = ("show", kept, output, "--quantile", "0.01", "--quantile", "0.5", "--quantile", "0.999")
    monkeypatch.setattr(terminal, "WIDE", 1_000)
    monkeypatch.setenv("COLUMNS", "1000")
    wide = suanli(*line)
    monkeypatch.setattr(terminal, "WIDE", 120)
    monkeypatch.setenv("COLUMNS", str(columns))
    narrow = suanli(*line)
    assert (wide.exit_code, narrow.exit_code) == (0, 0), narrow.output
    assert set(FIGURES.findall(narrow.stdout)) == set(FIGURES.findall(wide.stdout))
    assert "…" not in narrow.stdout
    assert columns < 50 or max(map(len, narrow.stdout.splitlines())) <= columns
    rows = [row for row in wide.stdout.splitlines() if row.startswith(("baseline", "export_ban_2023q4"))]
    again = [row for row in narrow.stdout.splitlines() if row.startswith(("baseline", "export_ban_2023q4"))]
    assert len(again) % len(rows) == 0, "every block has every row, with its label"


@pytest.mark.usefixtures("opened_once")
def test_compare_has_every_column_at_any_width(suanli, kept, monkeypatch):
    """Columns that have no room are printed below, not left out unsaid."""
    line = ("compare", kept, "--output", "buyer_purchases_year", "--output", "parity_month")
    told = {}
    for columns in (1_000, *WIDTHS):
        monkeypatch.setattr(terminal, "WIDE", max(columns, 120))
        monkeypatch.setenv("COLUMNS", str(columns))
        result = suanli(*line)
        assert result.exit_code == 0, result.output
        told[columns] = set(FIGURES.findall(result.stdout)) | set(
            re.findall("distance|dominance|median", result.stdout)
        )
    assert all(told[columns] == told[1_000] for columns in WIDTHS)
    assert {"distance", "dominance", "median"} <= told[40]


@pytest.mark.parametrize("columns", WIDTHS)
def test_answers_have_every_figure_at_any_width(columns, capsys, monkeypatch):
    """What ``suanli run`` prints."""
    found = {"baseline": answers(RESTS), "export_ban_2023q4": answers(None)}
    monkeypatch.setattr(terminal, "WIDE", 1_000)
    monkeypatch.setenv("COLUMNS", "1000")
    pages.show(found)
    wide = capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", str(columns))
    pages.show(found)
    narrow = capsys.readouterr().out
    assert set(FIGURES.findall(narrow)) == set(FIGURES.findall(wide))
    assert max(map(len, narrow.splitlines())) <= columns


CELLS = st.sampled_from(["1", "−12,345 ± 678", "0.00123", "18,600 (17,000–19,000)", "", "Q04.6, Q04.7: said twice"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_table_at_any_width(capsys, data):
    """Of every row: its label in each block, and every word of every cell whole, in the order of the columns."""
    count, rows = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 4))
    head = ["", *(f"head {i}" for i in range(count))]
    right = [name for name in head[1:] if data.draw(st.booleans())]
    keep = [name for name in head if data.draw(st.booleans())]
    body = [[f"row_{r}", *(data.draw(CELLS) for _ in range(count))] for r in range(rows)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(data.draw(st.integers(20, 130))))
        terminal.table(head, body, right=right, keep=keep)
    text = capsys.readouterr().out
    assert not any(line.endswith(" ") for line in text.splitlines())
    printed = text.split()
    assert all(set(cell.split()) <= set(printed) for row in body for cell in row)
    parts = text.count("row_0")
    assert all(text.count(f"row_{r}") == parts for r in range(rows))


def test_columns_that_fit_stand_side_by_side():
    figures = [Column("n", ["12,345"], right=True, whole=True) for _ in range(4)]
    label = Column("", ["a label of five words"])
    assert blocks([label, *figures], 45, 3) == [[0, 1, 2, 3, 4]]
    assert widths([label, *figures], 45, 3) == [9, 6, 6, 6, 6]
    assert blocks([label, *figures], 31, 3) == [[0, 1, 2], [0, 3, 4]]
    assert blocks([label, *figures], 5, 3) == [[0, 1], [0, 2], [0, 3], [0, 4]]


def test_scripts_without_blanks_are_wrapped(capsys, monkeypatch):
    """A Chinese label of 60 characters is no word of 120 columns."""
    monkeypatch.setenv("COLUMNS", "40")
    terminal.table(["name", "stated"], [["购卡量" * 20, "12,345"]], right=["stated"])
    text = capsys.readouterr().out
    wide = max(sum(2 if unicodedata.east_asian_width(c) == "W" else 1 for c in line) for line in text.splitlines())
    assert wide <= 40
    assert text.count("购") == 20
    assert "12,345" in text


def test_paragraphs_break_between_words(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "24")
    path = "/a/folder/with/a/long/name/result-2023-04-01.nc"
    terminal.say(f"kept in {path}, 1,234,567,890,123,456 draws")
    terminal.record([("stated", "1,234,567,890,123,456"), ("file", path)])
    terminal.entry("market_optical_modules_year_2023", "(speed, year) module/yr", "1,234,567,890,123,456 of them")
    text = capsys.readouterr().out
    assert text.count("1,234,567,890,123,456") == 3
    assert text.split("\n")[1] == f"{path},"
    assert text.split("\n")[:1] == ["kept in"]
