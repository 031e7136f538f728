"""``suanli report``: a page where it was asked for, or one line that says what is wrong."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from sim.results import files
from tests.app.report.reading import Read
from tests.results import made


@pytest.fixture(scope="module")
def little(tmp_path_factory):
    path = tmp_path_factory.mktemp("little") / "little.nc"
    files.write(made.make().tree, path)
    return str(path)


def test_a_page_in_each_language(suanli, little, tmp_path):
    for lang, word in (("en", "The answers"), ("zh", "答案")):
        result = suanli("report", little, "-o", f"{lang}.html", "--lang", lang)
        assert (result.exit_code, result.stderr) == (0, "")
        found = Read((tmp_path / f"{lang}.html").read_text("utf-8"))
        assert word in found.text
        assert len(result.stdout.splitlines()) == 1


def test_markdown(suanli, little, tmp_path):
    assert suanli("report", little, "-o", "page.md").exit_code == 0
    assert suanli("report", little, "-o", "page.txt", "--format", "md").exit_code == 0
    text = (tmp_path / "page.md").read_text("utf-8")
    assert text == (tmp_path / "page.txt").read_text("utf-8")
    assert text.startswith("# ")
    assert "| 2023Q2 | baseline |" in text
    assert "```sh" in text


def test_the_name_of_the_result_unless_given(suanli, little, tmp_path):
    (tmp_path / "own.nc").write_bytes(Path(little).read_bytes())
    assert suanli("report", "own.nc", "--format", "md").exit_code == 0
    assert (tmp_path / "own.md").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.nc"], 'no file "none.nc"'),
        (["FILE", "-o", "page.pdf"], 'found suffix ".pdf", expected .html or .md'),
        (["FILE", "-o", "no/page.html"], 'no folder "no"'),
        (["FILE", "-o", "page.html", "--lang", "de"], 'found "de", expected en or zh'),
        (["FILE", "-o", "page.html", "--format", "pdf"], 'found "pdf", expected html or md'),
        (["FILE", "-o", "page.html", "--priors", "bok.toml"], 'no file or folder "bok.toml"'),
        (["text.nc", "-o", "page.html"], "text.nc"),
    ],
)
def test_refused(words, message, suanli, little, tmp_path):
    (tmp_path / "text.nc").write_text("not a result")
    result = suanli("report", *(little if word == "FILE" else word for word in words))
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "page.html").exists()


def test_the_result_is_not_written_over(suanli, little, tmp_path):
    (tmp_path / "own.nc").write_bytes(Path(little).read_bytes())
    result = suanli("report", "own.nc", "-o", "own.nc", "--format", "html")
    assert result.exit_code == 2
    assert "found the result itself" in result.stderr
    (tmp_path / "linked.html").symlink_to("own.nc")
    assert "found the result itself" in suanli("report", "own.nc", "-o", "linked.html").stderr


def test_without_its_extra(suanli, little, monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in ("jinja2", "matplotlib") else there(name)
    )
    result = suanli("report", little, "-o", "page.html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'suanli[report]'" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert suanli("report", little, "-o", "page.md").exit_code == 0


def test_a_full_disk_leaves_nothing(suanli, little, tmp_path, monkeypatch):
    from sim.results import atomic

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "_sync", refuse)
    result = suanli("report", little, "-o", "page.html")
    assert result.exit_code == 2
    assert "-o page.html: No space left on device" in result.stderr
    assert "nothing was left there" in result.stderr
    assert list(tmp_path.iterdir()) == []
